"""Cut a tagged export (RIS; made to take PubMed, Web of Science and EndNote tags too) into blocks of
fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Dialect:
    """Describe a tagged format; both patterns are used with MULTILINE and match from the start of a line.

    `start` matches the beginning of a record's first line. In `tag`, group 1 is the tag and group 2 the rest
    of its line. The tag `end` closes a record, though many files lack it. A tag in `proofs` (title, authors)
    shows that a record whose first line is missing begins after a closed one. A tag in `short` (authors,
    year, DOI) holds one line only: what follows it without a tag is no part of it.
    """

    start: re.Pattern[str]
    tag: re.Pattern[str]
    end: str
    proofs: frozenset[str]
    short: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stray:
    """Hold untagged text that follows a short field and belongs to none; `line` counts from 1."""

    line: int
    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Hold the fields of one record; continuation lines follow their value after a newline. Offsets are in
    the text; `is_ended` tells whether the end tag closes the record."""

    start: int
    end: int
    line: int
    fields: dict[str, list[str]]
    strays: tuple[Stray, ...] = ()
    is_ended: bool = True


@dataclass(slots=True)
class _Group:
    """Gather the fields of one record; `n_before` tags stand before it in its piece, -1 for a start line."""

    n_before: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    is_ended: bool = False


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
    groups: list[_Group] = []
    group = _Group(-1)
    if not is_closed:
        groups.append(group)
    at, last = line + pieces[0].count("\n"), len(tags) - 1
    for i, tag in enumerate(tags):
        value, gap = values[i], gaps[i]
        if tag == dialect.end:
            if is_closed and not dialect.proofs.isdisjoint(group.fields):
                groups.append(group)
            group.is_ended = is_closed = True
            group = _Group(i + 1)
        else:
            if tag in dialect.short:
                group.strays += _strays(tag, gap, at, is_last=i == last)
            elif len(gap) > 1 and not gap.isspace():
                value = _continued(value, gap, is_last=i == last)
            group.fields.setdefault(tag, []).append(value)
        at += gap.count("\n")
    if is_closed and group.n_before <= last and not dialect.proofs.isdisjoint(group.fields):
        groups.append(group)
    if len(groups) == 1 and groups[0].n_before < 0:
        yield _block(start, end, line, groups[0])
    elif groups:
        yield from _place(text, start, end, line, dialect, groups)


def _block(start: int, end: int, line: int, group: _Group) -> Block:
    return Block(start, end, line, group.fields, tuple(group.strays), group.is_ended)


def _place(
    text: str, start: int, end: int, line: int, dialect: Dialect, groups: list[_Group]
) -> Iterator[Block]:
    """Find where in the text each group of fields begins, given the number of tags before it."""
    places = [match.start() for match in dialect.tag.finditer(text[start:end])]
    begins = [start if group.n_before < 0 else start + places[group.n_before] for group in groups]
    counted = start
    for group, begin, stop in zip(groups, begins, [*begins[1:], end], strict=True):
        line += text.count("\n", counted, begin)
        counted = begin
        yield _block(begin, stop, line, group)


def _strays(tag: str, gap: str, line: int, *, is_last: bool) -> list[Stray]:
    """Return the untagged lines of a gap as one stray at its first line; `line` is the line of the tag."""
    if len(gap) < 2 or gap.isspace():
        return []
    numbered = [(line + i, text.strip()) for i, text in enumerate(gap.split("\n"))]
    found = [(at, text) for at, text in numbered if text and not (is_last and _FURNITURE.match(text))]
    return [Stray(found[0][0], tag, "\n".join(text for _, text in found))] if found else []


def _continued(value: str, gap: str, *, is_last: bool) -> str:
    lines = [line.strip() for line in gap.split("\n")]
    if is_last:
        lines = [line for line in lines if not _FURNITURE.match(line)]
    return "\n".join([value, *(line for line in lines if line)])
