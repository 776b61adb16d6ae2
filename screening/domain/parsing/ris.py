"""Read RIS exports, tolerating what the databases and reference managers really write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from screening.domain.parsing.fields import (
    authors_of,
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    is_given,
    is_year_given,
    keywords_of,
    pages_of,
    pmid_in,
    url_in,
    year_in,
)
from screening.domain.parsing.model import (
    NO_TITLE_TAG,
    NOTHING_IDENTIFYING,
    ParsedRecord,
    Problem,
    year_remark,
)
from screening.domain.parsing.tagged import Block, Dialect, even_lines, read_blocks

_SPACE = "[ \\t\\u00a0]"
_STRICT = re.compile(
    rf"^{_SPACE}{{0,2}}\ufeff?([A-Z][A-Z0-9])(?:{_SPACE}{{2,6}}|{_SPACE}?\t)-(?:[ \t]|$)(.*)", re.M
)
_STRICT_START = re.compile(rf"^{_SPACE}{{0,2}}\ufeff?TY(?:{_SPACE}{{2,6}}|{_SPACE}?\t)-(?:[ \t]|$)", re.M)
_LOOSE = re.compile(rf"^{_SPACE}{{0,2}}\ufeff?([A-Z][A-Z0-9]){_SPACE}{{1,6}}-(?:[ \t]|$)(.*)", re.M)
_ONE_SPACE_START = re.compile(r"^[ \t]{0,2}\ufeff?TY[ ]-(?:[ \t]|$)", re.M)
START = re.compile(rf"^{_SPACE}{{0,2}}\ufeff?TY{_SPACE}{{1,6}}-(?:[ \t]|$)", re.M)

_NONE: tuple[str, ...] = ()
_TITLES = ("TI", "T1", "CT", "BT", "ST")
_JOURNALS = ("JF", "T2", "JO", "J1", "JA", "J2")
_YEARS = ("PY", "Y1", "YR", "DA")
# ID is a mere counter in exports of reference managers and the accession number in those of Ovid.
_COUNTER = re.compile(r"^[0-9]{1,5}$")
# One line each: what follows without a tag is a slip of the file, not a name or a number.
_SHORT = frozenset(
    "TY AU A1 A2 A3 A4 ED PY Y1 Y2 YR DA DO DI VL IS SP EP SN PM LA AN ID DB DP C2 C7 RI M3 L3 U2".split()
)
_NO_END = "The record is not closed by ER before the next TY; it was read up to there."
_NO_LAST_END = "The last record is not closed by ER: the file may be cut off. Check the record."
_NO_ENDS = "No record of the file is closed by ER; each TY begins the next record."

Fields = Mapping[str, Sequence[str]]


def read_ris(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record of a RIS text; one that says nothing identifying becomes a lost problem."""
    even = even_lines(text)
    # With one space only, "AB - " inside an abstract would look like a tag, so it counts only where the file
    # does so.
    is_loose = _ONE_SPACE_START.search(even) is not None
    start, pattern = (START, _LOOSE) if is_loose else (_STRICT_START, _STRICT)
    dialect = Dialect(start, pattern, "ER", frozenset({"TI", "T1", "AU", "A1"}), _SHORT)
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    unended: list[Block] = []
    has_end = False
    for block in read_blocks(even, dialect):
        raw = text[block.start : block.end].rstrip()
        has_end = has_end or block.is_ended
        if not block.is_ended:
            unended.append(block)
        record = _record(block, raw)
        if record is None:
            problems.append(Problem(block.line, NOTHING_IDENTIFYING, raw))
            continue
        records.append(record)
        problems += _remarks(block, record, even, pattern)
    return records, problems + _end_remarks(unended, even, has_end=has_end)


def _remarks(block: Block, record: ParsedRecord, even: str, pattern: re.Pattern[str]) -> list[Problem]:
    found = []
    if not record.title:
        found.append(Problem(block.line, NO_TITLE_TAG, record.raw, lost=False))
    tag = next((tag for tag in _YEARS if any(map(is_year_given, block.fields.get(tag, _NONE)))), "")
    if tag and record.year is None:
        line, written = _place_of(tag, block, even, pattern)
        found.append(Problem(line, year_remark(clean(written)), f"{tag}  - {written}".rstrip(), lost=False))
    for stray in block.strays:
        reason = f"This line after {stray.tag} has no tag: it stands in the text of the record only."
        found.append(Problem(stray.line, reason, stray.text, lost=False))
    return found


def _place_of(tag: str, block: Block, even: str, pattern: re.Pattern[str]) -> tuple[int, str]:
    """Return the line and the text of the first year under a tag that is given."""
    for match in pattern.finditer(even, block.start, block.end):
        if match[1] == tag and is_year_given(match[2]):
            return block.line + even.count("\n", block.start, match.start()), match[2]
    return block.line, block.fields[tag][0]


def _end_remarks(unended: Sequence[Block], even: str, *, has_end: bool) -> list[Problem]:
    """Remark on each record without end, or once where the whole file has none."""
    if len(unended) > 1 and not has_end:
        return [Problem(unended[0].line, _NO_ENDS, "", lost=False)]
    return [
        Problem(
            block.line,
            _NO_LAST_END if block.end == len(even) else _NO_END,
            even[block.start : block.end].rstrip()[-300:],
            lost=False,
        )
        for block in unended
    ]


def _record(block: Block, raw: str) -> ParsedRecord | None:
    fields = block.fields
    title = _first(fields, _TITLES)
    authors = authors_of([*fields.get("AU", _NONE), *_only_in(fields, "A1", "AU")])
    year = _year(fields)
    journal = _first(fields, _JOURNALS)
    abstract = _lines(fields, ("AB", "N2"))
    doi = _doi(fields)
    pmid = _pmid(fields)
    accession = _accession(fields)
    url = next((found for value in fields.get("UR", _NONE) if (found := url_in(value))), "")
    known = title or doi or pmid or accession or abstract or url
    if not (known or _first(fields, ("DO", "ID")) or (year and (authors or journal))):
        return None
    return ParsedRecord(
        title=title,
        authors=authors,
        year=year,
        journal=journal,
        volume=_first(fields, ("VL",)),
        issue=_first(fields, ("IS",)),
        pages=pages_of(_first(fields, ("SP",)), _first(fields, ("EP",))) or _first(fields, ("C7",)),
        doi=doi,
        pmid=pmid,
        abstract=abstract,
        keywords=keywords_of(fields.get("KW", _NONE)),
        url=url,
        type=_first(fields, ("TY",)),
        language=_first(fields, ("LA",)),
        accession=accession,
        raw=raw,
        line=block.line,
    )


def _first(fields: Fields, tags: Sequence[str]) -> str:
    for tag in tags:
        for value in fields.get(tag, _NONE):
            if is_given(cleaned := clean(value)):
                return cleaned
    return ""


def _lines(fields: Fields, tags: Sequence[str]) -> str:
    for tag in tags:
        if tag in fields:
            text = clean_lines("\n".join(fields[tag]))
            if is_given(text):
                return text
    return ""


def _only_in(fields: Fields, tag: str, but_not: str) -> Sequence[str]:
    """Return a tag's values that the other tag does not repeat; some exports write each author under both."""
    if tag not in fields or but_not not in fields:
        return fields.get(tag, _NONE)
    seen = {clean(value) for value in fields[but_not]}
    return [value for value in fields[tag] if clean(value) not in seen]


def _year(fields: Fields) -> int | None:
    for tag in _YEARS:
        for value in fields.get(tag, _NONE):
            if (year := year_in(value)) is not None:
                return year
    return None


def _doi(fields: Fields) -> str:
    for tag in ("DO", "DI", "M3", "L3"):
        for value in fields.get(tag, _NONE):
            if "10." in value and (doi := doi_in(value)):
                return doi
    for tag in ("UR", "N1"):
        for value in fields.get(tag, _NONE):
            lowered = value[:300].lower()
            if ("doi.org/10." in lowered or lowered.lstrip().startswith("doi")) and (doi := doi_in(value)):
                return doi
    return ""


def _pmid(fields: Fields) -> str:
    for tag in ("PM", "PMID", "C2"):
        for value in fields.get(tag, _NONE):
            if pmid := bare_pmid(value):
                return pmid
    bases = " ".join([*fields.get("DB", _NONE), *fields.get("DP", _NONE)]).casefold()
    if "medline" in bases or "pubmed" in bases or "nlm" in bases:
        for value in fields.get("AN", _NONE):
            if pmid := bare_pmid(value):
                return pmid
    for tag in ("UR", "AN", "N1", "C3", "U3"):
        for value in fields.get(tag, _NONE):
            if pmid := pmid_in(value):
                return pmid
    return ""


def _accession(fields: Fields) -> str:
    given = _first(fields, ("AN", "U2"))
    if given:
        return given
    own = _first(fields, ("ID",))
    return "" if _COUNTER.match(own) else own
