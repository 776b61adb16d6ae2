"""Keep the lines of an abstract from being taken for the fields of a record."""

from __future__ import annotations

import re

_LIKE_A_TAG = re.compile(r"^[A-Z][A-Z0-9][ \t]{1,6}-(?= |$)", re.MULTILINE)
_INDENT = " " * 6


def guarded(text: str) -> str:
    """Indent the lines that look like the field of a tagged format, such as “AB - such” or “TY  - JOUR”.

    Readers take a line like that for the next field, or even the file for RIS, but not behind six spaces,
    which they drop.
    """
    return _LIKE_A_TAG.sub(rf"{_INDENT}\g<0>", text)
