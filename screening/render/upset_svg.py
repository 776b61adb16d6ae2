"""Draw an UpSet plot (Lex et al. 2014) as native SVG with real text and no style attribute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

FONT_FAMILY = "Arial, 'Liberation Sans', Helvetica, sans-serif"
MOST_COLUMNS = 30
"""The table has every combination; the figure the largest ones."""

_SIZE, _ROW, _DIGIT = 12.0, 26.0, 7.6
_NARROWEST = 30.0  # of a column; wider where its numbers need it
_BARS, _TOTALS, _GAP = 150.0, 110.0, 14.0
_LETTER = 6.6  # width of an average letter at this size, generously
_DOT = 7.0
_INK, _FAINT, _STRIPE, _BAR = "#17242b", "#c9d3d8", "#f1f5f7", "#0f5c73"


@dataclass(frozen=True, slots=True)
class Row:
    """One source: its name, how many works it holds, and an address for its list ('' for none)."""

    label: str
    n: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One combination: the places of its rows and how many works lie in exactly these."""

    rows: frozenset[int]
    n: int


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of the figure; `column` takes `names` and `n`."""

    title: str
    description: str
    bars: str
    totals: str
    column: str


def upset_svg(rows: Sequence[Row], columns: Sequence[Column], words: Words, *, lang: str = "en") -> str:
    """Return the figure: a bar per combination above its dots, a bar per source beside its name.

    At most `MOST_COLUMNS` columns are drawn, the first. Raises ValueError without a row or a column.
    """
    if not rows or not columns:
        raise ValueError("An UpSet plot needs a source and a combination.")
    rows = [replace(row, label=_clean(row.label)) for row in rows]
    return "\n".join(_Drawing(rows, columns[:MOST_COLUMNS], words, lang).elements())


class _Drawing:
    def __init__(self, rows: Sequence[Row], columns: Sequence[Column], words: Words, lang: str) -> None:
        self.rows, self.columns, self.words, self.lang = rows, columns, words, lang
        self.step = max(_NARROWEST, _DIGIT * max(len(str(column.n)) for column in columns) + 4)
        longest = max(len(row.label) for row in rows)
        self.names = min(longest, 34) * _LETTER + _GAP
        self.left = _TOTALS + self.names + _GAP
        self.top = _SIZE * 2 + _BARS + _GAP
        self.width = self.left + max(len(columns) * self.step, 220) + _GAP
        self.height = self.top + len(rows) * _ROW + _SIZE * 2.5

    def elements(self) -> Iterator[str]:
        """Yield the parts from back to front."""
        language = quoteattr(self.lang)
        yield (
            '<svg xmlns="http://www.w3.org/2000/svg" class="upset" role="graphics-document" '
            f'lang={language} xml:lang={language} aria-labelledby="upset-title" '
            f'aria-describedby="upset-desc" width="{_f(self.width)}" height="{_f(self.height)}" '
            f'viewBox="0 0 {_f(self.width)} {_f(self.height)}" font-family="{FONT_FAMILY}" '
            f'font-size="{_f(_SIZE)}" fill="{_INK}">'
        )
        yield f'<title id="upset-title">{escape(self.words.title)}</title>'
        yield f'<desc id="upset-desc">{escape(self.words.description)}</desc>'
        yield f'<rect width="{_f(self.width)}" height="{_f(self.height)}" fill="#ffffff"/>'
        yield _text(self.left, _SIZE, self.words.bars, weight="bold")
        yield _text(0, self.height - _SIZE * 0.5, self.words.totals, weight="bold")
        for at, row in enumerate(self.rows):
            yield from self._row(at, row)
        for at, column in enumerate(self.columns):
            yield from self._column(at, column)
        yield "</svg>"
        yield ""

    def _row(self, at: int, row: Row) -> Iterator[str]:
        top = self.top + at * _ROW
        middle = top + _ROW / 2
        if at % 2 == 0:
            yield f'<rect y="{_f(top)}" width="{_f(self.width)}" height="{_f(_ROW)}" fill="{_STRIPE}"/>'
        length = _length(row.n, max(each.n for each in self.rows), _TOTALS - 46)
        bar = f'<rect x="{_f(_TOTALS - length)}" y="{_f(middle - 7)}" width="{_f(length)}" height="14"'
        yield f'{bar} fill="{_BAR}"/>'
        yield _text(_TOTALS - length - 5, middle + 4, f"{row.n}", anchor="end")
        name = row.label if len(row.label) <= 34 else row.label[:33] + "…"
        label = _text(_TOTALS + self.names, middle + 4, name, anchor="end", full=row.label)
        yield f"<a href={quoteattr(row.href)}>{label}</a>" if row.href else label

    def _column(self, at: int, column: Column) -> Iterator[str]:
        x = self.left + (at + 0.5) * self.step
        names = ", ".join(self.rows[place].label for place in sorted(column.rows))
        said = self.words.column % {"names": names, "n": column.n}
        yield f'<g role="img" aria-label={quoteattr(said)}><title>{escape(said)}</title>'
        height = _length(column.n, max(each.n for each in self.columns), _BARS - _SIZE)
        bottom = self.top - _GAP / 2
        bar = f'<rect x="{_f(x - 9)}" y="{_f(bottom - height)}" width="18" height="{_f(height)}"'
        yield f'{bar} fill="{_BAR}"/>'
        yield _text(x, bottom - height - 4, f"{column.n}", anchor="middle")
        places = sorted(column.rows)
        if len(places) > 1:
            ends = f'y1="{_f(self._y(places[0]))}" y2="{_f(self._y(places[-1]))}"'
            yield f'<line x1="{_f(x)}" x2="{_f(x)}" {ends} stroke="{_INK}" stroke-width="3"/>'
        for place in range(len(self.rows)):
            fill = _INK if place in column.rows else _FAINT
            yield f'<circle cx="{_f(x)}" cy="{_f(self._y(place))}" r="{_f(_DOT)}" fill="{fill}"/>'
        yield "</g>"

    def _y(self, place: int) -> float:
        return self.top + place * _ROW + _ROW / 2


def _length(n: int, most: int, room: float) -> float:
    return max(n / most * room, 1.0) if n and most else 0.0


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "", full: str = "") -> str:
    extra = f' text-anchor="{anchor}"' + (f' font-weight="{weight}"' if weight else "")
    title = f"<title>{escape(full)}</title>" if full and full != text else ""
    return f'<text x="{_f(x)}" y="{_f(y)}"{extra}>{title}{escape(text)}</text>'


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(sign for sign in text if sign.isprintable())


def _f(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
