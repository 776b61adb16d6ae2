"""Read RefWorks' tagged format."""

from __future__ import annotations

import re

from screening.domain.parsing.fields import authors_of, keywords_of, pages_of
from screening.domain.parsing.model import ParsedRecord, Problem
from screening.domain.parsing.picking import (
    doi_of,
    first,
    given,
    joined,
    labelled_doi,
    lines,
    notes,
    pmid_of,
    url_of,
    year_of,
)
from screening.domain.parsing.tagged import (
    Fields,
    blocks_of,
    even_lines,
    read_blocks,
    records_of,
)

# Only these begin a field: a word of two capitals may stand first in a line that goes on.
_TAGS = (
    "RT SR ID A1 A2 A3 A4 A5 A6 T1 T2 T3 JF JO YR FD VO IS SP OP K1 AB NO ED PB PP SN AV AD AN LA CL SF "
    "OT LK UL SL LL DO CN DB DS IP RD ST CR CY PM WT WP WV OL GL U1 U2 U3 U4 U5 U6 U7 U8 U9 RP"
).split()
_TAG = re.compile(rf"\n\ufeff?({'|'.join(_TAGS)})(?:[ \t]|(?=[\r\n])|\Z)")
_TYPE_LINE = re.compile(r"^\ufeff?RT[ \t]+[A-Z]", re.M)
_PROOF_LINE = re.compile(r"^(?:A1|T1|SR|ID|YR|JF)[ \t]+\S", re.M)
_YEARS = ("YR", "FD")
_BARE = frozenset({"RT", "SR", "LA", "DB", "DS", "OL"})
_NO_TITLE = "No title (T1): imported as “No title”."


def looks_like_refworks(opening: str) -> bool:
    """Say whether a line gives the type of a reference and others its fields, as RefWorks writes them."""
    return _TYPE_LINE.search(opening) is not None and _PROOF_LINE.search(opening) is not None


def read_refworks(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every reference; one that says nothing but its type becomes a lost problem."""
    even = even_lines(text)
    blocks = blocks_of(even, records_of(even, _TAG, frozenset({"RT"}), "RT"))
    return read_blocks(text, blocks, _record, years=_YEARS, bare=_BARE, no_title=_NO_TITLE)


def _record(fields: Fields, raw: str, line: int) -> ParsedRecord:
    return ParsedRecord(
        raw=raw,
        line=line,
        title=first(fields, "T1"),
        authors=authors_of(given(fields, "A1")),
        year=year_of(fields, *_YEARS),
        journal=first(fields, "JF", "JO", "T2"),
        volume=first(fields, "VO"),
        issue=first(fields, "IS"),
        pages=pages_of(first(fields, "SP"), first(fields, "OP")),
        doi=doi_of(fields, "DO") or labelled_doi(fields, "LK", "UL", "NO"),
        pmid=pmid_of(fields, "PM"),
        abstract=lines(fields, "AB"),
        keywords=keywords_of(given(fields, "K1")),
        url=url_of(fields, "UL", "LK"),
        type=first(fields, "RT"),
        language=first(fields, "LA"),
        accession=first(fields, "AN"),
        isbn_issn=joined(fields, "SN"),
        database=first(fields, "DB", "DS"),
        notes=notes(fields, "NO"),
    )
