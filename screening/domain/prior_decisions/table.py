"""Read tables with one decision per row: record, reviewer, decision, reason, stage."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from screening.domain.parsing.fields import clean, clean_lines
from screening.domain.parsing.model import ParsedRecord
from screening.domain.prior_decisions.keys import NUMBER_COLUMNS, key_from, key_of
from screening.domain.prior_decisions.labels import ASREVIEW_COLUMNS
from screening.domain.prior_decisions.model import (
    NAME_LIMIT,
    Gathered,
    Layout,
    PriorFile,
    PriorVote,
    RecordKey,
)
from screening.domain.prior_decisions.words import UnknownWord, header_of, shown, stage_of, verdict_of

_DELIMITERS = (",", ";", "\t")
_DECISION = ("decision", "verdict", "vote", "judgement", "judgment")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": tuple(sorted(NUMBER_COLUMNS)),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmedid"),
    "title": ("title", "articletitle"),
    "year": ("year", "publicationyear", "publishedyear"),
    "reviewer": ("reviewer", "reviewername", "screener", "rater", "person"),
    "decision": _DECISION,
    "reason": ("reason", "exclusionreason", "reasons", "exclusionreasons"),
    "labels": ("labels", "tags"),
    "note": ("note", "notes", "comment", "comments"),
    "stage": ("stage",),
}
_KEYS = frozenset({"number", "doi", "pmid", "title"})
_HEADER_LIMIT = 100_000
NO_KEY = (
    "The row names no record: give its number, its DOI, its PMID, or its title and year in columns called "
    "record, doi, pmid, title and year."
)

# A cell may be longer than the 131,072 characters at which the csv module stops.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class _Table:
    lines: list[str]
    first: int
    delimiter: str
    width: int
    places: Mapping[str, int]


def read_plain_table(text: str) -> PriorFile | None:
    """Read a table whose header has a column for the decision and one that names the record; else None.

    A word that is not understood, a row without a record and a row of the wrong width are problems with
    their line.
    """
    table = _table_in(text)
    if table is None:
        return None
    found, n_rows = Gathered(), 0
    for line, cells in _rows(table, found):
        n_rows += 1
        if len(cells) > table.width and any(cell.strip() for cell in cells[table.width :]):
            found.problem(
                line,
                f"The row has {len(cells)} cells, the header {table.width}. "
                "Put cells that hold the separator in quotes.",
            )
            continue
        _read_row(line, {name: cells[at] for name, at in table.places.items() if at < len(cells)}, found)
    return found.as_file(Layout.TABLE, n_rows)


def has_decision_column(record: ParsedRecord) -> bool:
    """Say whether a column of the record is called decision, as in a workbook."""
    return any(header_of(header) in _DECISION for header, _value in record.others)


def read_decision_columns(records: Iterable[ParsedRecord]) -> Gathered:
    """Read the decisions in the columns of a table whose records were read already."""
    found = Gathered()
    for record in records:
        places = {header_of(header): value for header, value in record.others}
        cells = {
            field: places[known]
            for field, columns in _COLUMNS.items()
            if (known := next((name for name in columns if name in places), None)) is not None
        }
        _read_row(record.line, cells | {"note": "\n".join(record.notes)}, found, key_of(record))
    return found


def _table_in(text: str) -> _Table | None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for at, line in enumerate(lines[:3]):
        if not line.strip() or line.lower().lstrip('"').startswith("sep="):
            continue
        for delimiter in _DELIMITERS:
            cells = next(csv.reader([line[:_HEADER_LIMIT]], delimiter=delimiter), [])
            places = _places(cells)
            if "decision" in places and not _KEYS.isdisjoint(places):
                return _Table(lines, at + 1, delimiter, len(cells), places)
        return None
    return None


def _places(cells: list[str]) -> dict[str, int]:
    names = [header_of(cell) for cell in cells]
    places = {
        field: names.index(known)
        for field, columns in _COLUMNS.items()
        if (known := next((name for name in columns if name in names), None)) is not None
    }
    if "decision" not in places and "reviewer" in places:
        label = next((name for name in ASREVIEW_COLUMNS if name in names), None)
        if label is not None:
            places["decision"] = names.index(label)
    return places


def _rows(table: _Table, found: Gathered) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row that is not blank; an unclosed quotation mark ends the reading."""
    reader = csv.reader(
        (f"{line}\n" for line in table.lines[table.first :]), delimiter=table.delimiter, strict=True
    )
    line = table.first + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            found.problem(
                line,
                "A quotation mark in this row breaks the rules of CSV: this row and all behind it are not "
                "read. Mend the row and upload the file again.",
            )
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = table.first + reader.line_num + 1


def _read_row(line: int, cells: dict[str, str], found: Gathered, key: RecordKey | None = None) -> None:
    try:
        verdict = verdict_of(cells.get("decision", ""))
        stage = stage_of(cells.get("stage", ""))
    except UnknownWord as unknown:
        found.problem(line, str(unknown))
        return
    if verdict is None:
        found.n_undecided += 1
        return
    key = key or key_from(cells)
    if cells.get("number", "").strip() and key.number is None:
        found.problem(line, f"“{shown(cells['number'])}” is not the number of a record.")
        return
    if not (key.number is not None or key.doi or key.pmid or key.title):
        found.problem(line, NO_KEY)
        return
    found.votes.append(
        PriorVote(
            line=line,
            key=key,
            person=clean(cells.get("reviewer", ""))[:NAME_LIMIT] or None,
            verdict=verdict,
            reasons=_several(cells.get("reason", "")),
            labels=_several(cells.get("labels", "")),
            note=clean_lines(cells.get("note", "")),
            stage=stage,
        )
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for part in cell.split(";") if (item := clean(part))))
