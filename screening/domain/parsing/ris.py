"""Read RIS exports, tolerating what the databases and reference managers really write."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

from screening.domain.parsing.limits import refuse_too_many
from screening.domain.parsing.model import NO_TITLE_TAG, NOTHING_IDENTIFYING, ParsedRecord, Problem
from screening.domain.parsing.ris_fields import YEARS, record_of
from screening.domain.parsing.ris_quick import END, Irregular, Memo, QuickReader
from screening.domain.parsing.tagged import (
    Block,
    Entry,
    block_of,
    entries_of,
    even_lines,
    remarks_on,
    says_nothing,
)

_SPACE = "[ \\t\\u00a0]"
_AFTER = r"(?:[ \t]|(?=[\r\n])|\Z)"
_WIDE = rf"(?:{_SPACE}{{2,6}}|{_SPACE}?\t)-"
_START = re.compile(rf"TY(?:{_WIDE}|[ \u00a0]-{_AFTER})")
_INDENT = re.compile(rf"(?:\A|[\r\n])({_SPACE}{{0,2}}\ufeff?)\Z")
_TAG = re.compile(rf"\n{_SPACE}{{0,2}}\ufeff?([A-Z][A-Z0-9]){_WIDE}[ \t]?")
# With one space only, "AB - " inside an abstract would look like a tag, so it counts only where a record
# begins so or has no other tags.
_NARROW_TAG = re.compile(rf"\n{_SPACE}{{0,2}}\ufeff?([A-Z][A-Z0-9]){_SPACE}{{1,6}}-{_AFTER}")
_NARROW_START = re.compile(rf"{_SPACE}{{0,2}}\ufeff?TY[ \u00a0]-")
_END_LINE = re.compile(r"^ER {2}-", re.M)
_PROOF_LINE = re.compile(r"^(?:TI|T1|AU|A1) {2}- ", re.M)
_PROOFS = frozenset({"TI", "T1", "AU", "A1"})
# One line each: what follows without a tag is a slip of the file, not a name or a number.
_SHORT = frozenset(
    "TY AU A1 A2 A3 A4 ED PY Y1 Y2 YR DA DO DI VL IS SP EP SN PM LA AN ID DB DP C2 C7 RI M3 L3 U2".split()
)
_BARE = frozenset({"TY", "ER", "LA", "DB", "DP"})
_FRAME = frozenset({"TY", "ER"})
_OPENING = 20_000
_NO_END = "The record is not closed by ER before the next TY; it was read up to there."
_NO_LAST_END = "The last record is not closed by ER: the file may be cut off. Check the record."
_NO_ENDS = "No record of the file is closed by ER; each TY begins the next record."


class _Unended(NamedTuple):
    """Hold a record that ER does not close."""

    line: int
    end: int
    raw: str


class _Found(NamedTuple):
    """Gather what a file holds."""

    records: list[ParsedRecord]
    problems: list[Problem]
    unended: list[_Unended]


def looks_like_ris(opening: str) -> bool:
    """Say whether a line begins a RIS record, or one ends a record that lacks its first line."""
    if next(_starts(opening), None) is not None:
        return True
    return _END_LINE.search(opening) is not None and _PROOF_LINE.search(opening) is not None


def read_ris(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record of a RIS text; one that holds no more than its type becomes a lost problem.

    Every line that begins a record does so whether or not the one before was closed. Text from one beginning
    to the next belongs to the record, so nothing between records is lost.
    """
    found = _Found([], [], [])
    starts = list(_starts(text))
    refuse_too_many(len(starts))
    with _collector_paused():
        _read_pieces(text, starts, found)
    return found.records, found.problems + _end_remarks(found, len(text))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for cycles of garbage: many thousands of records are made here, none in a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_pieces(text: str, starts: Sequence[int], found: _Found) -> None:
    """Read what stands above the first beginning and then from each beginning to the next."""
    quick, records = QuickReader(text[:_OPENING]), found.records
    breaks = Memo(lambda gap: even_lines(gap).count("\n"))
    line = 1 + _read_piece(text, 0, starts[0] if starts else len(text), 1, found, is_closed=True)
    for start, end in pairwise([*starts, len(text)]):
        raw = text[start:end].rstrip()
        lines = raw.split("\n")
        try:
            records.append(quick.record(raw, lines, line))
        except Irregular:
            line += _read_piece(text, start, end, line, found, is_closed=False)
            continue
        if lines[-1] != END:
            found.unended.append(_Unended(line, end, raw))
        line += len(lines) - 1 + breaks[text[start + len(raw) : end]]


def _starts(text: str) -> Iterator[int]:
    """Yield where lines begin a record."""
    for match in _START.finditer(text):
        at = match.start()
        if at == 0 or text[at - 1] == "\n":
            yield at
        elif indent := _INDENT.search(text, max(0, at - 4), at):
            yield indent.start(1)


def _read_piece(text: str, start: int, end: int, line: int, found: _Found, *, is_closed: bool) -> int:
    """Read the records between two beginnings; return how many lines they take.

    What follows an end (or stands above the first beginning: `is_closed`) is a record without its first line
    if a tag proves it, else a banner.
    """
    piece = even_lines(text[start:end])
    entries = _entries(piece, is_banner=is_closed)
    for block, is_ended in _blocks(piece, entries, line, is_closed=is_closed):
        raw = text[start + block.start : start + block.end].rstrip()
        if not is_ended:
            found.unended.append(_Unended(block.line, start + block.end, raw))
        if says_nothing(block.fields, _BARE):
            found.problems.append(Problem(block.line, NOTHING_IDENTIFYING, raw))
        else:
            record = record_of(block.fields, raw, block.line)
            found.records.append(record)
            found.problems.extend(remarks_on(block, record, years=YEARS, no_title=NO_TITLE_TAG))
    return piece.count("\n")


def _entries(piece: str, *, is_banner: bool) -> list[Entry]:
    wide = [] if _NARROW_START.match(piece) else list(entries_of(piece, _TAG))
    if is_banner or any(entry.tag not in _FRAME for entry in wide):
        return wide
    return list(entries_of(piece, _NARROW_TAG))


def _blocks(
    piece: str, entries: Sequence[Entry], line: int, *, is_closed: bool
) -> Iterator[tuple[Block, bool]]:
    """Yield each record of a piece, and whether ER closes it."""
    groups = list(_groups(entries, is_closed=is_closed))
    begins = [entries[first].start if first or is_closed else 0 for first, _, _ in groups]
    counted = 0
    for (first, stop, is_ended), begin, end in zip(groups, begins, [*begins[1:], len(piece)], strict=False):
        line += piece.count("\n", counted, begin)
        counted = begin
        yield block_of(entries[first:stop], begin, end, line, _SHORT), is_ended


def _groups(entries: Sequence[Entry], *, is_closed: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield where the entries of a record begin and stop, and whether the last of them is its end."""
    first, is_open = 0, not is_closed
    for place, entry in enumerate(entries):
        if not is_open:
            if entry.tag == "ER":
                first = place + 1
            is_open = entry.tag in _PROOFS
        elif entry.tag == "ER":
            yield first, place + 1, True
            first, is_open = place + 1, False
    if is_open:
        yield first, len(entries), False


def _end_remarks(found: _Found, length: int) -> list[Problem]:
    """Remark on each record without end, or once where the whole file has none."""
    n_lost = sum(problem.lost for problem in found.problems)
    if len(found.unended) > 1 and len(found.unended) == len(found.records) + n_lost:
        return [Problem(found.unended[0].line, _NO_ENDS, "", lost=False)]
    return [
        Problem(one.line, _NO_LAST_END if one.end == length else _NO_END, one.raw[-300:], lost=False)
        for one in found.unended
    ]
