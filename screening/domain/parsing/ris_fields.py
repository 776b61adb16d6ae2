"""Know what the tags of RIS mean, and make a record of the fields of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from screening.domain.parsing.fields import authors_of, clean, keywords_of, pages_of, pmid_in
from screening.domain.parsing.model import ParsedRecord
from screening.domain.parsing.picking import (
    doi_of,
    every,
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
from screening.domain.parsing.tagged import Fields

TITLES = ("TI", "T1", "CT", "BT", "ST")
JOURNALS = ("JF", "T2", "JO", "J1", "JA", "J2")
YEARS = ("PY", "Y1", "YR", "DA")
# ID is a mere counter in exports of reference managers and the accession number in those of Ovid.
_COUNTER = re.compile(r"[0-9]{1,5}")


def record_of(fields: Fields, raw: str, line: int) -> ParsedRecord:
    """Make a record of the fields, however they are filled."""
    return ParsedRecord(
        raw=raw,
        line=line,
        title=first(fields, *TITLES),
        authors=authors_of([*fields.get("AU", ()), *_only_in(fields, "A1", "AU")]),
        year=year_of(fields, *YEARS),
        journal=first(fields, *JOURNALS),
        volume=first(fields, "VL"),
        issue=first(fields, "IS"),
        pages=pages_of(first(fields, "SP"), first(fields, "EP")) or first(fields, "C7"),
        doi=doi_of(fields, "DO") or other_doi(fields),
        pmid=pmid_among(fields),
        abstract=lines(fields, "AB", "N2"),
        keywords=keywords_of(given(fields, "KW")),
        url=url_of(fields, "UR"),
        type=first(fields, "TY"),
        language=first(fields, "LA"),
        accession=accession_among(fields),
        isbn_issn=joined(fields, "SN"),
        database=first(fields, "DB", "DP"),
        notes=notes(fields, "N1"),
    )


def other_doi(fields: Fields) -> str:
    """Return the DOI that stands elsewhere than in DO; notes cite other works' DOIs too."""
    return doi_of(fields, "DI", "M3", "L3") or labelled_doi(fields, "UR", "N1")


def pmid_among(fields: Fields) -> str:
    """Return the PubMed identifier from its own tags, MEDLINE's accession number, addresses or notes."""
    if pmid := pmid_of(fields, "PM", "PMID", "C2"):
        return pmid
    if "AN" in fields:
        bases = " ".join(given(fields, "DB", "DP")).casefold()
        is_pubmed = "medline" in bases or "pubmed" in bases or "nlm" in bases
        if is_pubmed and (pmid := pmid_of(fields, "AN")):
            return pmid
    return next((pmid for text in given(fields, "UR", "AN", "N1", "C3", "U3") if (pmid := pmid_in(text))), "")


def accession_among(fields: Fields) -> str:
    """Return the accession number: AN, Embase's U2, or an ID that is no counter and no number of this
    workbench."""
    if number := first(fields, "AN", "U2"):
        return number
    own = first(fields, "ID")
    return "" if _COUNTER.fullmatch(own) or f"WORKBENCH-ID: {own}" in every(fields, "N1") else own


def _only_in(fields: Fields, tag: str, but_not: str) -> Sequence[str]:
    """Return a tag's values that the other tag does not repeat; some exports write each author under both."""
    if tag not in fields or but_not not in fields:
        return fields.get(tag, ())
    seen = {clean(value) for value in fields[but_not]}
    return [value for value in fields[tag] if clean(value) not in seen]
