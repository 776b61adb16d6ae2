"""Read BibTeX and BibLaTeX, as Zotero, Mendeley, JabRef, Scopus, Web of Science and publishers export it.

Each entry is handed to bibtexparser alone, so that one that is broken costs no other, and neither cite keys
nor fields that occur twice are lost.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from screening.domain.parsing.bibtex_names import authors_of_field
from screening.domain.parsing.fields import (
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    is_given,
    is_year_given,
    keywords_of,
    pmid_in,
    url_in,
    year_in,
)
from screening.domain.parsing.latex import address, plain
from screening.domain.parsing.limits import refuse_too_many
from screening.domain.parsing.model import NOTHING_IDENTIFYING, ParsedRecord, Problem, year_remark
from screening.domain.parsing.tagged import even_lines

# What it warns of is reported as a problem of the file.
logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)

_TYPES = (
    "article|book|mvbook|inbook|bookinbook|suppbook|booklet|collection|mvcollection|incollection|"
    "suppcollection|conference|inproceedings|proceedings|mvproceedings|inreference|reference|mvreference|"
    "dataset|electronic|www|manual|mastersthesis|phdthesis|thesis|misc|online|patent|periodical|"
    "suppperiodical|report|techreport|software|unpublished|journal|webpage"
)
# A block begins a line or follows the end of another; of a type that is not known only with its key.
_START = re.compile(
    r"(?:^|(?<=[})]))[ \t]*@[ \t]*(?:"
    rf"(?:{_TYPES}|string|preamble|comment)[ \t\n]*[({{]"
    r"|[a-z_]{1,30}[ \t\n]*\{[^\s{},=\"]{0,200}[ \t\n]*,)",
    re.IGNORECASE | re.MULTILINE,
)
_ENTRY = re.compile(rf"(?:^|(?<=[}})]))[ \t]*@[ \t]*(?:{_TYPES})[ \t\n]*[({{]", re.IGNORECASE | re.MULTILINE)
_NO_ENTRY = re.compile(r"[ \t]*@[ \t]*(?:string|preamble|comment)\b", re.IGNORECASE)
# Within a line only what can hardly be a part of a sentence.
_FIELD = re.compile(
    r"^[ \t,]*([A-Za-z][\w.:+/-]{0,40})[ \t]*=[ \t]*(?=[{\"]|[\w-]{1,40}[ \t]*,?[ \t]*$)"
    r"|,[ \t]*([A-Za-z][\w.:+/-]{0,40})[ \t]*=[ \t]*(?=[{\"])"
    r"|,[ \t]*(year|volume|number|month|pages)[ \t]*=[ \t]*(?=[\w-]{1,40}[ \t]*[,}\n])",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = re.compile(r"@[ \t]*([A-Za-z_]*)[ \t\n]*[({][ \t\n]*([^\s,{}=\"]*)")
_NOT_KEY = re.compile(r"[={}\"]")
_BRACE = re.compile(r"(?<!\\)[{}]")
_QUOTE_OR_BRACE = re.compile(r"(?<!\\)[{}\"]")
_JOINT = re.compile(r"\s*(?:#\s*|$)")
_WORD = re.compile(r"[^\s#{}\",]+")
# Abbreviations that are made of abbreviations could grow without end.
_MAX_EXPANDED = 100_000
_MAX_ENTRY = 1_000_000
_TOO_LONG = (
    "The entry has more than 1,000,000 characters, which none really has: a brace may be missing. Mend it in "
    "the file."
)
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)")
_RAW_DOLLAR, _RAW_TIE = re.compile(r"(?<!\\)\$"), re.compile(r"(?<!\\)~")
_BROKEN = (
    "The entry is not well-formed: a brace, quotation mark or comma is missing or one too many. Its fields "
    "were read one by one; check the record."
)
_UNREADABLE = "The entry is not well-formed and none of its fields can be read. Mend it in the file."
_BESIDE = "This text after the entry belongs to none: a brace closes the entry too early. Check the record."
_NO_TITLE = "No title: imported as “No title”."

_JOURNAL = ("journal", "journaltitle", "fjournal", "booktitle", "journalsubtitle")
_YEAR = ("year", "date", "issued", "publicationyear")
_PAGES = ("pages", "page", "eid", "article-number", "articleno", "art_number", "article_number")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "keywords-plus", "mesh", "mesh_terms", "tags")
_NOTES = ("note", "notes", "annote", "annotation", "comment", "comments")
_ACCESSION = ("unique-id", "accession", "accession_number", "accessionnumber", "an", "accession-number")
_DATABASE = ("database", "source", "bibsource", "db")
_LINKS = ("url", "link", "ee", "howpublished", "bdsk-url-1", "adsurl")
_PLACED = frozenset(
    [
        *(*_JOURNAL, *_YEAR, *_PAGES, *_KEYWORDS, *_NOTES, *_ACCESSION, *_DATABASE, *_LINKS),
        *("title", "subtitle", "author", "authors", "volume", "number", "issue", "doi", "pmid", "abstract"),
        *("issn", "isbn", "language", "langid", "date-added", "date-modified", "crossref"),
    ]
)
_INHERITED = ("booktitle", "year", "date", "publisher", "volume", "series")


@dataclass(slots=True)
class _Entry:
    """Hold the fields of an entry by their names in lower case, with values free of quotes and braces."""

    line: int
    raw: str
    type: str
    key: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    is_broken: bool = False

    def add(self, name: str, value: str) -> None:
        """Add a value; an empty one is none."""
        if value and not value.isspace():
            self.fields.setdefault(name.strip().lower(), []).append(value)


def looks_like_bibtex(opening: str) -> bool:
    """Say whether a line begins an entry; comments and the banner of a database may stand above."""
    return _START.search(opening) is not None


def read_bibtex(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every entry; one that cannot be read, or says nothing identifying, becomes a lost problem."""
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    entries = list(_entries(text, problems))
    by_key = {entry.key.lower(): entry for entry in reversed(entries) if entry.key}
    for entry in entries:
        _inherit(entry, by_key)
        if entry.is_broken and not entry.fields:
            sentence = _TOO_LONG if len(entry.raw) > _MAX_ENTRY else _UNREADABLE
            problems.append(Problem(entry.line, sentence, entry.raw))
            continue
        record = _record(entry)
        if record is None:
            problems.append(Problem(entry.line, NOTHING_IDENTIFYING, entry.raw))
            continue
        records.append(record)
        problems += _remarks(entry, record)
    return records, problems


def _entries(text: str, problems: list[Problem]) -> Iterator[_Entry]:
    even = even_lines(text)
    starts = [even.index("@", match.start()) for match in _START.finditer(even)]
    refuse_too_many(len(starts))
    strings: dict[str, str] = {}
    line, counted = 1, 0
    for start, end in zip(starts, [*starts[1:], len(even)], strict=True):
        line += even.count("\n", counted, start)
        counted = start
        block = even[start:end]
        if _NO_ENTRY.match(block):
            strings |= _strings(block, strings)
        else:
            yield _entry(block, text[start:end].rstrip(), line, strings, problems)


def _strings(block: str, known: Mapping[str, str]) -> dict[str, str]:
    if len(block) > _MAX_ENTRY:
        return {}
    return {
        found.key.lower(): _value(found.value, known)[0]
        for found in Splitter(block).split().blocks
        if isinstance(found, String)
    }


def _entry(block: str, raw: str, line: int, strings: Mapping[str, str], problems: list[Problem]) -> _Entry:
    if len(block) > _MAX_ENTRY:
        return _Entry(line, raw, "", is_broken=True)
    read = Splitter(block).split().blocks
    first = read[0] if read else None
    parsed = first.ignore_error_block if isinstance(first, DuplicateFieldKeyBlock) else first
    if not isinstance(parsed, Entry) or _NOT_KEY.search(parsed.key):
        return _one_by_one(block, raw, line)
    entry = _Entry(line, raw, parsed.entry_type.lower(), parsed.key.strip())
    for found in parsed.fields:
        value, is_whole = _value(found.value, strings)
        if not is_whole:
            return _one_by_one(block, raw, line)
        entry.add(found.key, value)
    for rest in read[1:]:
        beside = (rest.raw or "").strip()
        if _FIELD.search(f"\n{beside}") or isinstance(rest, ParsingFailedBlock):
            problems.append(Problem(line + (rest.start_line or 0), _BESIDE, beside[:300], lost=False))
    return entry


def _value(written: str, strings: Mapping[str, str]) -> tuple[str, bool]:
    """Return a value without its quotes or braces, and whether it is nothing but values joined by #."""
    parts: list[str] = []
    n_expanded = at = 0
    n = len(written)
    while at < n:
        if written[at] == "{":
            end = _closing(written, at, _BRACE, "}")
        elif written[at] == '"':
            end = _closing(written, at, _QUOTE_OR_BRACE, '"')
        elif word := _WORD.match(written, at):
            end = word.end() - 1
        else:
            return written, False
        if written[at] in '{"':
            parts.append(written[at + 1 : end])
        else:
            parts.append(strings.get(written[at : end + 1].lower(), written[at : end + 1]))
            n_expanded += len(parts[-1])
        joint = _JOINT.match(written, end + 1)
        if end < 0 or joint is None or n_expanded > _MAX_EXPANDED:
            return written, False
        at = joint.end()
    return "".join(parts), True


def _closing(text: str, at: int, marks: re.Pattern[str], wanted: str) -> int:
    depth = 0
    for mark in marks.finditer(text, at + 1):
        sign = mark[0]
        if sign == wanted and depth == 0:
            return mark.start()
        depth += {"{": 1, "}": -1}.get(sign, 0)
    return -1


def _one_by_one(block: str, raw: str, line: int) -> _Entry:
    """Read the fields of an entry whose braces or quotes do not fit: each goes up to the next."""
    head = _HEAD.match(block)
    if head is None:
        return _Entry(line, raw, "", is_broken=True)
    # Without a cite key the first word is the name of a field.
    has_key = not block[head.end() : head.end() + 20].lstrip().startswith("=")
    entry = _Entry(line, raw, head[1].lower(), head[2] if has_key else "", is_broken=True)
    block = f",{block[head.end() if has_key else head.start(2) :]}"
    found = list(_FIELD.finditer(block))
    ends = [match.start() for match in found[1:]] + [len(block)]
    for match, end in zip(found, ends, strict=False):
        entry.add(match[match.lastindex or 1], block[match.end() : end].strip(' \t\n,{}"'))
    return entry


def _inherit(entry: _Entry, by_key: Mapping[str, _Entry]) -> None:
    """Take from the volume that an entry names as its crossref what the entry does not say itself."""
    parent = by_key.get(clean(_first(entry, ("crossref",))).lower())
    if parent is None or parent is entry:
        return
    for name in _INHERITED:
        if name not in entry.fields and name in parent.fields:
            entry.fields[name] = parent.fields[name]
    if "booktitle" not in entry.fields and "title" in parent.fields:
        entry.fields["booktitle"] = parent.fields["title"]


def _record(entry: _Entry) -> ParsedRecord | None:
    title, is_volume = _title(entry)
    abstract = clean_lines(plain(_first(entry, ("abstract",))))
    authors = authors_of_field([*entry.fields.get("author", ()), *entry.fields.get("authors", ())])
    journal = "" if is_volume else _text(entry, _JOURNAL)
    year, doi, pmid, accession = _year(entry), _doi(entry), _pmid(entry), _text(entry, _ACCESSION)
    url = next((found for value in _all(entry, _LINKS) if (found := url_in(_address(value)))), "")
    if not (title or doi or pmid or accession or abstract or url or authors or (year and journal)):
        return None
    return ParsedRecord(
        title=title,
        authors=authors,
        year=year,
        journal=journal,
        volume=_text(entry, ("volume",)),
        issue=_text(entry, ("number", "issue")),
        pages=_pages(entry),
        doi=doi,
        pmid=pmid,
        abstract=abstract,
        keywords=_keywords(entry),
        url=url,
        type=entry.type,
        language=_text(entry, ("language", "langid")),
        accession=accession,
        isbn_issn="; ".join(clean(plain(value)) for value in _all(entry, ("issn", "isbn"))),
        database=_text(entry, _DATABASE),
        notes=tuple(note for value in _all(entry, _NOTES) if (note := clean_lines(plain(value)))),
        others=_others(entry),
        raw=entry.raw,
        line=entry.line,
    )


def _all(entry: _Entry, names: Sequence[str]) -> list[str]:
    return [value for name in names for value in entry.fields.get(name, ())]


def _first(entry: _Entry, names: Sequence[str]) -> str:
    return next((value for value in _all(entry, names) if is_given(clean(value))), "")


def _text(entry: _Entry, names: Sequence[str]) -> str:
    return clean(plain(_first(entry, names)))


def _title(entry: _Entry) -> tuple[str, bool]:
    """Return the title, with its subtitle, and whether it is that of a whole volume."""
    title, subtitle = _text(entry, ("title",)), _text(entry, ("subtitle",))
    if not title:
        volume = _text(entry, ("booktitle", "shorttitle"))
        return volume, bool(volume)
    return (f"{title}: {subtitle}" if subtitle and subtitle not in title else title), False


def _year(entry: _Entry) -> int | None:
    return next((year for value in _all(entry, _YEAR) if (year := year_in(plain(value))) is not None), None)


def _address(value: str) -> str:
    """Return an address or DOI, in which dashes, quotation marks, ties and dollars stand for themselves."""
    value = _LIGATURE.sub("{}", _RAW_DOLLAR.sub(r"\\$", value))
    return plain(_RAW_TIE.sub(r"\\textasciitilde{}", value))


def _pages(entry: _Entry) -> str:
    return re.sub(r" ?[-–—]+ ?", "-", _text(entry, _PAGES))


def _doi(entry: _Entry) -> str:
    for value in entry.fields.get("doi", ()):
        if doi := doi_in(_address(value)):
            return doi
    for value in _all(entry, (*_LINKS, "note")):
        if "doi.org/10." in value.lower() and (doi := doi_in(address(value))):
            return doi
    return ""


def _pmid(entry: _Entry) -> str:
    is_pubmed = "pubmed" in _text(entry, ("eprinttype", "archiveprefix")).lower()
    for value in _all(entry, ("pmid", "pubmed_id", "pubmedid", *(("eprint",) if is_pubmed else ()))):
        if pmid := bare_pmid(plain(value)):
            return pmid
    return next((pmid for value in _all(entry, (*_NOTES, *_LINKS)) if (pmid := pmid_in(address(value)))), "")


def _keywords(entry: _Entry) -> tuple[str, ...]:
    values = [plain(value) for value in _all(entry, _KEYWORDS)]
    return keywords_of(value if ";" in value else value.replace(",", ";") for value in values)


def _others(entry: _Entry) -> tuple[tuple[str, str], ...]:
    found = [("cite key", entry.key)] if entry.key else []
    for name, values in entry.fields.items():
        if name not in _PLACED:
            found += [(name, text) for value in values if (text := clean_lines(plain(value)))]
    return tuple(found)


def _remarks(entry: _Entry, record: ParsedRecord) -> Iterator[Problem]:
    def remark(reason: str) -> Problem:
        return Problem(entry.line, reason, entry.raw[:300], lost=False)

    if entry.is_broken:
        yield remark(_BROKEN)
    if not record.title:
        yield remark(_NO_TITLE)
    written = _first(entry, _YEAR)
    if record.year is None and is_year_given(plain(written)):
        yield remark(year_remark(clean(plain(written))))
