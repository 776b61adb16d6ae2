"""Cut a tagged export (RIS; made to take PubMed, Web of Science and EndNote tags too) into blocks of
fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """Describe a tagged format; both patterns are used with MULTILINE and match from the start of a line.

    `start` matches the beginning of a record's first line. In `tag`, group 1 is the tag and group 2 the rest
    of its line. The tag `end` closes a record, though many files lack it. A tag in `proofs` (title, authors)
    shows that a record whose first line is missing begins after a closed one.
    """

    start: re.Pattern[str]
    tag: re.Pattern[str]
    end: str
    proofs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Block:
    """Hold the fields of one record; continuation lines follow their value after a newline. Offsets are in
    the text."""

    start: int
    end: int
    line: int
    fields: dict[str, list[str]]


# What exports print between records: counters and banners, never part of a field.
_FURNITURE = re.compile(r"^(?:[0-9]{1,7}[.)]|<[0-9]{1,7}>|Record #[0-9]+ of [0-9]+.*)$")


def even_lines(text: str) -> str:
    r"""Turn every line end into \n without changing the length, so that offsets still point into the
    original."""
    if "\r" in text:
        return text.replace("\r\n", " \n").replace("\r", "\n")
    return text


def read_blocks(text: str, dialect: Dialect) -> Iterator[Block]:
    """Yield the blocks of a text whose lines are even, in order and in linear time.

    Every start line opens a block, whether or not the one before was closed. Text from one start to the next
    belongs to the block, so nothing between records is lost. Text above the first start is a banner, unless
    it proves a record.
    """
    starts = [match.start() for match in dialect.start.finditer(text)]
    first = starts[0] if starts else len(text)
    line = 1
    yield from _cut(text, 0, first, line, dialect, is_closed=True)
    line += text.count("\n", 0, first)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield from _cut(text, start, end, line, dialect, is_closed=False)
        line += text.count("\n", start, end)


def _cut(text: str, start: int, end: int, line: int, dialect: Dialect, *, is_closed: bool) -> Iterator[Block]:
    """Yield the block between two starts, and those within it that begin without a start line."""
    pieces = dialect.tag.split(text[start:end])
    tags, values, gaps = pieces[1::3], pieces[2::3], pieces[3::3]
    groups: list[tuple[int, dict[str, list[str]]]] = []
    fields: dict[str, list[str]] = {}
    if not is_closed:
        groups.append((-1, fields))
    n_before, last = 0, len(tags) - 1
    for i, tag in enumerate(tags):
        if tag == dialect.end:
            if is_closed and not dialect.proofs.isdisjoint(fields):
                groups.append((n_before, fields))
            is_closed, fields, n_before = True, {}, i + 1
            continue
        value, gap = values[i], gaps[i]
        if len(gap) > 1 and not gap.isspace():
            value = _continued(value, gap, is_last=i == last)
        if tag in fields:
            fields[tag].append(value)
        else:
            fields[tag] = [value]
    if is_closed and n_before <= last and not dialect.proofs.isdisjoint(fields):
        groups.append((n_before, fields))
    if len(groups) == 1 and groups[0][0] < 0:
        yield Block(start, end, line, groups[0][1])
    elif groups:
        yield from _place(text, start, end, line, dialect, groups)


def _place(
    text: str,
    start: int,
    end: int,
    line: int,
    dialect: Dialect,
    groups: list[tuple[int, dict[str, list[str]]]],
) -> Iterator[Block]:
    """Find where in the text each group of fields begins, given the number of tags before it."""
    places = [match.start() for match in dialect.tag.finditer(text[start:end])]
    begins = [start if n < 0 else start + places[n] for n, _ in groups]
    counted = start
    for (_, fields), begin, stop in zip(groups, begins, [*begins[1:], end], strict=True):
        line += text.count("\n", counted, begin)
        counted = begin
        yield Block(begin, stop, line, fields)


def _continued(value: str, gap: str, *, is_last: bool) -> str:
    lines = [line.strip() for line in gap.split("\n")]
    if is_last:
        lines = [line for line in lines if not _FURNITURE.match(line)]
    return "\n".join([value, *(line for line in lines if line)])
