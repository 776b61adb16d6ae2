"""Read Web of Science's own format: plain text and .ciw, of all the databases behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from screening.domain.parsing.fields import authors_of, keywords_of, pages_of
from screening.domain.parsing.model import ParsedRecord, Problem
from screening.domain.parsing.picking import (
    doi_of,
    every,
    first,
    given,
    joined,
    notes,
    pmid_of,
    url_of,
    year_of,
)
from screening.domain.parsing.tagged import Entry, Fields, blocks_of, entries_of, even_lines, read_blocks

_AFTER = r"(?:[ \t]|(?=[\r\n])|\Z)"
_TAG = re.compile(rf"\n\ufeff?([A-Z][A-Z0-9]){_AFTER}")
# Where the lines that go on are not indented, a word of two capitals may stand first in one.
_KNOWN = (
    "FN VR PT AU AF BA BF CA GP BE ED TI SO SE BS LA DT CT CY CL SP HO DE ID AB C1 C3 RP EM RI OI FU FX "
    "FP CR NR TC Z9 Z8 ZB ZR ZS ZA U1 U2 PU PI PA SN EI BN J9 JI PD PY VL IS PN SU MA SI BP EP AR PS DI "
    "D2 EA PG P2 WC WE SC GA PM UT OA HC HP DA AE DG PC PL MC CC MQ NT TM OR BD CN UR ER EF"
).split()
_KNOWN_TAG = re.compile(rf"\n\ufeff?({'|'.join(_KNOWN)}){_AFTER}")
_INDENTED = re.compile(r"^ {2,}\S", re.M)
_HEADER = re.compile(r"^\ufeff?FN[ \t]+(?:Clarivate|ISI\b|Thomson|Web of|WoS)", re.M | re.IGNORECASE)
_TYPE_LINE = re.compile(r"^\ufeff?PT[ \t]+[A-Z]", re.M)
_PROOF_LINE = re.compile(r"^(?:ER\s*$|UT[ \t]+\S+:|(?:AU|TI|SO)[ \t]+\S)", re.M)
_OPENING = 100_000
_FRAME = frozenset({"FN", "VR", "EF"})
_YEARS = ("PY", "PD", "EA", "EY")
_BARE = frozenset({"PT", "ER", "EF", "FN", "VR", "DT", "LA", "NR", "TC", "Z9"})
_ADDRESS = re.compile(r"\([^()\s]{1,100}@[^()\s]{1,100}\)")
_NO_TITLE = "No title (TI): imported as “No title”."


def looks_like_wos(opening: str) -> bool:
    """Say whether the text has the header of an export, or gives the type and then the fields of a record."""
    if _HEADER.search(opening):
        return True
    start = _TYPE_LINE.search(opening)
    return start is not None and _PROOF_LINE.search(opening, start.end()) is not None


def read_wos(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record; one that says nothing but its type becomes a lost problem."""
    even = even_lines(text)
    entries = entries_of(even, _TAG if _INDENTED.search(even, 0, _OPENING) else _KNOWN_TAG)
    blocks = blocks_of(even, _records(entries))
    return read_blocks(text, blocks, _record, years=_YEARS, bare=_BARE, no_title=_NO_TITLE)


def _records(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries of each record, which begins at PT or after the end of another."""
    record: list[Entry] = []
    for entry in entries:
        if record and entry.tag == "PT":
            yield record
            record = []
        if entry.tag == "ER" or entry.tag in _FRAME:
            if record:
                yield record
                record = []
        else:
            record.append(entry)
    if record:
        yield record


def _record(fields: Fields, raw: str, line: int) -> ParsedRecord:
    number = first(fields, "UT")
    base, _, own = number.partition(":")
    return ParsedRecord(
        raw=raw,
        line=line,
        title=first(fields, "TI"),
        authors=_authors(fields),
        year=year_of(fields, *_YEARS),
        journal=first(fields, "SO", "SE", "JI", "J9"),
        volume=first(fields, "VL"),
        issue=first(fields, "IS"),
        pages=pages_of(first(fields, "BP"), first(fields, "EP")) or first(fields, "PS", "AR"),
        doi=doi_of(fields, "DI"),
        pmid=pmid_of(fields, "PM") or (pmid_of({"UT": [own]}, "UT") if base == "MEDLINE" else ""),
        abstract=first(fields, "AB"),
        keywords=keywords_of(every(fields, "DE", "ID", "MQ")),
        url=url_of(fields, "UR"),
        type=first(fields, "DT", "PT"),
        language=first(fields, "LA"),
        accession=number,
        isbn_issn=joined(fields, "SN", "EI", "BN"),
        database="Web of Science" if base == "WOS" else base if own else "",
        notes=notes(fields, "NT"),
    )


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return the full names where each author has one, else the short ones, then the groups."""
    short = _names(fields, "AU") or _names(fields, "BA")
    full = _names(fields, "AF") or _names(fields, "BF")
    return (*(full if len(full) >= len(short) else short), *every(fields, "CA"))


def _names(fields: Fields, tag: str) -> tuple[str, ...]:
    return authors_of(_ADDRESS.sub("", value) for value in given(fields, tag))
