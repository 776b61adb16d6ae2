"""Cut a tagged export (RIS, PubMed, Web of Science, EndNote, RefWorks, Ovid) into blocks of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from screening.domain.parsing.fields import clean, is_given, is_year_given
from screening.domain.parsing.model import NOTHING_IDENTIFYING, ParsedRecord, Problem, year_remark

# The values of each tag in the order of the file, each with the untagged lines that follow it.
Fields = Mapping[str, Sequence[str]]
_LONE_RETURN = re.compile(r"\r(?!\n)")
# What exports print between records: counters and banners, never part of a field.
_FURNITURE = re.compile(
    r"[0-9]{1,7}[.)]|<[0-9]{1,7}(?:\. ?)?>|Record #?[0-9]{1,7} of [0-9]{1,7}.{0,80}|[-=_*]{4,200}",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """Hold a tag, the offset of its line, and its value up to the next tag."""

    start: int
    tag: str
    value: str


class Stray(NamedTuple):
    """Hold untagged text that follows a short field and belongs to none; `line` counts from 1."""

    line: int
    tag: str
    text: str


class Block(NamedTuple):
    """Hold the fields of one record; `start` and `end` are offsets in the text, `line` counts from 1."""

    start: int
    end: int
    line: int
    fields: Fields
    strays: Sequence[Stray] = ()


def even_lines(text: str) -> str:
    r"""Make a lone \r, the line end of old Macintosh files, a \n; offsets still point into the original."""
    if "\r" in text and _LONE_RETURN.search(text):
        return text.replace("\r\n", " \n").replace("\r", "\n")
    return text


def entries_of(text: str, tag: re.Pattern[str], start: int = 0, end: int | None = None) -> list[Entry]:
    """Return the tags between two offsets; the pattern is MULTILINE, group 1 the tag, its end the value's
    begin."""
    end = len(text) if end is None else end
    found = list(tag.finditer(text, start, end))
    stops = [match.start() for match in found[1:]]
    return [
        Entry(match.start(), match[1], text[match.end() : stop])
        for match, stop in zip(found, [*stops, end], strict=False)
    ]


def blocks_of(
    text: str,
    entries: Sequence[Entry],
    begins: Sequence[int],
    short: frozenset[str] = frozenset(),
    *,
    is_indented: bool = False,
) -> Iterator[Block]:
    """Yield the blocks that begin at these places among the entries, in order.

    A tag in `short` (authors, year, DOI) holds one line only: what follows it without a tag is no part of it,
    unless the format indents the lines that go on and they are.
    """
    line, counted = 1, 0
    for first, stop in zip(begins, [*begins[1:], len(entries)], strict=True):
        start = entries[first].start
        end = entries[stop].start if stop < len(entries) else len(text)
        line += text.count("\n", counted, start)
        counted = start
        yield block_of(text, entries[first:stop], start, end, line, short, is_indented=is_indented)


def block_of(
    text: str,
    entries: Sequence[Entry],
    start: int,
    end: int,
    line: int,
    short: frozenset[str] = frozenset(),
    *,
    is_indented: bool = False,
) -> Block:
    """Gather the values of each tag; `line` is the line of `start`, the rest as in `blocks_of`."""
    fields: dict[str, list[str]] = {}
    strays: list[Stray] = []
    for number, (at, tag, value) in enumerate(entries, start=1):
        if "\n" in value.rstrip():
            if number == len(entries):
                value = _without_furniture(value)
            if tag in short:
                value, stray = _without_stray(value, is_indented=is_indented)
                if stray:
                    below = line + text.count("\n", start, at) + value.count("\n") + 1
                    strays.append(Stray(below, tag, stray))
        fields.setdefault(tag, []).append(value)
    return Block(start, end, line, fields, strays)


def after_blank(text: str, entries: Sequence[Entry]) -> list[int]:
    """Return the places of the entries that follow a blank line or nothing at all."""
    places = []
    for place, entry in enumerate(entries):
        before = entries[place - 1].value if place else text[: entry.start]
        gap = before[len(before.rstrip()) :]
        if gap.count("\n") > 1 or not (place or before.strip()):
            places.append(place)
    return places


def groups_begin(
    text: str, entries: Sequence[Entry], proofs: frozenset[str], start: str, *, may_double: bool = False
) -> list[int]:
    """Return where records begin that are parted by blank lines, or by `start`, a tag that each has once.

    A group of lines is a record if it holds a tag that proves it (title); other groups belong to the one
    before. Where the lines stand apart one by one, only `start` parts the records. Two lines of `start` in a
    row are one record where the format doubles them.
    """
    groups = after_blank(text, entries)
    if len(entries) < 1.5 * len(groups):
        begins = [0]
    else:
        stops = [*groups[1:], len(entries)]
        proven = [
            first
            for first, stop in zip(groups, stops, strict=True)
            if any(entry.tag in proofs for entry in entries[first:stop])
        ]
        begins = sorted({0, *proven})
    return _repeats_begin(entries, begins, start, may_double=may_double) if entries else []


def _repeats_begin(
    entries: Sequence[Entry], begins: Sequence[int], start: str, *, may_double: bool
) -> list[int]:
    """Let a record begin at each `start` that is the second of its record."""
    found: list[int] = []
    known, last = frozenset(begins), -1
    for place, entry in enumerate(entries):
        if place in known:
            found.append(place)
            last = -1
        if entry.tag == start:
            if last >= 0 and not (may_double and place == last + 1):
                found.append(place)
            last = place
    return found


def read_blocks(
    text: str,
    blocks: Iterable[Block],
    record_of: Callable[[Fields, str, int], ParsedRecord],
    *,
    years: Sequence[str],
    bare: frozenset[str],
    no_title: str,
) -> tuple[list[ParsedRecord], list[Problem]]:
    """Turn blocks into records and remarks; one that says nothing but its `bare` tags is a lost problem."""
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    for block in blocks:
        raw = text[block.start : block.end].rstrip()
        if says_nothing(block.fields, bare):
            problems.append(Problem(block.line, NOTHING_IDENTIFYING, raw))
            continue
        record = record_of(block.fields, raw, block.line)
        records.append(record)
        problems += remarks_on(block, record, years=years, no_title=no_title)
    return records, problems


def says_nothing(fields: Fields, bare: frozenset[str]) -> bool:
    """Say whether no tag holds a value but those that identify no record (type, language, database)."""
    return not any(
        is_given(clean(value)) for tag, values in fields.items() if tag not in bare for value in values
    )


def remarks_on(block: Block, record: ParsedRecord, *, years: Sequence[str], no_title: str) -> list[Problem]:
    """Remark on a missing title, a year that is not understood and text that belongs to no field."""
    found = []
    if not record.title:
        found.append(Problem(record.line, no_title, record.raw, lost=False))
    if record.year is None:
        found += _year_remark(block, record, years)
    for stray in block.strays:
        reason = f"This line after {stray.tag} has no tag: it stands in the text of the record only."
        found.append(Problem(stray.line, reason, stray.text, lost=False))
    return found


def _year_remark(block: Block, record: ParsedRecord, years: Sequence[str]) -> list[Problem]:
    for tag in years:
        for value in block.fields.get(tag, ()):
            if is_year_given(value):
                written = clean(value)
                line, text = _line_with(tag, written, record)
                return [Problem(line, year_remark(written), text, lost=False)]
    return []


def _line_with(tag: str, written: str, record: ParsedRecord) -> tuple[int, str]:
    """Return the line of the record that holds a tag and its text, else the first one."""
    lines = record.raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=record.line):
        if line.strip("\ufeff \t%").startswith(tag) and written in clean(line):
            return number, line.strip()
    return record.line, written


def _without_furniture(value: str) -> str:
    first, *lines = value.split("\n")
    return "\n".join([first, *("" if _FURNITURE.fullmatch(line.strip()) else line for line in lines)])


def _without_stray(value: str, *, is_indented: bool) -> tuple[str, str]:
    """Part a short value from the text that follows it, which begins on the line after the value."""
    first, *lines = value.split("\n")
    n = 0
    while n < len(lines) and (not lines[n].strip() or (is_indented and lines[n][:1] in " \t")):
        n += 1
    stray = "\n".join(text for line in lines[n:] if (text := line.strip()))
    return "\n".join([first, *lines[:n]]), stray
