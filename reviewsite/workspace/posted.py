"""Values that a browser posted, read without trusting them."""

from __future__ import annotations

MAX_DIGITS = 18  # fits the whole numbers of every database, and int() refuses thousands of digits


def whole_number(text: str, default: int) -> int:
    """Return the number that the text is, or the default where it is anything but 1 to 18 ASCII digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else default
