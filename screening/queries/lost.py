"""The text of what could not be read, so that it can be mended and imported as a file of its own."""

from __future__ import annotations

import csv
import io

from screening.domain.parsing import parse_bytes, table_columns
from screening.domain.parsing.archive import is_zip
from screening.domain.parsing.encoding import decode
from screening.models import ImportBatch
from screening.queries.imports import problems_of

AROUND = {
    "pubmed_xml": ("<PubmedArticleSet>\n", "</PubmedArticleSet>\n"),
    "endnote_xml": ("<xml><records>\n", "</records></xml>\n"),
}
"""What a file of these formats has before and behind its records."""


def lost_text(batch: ImportBatch) -> str:
    """Return the lost records as they stand in the file, with what its format has around them; '' without
    any.
    """
    texts = [problem.raw.rstrip("\r\n") for problem in problems_of(batch).filter(is_lost=True).iterator()]
    if not texts:
        return ""
    if batch.format in AROUND:
        before, behind = AROUND[batch.format]
        return before + "\n".join(texts) + "\n" + behind
    with batch.file.content.open("rb") as file:
        content: bytes = file.read()
    columns = table_columns(content)
    if columns is None:
        return "\n\n".join(texts) + "\n"
    header = _as_line([column.header for column in columns]) if is_zip(content) else _opening(batch, content)
    return header + "\n".join(texts) + "\n"


def _opening(batch: ImportBatch, content: bytes) -> str:
    """Return the lines above the first row of a table, its header among them."""
    parsed = parse_bytes(content, columns=batch.column_mapping or None)
    lost = [problem.line for problem in parsed.problems if problem.lost]
    first = min([*lost, *(record.line for record in parsed.records)])
    lines = decode(content).text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join(f"{line}\n" for line in lines[: first - 1])


def _as_line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
