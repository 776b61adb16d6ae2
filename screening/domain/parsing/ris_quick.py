"""Read well-formed RIS records quickly; the tolerant reader reads the others, and these to the same result.

Most records of most exports are well-formed: every line a tag, two spaces, a dash, a space and a value,
without hidden characters, with one title and an end. Names, keywords and journals come again and again in a
file, so what was made of a line is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from screening.domain.parsing.fields import (
    LONGEST_MARK,
    authors_of,
    is_given,
    is_plain,
    keywords_of,
    pages_of,
    year_in,
)
from screening.domain.parsing.model import ParsedRecord
from screening.domain.parsing.picking import first, joined, notes, others_of, url_of
from screening.domain.parsing.ris_fields import (
    JOURNALS,
    PLACED,
    YEARS,
    accession_among,
    other_doi,
    pmid_among,
)
from screening.domain.parsing.tagged import Fields

_T = TypeVar("_T")
# The value of a well-formed line begins with its seventh character.
_TY, _AU, _A1, _KW, _TI, _T1, _AB, _N2, _PY, _Y1, _JF, _T2, _JO, _VL, _IS, _SP, _EP, _DO = (
    f"{name}  - " for name in "TY AU A1 KW TI T1 AB N2 PY Y1 JF T2 JO VL IS SP EP DO".split()
)
END = "ER  -"
_USUAL = frozenset({_TY, _KW, _TI, _T1, _AB, _N2, _PY, _Y1, _JF, _T2, _JO, _VL, _IS, _SP, _EP, _DO, END})
# With no more than these, every line is read; of two titles or journals one is not.
_PLAIN = _USUAL - {_T1, _N2, _Y1, _JF, _JO}
# Repeated or written otherwise, these are for the tolerant reader.
_JOINED = frozenset({_TY, _AB, _N2, END})
_UNDERSTOOD = frozenset({_PY, _Y1, _DO})
_NEVER_RARE = frozenset({"TY", "AU", "A1", "KW", "ER"})
_NEEDED = frozenset("DI M3 L3 UR N1 PM C2 C3 U3 DB DP AN U2 ID LA SN C7".split()) | {*YEARS, *JOURNALS}
_NONE: Fields = {}
_Rest = tuple[str, str, str, str, str, str, tuple[str, ...]]
_NO_REST: _Rest = ("", "", "", "", "", "", ())
_TAG = re.compile(r"([A-Z][A-Z0-9])  -(?: |\r?\Z)")
_DOI = re.compile(r"10\.[0-9]{4,9}/[a-z0-9./_()-]{0,200}[a-z0-9]")


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
            return self._made(raw, number, fields, tuple(names), tuple(dict.fromkeys(words)), _NONE, _NO_REST)
        rare = _rare(lines, name_tag, fields)
        return self._made(raw, number, fields, tuple(names), tuple(dict.fromkeys(words)), rare, _rest(rare))

    def _made(
        self,
        raw: str,
        number: int,
        fields: Mapping[str, str],
        names: tuple[str, ...],
        words: tuple[str, ...],
        rare: Fields,
        rest: _Rest,
    ) -> ParsedRecord:
        """Make the record of the usual lines, the values of rare tags and what was made of those."""
        get, value_of = fields.get, self.values
        title, year = _value(get(_TI) or get(_T1, "")), get(_PY) or get(_Y1)
        journal_line, doi_line = get(_JF) or get(_T2) or get(_JO), get(_DO)
        journal = value_of[journal_line] if journal_line else ""
        abstract = _abstract(get(_AB) or get(_N2, ""))
        if not title or (rare and _may_be_elsewhere(rare, year, journal)) or _is_second_needed(fields, journal, abstract):
            raise Irregular
        pages = pages_of(_value(get(_SP, "")), _value(get(_EP, ""))) if _SP in fields or _EP in fields else ""
        pmid, url, language, accession, isbn_issn, database, notes_ = rest
        # In the order of the class; the constructor of a named tuple takes as long as ten of these fields.
        return tuple.__new__(
            ParsedRecord,
            (
                raw,
                number,
                title,
                names,
                self.years[year] if year else None,
                value_of[journal],
                value_of[get(_VL, "")],
                value_of[get(_IS, "")],
                pages or (first(rare, "C7") if rare else ""),
                _doi(doi) if doi else (other_doi(rare) if rare else ""),
                pmid,
                _abstract(get(_AB) or get(_N2, "")),
                words,
                url,
                value_of[get(_TY, "")],
                language,
                accession,
                isbn_issn,
                database,
                notes_,
                (),
                "",
            ),
        )


def _is_needed(rare: Fields, year: str | None, journal: str) -> bool:
    """Say whether the year or the journal may stand under a rare tag only."""
    return not (year or rare.keys().isdisjoint(YEARS)) or not (journal or rare.keys().isdisjoint(JOURNALS))


def _rare(lines: Sequence[str], name_tag: str, fields: dict[str, str]) -> Fields:
    """Gather the values of tags that are not usual but needed; of a usual tag the first line counts."""
    rare: dict[str, list[str]] = {}
    seen = set()
    for line in lines:
        tag = line[:6]
        if tag in seen:
            if tag in _SINGLE or not _value(fields[tag]):
                raise Irregular
        elif tag in _USUAL:
            seen.add(tag)
            fields[tag] = line
        elif tag not in (name_tag, _KW):
            found = _TAG.fullmatch(tag)
            if not found or found[1] in _NEVER_RARE:
                raise Irregular
            if found[1] in _NEEDED:
                rare.setdefault(found[1], []).append(_text(line))
    return rare


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
    """Return what stands behind the tag; a lone carriage return in it may end a line."""
    text = line[6:].strip()
    if "\r" in text:
        raise Irregular
    return text


def _value(line: str) -> str:
    """Return the cleaned value of a line, '' for no line and for a mark for "missing"."""
    if not line:
        return ""
    value = clean(_text(line))
    return value if len(value) > LONGEST_MARK or is_given(value) else ""


def _year(line: str) -> int:
    year = year_in(_text(line))
    if year is None:
        raise Irregular
    return year


def _abstract(line: str) -> str:
    if not line:
        return ""
    text = clean_lines(_text(line))
    return text if is_given(text) else ""


def _doi(line: str) -> str:
    doi = _text(line).lower()
    if _DOI.fullmatch(doi) or (doi := doi_in(doi)):
        return doi
    raise Irregular
