"""Write records as a workbook: the table, what its columns mean, and what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reviewsite.workspace.domain.cells import neutralise, workbook_text
from screening.domain.writing.model import STAGE_WORDS, ExportFacts, ExportRecord
from screening.domain.writing.table import Cell, Column, cells, columns

_LONG_AGO = datetime(1980, 1, 1)  # the earliest time that an archive can hold, for equal bytes
_WIDTHS = {"title": 60, "abstract": 60, "authors": 30, "journal": 30, "keywords": 30, "decisions": 60}


def write_workbook(records: Iterable[ExportRecord], facts: ExportFacts, file: IO[bytes]) -> None:
    """Write the workbook into the file, row by row; equal records and facts give equal bytes.

    Every text is stored as a text, so that none can act as a formula; one that begins like a formula has an
    apostrophe in front as in CSV. A text that is too long for a cell is cut and says so.
    """
    # Loaded here: a heavy library for a rare download must not slow down every page.
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _LONG_AGO
    wanted = columns(with_decisions=facts.has_decisions)
    _fill(book.create_sheet("Records"), _rows(records, wanted), [column.name for column in wanted])
    _fill(book.create_sheet("Codebook"), _codebook(wanted), ("Column", "Meaning", "Values", "Blank means"))
    _fill(book.create_sheet("Export"), _facts(facts), ("What", "Value"))
    with _TimelessArchive(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


class _TimelessArchive(ZipFile):
    """Store every part under the same time."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **kwargs: Any) -> None:
        super().writestr(_part(str(zinfo_or_arcname)), data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        with open(filename, "rb") as source, self.open(_part(str(arcname)), "w", force_zip64=True) as target:
            while piece := source.read(1 << 20):
                target.write(piece)


def _part(name: str) -> ZipInfo:
    part = ZipInfo(name, _LONG_AGO.timetuple()[:6])
    part.compress_type = ZIP_DEFLATED
    return part


def _rows(records: Iterable[ExportRecord], wanted: Sequence[Column]) -> Iterator[Sequence[Cell]]:
    return (cells(record, wanted) for record in records)


def _codebook(wanted: Sequence[Column]) -> Iterator[Sequence[Cell]]:
    return ((column.name, column.meaning, column.values, column.blank) for column in wanted)


def _facts(facts: ExportFacts) -> Iterator[Sequence[Cell]]:
    yield "Review", neutralise(facts.title)
    yield "Short name of the review", facts.review
    yield "Made at", facts.made_at
    yield "Records", facts.n_records
    yield "Decisions of single reviewers", "yes, those that may be seen" if facts.has_decisions else "no"
    yield "Stage in notes", STAGE_WORDS[facts.stage] if facts.stage else "the last one reached"
    for name, value in facts.filter.items():
        yield f"Filter: {name}", neutralise(value)


def _fill(sheet: Any, rows: Iterable[Sequence[Cell]], header: Sequence[str]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, max(14, len(name) + 2))
    bold = []
    for name in header:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([_typed(sheet, cell) if isinstance(cell, str) else cell for cell in row])


def _typed(sheet: Any, text: str) -> object:
    """Return a text as the library takes it for one; it would make an error value of “#N/A”."""
    from openpyxl.cell import WriteOnlyCell

    text = workbook_text(text)
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
