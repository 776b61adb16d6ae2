"""Read the labelled formats of INSPEC, SilverPlatter, the Cochrane Library and Copac.

All write two or three capitals and a mark (`TI ~`, `TI:` or `TI-`) before each value. A line "Record …" or a
blank line parts the records.
"""

from __future__ import annotations

import re

from screening.domain.parsing.fields import authors_of, keywords_of
from screening.domain.parsing.model import ParsedRecord, Problem
from screening.domain.parsing.picking import (
    doi_of,
    first,
    given,
    joined,
    lines,
    notes,
    pmid_of,
    url_of,
    year_of,
)
from screening.domain.parsing.sources import source_in, year_in_source
from screening.domain.parsing.tagged import (
    Fields,
    blocks_of,
    entries_of,
    even_lines,
    read_blocks,
    records_of,
)

_RECORD = "Record"
_OPENING = 50_000
_TAGS = tuple(
    re.compile(rf"\n\ufeff?({_RECORD}(?=[ .#])|[A-Z]{{2,3}}(?={mark}(?:[ \t\r\n]|\Z)))(?:{mark})?")
    for mark in (" ~", ":", "-")
)
_PROOFS = frozenset({"AU", "SO", "PY", "YR", "AB", "PU", "ID", "HA"})
_FOREIGN = re.compile(r"^\ufeff?(?:PMID|PMC|PMCR|FAU|OWN|VN|TY|ER|PT) {0,2}(?:-|$)", re.M)
_YEARS = ("YR", "PY")
_BARE = frozenset({_RECORD, "PT", "DT", "RT", "LA", "LN"})
_NO_TITLE = "No title (TI): imported as “No title”."


def looks_like_inspec(opening: str) -> bool:
    """Say whether lines begin with a title and with other fields in one of the three ways."""
    return _tag_of(opening) is not None and _FOREIGN.search(opening) is None


def read_inspec(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record; one that says nothing but its type becomes a lost problem."""
    even = even_lines(text)
    tag = _tag_of(even) or _TAGS[0]
    is_headed = any(entry.tag == _RECORD for entry in entries_of(even, tag, 0, _OPENING))
    records = records_of(even, tag, frozenset({_RECORD if is_headed else "TI"}), _RECORD)
    blocks = blocks_of(even, records)
    return read_blocks(text, blocks, _record, years=_YEARS, bare=_BARE, no_title=_NO_TITLE)


def _tag_of(text: str) -> re.Pattern[str] | None:
    for pattern in _TAGS:
        tags = {entry.tag for entry in entries_of(text, pattern, 0, _OPENING)}
        if "TI" in tags and not _PROOFS.isdisjoint(tags):
            return pattern
    return None


def _record(fields: Fields, raw: str, line: int) -> ParsedRecord:
    cited = first(fields, "SO")
    source = source_in(cited)
    year = year_of(fields, *_YEARS)
    return ParsedRecord(
        raw=raw,
        line=line,
        title=first(fields, "TI"),
        authors=authors_of(given(fields, "AU")),
        year=year if year is not None else year_in_source(cited),
        journal=first(fields, "JN") or source.journal,
        volume=first(fields, "VL") or source.volume,
        issue=first(fields, "NO") or source.issue,
        pages=first(fields, "PG") or source.pages,
        doi=doi_of(fields, "DOI", "DI"),
        pmid=pmid_of(fields, "PM"),
        abstract=lines(fields, "AB"),
        keywords=keywords_of(given(fields, "KY", "KW", "DE")),
        url=url_of(fields, "US", "UR"),
        type=first(fields, "PT", "DT", "RT"),
        language=first(fields, "LA", "LN"),
        accession=first(fields, "AN", "ID"),
        isbn_issn=joined(fields, "IS", "SN"),
        database="INSPEC" if "INSPEC" in first(fields, _RECORD) else "",
        notes=notes(fields, "NT"),
    )
