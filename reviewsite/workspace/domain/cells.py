"""Make texts safe for the cells of a table, in a way that can be undone."""

from __future__ import annotations

import re

# What spreadsheet programs take for the beginning of a formula or a command, full-width forms included
# (OWASP, CSV injection).
ACTIVE_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_CELL = 32_767
"""Characters that a cell of a workbook holds."""
_CUT = "… [cut: a cell holds no more]"
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_WORKBOOK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def neutralise(text: str) -> str:
    """Return the text with an apostrophe in front where a program could run it; `restore` undoes that.

    A text that begins with apostrophes and then with such a sign gets one more, so that nothing is ambiguous.
    NUL, which no table can hold, is left out.
    """
    text = text.replace("\x00", "")
    return f"'{text}" if text.lstrip("'").startswith(ACTIVE_STARTS) else text


def restore(text: str) -> str:
    """Return what `neutralise` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(ACTIVE_STARTS) else text


def workbook_text(text: str) -> str:
    """Return a text without the characters a workbook cannot hold; a longer one is cut where it says so.

    What looks like the escape of a character, such as “_x000D_”, is escaped itself (ECMA-376, ST_Xstring).
    """
    clean = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_WORKBOOK.sub("", text))
    return clean if len(clean) <= MAX_CELL else clean[: MAX_CELL - len(_CUT)] + _CUT
