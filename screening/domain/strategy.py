"""Read and write a search strategy as numbered lines with hits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A bare "1 and 2" is a search text; a number of a line has a mark, or a tab as in copies from a table.
_NUMBERED = re.compile(r"(?:#(\d{1,6})[.):]?\s+|(\d{1,6})(?:[.):]\s+|\t\s*))(.*)")
_HITS = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3}){1,2}|\d{1,9}")


class UnreadableStrategy(ValueError):
    """A line of the strategy cannot be read; `str(error)` says which and why."""


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """Hold one line; hits of None were not reported, which is not zero."""

    number: int
    text: str
    n_hits: int | None = None


def read_strategy(text: str) -> list[StrategyLine]:
    """Read lines such as `1. exp Vertebroplasty/ | 31,439`; hits may be left out, blank lines are skipped.

    A line without a number gets the next one.

    Raises:
        UnreadableStrategy: hits that are no whole number, a line without text, a number used twice.
    """
    lines: list[StrategyLine] = []
    for at, given in enumerate(text.splitlines(), start=1):
        if not given.strip():
            continue
        line = _read_line(given.strip(), at, following=lines[-1].number + 1 if lines else 1)
        if any(line.number == other.number for other in lines):
            raise UnreadableStrategy(
                f"Line {at}: the number {line.number} is used twice. Give each line its own number."
            )
        lines.append(line)
    return lines


def write_strategy(lines: Iterable[StrategyLine]) -> str:
    """Write lines in the form that `read_strategy` reads."""
    return "\n".join(
        f"{line.number}. {line.text}" + ("" if line.n_hits is None else f" | {line.n_hits:,}")
        for line in lines
    )


def _read_line(given: str, at: int, *, following: int) -> StrategyLine:
    left, bar, right = given.rpartition("|")
    body, hits = (left, right.strip()) if bar else (given, "")
    if hits and not _HITS.fullmatch(hits):
        raise UnreadableStrategy(
            f"Line {at}: “{hits}” after the bar is not a number of hits. "
            "Write digits, as in 31,439, or leave it out if it is not reported."
        )
    numbered = _NUMBERED.fullmatch(body.strip())
    number, text = (int(numbered[1] or numbered[2]), numbered[3]) if numbered else (following, body)
    if not text.strip():
        raise UnreadableStrategy(f"Line {at}: there is no search text before the bar.")
    return StrategyLine(number, text.strip(), int(re.sub(r"\D", "", hits)) if hits else None)
