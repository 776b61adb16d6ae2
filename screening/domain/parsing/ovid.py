"""Read Ovid's own formats: tagged, and for display with the name of each field on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from screening.domain.parsing.limits import refuse_too_many
from screening.domain.parsing.model import ParsedRecord, Problem
from screening.domain.parsing.ovid_fields import BARE, LABELS, YEARS, record_of
from screening.domain.parsing.tagged import (
    Block,
    Entry,
    block_of,
    entries_of,
    even_lines,
    read_blocks,
)

_NUMBER = re.compile(r"^[ \t]{0,2}\ufeff?<[ \t]?[0-9]{1,7}[. \t]{0,3}>[ \t\r]*$", re.M)
_TAG = re.compile(r"\n[ \t]?\ufeff?([A-Z][A-Z0-9]) {0,2}-(?:[ \t]|(?=[\r\n])|\Z)")
# A name stands alone and unindented, and an indented line follows.
_LABEL = re.compile(r"\n\ufeff?([A-Za-z][^\n\r]{0,60}?)[ \t\r]*(?=\n[ \t]+\S)")
_OVID_LINE = re.compile(r"^[ \t]?\ufeff?VN {2}- Ovid", re.M)
_RIS_LINE = re.compile(r"^[ \t]?\ufeff?TY {1,2}-", re.M)
_KNOWN_LABEL = re.compile(rf"^(?:{'|'.join(map(re.escape, LABELS))})[ \t]*\n[ \t]+\S", re.M | re.IGNORECASE)
_NO_TITLE = "No title (Title or TI): imported as “No title”."


def looks_like_ovid(opening: str) -> bool:
    """Say whether records are numbered as <1> and hold fields, or a line names Ovid as their source."""
    if _RIS_LINE.search(opening):
        return False
    if _OVID_LINE.search(opening):
        return True
    labels = {match[0].strip().casefold() for match in _KNOWN_LABEL.finditer(opening)}
    is_numbered = _NUMBER.search(opening) is not None
    return (is_numbered and (bool(labels) or _TAG.search(opening) is not None)) or len(labels) > 3


def read_ovid(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record; one that says nothing becomes a lost problem."""
    blocks = _blocks(even_lines(text))
    return read_blocks(text, blocks, record_of, years=YEARS, bare=BARE, no_title=_NO_TITLE)


def _blocks(text: str) -> Iterator[Block]:
    starts = [match.start() for match in _NUMBER.finditer(text)] or _unnumbered(text)
    refuse_too_many(len(starts))
    line, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line += text.count("\n", counted, start)
        counted = start
        tagged, labelled = (list(entries_of(text, pattern, start, end)) for pattern in (_TAG, _LABEL))
        entries = tagged if len(tagged) >= len(labelled) else labelled
        named = [Entry(entry.start, entry.tag.casefold(), entry.value) for entry in entries]
        yield block_of(named, start, end, line)


def _unnumbered(text: str) -> list[int]:
    """Return where records begin that no number parts: wherever the first tag or name comes again."""
    entries = list(entries_of(text, _TAG)) or list(entries_of(text, _LABEL))
    return [entry.start for entry in entries if entry.tag == entries[0].tag]
