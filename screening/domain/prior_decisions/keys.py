"""Say by what a record that was read from a file can be found in the review."""

from __future__ import annotations

import re

from screening.domain.parsing.fields import bare_pmid, clean, doi_in, year_in
from screening.domain.parsing.model import ParsedRecord
from screening.domain.prior_decisions.model import RecordKey
from screening.domain.prior_decisions.words import header_of

NUMBER_COLUMNS = frozenset({"record", "recordnumber", "recordno"})
# The id of an export is the review's short name and the number of the record.
_ID_MARK = re.compile(r"WORKBENCH-ID[ \t]*:[^\n]{0,200}?([0-9]{1,9})[ \t]*(?:$|\n)")
_NUMBER = re.compile(r"^#?([0-9]{1,9})(?:\.0)?$")


def key_of(record: ParsedRecord) -> RecordKey:
    """Return the key of a record as an export holds it."""
    return RecordKey(
        number=_number_of(record),
        doi=doi_in(record.doi),
        pmid=bare_pmid(record.pmid),
        accession=record.accession,
        title=record.title,
        year=record.year,
    )


def key_from(cells: dict[str, str]) -> RecordKey:
    """Return the key that the cells of a plain table give, by field."""
    return RecordKey(
        number=number_in(cells.get("number", "")),
        doi=doi_in(cells.get("doi", "")),
        pmid=bare_pmid(cells.get("pmid", "")),
        title=clean(cells.get("title", "")),
        year=year_in(cells.get("year", "")),
    )


def number_in(text: str) -> int | None:
    """Return the record number that a cell holds, or None."""
    found = _NUMBER.match(text.strip())
    return int(found[1]) if found else None


def _number_of(record: ParsedRecord) -> int | None:
    for note in record.notes:
        if found := _ID_MARK.search(note):
            return int(found[1])
    for header, value in record.others:
        if header_of(header) in NUMBER_COLUMNS and (number := number_in(value)) is not None:
            return number
    return None
