"""Mark the words in which two texts differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from screening.domain.normalise import fold

MOST_WORDS = 1500
"""Beyond so many words a text is shown unmarked: the comparison takes time with the square of its length."""

_PARTS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a stretch of text and whether the other text lacks it."""

    text: str
    differs: bool


def word_differences(a: str, b: str) -> tuple[list[Piece], list[Piece]]:
    """Cut both texts into pieces that together are the text, verbatim, and mark the words of each that the
    other lacks.

    Letter case, accents, punctuation and white space are no differences. Where one text is blank nothing is
    marked, nor where either is longer than `MOST_WORDS`.
    """
    parts_a, parts_b = _PARTS.findall(a), _PARTS.findall(b)
    at_a, at_b = _words_at(parts_a), _words_at(parts_b)
    if not at_a or not at_b or max(len(at_a), len(at_b)) > MOST_WORDS:
        return _pieces(parts_a, set()), _pieces(parts_b, set())
    matcher = SequenceMatcher(
        None, [fold(parts_a[at]) for at in at_a], [fold(parts_b[at]) for at in at_b], autojunk=False
    )
    only_a, only_b = set(at_a), set(at_b)
    for start_a, start_b, size in matcher.get_matching_blocks():
        only_a.difference_update(at_a[start_a : start_a + size])
        only_b.difference_update(at_b[start_b : start_b + size])
    return _pieces(parts_a, only_a), _pieces(parts_b, only_b)


def _words_at(parts: list[str]) -> list[int]:
    return [at for at, part in enumerate(parts) if part[0].isalnum() or part[0] == "_"]


def _pieces(parts: list[str], marked: set[int]) -> list[Piece]:
    """Join the parts into pieces; what stands between two marked words is marked with them."""
    flags = [at in marked for at in range(len(parts))]
    order = sorted(marked)
    words = set(_words_at(parts))
    for left, right in pairwise(order):
        if not any(at in words for at in range(left + 1, right)):
            flags[left + 1 : right] = [True] * (right - left - 1)
    pieces = groupby(zip(parts, flags, strict=True), key=lambda pair: pair[1])
    return [Piece("".join(part for part, _flag in group), differs) for differs, group in pieces]
