"""Hold what a reader returns: records, problems and the file they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class UnreadableFile(Exception):
    """Say in one sentence what the file is and what to do, since no record can be read from it."""


NOTHING_IDENTIFYING = (
    "The record has no title, DOI, PubMed or accession number, abstract, or authors and year to know it by. "
    "Complete it in the file or enter it by hand."
)

NO_TITLE_TAG = "No title (TI or T1): imported as “No title”."


def year_remark(written: str) -> str:
    """Return the remark on a year that is not understood."""
    shown = written if len(written) <= 60 else f"{written[:60]}…"
    return f"The year “{shown}” is not understood: the record is read without a year."


class Problem(NamedTuple):
    """Hold one thing the importer must see, with its 1-based line and the text as it stands in the file.

    `lost` is True where a record of the file could not be read, False for a remark about a record or a line.
    """

    line: int
    reason: str
    raw: str
    lost: bool = True


class ParsedRecord(NamedTuple):
    """Hold one record as read: blank means not given.

    `notes` are the lines of its note fields, `others` the filled columns or fields without a place of their
    own, as header and value in the order of the file. `raw` is the text of the record, verbatim; `line` is
    1-based; `note` says what was cut. A named tuple, since files hold many thousands of records: making a
    frozen dataclass of this size takes longer than reading the record.
    """

    raw: str
    line: int
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    url: str = ""
    type: str = ""
    language: str = ""
    accession: str = ""
    isbn_issn: str = ""
    database: str = ""
    notes: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Hold a read file; records plus lost problems always equal `n_in_file`."""

    format: str
    encoding: str
    n_in_file: int
    records: tuple[ParsedRecord, ...]
    problems: tuple[Problem, ...]

    @property
    def n_lost(self) -> int:
        """Return how many records of the file could not be read."""
        return sum(problem.lost for problem in self.problems)
