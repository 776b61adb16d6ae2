"""Measure and wrap text in Arial-metric type without reading a font file.

The tables hold the advance widths of Liberation Sans (regular and bold), which are those of Arial and
Helvetica, in units of 1/2048 em; the oblique cuts share them. Kerning is left out: it only makes text
narrower.
"""

from __future__ import annotations

import re
import unicodedata

_UNITS_PER_EM = 2048

# First code point → widths in order; "569x3" stands for three of 569, -1 for a character that the font lacks.
_REGULAR: dict[int, str] = {
    0x0020: (
        "569x2 727 1139x2 1821 1366 391 682x2 797 1196 569 682 569x2 1139x10 569x2 1196x3 1139 2079 1366x2 "
        "1479x2 1366 1251 1593 1479 569 1024 1366 1139 1706 1479 1593 1366 1593 1479 1366 1251 1479 1366 "
        "1933 1366x2 1251 569x3 961 1139 682 1139x2 1024 1139x2 569 1139x2 455x2 1024 455 1706 1139x4 682 "
        "1024 569 1139 1024 1479 1024x3 684 532 684 1196"
    ),
    0x00A0: (
        "569 682 1139x4 532 1139 682 1509 758 1139 1196 682 1509 1131 819 1124 682x3 1180 1100 569 682x2 "
        "748 1139 1708x3 1251 1366x6 2048 1479 1366x4 569x4 1479x2 1593x5 1196 1593 1479x4 1366x2 1251 "
        "1139x6 1821 1024 1139x4 569x4 1139x7 1124 1251 1139x4 1024 1139 1024 1366 1139 1366 1139 1366 1139 "
        "1479 1024 1479 1024 1479 1024 1479 1024 1479 1259 1479 1139 1366 1139 1366 1139 1366 1139 1366 "
        "1139 1366 1139 1593 1139 1593 1139 1593 1139 1593 1139 1479 1139 1479 1139 569x7 455 569x2 1505 "
        "909 1024 455 1366 1024x2 1139 455 1139 455 1139 597 1139 684 1139 455 1479 1139 1479 1139 1479 "
        "1139 1237 1481 1139 1593 1139 1593 1139 1593 1139 2048 1933 1479 682 1479 682 1479 682 1366 1024 "
        "1366 1024 1366 1024 1366 1024 1251 569 1251 768 1251 569 1479 1139 1479 1139 1479 1139 1479 1139 "
        "1479 1139 1479 1139 1933 1479 1366 1024 1366 1251 1024 1251 1024 1251 1024 455"
    ),
    0x0384: "682x2 1367 569 1606 1716 786",
    0x038E: "1752 1541 455 1366x2 1128 1368 1366 1251 1479 1593 569 1366 1368 1706 1479 1331 1593 1479 1366",
    0x03A3: (
        "1266 1251 1366 1634 1366 1711 1531 569 1366 1184 913 1139 455 1120 1184 1178 1024 1140 913 903 "
        "1139x2 455 1024x2 1180 1024 917 1139 1413 1165 987 1264 809 1120 1328 1075 1460 1599 455 1120 1139 "
        "1120 1599"
    ),
    0x0400: (
        "1366 1367 1771 1109 1472 1366 569x2 1024 2165 2069 1749 1193 1479 1301 1472 1366 1344 1366 1109 "
        "1387 1366 1891 1237 1472x2 1193 1344 1706 1479 1593 1472 1366 1479 1251 1301 1557 1366 1515 1365 "
        "1877 1920 1621 1813 1344 1472 2069 1479 1139 1173 1088 747 1195 1139 1370 939 1144x2 896 1195 1408 "
        "1131 1139 1109 1139 1024 938 1024 1685 1024 1173 1067 1643 1685 1280 1472 1067 1045 1536 1109 "
        "1139x3 747 1045 1024 455 569 455 1856 1664 1139 896 1144 1024 1131"
    ),
    0x2010: "682x2 -1 1139 2048x2 -1 1131 455x4 682x3 -1 1139x2 717 -1x3 2048",
    0x2030: "2048",
    0x2039: "682",
    0x203A: "682",
    0x20AC: "1139",
    0x2122: "2048",
    0x2190: "2048",
    0x2192: "2048",
    0x2212: "1196",
    0x2248: "1124",
    0x2260: "1124",
    0x2264: "1124",
    0x2265: "1124",
}

_BOLD: dict[int, str] = {
    0x0020: (
        "569 682 971 1139x2 1821 1479 487 682x2 797 1196 569 682 569x2 1139x10 682x2 1196x3 1251 1997 "
        "1479x4 1366 1251 1593 1479 569 1139 1479 1251 1706 1479 1593 1366 1593 1479 1366 1251 1479 1366 "
        "1933 1366x2 1251 682 569 682 1196 1139 682 1139 1251 1139 1251 1139 682 1251x2 569x2 1139 569 1821 "
        "1251x4 797 1139 682 1251 1139 1593 1139x2 1024 797 573 797 1196"
    ),
    0x00A0: (
        "569 682 1139x4 573 1139 682 1509 758 1139 1196 682 1509 1131 819 1124 682x3 1180 1139 569 682x2 "
        "748 1139 1708x3 1251 1479x6 2048 1479 1366x4 569x4 1479x2 1593x5 1196 1593 1479x4 1366x2 1251 "
        "1139x6 1821 1139x5 569x4 1251x7 1124 1251x5 1139 1251 1139 1479 1139 1479 1139 1479 1139 1479 1139 "
        "1479 1139 1479 1139 1479 1139 1479 1472 1479 1251 1366 1139 1366 1139 1366 1139 1366 1139 1366 "
        "1139 1593 1251 1593 1251 1593 1251 1593 1251 1479 1251 1479 1251 569x10 1607 1139x2 569 1479 "
        "1139x2 1251 569 1251 569 1251 789 1251 981 1251 569 1479 1251 1479 1251 1479 1251 1451 1481 1251 "
        "1593 1251 1593 1251 1593 1251 2048 1933 1479 797 1479 797 1479 797 1366 1139 1366 1139 1366 1139 "
        "1366 1139 1251 682 1251 981 1251 682 1479 1251 1479 1251 1479 1251 1479 1251 1479 1251 1479 1251 "
        "1933 1593 1366 1139 1366 1251 1024 1251 1024 1251 1024 569"
    ),
    0x0384: "682 952 1479 682 1747 1855 970",
    0x038E: "1899 1716 569 1479x2 1231 1472 1366 1251 1479 1593 569 1479 1366 1706 1479 1318 1593 1479 1366",
    0x03A3: (
        "1229 1251 1366 1681 1366 1657 1642 569 1366 1259 924 1251 569 1192 1259 1250 1139 1242 972 943 "
        "1251 1107 569 1142 1139 1253 1139 912 1251 1568 1267 1065 1401 914 1192 1465 1179 1543 1730 569 "
        "1192 1251 1192 1730"
    ),
    0x0400: (
        "1366 1370 1813 1161 1457 1366 569 565 1139 2240 2176 1792 1250 1479 1274 1472 1479 1472 1479 1161 "
        "1459 1366 1851 1283 1472x2 1250 1437 1706 1479 1593 1472 1366 1479 1251 1274 1748 1366 1496 1439 "
        "2058 2087 1781 2005 1472 1457 2112 1472 1139 1265 1259 853 1300 1139 1452 1018 1259x2 1025 1301 "
        "1515 1237 1251 1237 1251 1139 1003 1139 1792 1139 1259 1189 1707 1728 1493 1749 1259 1131 1749 "
        "1195 1139x2 1251 853 1131 1139 569 576 569 1984 1856 1251 1025 1259 1139 1237"
    ),
    0x2010: "682x2 -1 1139 2048x2 -1 1131 569x4 1024x3 -1 1139x2 717 -1x3 2048",
    0x2030: "2048",
    0x2039: "682",
    0x203A: "682",
    0x20AC: "1139",
    0x2122: "2048",
    0x2190: "2048",
    0x2192: "2048",
    0x2212: "1196",
    0x2248: "1124",
    0x2260: "1124",
    0x2264: "1124",
    0x2265: "1124",
}


def _expand(table: dict[int, str]) -> dict[str, int]:
    widths: dict[str, int] = {}
    for first, runs in table.items():
        code = first
        for run in runs.split():
            width, _, times = run.partition("x")
            for _repeat in range(int(times or 1)):
                if width != "-1":
                    widths[chr(code)] = int(width)
                code += 1
    return widths


_WIDTHS = {False: _expand(_REGULAR), True: _expand(_BOLD)}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of text in the unit of ``size``; unknown characters count one em."""
    widths = _WIDTHS[bold]
    units = 0
    for char in text:
        width = widths.get(char)
        if width is None:
            width = 0 if unicodedata.combining(char) else _UNITS_PER_EM
        units += width
    return units * size / _UNITS_PER_EM


def wrap(text: str, width: float, size: float, *, bold: bool = False, hang: float = 0) -> list[str]:
    """Break text into lines no wider than ``width``, later lines narrower by ``hang``.

    Breaks at ordinary spaces; a no-break space holds. A word wider than a line is broken after a hyphen, a
    slash or an underscore where it has one, else between letters. Returns one empty line for an empty text.
    """
    lines: list[str] = []
    line = ""

    def room() -> float:
        return width - (hang if lines else 0)

    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold=bold) <= room():
            line = longer
            continue
        if line:
            lines.append(line)
            line = ""
        rest = word
        while rest and text_width(rest, size, bold=bold) > room():
            head = _head(rest, room(), size, bold=bold)
            lines.append(head)
            rest = rest[len(head) :]
        line = rest
    if line or not lines:
        lines.append(line)
    return lines


def _head(word: str, width: float, size: float, *, bold: bool) -> str:
    """Return the longest beginning of a word that fits, at least one letter."""
    fits = 1
    while fits < len(word) and text_width(word[: fits + 1], size, bold=bold) <= width:
        fits += 1
    breaks = [match.end() for match in re.finditer(r"[-/_‐–]", word[:fits])]
    return word[: breaks[-1]] if breaks else word[:fits]
