"""Turn the words of a search into patterns that ignore case and accents."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache

# Letters that no decomposition turns into the plain letter a person types.
_ALSO = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t"}
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


@cache
def _variants() -> dict[str, str]:
    """Return the accented letters, small and capital, of each plain letter."""
    found: dict[str, list[str]] = defaultdict(list)
    for letter in map(chr, _LATIN):
        plain = _folded(letter)
        if len(plain) == 1 and plain.isascii() and plain.isalpha():
            found[plain].append(letter)
    return {plain: "".join(letters) for plain, letters in found.items()}


def _folded(text: str) -> str:
    """Return the text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(_ALSO.get(part, part) for part in parts if not unicodedata.combining(part))


def words_of(text: str) -> list[str]:
    """Return the words of a search, without quotation marks."""
    return re.sub(r"[\"“”„\0]", " ", text).split()


def pattern_of(word: str, *, is_escaped: bool = False) -> str:
    r"""Return a regular expression for a word, whatever its case and accents.

    It holds letters and lists of letters only, so that it costs linear time. With `is_escaped` the accented
    letters may also stand as \uXXXX, as in JSON that is kept as ASCII.
    """
    return "".join(_one(letter, is_escaped) for letter in _folded(word))


def _one(letter: str, is_escaped: bool) -> str:
    if letter.isascii() and not letter.isalpha():
        return re.escape(letter)
    plain = "".join(dict.fromkeys([letter, letter.upper()])) if len(letter.upper()) == 1 else letter
    forms = plain + _variants().get(letter, "")
    if not is_escaped:
        return f"[{forms}]"
    codes = "|".join(f"{ord(form):04x}" for form in forms if not form.isascii() and ord(form) < 0x10000)
    return f"(?:[{forms}]|\\\\u(?:{codes}))" if codes else f"[{forms}]"
