"""Read tables: CSV with comma, semicolon or tab, as databases, Zotero, EndNote and Excel write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.domain.parsing.columns import Header, header_of
from screening.domain.parsing.fields import (
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    is_given,
    is_year_given,
    keywords_of,
    pages_of,
    split_authors,
    url_in,
    year_in,
)
from screening.domain.parsing.model import (
    NOTHING_IDENTIFYING,
    ParsedRecord,
    Problem,
    UnreadableFile,
    year_remark,
)

_DELIMITERS = (",", ";", "\t")
_BANNER_LINES = 20
_HEADER_LIMIT = 100_000
_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
_IDENTIFYING = ("title", "doi", "pmid", "abstract", "accession", "authors")
_NO_TITLE = "The table has no title column; its records are listed by what else is known of them."

# A cell may be longer than the 131,072 characters at which the csv module stops.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    line: int
    raw: str
    fault: str = ""


def read_table(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every row below the header.

    Raises UnreadableFile where no header with known columns or no row is found. Rows with more cells than the
    header, or with fewer than half, are lost problems, for their cells cannot be matched with columns.
    """
    lines = _lines_of(text.removeprefix("\ufeff"))
    at, delimiter, header = _find_header(lines)
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    skipped = "".join(lines[: at - 1]).strip()
    if skipped and not _SEPARATOR_LINE.match(skipped):
        problems.append(Problem(1, "The lines above the header were skipped.", skipped, lost=False))
    if "title" not in header.places:
        problems.append(Problem(at, _NO_TITLE, lines[at - 1].rstrip("\r\n"), lost=False))
    for name, _first, _again in header.repeated:
        reason = f"The column “{name}” occurs twice; the first filled cell of a row counts."
        problems.append(Problem(at, reason, lines[at - 1].rstrip("\r\n"), lost=False))
    n_rows = 0
    for row in _rows(lines, at, delimiter):
        if not any(cell and not cell.isspace() for cell in row.cells):
            continue
        n_rows += 1
        _refuse_contradiction(row, header)
        record, found = _read_row(row, header)
        if record is not None:
            records.append(record)
        problems += found
    if n_rows == 0:
        raise UnreadableFile(
            "The table has a header but no rows. Export the records again and check the selection."
        )
    return records, problems


def _refuse_contradiction(row: _Row, header: Header) -> None:
    """Raise UnreadableFile where two columns of one name say different things: which one is meant?"""
    for name, first, again in header.repeated:
        if again >= len(row.cells):
            continue
        one, other = row.cells[first].strip(), row.cells[again].strip()
        if one and other and one != other:
            raise UnreadableFile(
                f"The column “{name}” occurs twice, and line {row.line} says “{one[:60]}” in one of them and "
                f"“{other[:60]}” in the other. Rename or remove one of the two columns and upload again."
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


def _find_header(lines: Sequence[str]) -> tuple[int, str, Header]:
    """Return the 1-based header line, the delimiter and the header; banners may stand above."""
    best: tuple[tuple[bool, int, int], int, str, Header] | None = None
    for number, line in enumerate(lines[:_BANNER_LINES], start=1):
        for delimiter in _DELIMITERS:
            cells = next(csv.reader([_fed(line[:_HEADER_LIMIT])], delimiter=delimiter), [])
            header = header_of(cells)
            rank = ("title" in header.places, header.n_known, -number)
            if header.width == 1 and "".join(lines[: number - 1]).strip():
                # A lone word under other lines is running text, not a header.
                continue
            if header.n_known and (best is None or rank > best[0]):
                best = rank, number, delimiter, header
    if best is not None:
        (has_title, n_known, _), number, delimiter, header = best
        # One known name without a title is as likely a word in running text.
        if has_title or (n_known >= 2 and any(field in header.places for field in _IDENTIFYING)):
            return number, delimiter, header
    raise UnreadableFile(
        "This is neither RIS nor a table with a title column: name the column “Title” in the first row, or "
        "export the records as RIS or CSV."
    )


def _rows(lines: Sequence[str], at: int, delimiter: str) -> Iterator[_Row]:
    """Yield the rows below line `at`.

    A quotation mark that breaks the rules costs one line, not the rest of the file: reading goes on with the
    line after the one where the row began. Lines that were run over hold no quotation mark, so this stays
    linear.
    """
    while at < len(lines):
        position = at

        def feed(start: int = at) -> Iterator[str]:
            for index in range(start, len(lines)):
                yield _fed(lines[index])

        reader = csv.reader(feed(), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                end = at + reader.line_num
                yield _Row(cells, position + 1, "".join(lines[position:end]).rstrip("\r\n"))
                position = end
            return
        except csv.Error:
            yield _stray_quote(lines[position], position + 1, delimiter)
            at = position + 1


def _stray_quote(line: str, number: int, delimiter: str) -> _Row:
    raw = line.rstrip("\r\n")
    if raw.count('"') % 2 == 0:
        cells = next(csv.reader([_fed(line)], delimiter=delimiter), [])
        return _Row(cells, number, raw, "stray")
    return _Row([raw], number, raw, "open")


def _read_row(row: _Row, header: Header) -> tuple[ParsedRecord | None, list[Problem]]:
    if row.fault == "open":
        reason = "A quotation mark is opened and never closed. Mend the line in the file."
        return None, [Problem(row.line, reason, row.raw)]
    n = len(row.cells)
    while n > header.width and not row.cells[n - 1].strip():
        n -= 1
    if n > header.width:
        reason = (
            f"The row has {n} cells, the header {header.width}. Put cells that hold the separator in quotes."
        )
        return None, [Problem(row.line, reason, row.raw)]
    if 2 * n < header.width:
        reason = f"The row has only {n} of {header.width} cells. A line break may have split it."
        return None, [Problem(row.line, reason, row.raw)]
    record = _record(row, header)
    if record is None:
        return None, [Problem(row.line, NOTHING_IDENTIFYING, row.raw)]
    remarks = []
    if row.fault:
        remarks.append("A quotation mark stands alone in the row; check it.")
    if not record.title and "title" in header.places:
        remarks.append("No title: imported as “No title”.")
    if record.year is None and is_year_given(year := _cell(row, header, "year")):
        remarks.append(year_remark(clean(year)))
    return record, [Problem(row.line, remark, row.raw, lost=False) for remark in remarks]


def _cell(row: _Row, header: Header, field: str) -> str:
    for place in header.places.get(field, ()):
        if place < len(row.cells) and is_given(clean(row.cells[place])):
            return row.cells[place]
    return ""


def _record(row: _Row, header: Header) -> ParsedRecord | None:
    def cell(field: str) -> str:
        return _cell(row, header, field)

    title, abstract, accession = clean(cell("title")), clean_lines(cell("abstract")), clean(cell("accession"))
    authors, year, journal = split_authors(cell("authors")), year_in(cell("year")), clean(cell("journal"))
    doi, pmid, url = doi_in(cell("doi")), bare_pmid(cell("pmid")), url_in(cell("url"))
    if not doi and "doi.org/10." in url.lower():
        doi = doi_in(url)
    known = title or cell("doi") or pmid or accession or abstract or url
    if not (known or (year and (authors or journal))):
        return None
    return ParsedRecord(
        title=title,
        authors=authors,
        year=year,
        journal=journal,
        volume=clean(cell("volume")),
        issue=clean(cell("issue")),
        pages=clean(cell("pages")) or pages_of(clean(cell("first_page")), clean(cell("last_page"))),
        doi=doi,
        pmid=pmid,
        abstract=abstract,
        keywords=keywords_of([cell("keywords")]),
        url=url,
        type=clean(cell("type")),
        language=clean(cell("language")),
        accession=accession,
        raw=row.raw,
        line=row.line,
    )
