"""Read PubMed's own format (MEDLINE, .nbib), which ERIC writes too."""

from __future__ import annotations

import re

from screening.domain.parsing.fields import authors_of, doi_in, keywords_of
from screening.domain.parsing.model import ParsedRecord, Problem
from screening.domain.parsing.picking import (
    every,
    first,
    given,
    joined,
    labelled_doi,
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

# Tags fill four columns; some files leave out the space after the dash, others the filling.
_TAG = re.compile(
    r"\n\ufeff?([A-Z]{2,4}) {0,2}-(?:[ \t]|(?=[\r\n])|\Z|(?<=\nPMID-)|(?<=\n[A-Z]{2}  -)|(?<=\n[A-Z]{3} -))"
)
_OWN_TAG = re.compile(
    r"^\ufeff?(?:PMID ?- ?[0-9]|(?:OWN |STAT|DCOM|FAU |BTI |JID |PMC |PMCR|EDAT|MHDA|CRDT|PST |OTO )-)", re.M
)
_UNIQUE = re.compile(r"^\ufeff?UI {2}- [0-9]{5,9}\s*$", re.M)
_FOREIGN = re.compile(r"^ ?(?:TY|ER|VN) {2}-|^ ?<[0-9]{1,7}[. ]{0,2}>\s*$", re.M)
_PROOFS = frozenset({"PMID", "OWN", "TI", "BTI", "CTI", "VTI", "TT"})
_YEARS = ("DP", "PDAT", "DEP", "YR")
_SHORT = frozenset("PMID OWN STAT FAU AU DP VI IP PG LID AID IS LA PMC PMCR OID UI".split())
_BARE = frozenset({"OWN", "STAT", "PT", "LA"})
_NO_TITLE = "No title (TI or BTI): imported as “No title”."
_NOT_AVAILABLE = "[not available]"  # PubMed's title of works that have none in English
_NUMBER = re.compile(r"^(?:[EP]?ISSN|[EP]?ISBN)-|\s*\(.*$")


def looks_like_nbib(opening: str) -> bool:
    """Say whether lines begin with PubMed's tags, and none with those of RIS or Ovid."""
    own = _OWN_TAG.search(opening) or _UNIQUE.search(opening)
    return own is not None and _FOREIGN.search(opening) is None


def read_nbib(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record of PubMed's format; one without any given field becomes a lost problem."""
    even = even_lines(text)
    records = records_of(even, _TAG, _PROOFS, "PMID")
    blocks = blocks_of(even, records, _SHORT, is_indented=True)
    return read_blocks(text, blocks, _record, years=_YEARS, bare=_BARE, no_title=_NO_TITLE)


def _record(fields: Fields, raw: str, line: int) -> ParsedRecord:
    title, journal = _title(fields), first(fields, "JT", "TA")
    book = first(fields, "BTI")
    return ParsedRecord(
        title=title,
        authors=_authors(fields),
        year=year_of(fields, *_YEARS),
        journal=journal or (book if book != title else ""),
        volume=first(fields, "VI"),
        issue=first(fields, "IP"),
        pages=first(fields, "PG"),
        doi=_doi(fields),
        pmid=pmid_of(fields, "PMID", "UI"),
        abstract="\n".join(every(fields, "AB") or every(fields, "OAB")),
        keywords=keywords_of(word.replace("*", "") for word in every(fields, "MH", "OT", "KW")),
        url=url_of(fields, "LID", "URL", "AID"),
        type=first(fields, "PT"),
        language=joined(fields, "LA"),
        accession=first(fields, "OID"),
        isbn_issn=_numbers(fields),
        database=_database(fields),
        notes=notes(fields, "GN"),
        raw=raw,
        line=line,
    )


def _title(fields: Fields) -> str:
    found = (text for text in every(fields, "TI", "TT", "BTI", "VTI", "CTI"))
    return next((text for text in found if not text.casefold().startswith(_NOT_AVAILABLE)), "")


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return the full names, the short ones that have no full one, and the groups.

    PubMed ends lists that it cut (1984 to 1999) with "et al.", which is no author.
    """
    full = authors_of(every(fields, "FAU"))
    known = {name.partition(",")[0].casefold() for name in full}
    short = authors_of(name for name in every(fields, "AU") if name.casefold().rstrip(".") != "et al")
    rest = [name for name in short if name.partition(",")[0].casefold() not in known]
    return (*full, *rest, *every(fields, "CN"))


def _doi(fields: Fields) -> str:
    ids = list(given(fields, "LID", "AID"))
    marked = [value for value in ids if "[doi]" in value]
    bare = [value for value in ids if value.lstrip().startswith("10.") and "[pii]" not in value]
    found = next((doi for value in (*marked, *bare) if (doi := doi_in(value))), "")
    return found or labelled_doi(fields, "LID", "AID") or _cited_doi(first(fields, "SO"))


def _cited_doi(source: str) -> str:
    _, label, rest = source.partition("doi: ")
    return doi_in(rest) if label else ""


def _numbers(fields: Fields) -> str:
    numbers = (_NUMBER.sub("", text) for text in every(fields, "IS", "ISSN", "ISBN"))
    return "; ".join(dict.fromkeys(filter(None, numbers)))


def _database(fields: Fields) -> str:
    owner = first(fields, "OWN")
    return "PubMed" if "PMID" in fields or owner == "NLM" else owner
