"""Write a table as CSV or as a workbook, so that no text in it can act as a formula."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reviewsite.workspace.domain.cells import ACTIVE_STARTS, neutralise, workbook_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | Decimal | None


@dataclass(frozen=True)
class Table:
    """Hold a table to write; None is an empty cell, and a number is a number and never a text.

    Raises ValueError for a row of another length and for a number that is not finite.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"Row {line} has {len(row)} cells for {len(self.columns)} columns.")
            if any(isinstance(cell, float | Decimal) and not math.isfinite(cell) for cell in row):
                raise ValueError(f"Row {line} holds a number that is not finite. Leave the cell empty.")


@dataclass(frozen=True)
class CodebookEntry:
    """Explain one column: what it means, its unit and the values it can take."""

    column: str
    meaning: str
    unit: str = ""
    values: str = ""


def to_csv(table: Table) -> bytes:
    """Return the header and rows as CSV: UTF-8 with byte order mark, CRLF, commas, decimal points.

    A text that a spreadsheet would run gets an apostrophe in front; numbers are written as they are. Title
    and notes are left out, so that the file is one plain table.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([neutralise(column) for column in table.columns])
    writer.writerows([[_csv_cell(cell) for cell in row] for row in table.rows])
    return buffer.getvalue().encode("utf-8-sig")


def to_xlsx(table: Table, codebook: Sequence[CodebookEntry] = ()) -> bytes:
    """Return a workbook: the table with its title and notes, and a second sheet “Codebook” with the columns.

    Texts are stored as texts whatever they begin with, numbers as numbers.
    """
    # Loaded here: a heavy library for a rare download must not slow down every page.
    from openpyxl import Workbook

    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    sheet = book.create_sheet(_sheet_name(table.title))
    _write(sheet, table.columns, table.rows)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    second = book.create_sheet("Codebook")
    entries = [(entry.column, entry.meaning, entry.unit, entry.values) for entry in codebook]
    notes = [("Title", table.title, "", ""), *(("Note", note, "", "") for note in table.notes)]
    _write(second, ("Column", "Meaning", "Unit", "Values"), [*entries, *notes])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutralise(cell)
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _sheet_name(title: str) -> str:
    """Return a sheet name that every program accepts and that is not the name of the second sheet."""
    name = re.sub(r"[\[\]:*?/\\]", " ", workbook_text(title)).strip(" '")[:31].strip(" '") or "Table"
    return "Table" if name.lower() in ("codebook", "history") else name


def _write(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Fill a sheet with a bold header and rows, and set widths that show the content."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for line, row in enumerate([tuple(columns), *rows], start=1):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = sheet.cell(line, column)
            if isinstance(value, str):
                cell.value = workbook_text(value)
                cell.data_type = "s"  # the library would make a formula of a leading “=”
                cell.quotePrefix = value.startswith(ACTIVE_STARTS)
                cell.alignment = Alignment(vertical="top", wrap_text=len(value) > 60)
            else:
                cell.value = value
            if line == 1:
                cell.font = Font(bold=True)
    for column, name in enumerate(columns, start=1):
        texts = [name, *(str(row[column - 1]) for row in rows if row[column - 1] is not None)]
        sheet.column_dimensions[get_column_letter(column)].width = min(60, max(map(len, texts)) + 2)
