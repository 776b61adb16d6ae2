"""Read tables: CSV with comma, semicolon or tab, as databases, Zotero, EndNote and Excel write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from screening.domain.parsing.columns import Column, Header, columns_of, header_of
from screening.domain.parsing.model import ParsedRecord, Problem, UnreadableFile
from screening.domain.parsing.table import Row, read_rows

_DELIMITERS = (",", ";", "\t")
_BANNER_LINES = 20
_HEADER_LINES = 10
_HEADER_LIMIT = 100_000
_ROWS_COMPARED = 10
_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)

# The csv module refuses cells of more than 131,072 characters, and full texts pasted as abstracts are longer.
# Its limit holds for the whole process and no reader can have its own, so it is lifted once, here.
csv.field_size_limit(2**31 - 1)


class Table(NamedTuple):
    """Hold the lines of a table, the numbers of the first and last one of its header, the delimiter and the
    header."""

    lines: Sequence[str]
    first: int
    at: int
    delimiter: str
    header: Header


def read_table(
    text: str, columns: Mapping[str, str] | None = None
) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every row below the header; `columns` says by hand which field a column holds, or '' for none.

    Raises UnreadableFile where no header with known columns or no row is found, and as `read_rows` does.
    """
    table = _table(text, columns)
    if table is None:
        raise UnreadableFile(_no_header(columns))
    header_line = table.lines[table.at - 1].rstrip("\r\n")
    records, problems = read_rows(rows_of(table), table.header, table.at, header_line)
    skipped = "".join(table.lines[: table.first - 1]).strip()
    if skipped and not _SEPARATOR_LINE.match(skipped):
        problems.insert(0, Problem(1, "The lines above the header were skipped.", skipped, lost=False))
    return records, problems


def table_columns_in(text: str) -> tuple[Column, ...] | None:
    """Return the columns of the table that a text holds, or None where it holds none.

    Where no column has a known name, the first line is the header if the lines below have as many cells.
    """
    table = _table(text, None) or _unknown_table(_lines_of(text.removeprefix("\ufeff")))
    return columns_of(table.header, (row.cells for row in rows_of(table))) if table else None


def rows_of(table: Table) -> Iterator[Row]:
    """Yield the rows below the header.

    A quotation mark that breaks the rules costs one line, not the rest of the file: reading goes on with the
    line after the one where the row began. Lines that were run over hold no quotation mark, so this stays
    linear.
    """
    lines, at, delimiter = table.lines, table.at, table.delimiter
    while at < len(lines):
        position = at
        reader = csv.reader(_fed_from(lines, at), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                end = at + reader.line_num
                yield Row(cells, position + 1, "".join(lines[position:end]).rstrip("\r\n"))
                position = end
            return
        except csv.Error:
            yield _stray_quote(lines[position], position + 1, delimiter)
            at = position + 1


def _no_header(columns: Mapping[str, str] | None) -> str:
    if columns:
        return (
            "None of the columns that were assigned is in this table. Upload the table that they were "
            "assigned for, or assign its columns anew."
        )
    return (
        "This is no format that is known, nor a table with a title column: name the column “Title” in the "
        "first row, or export the records as RIS or CSV."
    )


def _lines_of(text: str) -> list[str]:
    mark = "\r" if "\r" in text and "\n" not in text else "\n"
    lines = [line + mark for line in text.split(mark)]
    lines[-1] = lines[-1][:-1]
    return lines


def _fed(line: str) -> str:
    r"""Return a line as the csv module takes it: one \n at its end and no lone \r inside, which it
    refuses."""
    if "\r" not in line:
        return line
    return line.rstrip("\r\n").replace("\r", " ") + "\n"


def _fed_from(lines: Sequence[str], at: int) -> Iterator[str]:
    for index in range(at, len(lines)):
        yield _fed(lines[index])


def _table(text: str, columns: Mapping[str, str] | None) -> Table | None:
    """Find the header line, the delimiter and the header; banners may stand above."""
    lines = _lines_of(text.removeprefix("\ufeff"))
    best: Table | None = None
    for number in range(1, min(len(lines), _BANNER_LINES) + 1):
        for delimiter in _DELIMITERS:
            cells, n_lines = _header_cells(lines, number - 1, delimiter)
            header = header_of(cells, columns)
            if header.width == 1 and "".join(lines[: number - 1]).strip():
                # A lone word under other lines is running text, not a header.
                continue
            if best is None or header.rank(columns) > best.header.rank(columns):
                best = Table(lines, number, number + n_lines - 1, delimiter, header)
    return best if best is not None and best.header.is_usable(columns) else None


def _header_cells(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """Return the cells of a header that begins in this line and over how many lines it goes."""
    line = _fed(lines[at][:_HEADER_LIMIT])
    if line.count('"') % 2:
        few = (_fed(line[:_HEADER_LIMIT]) for line in lines[at : at + _HEADER_LINES])
        reader = csv.reader(few, delimiter=delimiter)
        cells = next(reader, [])
        if header_of(cells).n_known > 1 and len(cells) > 1 and len(cells[-1]) < 200:
            return cells, reader.line_num
    return next(csv.reader([line], delimiter=delimiter), []), 1


def _unknown_table(lines: Sequence[str]) -> Table | None:
    at = next((number for number, line in enumerate(lines, start=1) if line.strip()), 0)
    if not at or len(lines[at - 1]) > _HEADER_LIMIT:
        return None
    best: Table | None = None
    for delimiter in _DELIMITERS:
        cells, n_lines = _header_cells(lines, at - 1, delimiter)
        table = Table(lines, at, at + n_lines - 1, delimiter, header_of(cells))
        below = [len(row.cells) for row in islice(rows_of(table), _ROWS_COMPARED) if any(row.cells)]
        width = table.header.width
        if width > 1 and set(below) == {width} and (best is None or width > best.header.width):
            best = table
    return best


def _stray_quote(line: str, number: int, delimiter: str) -> Row:
    raw = line.rstrip("\r\n")
    if raw.count('"') % 2 == 0:
        cells = next(csv.reader([_fed(line)], delimiter=delimiter), [])
        return Row(cells, number, raw, "stray")
    return Row([raw], number, raw, "open")
