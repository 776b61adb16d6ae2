"""Compare two titles."""

from __future__ import annotations

import re
from enum import IntEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from screening.domain.dedup.titles import Title
from screening.domain.dedup.words_of_titles import are_forms, are_spellings, content


class Likeness(IntEnum):
    """Say how two titles relate; higher is closer."""

    DIFFERENT = 0
    UNKNOWN = 1  # one of them is empty
    SIMILAR = 2  # many words in common, but not all
    FORMS = 3  # the same words in other forms
    PART = 4  # one is the beginning or the end of the other
    SPELLING = 5  # nothing but the spelling of words differs
    EQUAL = 6


_MANY = 4  # words that may differ in spelling
_SIMILAR = 75  # per cent
_FORMS = 88
_SAME_ORDER = 90
_PART_WORDS = 3
_PART_LETTERS = 15
_NEGATIONS = frozenset({"non", "not", "no", "without", "anti"})
_SLIPS = 2
_SURE_LETTERS = 30  # titles of so many letters may have a slip between their words


def compare_titles(a: Title, b: Title) -> tuple[Likeness, float]:
    """Return how two titles relate, and their similarity from 0 to 1."""
    if not a.compact or not b.compact:
        return Likeness.UNKNOWN, 0.0
    if a.compact == b.compact:
        return (Likeness.SPELLING if a.footnote != b.footnote else Likeness.EQUAL), 1.0
    if (a.others or b.others) and not {a.compact, *a.others}.isdisjoint({b.compact, *b.others}):
        return Likeness.EQUAL, 1.0
    only_a = [token for token in a.tokens if token not in b.words]
    only_b = [token for token in b.tokens if token not in a.words]
    if _differ_in_spelling(a, b, only_a, only_b) or _has_one_slip(a, b, only_a, only_b):
        return Likeness.SPELLING, 0.97
    short, long = sorted((a, b), key=lambda title: len(title.compact))
    if _is_part(short, long):
        return Likeness.PART, 0.9
    ratio = max(
        fuzz.ratio(a.compact, b.compact), fuzz.token_sort_ratio(" ".join(a.tokens), " ".join(b.tokens))
    )
    if ratio >= _FORMS and 0 < len(only_a) == len(only_b) <= _MANY and all(map(are_forms, only_a, only_b)):
        return Likeness.FORMS, ratio / 100
    return (Likeness.SIMILAR if ratio >= _SIMILAR else Likeness.DIFFERENT), ratio / 100


def _differ_in_spelling(a: Title, b: Title, only_a: list[str], only_b: list[str]) -> bool:
    """Say whether the words that only one title has are spellings of each other: glued, or one slip off."""
    if not only_a and not only_b:
        return fuzz.ratio(a.compact, b.compact) >= _SAME_ORDER
    if not only_a or not only_b or len(only_a) > _MANY or len(only_b) > _MANY:
        return False
    if "".join(only_a) == "".join(only_b):
        return True
    return len(only_a) == len(only_b) and all(map(are_spellings, only_a, only_b))


def _has_one_slip(a: Title, b: Title, only_a: list[str], only_b: list[str]) -> bool:
    """Say whether two long titles differ by one slip between or inside small words: "o fpain", "aand"."""
    if min(len(a.letters), len(b.letters)) < _SURE_LETTERS or a.numbers != b.numbers:
        return False
    if not only_a + only_b or min(map(len, only_a + only_b)) < 2 or len(only_a) == len(only_b) == 1:
        return False
    return OSA.distance(a.letters, b.letters, score_cutoff=1) <= 1


def _is_part(short: Title, long: Title) -> bool:
    """Say whether one title is the beginning or the end of the other, slips of the pen allowed."""
    n = len(short.compact)
    if n < _PART_LETTERS or len(short.tokens) < _PART_WORDS:
        return False
    if frozenset() < long.words - short.words <= _NEGATIONS:
        return False
    if long.compact.startswith(short.compact) or long.compact.endswith(short.compact):
        return True
    if any(other.startswith(short.compact) or short.compact.startswith(other) for other in long.others):
        return True
    if n < _SURE_LETTERS or not is_inside(short.numbers, long.numbers):
        return False
    ends = long.compact[:n], long.compact[-n:]
    return any(OSA.distance(short.compact, end, score_cutoff=_SLIPS) <= _SLIPS for end in ends)


_BREAK = re.compile(r"[:.?!;(\[—–]|\s-|--|-\s")


def is_set_off(a: Title, b: Title) -> bool:
    """Say whether what the longer title has more is a label in front, or a subtitle set off by a sign; else
    it goes on, as in "… in mice after surgery", and may be another work."""
    short, long = sorted((a, b), key=lambda title: len(title.compact))
    if short.is_cut or not long.compact.startswith(short.compact[:_PART_LETTERS]) or long.others:
        return True
    n = len(short.compact)
    lengths = (len("".join(content(long.text[: sign.start()])[0])) for sign in _BREAK.finditer(long.text))
    return any(abs(length - n) <= _SLIPS for length in lengths)


def is_inside(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Say whether the second has every number of the first, as often as the first."""
    rest = list(many)
    for number in few:
        if number not in rest:
            return False
        rest.remove(number)
    return True


def contradiction_of_titles(a: Title, b: Title) -> str:
    """Return why two titles cannot name one work although they look alike, or ''."""
    if a.footnote and b.footnote and a.footnote != b.footnote:
        return "numbers in the titles differ"
    if a.numbers != b.numbers and not (is_inside(a.numbers, b.numbers) or is_inside(b.numbers, a.numbers)):
        return "numbers in the titles differ"
    if not (a.greek <= b.greek or b.greek <= a.greek):
        return "Greek letters in the titles differ"
    return ""
