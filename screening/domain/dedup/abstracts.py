"""Compare the beginnings of two abstracts."""

from __future__ import annotations

import re

from screening.domain.dedup.authors import Agreement

_TOKEN = re.compile(r"[a-z]{3,}|[0-9]+")
_LEAST = 15  # words; less says nothing
_MOST = 70


def compare_abstracts(a: str, b: str) -> Agreement:
    """Return whether two abstracts begin alike.

    SAME: nine in ten words of the shorter are in the other and so are its numbers. CONFLICT: not half of the
    words are, or hardly any number is.
    """
    if len(a) < 100 or len(b) < 100:
        return Agreement.UNKNOWN
    if a[:200] == b[:200]:
        return Agreement.SAME
    short, long = sorted((_TOKEN.findall(a), _TOKEN.findall(b)), key=len)
    short = short[:_MOST]
    if len(short) < _LEAST:
        return Agreement.UNKNOWN
    inside = set(long)
    mine = set(short)
    shared = len(mine & inside) / len(mine)
    numbers = {word for word in mine if word.isdigit()}
    shared_numbers = len(numbers & inside) / len(numbers) if len(numbers) > 2 else shared
    if shared >= 0.88 and shared_numbers >= 0.8:
        return Agreement.SAME
    if shared < 0.5 or (len(numbers) > 2 and shared_numbers < 0.3 and shared < 0.8):
        return Agreement.CONFLICT
    return Agreement.UNKNOWN
