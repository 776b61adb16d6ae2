"""Read XLSX workbooks: the first sheet with a known header, cells as text, formulas as last computed."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from screening.domain.parsing import archive
from screening.domain.parsing.columns import Column, Header, columns_of, header_of
from screening.domain.parsing.model import ParsedRecord, Problem, UnreadableFile
from screening.domain.parsing.table import Row, read_rows

if TYPE_CHECKING:
    from openpyxl import Workbook

_BANNER_ROWS = 20
_MAX_COLUMNS = 2_000
_LAST_ROW = 1_048_576
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FILLED = (b"<v>", b"<t>", b"<t ", b":v>", b":t>", b":t ")
_NUMBER = re.compile(rb'[^>]{0,200}?\sr="([0-9]{1,7})"')
_NOT_COMPUTED = re.compile(rb"<f[^<>]{0,200}(?:/>|>[^<]{0,8192}</f>)(?:<v\s?/>|<v></v>)?</c>")
_ESCAPED = re.compile("_x(00[0-9A-Fa-f]{2})_")
_NO_SHEET = "No sheet of this Excel workbook has a title column: name the column “Title” in the first row."
_DAMAGED = (
    "This Excel workbook is damaged or incomplete, so it cannot be opened. Download or export it again."
)


class _Sheet(NamedTuple):
    """Hold a sheet with its header, which stands in row `at`, and the rows below."""

    title: str
    header: Header
    at: int
    above: str
    rows: Iterator[Row]


class _Inside(NamedTuple):
    """Tell of the sheets' XML: the last row with a filled cell and how many formulas hold no result."""

    last_row: int
    n_not_computed: int


def read_workbook(
    data: bytes, columns: Mapping[str, str] | None = None
) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every row below the header; `columns` says by hand which field a column holds, or '' for none.

    Raises UnreadableFile for a workbook that is damaged, protected or far too large, where no sheet has known
    columns, and as `read_rows` does.
    """
    inside = _look_inside(data)
    with _opened(data) as book:
        sheet = next(_sheets(book, inside.last_row, columns), None)
        if sheet is None:
            raise UnreadableFile(_NO_SHEET)
        records, problems = read_rows(sheet.rows, sheet.header, sheet.at, ", ".join(sheet.header.cells))
        return records, [*_remarks(sheet, book.sheetnames, inside), *problems]


def workbook_columns(data: bytes) -> tuple[Column, ...] | None:
    """Return the columns of the first sheet whose header is known, else of the first with two or more."""
    inside = _look_inside(data)
    with _opened(data) as book:
        known = _sheets(book, inside.last_row, None)
        any_table = _sheets(book, inside.last_row, None, is_known_only=False)
        sheet = next(chain(known, any_table), None)
        return columns_of(sheet.header, (row.cells for row in sheet.rows)) if sheet else None


def _remarks(sheet: _Sheet, titles: Sequence[str], inside: _Inside) -> Iterator[Problem]:
    if len(titles) > 1:
        others = "”, “".join(archive.shown(title) for title in titles if title != sheet.title)
        yield Problem(
            1, f"Only the sheet “{archive.shown(sheet.title)}” was read, not “{others}”.", "", lost=False
        )
    if sheet.above:
        yield Problem(1, "The lines above the header were skipped.", sheet.above, lost=False)
    if inside.n_not_computed:
        reason = (
            f"Formulas without a stored result: {inside.n_not_computed}. These cells were read as empty; "
            "open the workbook in a spreadsheet program, save it and upload it again."
        )
        yield Problem(1, reason, "", lost=False)


def _look_inside(data: bytes) -> _Inside:
    """Look through the sheets without parsing them.

    Whole columns that were formatted leave a million rows without a value; parsing them takes long.
    """
    last_row, n_not_computed = 1, 0
    with archive.opened(data) as packed:
        for info in packed.infolist():
            if _SHEET.fullmatch(info.filename):
                content = archive.content(packed, info)
                last_row = max(last_row, _last_filled_row(content))
                n_not_computed += len(_NOT_COMPUTED.findall(content)) if b"<f" in content else 0
    return _Inside(last_row, n_not_computed)


def _last_filled_row(content: bytes) -> int:
    last = max(content.rfind(mark) for mark in _FILLED)
    if last < 0:
        return 1
    begin = max(content.rfind(b"<row", 0, last), content.rfind(b":row", 0, last))
    number = _NUMBER.match(content, begin + 4) if begin >= 0 else None
    return min(int(number[1]), _LAST_ROW) if number else _LAST_ROW


@contextmanager
def _opened(data: bytes) -> Iterator[Workbook]:
    from openpyxl import load_workbook  # takes a third of a second, and few files are workbooks

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception as fault:  # openpyxl raises whatever a damaged file leads to
            raise UnreadableFile(_DAMAGED) from fault
        try:
            yield book
        finally:
            book.close()


def _sheets(
    book: Workbook, last_row: int, columns: Mapping[str, str] | None, *, is_known_only: bool = True
) -> Iterator[_Sheet]:
    """Yield the sheets with a header of known columns, or every one whose first filled row has two cells."""
    for sheet in book.worksheets:
        rows = _rows(sheet, last_row)
        head = list(islice(rows, _BANNER_ROWS))
        headers = [header_of(row.cells, columns) for row in head]
        if is_known_only:
            places = [at for at, header in enumerate(headers) if header.is_usable(columns)]
            at = max(places, key=lambda place: headers[place].rank(columns), default=-1)
        else:
            at = next((at for at, row in enumerate(head) if any(row.cells)), -1)
            at = at if at >= 0 and headers[at].width > 1 else -1
        if at >= 0:
            above = "\n".join(row.raw for row in head[:at] if any(row.cells))
            below = _padded(chain(head[at + 1 :], rows), headers[at].width)
            yield _Sheet(sheet.title, headers[at], head[at].line, above, below)


def _padded(rows: Iterable[Row], width: int) -> Iterator[Row]:
    for row in rows:
        yield (
            row
            if len(row.cells) >= width
            else replace(row, cells=[*row.cells, *[""] * (width - len(row.cells))])
        )


def _rows(sheet: Any, last_row: int) -> Iterator[Row]:
    """Yield the filled rows as text, without the empty cells at their ends."""
    sheet.reset_dimensions()
    found = sheet.iter_rows(max_row=last_row, values_only=True)
    line = 0
    while True:
        line += 1
        try:
            values = next(found, None)
        except Exception as fault:  # openpyxl reads on demand and raises whatever a damaged file leads to
            raise UnreadableFile(_DAMAGED) from fault
        if values is None:
            return
        if not any(value is not None for value in values):
            continue
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > _MAX_COLUMNS:
            raise UnreadableFile(
                f"Row {line} of the sheet “{archive.shown(sheet.title)}” has {len(cells):,} columns; the "
                f"limit is {_MAX_COLUMNS:,}. Remove those that are no part of the table."
            )
        yield Row(cells, line, _as_csv(cells))


def _text(value: object) -> str:
    """Return a cell as a person sees it: whole numbers without a point, dates as year-month-day."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


def _as_csv(cells: Sequence[str]) -> str:
    """Return the row as a line of CSV: what stands for the text of a record that has none."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()
