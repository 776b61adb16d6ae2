"""Turn the rows of a table, from a text or a workbook, into records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reviewsite.workspace.domain.cells import restore
from screening.domain.parsing.columns import Header
from screening.domain.parsing.fields import (
    authors_of,
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    is_given,
    is_year_given,
    keywords_of,
    pages_of,
    pmid_in,
    split_authors,
    url_in,
    year_in,
)
from screening.domain.parsing.limits import refuse_too_many
from screening.domain.parsing.model import (
    NOTHING_IDENTIFYING,
    ParsedRecord,
    Problem,
    UnreadableFile,
    year_remark,
)

_NO_TITLE = "The table has no title column; its records are listed by what else is known of them."
# Scopus writes its own identifier behind each full name.
_AUTHOR_ID = re.compile(r"\s?\([0-9]{5,20}\)")
# A column “Source” holds a journal, a database or, with year and pages, a whole citation.
_CITATION = re.compile(r"\([0-9]|[0-9]\(|[0-9]:[0-9]|\b(?:19|20)[0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the cells of a row, its 1-based line and its text; `fault` names a quotation mark out of place."""

    cells: Sequence[str]
    line: int
    raw: str
    fault: str = ""


def read_rows(
    rows: Iterable[Row], header: Header, at: int, written: str
) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read the rows below the header, which stands in line `at` as `written`.

    Rows with more cells than the header, or with fewer than half, are lost problems, for their cells cannot
    be matched with columns. Raises UnreadableFile where no row is filled, or where two columns of one name
    contradict each other.
    """
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    if "title" not in header.places:
        problems.append(Problem(at, _NO_TITLE, written, lost=False))
    for name, _first, _again in header.repeated:
        reason = f"The column “{name}” occurs twice; the first filled cell of a row counts."
        problems.append(Problem(at, reason, written, lost=False))
    n_rows = 0
    for row in map(_restored, rows) if header.is_own else rows:
        if not any(cell and not cell.isspace() for cell in row.cells):
            continue
        n_rows += 1
        refuse_too_many(n_rows)
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


def _restored(row: Row) -> Row:
    """Return a row of an export of this workbench without what keeps its cells from running as formulas."""
    return replace(row, cells=[restore(cell) for cell in row.cells])


def _refuse_contradiction(row: Row, header: Header) -> None:
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


def _read_row(row: Row, header: Header) -> tuple[ParsedRecord | None, list[Problem]]:
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
    if record.year is None and is_year_given(year := next(iter(_cells(row, header, "year")), "")):
        remarks.append(year_remark(clean(year)))
    return record, [Problem(row.line, remark, row.raw, lost=False) for remark in remarks]


def _cells(row: Row, header: Header, field: str) -> list[str]:
    """Return the filled cells of a field, best column first."""
    return [
        row.cells[place]
        for place in header.places.get(field, ())
        if place < len(row.cells) and is_given(clean(row.cells[place]))
    ]


def _record(row: Row, header: Header) -> ParsedRecord | None:
    def cell(field: str) -> str:
        return next(iter(_cells(row, header, field)), "")

    title, abstract, accession = clean(cell("title")), clean_lines(cell("abstract")), clean(cell("accession"))
    authors = authors_of([cell("authors")]) if header.is_own else _authors(cell("authors"))
    journal = clean(cell("journal")) or _journal_as_source(row, header)
    year = next((year for text in _cells(row, header, "year") if (year := year_in(text)) is not None), None)
    url = next((url for text in _cells(row, header, "url") if (url := url_in(text))), "")
    notes = tuple(note for text in _cells(row, header, "notes") if (note := clean_lines(text)))
    doi, pmid = _doi(row, header), _pmid(row, header, notes)
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
        keywords=(keywords_of if header.is_own else _keywords)(_cells(row, header, "keywords")),
        url=url,
        type=clean(cell("type")),
        language=clean(cell("language")),
        accession=accession,
        isbn_issn="; ".join(dict.fromkeys(map(clean, _cells(row, header, "isbn_issn")))),
        database=clean(cell("database")),
        notes=notes,
        others=_others(row, header, journal),
        raw=row.raw,
        line=row.line,
    )


def _doi(row: Row, header: Header) -> str:
    for text in _cells(row, header, "doi"):
        if doi := doi_in(text):
            return doi
    for text in _cells(row, header, "url"):
        if "doi.org/10." in text.lower() and (doi := doi_in(text)):
            return doi
    return ""


def _pmid(row: Row, header: Header, notes: Sequence[str]) -> str:
    for text in _cells(row, header, "pmid"):
        if pmid := bare_pmid(text):
            return pmid
    return next((pmid for text in notes if (pmid := pmid_in(text))), "")


def _authors(cell: str) -> tuple[str, ...]:
    """Split the cell at semicolons first; what stands between two may be a list with commas (PubMed)."""
    cell = _AUTHOR_ID.sub("", cell.strip())
    if cell.endswith(".") and "." not in cell[:-1] and "," in cell:
        cell = cell[:-1]
    if ";" not in cell or cell.startswith("["):
        return split_authors(cell)
    return tuple(author for part in cell.split(";") for author in split_authors(part))


def _keywords(cells: Iterable[str]) -> tuple[str, ...]:
    """Join the keywords of all columns; a list as Python writes it, or with bars, is one too."""
    values = []
    for cell in cells:
        cell = cell.strip()
        if cell.startswith("['") and cell.endswith("']"):
            cell = cell[2:-2].replace("', '", ";")
        values.append(cell if ";" in cell else cell.replace("|", ";"))
    return keywords_of(values)


def _journal_as_source(row: Row, header: Header) -> str:
    if "journal" in header.places:
        return ""
    source = clean(next(iter(_cells(row, header, "source")), ""))
    return "" if _CITATION.search(source[:1000]) else source


def _others(row: Row, header: Header, journal: str) -> tuple[tuple[str, str], ...]:
    places = [*header.others]
    for place in header.places.get("source", ()):
        if place < len(row.cells) and clean(row.cells[place]) != journal:
            places = sorted([*places, (place, header.cells[place].strip())])
    return tuple(
        (name, text)
        for place, name in places
        if place < len(row.cells) and row.cells[place] and (text := clean_lines(row.cells[place]))
    )
