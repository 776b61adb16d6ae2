"""Read the mails in which RePEc announces new papers (NEP reports)."""

from __future__ import annotations

import re

from screening.domain.parsing.fields import clean, keywords_of
from screening.domain.parsing.model import ParsedRecord, Problem
from screening.domain.parsing.picking import first, lines, url_of, year_of
from screening.domain.parsing.tagged import Block, Fields, even_lines, read_blocks

_START = re.compile(
    r"^[ \t]*[0-9]{1,4}\.[ \t]+(?=\S[^\n]{0,1000}(?:\n[^\n:]{1,500}){0,3}\n(?:Date|By):)", re.M
)
_LABEL = re.compile(r"^(Date|By|URL|Keywords|JEL|Abstract):[ \t]*", re.M)
_AFFILIATION = re.compile(r"\s*\(.*$", re.S)
_NO_TITLE = "No title: imported as “No title”."


def looks_like_nep(opening: str) -> bool:
    """Say whether the text names RePEc and holds a numbered paper with its labels."""
    return "repec" in opening.lower() and _START.search(opening) is not None


def read_nep(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every numbered paper of a report."""
    even = even_lines(text)
    starts = [match.start() for match in _START.finditer(even)]
    blocks, line, counted = [], 1, 0
    for start, end in zip(starts, [*starts[1:], len(even)], strict=False):
        line += even.count("\n", counted, start)
        counted = start
        blocks.append(Block(start, end, line, _fields(even[start:end])))
    return read_blocks(text, blocks, _record, years=("Date",), bare=frozenset({"Date"}), no_title=_NO_TITLE)


def _fields(block: str) -> dict[str, list[str]]:
    """Cut a paper at its labels; what follows the address on lines of its own is the abstract."""
    title, *pieces = _LABEL.split(_START.sub("", block, count=1))
    fields: dict[str, list[str]] = {"Title": [title]}
    for label, value in zip(pieces[::2], pieces[1::2], strict=True):
        if label == "URL":
            value, _, abstract = value.partition("\n")
            fields.setdefault("Abstract", []).append(abstract)
        fields.setdefault(label, []).append(value)
    return fields


def _record(fields: Fields, raw: str, line: int) -> ParsedRecord:
    by = "\n".join(fields.get("By", ()))
    names = (clean(_AFFILIATION.sub("", name)) for name in by.split("\n"))
    return ParsedRecord(
        title=first(fields, "Title"),
        authors=tuple(filter(None, names)),
        year=year_of(fields, "Date"),
        abstract=lines(fields, "Abstract"),
        keywords=keywords_of(re.split("[,;]", ";".join(fields.get("Keywords", ())))),
        url=url_of(fields, "URL"),
        type="working paper",
        others=tuple(("JEL", text) for value in fields.get("JEL", ()) if (text := clean(value))),
        database="RePEc",
        raw=raw,
        line=line,
    )
