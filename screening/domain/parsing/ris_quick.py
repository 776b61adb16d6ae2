"""Read well-formed RIS records quickly; the tolerant reader reads the others, and these to the same result.

Most records of most exports are well-formed: every line a tag, two spaces, a dash, a space and a value, and
no tag repeated that should not be. Names, keywords and journals come again and again in a file, so what was
made of a line is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from string import ascii_uppercase, digits
from typing import TypeVar

from screening.domain.parsing.fields import (
    LONGEST_MARK,
    authors_of,
    clean,
    clean_lines,
    doi_in,
    is_given,
    is_plain,
    keywords_of,
    pages_of,
    year_in,
)
from screening.domain.parsing.model import ParsedRecord
from screening.domain.parsing.picking import first, joined, notes, url_of
from screening.domain.parsing.ris_fields import JOURNALS, YEARS, accession_among, other_doi, pmid_among
from screening.domain.parsing.tagged import LONE_RETURN, Fields

_T = TypeVar("_T")
# The value of a well-formed line begins with its seventh character.
_TY, _AU, _A1, _KW, _TI, _T1, _AB, _N2, _PY, _Y1, _JF, _T2, _JO, _VL, _IS, _SP, _EP, _DO = (
    f"{name}  - " for name in "TY AU A1 KW TI T1 AB N2 PY Y1 JF T2 JO VL IS SP EP DO".split()
)
END = "ER  -"
# With no more than these, every line is read; of two titles or journals one is not.
_PLAIN = frozenset({_TY, _KW, _TI, _AB, _PY, _T2, _VL, _IS, _SP, _EP, _DO, END})
_USUAL = _PLAIN | {_T1, _N2, _Y1, _JF, _JO}
# Repeated, these are for the tolerant reader: it joins the first and seeks the best of the second.
_JOINED = frozenset({_TY, _AB, _N2, END})
_SOUGHT = frozenset({_PY, _Y1, _DO})
_NEEDED = {
    f"{name}  - ": name
    for name in (*"DI M3 L3 UR N1 PM C2 C3 U3 DB DP AN U2 ID LA SN C7".split(), *YEARS, *JOURNALS)
    if f"{name}  - " not in _USUAL
}
# Every other tag says nothing here, but those of names, of keywords and of the end.
_OTHER = frozenset(f"{one}{two}  - " for one in ascii_uppercase for two in ascii_uppercase + digits) - {
    _AU,
    _A1,
    f"{END} ",
}
_DOI = re.compile(r"10\.[0-9]{4,9}/[a-z0-9./_()-]{0,200}[a-z0-9]")
_NONE: Fields = {}
_Rest = tuple[str, str, str, str, str, str, tuple[str, ...]]
_NO_REST: _Rest = ("", "", "", "", "", "", ())


class Irregular(Exception):
    """Say that a record is for the tolerant reader."""


class Memo(dict[str, _T]):
    """Keep what a function makes of the latest lines; a small table stays in the processor's cache."""

    LIMIT = 4_000

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, line: str) -> _T:
        if len(self) >= self.LIMIT:
            self.clear()
        made = self[line] = self.make(line)
        return made


class QuickReader:
    """Read the well-formed records of one file, of which it sees the opening."""

    def __init__(self, opening: str) -> None:
        self.name_tag = _A1 if f"\n{_A1}" in opening and f"\n{_AU}" not in opening else _AU
        self.names = Memo(_name)
        self.words = Memo(_word)
        self.years = Memo(_year)
        self.journals = Memo(_given)
        self.values = Memo(_value)

    def record(self, raw: str, lines: Sequence[str], number: int) -> ParsedRecord:
        """Make a record of its text and the lines of it, the first of which has this number.

        Only the end may be missing; raises Irregular where the record is not well-formed otherwise.
        """
        fields: dict[str, str] = {}
        names: list[str] = []
        words: list[str] = []
        name_tag, name_of, word_of = self.name_tag, self.names, self.words
        for line in lines:
            tag = line[:6]
            if tag == name_tag:
                names.append(name_of[line])
            elif tag == _KW:
                words.append(word_of[line])
            else:
                fields[tag] = line
        if line != END and END in fields:
            raise Irregular
        if len(fields) + len(names) + len(words) == len(lines) and _PLAIN.issuperset(fields):
            rare, rest = _NONE, _NO_REST
        elif LONE_RETURN.search(raw):
            raise Irregular
        else:
            rare = _rare(lines, frozenset({name_tag, _KW}), fields)
            rest = _rest(rare)
        return self._made(raw, number, fields, names, words, rare, rest)

    def _made(
        self,
        raw: str,
        number: int,
        fields: Mapping[str, str],
        names: Sequence[str],
        words: Sequence[str],
        rare: Fields,
        rest: _Rest,
    ) -> ParsedRecord:
        """Make the record of the usual lines, the values of rare tags and what was made of those."""
        get, value_of = fields.get, self.values
        year, journal = get(_PY) or get(_Y1), get(_JF) or get(_T2) or get(_JO)
        if rare and not (_stands(year, rare, YEARS) and _stands(journal, rare, JOURNALS)):
            raise Irregular
        title = _value(get(_TI) or get(_T1, ""))
        if not title:
            raise Irregular
        start, stop, volume, issue = get(_SP), get(_EP), get(_VL), get(_IS)
        pages = pages_of(_value(start) if start else "", _value(stop) if stop else "")
        pmid, url, language, accession, isbn_issn, database, remarks = rest
        # In the order of the class; the constructor of a named tuple takes as long as ten of these fields.
        return tuple.__new__(
            ParsedRecord,
            (
                raw,
                number,
                title,
                tuple(names),
                self.years[year] if year else None,
                self.journals[journal] if journal else "",
                value_of[volume] if volume else "",
                value_of[issue] if issue else "",
                pages or (first(rare, "C7") if rare else ""),
                _doi(get(_DO, "")) or (other_doi(rare) if rare else ""),
                pmid,
                _abstract(get(_AB, ""), get(_N2, "")),
                tuple(dict.fromkeys(words)),
                url,
                value_of[get(_TY, "")],
                language,
                accession,
                isbn_issn,
                database,
                remarks,
                (),
                "",
            ),
        )


def _stands(line: str | None, rare: Fields, tags: Collection[str]) -> bool:
    """Say whether the value is in the line or nowhere: no rare tag may hold it."""
    return bool(line) or rare.keys().isdisjoint(tags)


def _rare(lines: Sequence[str], read: frozenset[str], fields: dict[str, str]) -> Fields:
    """Gather the values of tags that are not usual but needed; of a usual tag let the first line count."""
    rare: dict[str, list[str]] = {}
    seen = set()
    for line in lines:
        tag = line[:6]
        if tag in read:
            continue
        if tag in _NEEDED:
            rare.setdefault(_NEEDED[tag], []).append(line[6:])
        elif tag not in _USUAL:
            if tag not in _OTHER:
                raise Irregular
        elif tag in seen:
            _check_repeat(tag, line, fields[tag])
        else:
            seen.add(tag)
            fields[tag] = line
    return rare


def _check_repeat(tag: str, line: str, first_line: str) -> None:
    """Raise Irregular unless the first line of a repeated tag is the one that counts."""
    if tag in _JOINED:
        raise Irregular
    if line != first_line and (tag in _SOUGHT or not _value(first_line)):
        raise Irregular


def _rest(rare: Fields) -> _Rest:
    return (
        pmid_among(rare),
        url_of(rare, "UR"),
        first(rare, "LA"),
        accession_among(rare),
        joined(rare, "SN"),
        first(rare, "DB", "DP"),
        notes(rare, "N1"),
    )


def _name(line: str) -> str:
    return _only(authors_of([_text(line)]))


def _word(line: str) -> str:
    return _only(keywords_of([_text(line)]))


def _only(values: Sequence[str]) -> str:
    if len(values) != 1:
        raise Irregular
    return values[0]


def _text(line: str) -> str:
    """Return what stands behind the tag; a carriage return within it may end a line."""
    text = line[6:].rstrip()
    if "\r" in text:
        raise Irregular
    return text


def _value(line: str) -> str:
    """Return the cleaned value of a line, '' for no line and for a mark for "missing"."""
    value = line[6:].rstrip()
    # Most are clean and given already.
    if value.isdigit() or (
        len(value) > LONGEST_MARK and value[0] != " " and "  " not in value and value.isprintable()
    ):
        return value
    value = clean(_text(line))
    return value if is_given(value) else ""


def _given(line: str) -> str:
    value = _value(line)
    if not value:
        raise Irregular
    return value


def _year(line: str) -> int:
    year = year_in(_text(line))
    if year is None:
        raise Irregular
    return year


def _abstract(line: str, other: str) -> str:
    text = (line or other)[6:].rstrip()
    # Most need no cleaning.
    if len(text) > LONGEST_MARK and text[0] != " " and is_plain(text):
        return text
    if is_given(text := clean_lines(_text(line or other))):
        return text
    if line and other:
        raise Irregular
    return ""


def _doi(line: str) -> str:
    doi = line[6:].rstrip().lower()
    if _DOI.fullmatch(doi):
        return doi
    return doi_in(_text(line)) if "10." in doi else ""
