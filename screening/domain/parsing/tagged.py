"""Cut a tagged export (RIS, PubMed, Web of Science, EndNote, RefWorks, Ovid) into blocks of fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from screening.domain.parsing.fields import clean, is_given, is_year_given
from screening.domain.parsing.limits import refuse_too_many
from screening.domain.parsing.model import NOTHING_IDENTIFYING, ParsedRecord, Problem, year_remark

# The values of each tag in the order of the file, each with the untagged lines that follow it.
Fields = Mapping[str, Sequence[str]]
_OPENING = 50_000
# Programs that convert line ends twice write \r\r\n.
LONE_RETURN = re.compile(r"\r(?!\r{0,3}\n)")
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
    return LONE_RETURN.sub("\n", text) if "\r" in text else text


def entries_of(text: str, tag: re.Pattern[str], start: int = 0, end: int | None = None) -> Iterator[Entry]:
    r"""Yield the tags between two offsets, the first of which begins a line, and their values.

    The pattern begins with a plain \n, which is searched for much faster than ^; group 1 is the tag, and
    the value begins at its end.
    """
    padded = "\n" + text[start:end]
    last: re.Match[str] | None = None
    for match in tag.finditer(padded):
        if last:
            yield Entry(start + last.start(), last[1], padded[last.end() : match.start()])
        last = match
    if last:
        yield Entry(start + last.start(), last[1], padded[last.end() :])


def groups_of(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries that stand together, parted by blank lines."""
    group: list[Entry] = []
    is_apart = False
    for entry in entries:
        if is_apart:
            yield group
            group = []
        group.append(entry)
        is_apart = "\n" in entry.value[len(entry.value.rstrip()) :]
    if group:
        yield group


def records_of(
    text: str, tag: re.Pattern[str], proofs: frozenset[str], start: str, *, may_double: bool = False
) -> Iterator[list[Entry]]:
    """Yield the entries of each record; blank lines part the records, or `start`, a tag that each has once.

    A group of lines is a record if it holds a tag that proves it (title); other groups belong to the one
    before. Where the lines stand apart one by one, only `start` parts the records. Two lines of `start` in a
    row are one record where the format doubles them.
    """
    record: list[Entry] = []
    has_start = False
    is_spread = _stands_apart(text, tag)
    for group in groups_of(entries_of(text, tag)):
        is_begin = not is_spread and any(entry.tag in proofs for entry in group)
        for entry in group:
            is_second = entry.tag == start and has_start and not (may_double and record[-1].tag == start)
            if record and (is_begin or is_second):
                yield record
                record, has_start = [], False
            record.append(entry)
            has_start = has_start or entry.tag == start
            is_begin = False
    if record:
        yield record


def _stands_apart(text: str, tag: re.Pattern[str]) -> bool:
    """Say whether most lines of the opening stand apart by blank ones."""
    groups = list(groups_of(entries_of(text, tag, 0, _OPENING)))
    return sum(map(len, groups)) < 1.5 * len(groups)


def blocks_of(
    text: str,
    records: Iterable[Sequence[Entry]],
    short: frozenset[str] = frozenset(),
    *,
    is_indented: bool = False,
) -> Iterator[Block]:
    """Yield the block of each record, which reaches to the next one.

    A tag in `short` (authors, year, DOI) holds one line only: what follows it without a tag is no part of it,
    unless the format indents the lines that go on and they are.
    """
    line, counted = 1, 0
    for record, after in pairwise(chain(records, [()])):
        start, end = record[0].start, after[0].start if after else len(text)
        line += text.count("\n", counted, start)
        counted = start
        yield block_of(record, start, end, line, short, is_indented=is_indented)


def block_of(
    entries: Sequence[Entry],
    start: int,
    end: int,
    line: int,
    short: frozenset[str] = frozenset(),
    *,
    is_indented: bool = False,
) -> Block:
    """Gather the values of each tag; the first entry stands at `line`, the rest is as in `blocks_of`."""
    fields: dict[str, list[str]] = {}
    strays: list[Stray] = []
    at = line
    for number, (_, tag, value) in enumerate(entries, start=1):
        n_lines = value.count("\n")
        if n_lines and not value[value.index("\n") :].isspace():
            if number == len(entries):
                value = _without_furniture(value)
            if tag in short:
                value, stray = _without_stray(value, is_indented=is_indented)
                if stray:
                    strays.append(Stray(at + value.count("\n") + 1, tag, stray))
        at += n_lines + 1
        if tag in fields:
            fields[tag].append(value)
        else:
            fields[tag] = [value]
    return Block(start, end, line, fields, strays)


def read_blocks(
    text: str,
    blocks: Iterable[Block],
    record_of: Callable[[Fields, str, int], ParsedRecord],
    *,
    years: Sequence[str],
    bare: frozenset[str],
    no_title: str,
) -> tuple[list[ParsedRecord], list[Problem]]:
    """Turn blocks into records and remarks; one that says nothing but its `bare` tags is a lost problem.

    Raises UnreadableFile where the file holds too many records.
    """
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    for number, block in enumerate(blocks, start=1):
        refuse_too_many(number)
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
