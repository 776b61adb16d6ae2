"""Read what Ruby prints for a hash of texts, the form in which Rayyan writes down decisions and notes."""

from __future__ import annotations

import re

# In linear time: each character is taken once.
_TEXT = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_BARE = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")
_SPACE = re.compile(r"\s*")
_ARROW = re.compile(r"\s*=>\s*")
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "s": " ",
    "a": "",
    "b": "",
    "e": "",
    "f": "\n",
    "v": "\n",
    "0": "",
}
_MAX_DEPTH = 4

Value = str | list[str]


class Broken(ValueError):
    """Say at which place the text stops to be a hash."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def read_hash(text: str, at: int) -> tuple[list[tuple[str, Value]], int]:
    """Read the hash that begins at a place; return its pairs in their order and the place behind it.

    A value is a text or a list of texts; other things are read as their text, nested hashes as the list of
    their values. Raises Broken where the text ends or goes on otherwise.
    """
    return _hash(text, at, 0)


def _hash(text: str, at: int, depth: int) -> tuple[list[tuple[str, Value]], int]:
    if depth > _MAX_DEPTH or text[at : at + 1] != "{":
        raise Broken(at)
    pairs: list[tuple[str, Value]] = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        key, at = _word(text, at)
        arrow = _ARROW.match(text, at)
        if not arrow:
            raise Broken(at)
        value, at = _value(text, arrow.end(), depth)
        pairs.append((key, value))
        at = _next(text, at, "}")
    return pairs, at + 1


def _value(text: str, at: int, depth: int) -> tuple[Value, int]:
    opening = text[at : at + 1]
    if opening == "{":
        pairs, at = _hash(text, at, depth + 1)
        return [word for _key, value in pairs for word in _words(value)], at
    if opening == "[":
        return _list(text, at, depth + 1)
    return _word(text, at)


def _list(text: str, at: int, depth: int) -> tuple[list[str], int]:
    if depth > _MAX_DEPTH:
        raise Broken(at)
    found: list[str] = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        value, at = _value(text, at, depth)
        found += _words(value)
        at = _next(text, at, "]")
    return found, at + 1


def _next(text: str, at: int, closing: str) -> int:
    """Return the place of the next element behind a comma, or of the closing sign."""
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return _skip(text, at + 1)
    if text[at : at + 1] == closing:
        return at
    raise Broken(at)


def _word(text: str, at: int) -> tuple[str, int]:
    quoted = _TEXT.match(text, at)
    if quoted:
        return _ESCAPE.sub(_unescaped, quoted[1]), quoted.end()
    bare = _BARE.match(text, at)
    if bare:
        return "" if bare[0] == "nil" else bare[0], bare.end()
    raise Broken(at)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        # A lone surrogate or a number beyond Unicode is no character.
        return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else "\ufffd"
    return _CONTROLS.get(found[4], found[4])


def _words(value: Value) -> list[str]:
    return [value] if isinstance(value, str) else value


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
