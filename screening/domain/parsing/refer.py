"""Read the refer format (.enw, .ref), which EndNote, Google Scholar and library catalogues write."""

from __future__ import annotations

import re

from screening.domain.parsing.fields import authors_of, keywords_of
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
    entries_of,
    even_lines,
    read_blocks,
    records_of,
)

_TAG = re.compile(r"\n[ \t]{0,2}\ufeff?%([!-~])(?:[ \t]|(?=[\r\n])|\Z)")
_FIRST = re.compile(r"\s*\ufeff?%[!-~](?:[ \t]|\n)")
_PROOF_LINE = re.compile(r"^[ \t]{0,2}\ufeff?%(?:0[ \t]*\w|[TAJB][ \t]+\S)", re.M)
_BIBTEX = re.compile(r"^\s*@[A-Za-z]{2,20}\s{0,5}[{(]", re.M)
_YEARS = ("D", "8")
_BARE = frozenset("09G~W[")
# What follows without a tag is a slip of the file, not a name or a number.
_SHORT = frozenset("0AEY?DVNPRM@G8")
_PUBMED = ("medline", "pubmed", "nlm")
_NO_TITLE = "No title (%T): imported as “No title”."


def looks_like_refer(opening: str) -> bool:
    """Say whether lines have tags of one character after a per cent sign, and the text is no BibTeX."""
    if _PROOF_LINE.search(opening) is None or _BIBTEX.search(opening) is not None:
        return False
    return _FIRST.match(opening) is not None or len(_TAG.findall(opening)) > 1


def read_refer(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every reference; one that says nothing but its type becomes a lost problem."""
    even = even_lines(text)
    entry = next(entries_of(even, _TAG), None)
    # Some catalogues write the type last or not at all.
    start = "T" if entry and entry.tag == "T" else "0"
    blocks = blocks_of(even, records_of(even, _TAG, frozenset("0T"), start, may_double=True), _SHORT)
    return read_blocks(text, blocks, _record, years=_YEARS, bare=_BARE, no_title=_NO_TITLE)


def _record(fields: Fields, raw: str, line: int) -> ParsedRecord:
    base = first(fields, "~", "W")
    is_pubmed = any(name in base.casefold() for name in _PUBMED)
    return ParsedRecord(
        raw=raw,
        line=line,
        title=first(fields, "T", "!"),
        authors=authors_of(given(fields, "A")),
        year=year_of(fields, *_YEARS),
        journal=first(fields, "J", "B"),
        volume=first(fields, "V"),
        issue=first(fields, "N"),
        pages=first(fields, "P"),
        doi=doi_of(fields, "R") or labelled_doi(fields, "U", "O", "Z"),
        pmid=(pmid_of(fields, "M") if is_pubmed else "") or pmid_of(fields, "U"),
        abstract=lines(fields, "X"),
        keywords=keywords_of(given(fields, "K")),
        url=url_of(fields, "U", ">"),
        type=first(fields, "0"),
        language=first(fields, "G"),
        accession=first(fields, "M"),
        isbn_issn=joined(fields, "@"),
        database=base,
        notes=notes(fields, "Z"),
    )
