"""Write records as a table: the columns with their meanings, and CSV as spreadsheet programs open it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reviewsite.workspace.domain.cells import neutralise
from screening.domain.parsing.fields import is_given, split_authors
from screening.domain.vocabulary import Stage
from screening.domain.writing.labels import decision_line
from screening.domain.writing.model import ExportRecord

Cell = str | int | None
_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column: what it means, which values it takes and what an empty cell says."""

    name: str
    cell: Callable[[ExportRecord], Cell]
    meaning: str
    values: str = "text"
    blank: str = "not given by the source"


def _status(stage: Stage) -> Callable[[ExportRecord], Cell]:
    def cell(record: ExportRecord) -> Cell:
        outcome = record.at(stage)
        return str(outcome.status) if outcome else None

    return cell


def _reason(record: ExportRecord) -> Cell:
    outcome = record.at(Stage.FULL_TEXT)
    return outcome.reason if outcome else None


def authors_cell(record: ExportRecord) -> str:
    """Return the names in one cell; a semicolon at the end keeps readers from splitting what is one name."""
    joined = _joined(record.authors)
    return joined if split_authors(joined) == record.authors or joined.endswith(";") else f"{joined};"


def _joined(values: tuple[str, ...]) -> str:
    """Return the values in one cell; one that reads like a mark for “missing” ends in a semicolon."""
    joined = "; ".join(values)
    return joined if is_given(joined) or not values else f"{joined};"


_STATUSES = "awaiting; conflict; reason_conflict; included; excluded"
COLUMNS: tuple[Column, ...] = (
    Column(
        "workbench_id",
        lambda r: r.id,
        "Stable id of the record: the short name of the review and the number of the record.",
        blank="never blank",
    ),
    Column(
        "record_number",
        lambda r: r.number,
        "Number of the record in the review.",
        "whole number",
        "never blank",
    ),
    Column("title", lambda r: r.title, "Title."),
    Column("authors", authors_cell, "Authors in their order, “Last, First” where known.", "separated by ;"),
    Column("year", lambda r: r.year, "Year of publication.", "1000 to 2100"),
    Column("journal", lambda r: r.journal, "Journal, or the book or proceedings that the text is part of."),
    Column("volume", lambda r: r.volume, "Volume."),
    Column("issue", lambda r: r.issue, "Issue."),
    Column("pages", lambda r: r.pages, "Pages or article number."),
    Column("doi", lambda r: r.doi, "DOI, bare and in lower case."),
    Column("pmid", lambda r: r.pmid, "PubMed identifier.", "digits"),
    Column("abstract", lambda r: r.abstract, "Abstract with its line breaks."),
    Column("keywords", lambda r: _joined(r.keywords), "Keywords and index terms.", "separated by ;"),
    Column("url", lambda r: r.url, "Web address."),
    Column("type", lambda r: r.type, "Type of publication in the words of the source."),
    Column("language", lambda r: r.language, "Language in the words of the source."),
    Column("accession_number", lambda r: r.accession, "Identifier that the database gave the record."),
    Column("issn_isbn", lambda r: r.isbn_issn, "ISSN or ISBN."),
    Column("database", lambda r: r.database, "Database that the record itself names."),
    Column(
        "sources",
        lambda r: "; ".join(r.sources),
        "Sources of the review in which the record or one of its duplicates was found.",
        "separated by ;",
        "never blank",
    ),
    Column(
        "all_databases",
        lambda r: "; ".join(r.databases),
        "Databases that the record and its duplicates name.",
        "separated by ;",
    ),
    Column(
        "duplicates",
        lambda r: "; ".join(r.duplicates),
        "Ids of the records for which this one stands.",
        "separated by ;",
        "the record stands for none but itself",
    ),
    Column(
        "duplicate_of",
        lambda r: r.duplicate_of,
        "Id of the record that stands for this one.",
        "an id",
        "the record stands for itself",
    ),
    Column(
        "title_abstract_status",
        _status(Stage.TITLE_ABSTRACT),
        "Where the record stands in the screening of titles and abstracts.",
        _STATUSES,
        "the record does not take part in this stage",
    ),
    Column(
        "full_text_status",
        _status(Stage.FULL_TEXT),
        "Where the record stands in the screening of full texts.",
        f"{_STATUSES}; awaiting_retrieval; not_retrieved",
        "the record has not reached this stage",
    ),
    Column(
        "exclusion_reason",
        _reason,
        "Why the record was excluded at full text.",
        "a reason of the protocol",
        "not excluded at full text",
    ),
    Column(
        "remark",
        lambda r: r.remark,
        "What the import says of the record, such as a text that was cut.",
        blank="none",
    ),
)
DECISIONS = Column(
    "decisions",
    lambda r: "\n".join(decision_line(decision) for decision in r.decisions),
    "Decisions of single reviewers that the person who made this file may see, one per line.",
    "reviewer | stage | include, exclude or unsure | reason | date | blind, not blind or imported",
    "no decision, or none that this person may see",
)


def columns(*, with_decisions: bool) -> tuple[Column, ...]:
    """Return the columns of the complete table."""
    return (*COLUMNS, DECISIONS) if with_decisions else COLUMNS


def _included(stage: Stage | None) -> Callable[[ExportRecord], Cell]:
    def cell(record: ExportRecord) -> Cell:
        outcome = record.at(stage)
        verdict = outcome.verdict if outcome else None
        return {"include": 1, "exclude": 0}.get(verdict or "")

    return cell


def asreview_columns(stage: Stage | None) -> tuple[Column, ...]:
    """Return the columns that ASReview knows, with the outcome of the stage as its label."""
    names = ("workbench_id", "title", "abstract", "authors", "keywords", "year", "doi", "url")
    known = {column.name: column for column in COLUMNS}
    label = Column("included", _included(stage), "Label.", "1 or 0", "not settled")
    return (*(known[name] for name in names), label)


def _nothing(_record: ExportRecord) -> Cell:
    return None


# The order of Rayyan's own tables.
RAYYAN_COLUMNS: tuple[Column, ...] = (
    Column("key", lambda r: r.id, "Key."),
    Column("title", lambda r: r.title, "Title."),
    Column("year", lambda r: r.year, "Year."),
    Column("month", _nothing, "Month, which is not kept."),
    Column("day", _nothing, "Day, which is not kept."),
    Column("journal", lambda r: r.journal, "Journal."),
    Column("issn", lambda r: r.isbn_issn, "ISSN or ISBN."),
    Column("volume", lambda r: r.volume, "Volume."),
    Column("issue", lambda r: r.issue, "Issue."),
    Column("pages", lambda r: r.pages, "Pages."),
    Column("authors", lambda r: " and ".join(r.authors), "Authors."),
    Column("url", lambda r: r.url or (f"https://doi.org/{r.doi}" if r.doi else None), "Address."),
    Column("language", lambda r: r.language, "Language."),
    Column("publisher", _nothing, "Publisher, which is not kept."),
    Column("location", _nothing, "Place, which is not kept."),
    Column("abstract", lambda r: r.abstract, "Abstract."),
    Column("notes", lambda r: f"WORKBENCH-ID: {r.id}", "Notes."),
)


def cells(record: ExportRecord, wanted: Sequence[Column]) -> list[Cell]:
    """Return the cells of a record; a text that a program could run is neutralised, a number stays one."""
    found = (column.cell(record) for column in wanted)
    return [neutralise(cell) if isinstance(cell, str) else cell for cell in found]


def write_csv(records: Iterable[ExportRecord], wanted: Sequence[Column]) -> Iterator[str]:
    """Yield header and rows as CSV with CRLF and commas, behind the mark by which Excel knows UTF-8."""
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    rows.writerow([column.name for column in wanted])
    for n_rows, record in enumerate(records, start=1):
        rows.writerow(cells(record, wanted))
        if n_rows % _ROWS_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
