"""Draw outcomes over follow-up intervals as SVG: lines differ by shape and dash, their numbers stand below.

Only presentation attributes are used, no style attribute and no script, so that a strict content policy
allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from synthesis.domain.rounding import half_up
from synthesis.render.fonts import wrap
from synthesis.render.line_plot import Axis, Line, LinePlot, Point, Reference, Words, axis_of

INK, MUTED, FAINT, PAPER = "#1b2733", "#52606d", "#dde3e9", "#ffffff"
# Okabe and Ito's colour-blind safe hues, darkened to at least 4.5:1 on white.
COLOURS = ("#00639c", "#b34700", "#00735a", "#8d3f72", "#3d4852", "#7a5c00")
DASHES = ("", "9 4", "2 4", "11 4 2 4", "6 2 2 2 2 2", "1 3")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "hollow")
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

_WIDTH, _LEFT, _RIGHT, _TOP = 980.0, 24.0, 28.0, 78.0
_PLOT_HEIGHT, _ROW, _TEXT_LINE = 320.0, 44.0, 17.0
_GUTTER, _DODGE, _LABEL_WIDTH = 178.0, 16.0, 118.0


@dataclass(frozen=True)
class _Frame:
    """Hold where things are: columns of the intervals and the height of a value."""

    axis: Axis
    columns: tuple[float, ...]
    bottom: float

    def y(self, value: float) -> float:
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.bottom - share * (self.bottom - _TOP)


def line_plot_svg(plot: LinePlot, words: Words | None = None, *, id_prefix: str = "line-plot") -> str:
    """Return one panel as an SVG document with title and description.

    An empty plot says so instead of drawing zeros. `id_prefix` must differ between plots of one page.
    """
    words = words or Words()
    if plot.is_empty:
        notice = _text(_WIDTH / 2, 96, words.no_data, MUTED, 15, "middle")
        return _document(plot, words, 150, [notice], id_prefix)
    span = (_WIDTH - _GUTTER - _RIGHT) / max(1, len(plot.intervals))
    columns = tuple(_GUTTER + span * (index + 0.5) for index in range(len(plot.intervals)))
    frame = _Frame(axis_of(plot), columns, _TOP + _PLOT_HEIGHT)
    names = [wrap(interval, span - 8, 13.5, bold=True) for interval in plot.intervals]
    body = [*_grid(plot, frame), *_names(names, frame), *_references(plot, frame)]
    for index, line in enumerate(plot.lines):
        shift = (index - (len(plot.lines) - 1) / 2) * min(_DODGE, span / (len(plot.lines) + 1))
        body += _line(line, index, shift, frame)
    table, bottom = _table(plot, frame, words, frame.bottom + 26 + _TEXT_LINE * max(map(len, names)))
    body += table
    notes = [row for note in _notes(plot, words) for row in wrap(note, _WIDTH - _LEFT - _RIGHT, 12.5)]
    body += [
        _text(_LEFT, bottom + 24 + _TEXT_LINE * row, note, MUTED, 12.5) for row, note in enumerate(notes)
    ]
    return _document(plot, words, bottom + 32 + _TEXT_LINE * len(notes), body, id_prefix)


def describe(plot: LinePlot, words: Words) -> str:
    """Return every value of the plot in words, for readers who do not see it."""
    if plot.is_empty:
        return words.no_data
    parts = []
    for line in plot.lines:
        values = [
            f"{interval}: {_spell(point, plot.decimals, words)}"
            for interval, point in zip(plot.intervals, line.points, strict=True)
        ]
        parts.append(f"{line.label}. " + "; ".join(values) + ".")
    parts += [
        f"{_reference_text(reference)}: {half_up(reference.value, plot.decimals)}."
        for reference in plot.references
    ]
    return " ".join(parts)


def _spell(point: Point | None, decimals: int, words: Words) -> str:
    if point is None:
        return words.nothing
    return f"{half_up(point.mean, decimals)} ({words.patients} {point.n}, {words.studies} {point.k})"


def _document(plot: LinePlot, words: Words, height: float, body: Iterable[str], id_prefix: str) -> str:
    title_id, text_id = escape(f"{id_prefix}-title"), escape(f"{id_prefix}-desc")
    size = f'width="{_n(_WIDTH)}" height="{_n(height)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(_WIDTH)} {_n(height)}" {size} '
            f'role="img" aria-labelledby="{title_id} {text_id}" font-family="{FONT}">',
            f'<title id="{title_id}">{_safe(plot.title)}</title>',
            f'<desc id="{text_id}">{_safe(describe(plot, words))}</desc>',
            f'<rect {size} fill="{PAPER}"/>',
            _text(_LEFT, 32, plot.title, INK, 18, weight="700"),
            *body,
            "</svg>",
        ]
    )


def _grid(plot: LinePlot, frame: _Frame) -> list[str]:
    """Draw value ticks with faint lines, the axis label and the interval names."""
    right = _WIDTH - _RIGHT
    parts = [_text(_LEFT, 54, plot.y_label, MUTED, 13)]
    decimals = max((len(str(tick).partition(".")[2]) for tick in frame.axis.ticks if tick % 1), default=0)
    for tick in frame.axis.ticks:
        y = frame.y(tick)
        is_base = tick == frame.axis.ticks[0]
        parts.append(_stroke(_GUTTER, y, right, y, MUTED if is_base else FAINT, 1.2 if is_base else 1))
        parts.append(_text(_GUTTER - 12, y + 4.5, str(half_up(tick, decimals)), MUTED, 13, "end"))
    return parts


def _names(names: Sequence[Sequence[str]], frame: _Frame) -> list[str]:
    """Write the interval names, each in its lines, under a tick."""
    parts: list[str] = []
    for x, rows in zip(frame.columns, names, strict=True):
        parts.append(_stroke(x, frame.bottom, x, frame.bottom + 5, MUTED, 1.2))
        for row, part in enumerate(rows):
            parts.append(_text(x, frame.bottom + 23 + 16 * row, part, INK, 13.5, "middle", weight="600"))
    return parts


def _references(plot: LinePlot, frame: _Frame) -> list[str]:
    """Draw reference lines thin and dotted, labelled at the right end; labels that would touch move apart."""
    labels = {line.label: index for index, line in enumerate(plot.lines)}
    right, parts = _WIDTH - _RIGHT, []
    heights = _apart([frame.y(reference.value) - 5 for reference in plot.references], 15)
    for reference, label_y in zip(plot.references, heights, strict=True):
        colour = COLOURS[labels[reference.line] % len(COLOURS)] if reference.line in labels else MUTED
        y = frame.y(reference.value)
        parts.append(_stroke(_GUTTER, y, right, y, colour, 1.2, "1.5 3.5"))
        parts.append(_text(right, label_y, reference.label, colour, 12, "end", halo=True))
    return parts


def _apart(heights: Sequence[float], distance: float) -> list[float]:
    """Return the heights with at least a distance between neighbours, moving the upper one up."""
    moved = list(heights)
    order = sorted(range(len(moved)), key=lambda index: -moved[index])
    for lower, upper in pairwise(order):
        moved[upper] = min(moved[upper], moved[lower] - distance)
    return moved


def _line(line: Line, index: int, shift: float, frame: _Frame) -> list[str]:
    """Draw one group: segments between neighbouring known points only, then error bars, then markers."""
    colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
    placed = [
        None if point is None else (x + shift, frame.y(point.mean), point)
        for x, point in zip(frame.columns, line.points, strict=True)
    ]
    parts = [
        _stroke(start[0], start[1], end[0], end[1], colour, 2.4, dash)
        for start, end in pairwise(placed)
        if start is not None and end is not None
    ]
    for x, y, point in (each for each in placed if each is not None):
        if point.interval is not None:
            parts += _error_bar(x, frame.y(point.interval[0]), frame.y(point.interval[1]), colour)
        parts.append(_marker(SHAPES[index % len(SHAPES)], x, y, colour))
    return parts


def _error_bar(x: float, low: float, high: float, colour: str) -> list[str]:
    return [
        _stroke(x, low, x, high, colour, 1.5),
        _stroke(x - 5, low, x + 5, low, colour, 1.5),
        _stroke(x - 5, high, x + 5, high, colour, 1.5),
    ]


def _table(plot: LinePlot, frame: _Frame, words: Words, top: float) -> tuple[list[str], float]:
    """Return the table of means, N and k, whose row heads are the legend, and the height where it ends."""
    parts = [_text(_LEFT, top + 6, words.legend, MUTED, 12.5)]
    y = top + 18
    for index, line in enumerate(plot.lines):
        label = wrap(line.label, _LABEL_WIDTH, 13.5, bold=True)
        height = max(_ROW, 16 * len(label) + 14)
        middle = y + height / 2
        colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
        parts.append(_stroke(_LEFT, y, _WIDTH - _RIGHT, y, FAINT, 1))
        parts.append(_stroke(_LEFT, middle, _LEFT + 34, middle, colour, 2.4, dash))
        parts.append(_marker(SHAPES[index % len(SHAPES)], _LEFT + 17, middle, colour))
        first = middle + 4.5 - 8 * (len(label) - 1)
        for row, part in enumerate(label):
            parts.append(_text(68, first + 16 * row, part, INK, 13.5, weight="600"))
        for x, point in zip(frame.columns, line.points, strict=True):
            parts += _cell(x, middle, point, plot.decimals, words)
        y += height
    return parts, y


def _cell(x: float, middle: float, point: Point | None, decimals: int, words: Words) -> list[str]:
    """Write one cell of the table: the mean over its N and k, or a dash."""
    if point is None:
        return [_text(x, middle + 4.5, "\N{EN DASH}", MUTED, 13.5, "middle")]
    n = f"{point.n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    counts = f"{words.patients} {n} · {words.studies} {point.k}"
    return [
        _text(x, middle - 3, str(half_up(point.mean, decimals)), INK, 13.5, "middle", weight="600"),
        _text(x, middle + 13, counts, MUTED, 12, "middle"),
    ]


def _notes(plot: LinePlot, words: Words) -> list[str]:
    """Return the lines under the table: sources, error bars, gaps and the caller's own note."""
    notes = [f"{_reference_text(each)}." for each in plot.references if each.source]
    points = [point for line in plot.lines for point in line.points]
    if any(point is not None and point.se is not None for point in points):
        notes.append(words.error_bars)
    if None in points:
        notes.append(words.gaps)
    return [*dict.fromkeys(notes), *([plot.note] if plot.note else [])]


def _reference_text(reference: Reference) -> str:
    return f"{reference.label} ({reference.source})" if reference.source else reference.label


def _marker(shape: str, x: float, y: float, colour: str) -> str:
    """Draw one marker with a white rim, so that it stands out from lines it lies on."""
    paint = f'fill="{colour}" stroke="{PAPER}" stroke-width="1.6"'
    if shape == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="6" {paint}/>'
    if shape == "square":
        return f'<rect x="{_n(x - 5.5)}" y="{_n(y - 5.5)}" width="11" height="11" {paint}/>'
    if shape == "hollow":
        return (
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="5" fill="{PAPER}" stroke="{colour}" stroke-width="2.4"/>'
        )
    outline = {
        "triangle": ((0, -7.5), (7, 5.5), (-7, 5.5)),
        "diamond": ((0, -8), (7, 0), (0, 8), (-7, 0)),
        "cross": (
            (-2.5, -7), (2.5, -7), (2.5, -2.5), (7, -2.5), (7, 2.5), (2.5, 2.5), (2.5, 7), (-2.5, 7), (-2.5,
            2.5), (-7, 2.5), (-7, -2.5), (-2.5, -2.5),
        ),
    }[shape]  # fmt: skip
    points = " ".join(f"{_n(x + dx)},{_n(y + dy)}" for dx, dy in outline)
    return f'<polygon points="{points}" {paint}/>'


def _stroke(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{_n(width)}"{dashes}/>'


def _text(
    x: float,
    y: float,
    words: str,
    colour: str,
    size: float,
    anchor: str = "start",
    *,
    weight: str = "400",
    halo: bool = False,
) -> str:
    rim = f' paint-order="stroke" stroke="{PAPER}" stroke-width="4" stroke-linejoin="round"' if halo else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" fill="{colour}" font-size="{_n(size)}" font-weight="{weight}" '
        f'text-anchor="{anchor}"{rim}>{_safe(words)}</text>'
    )


def _safe(words: str) -> str:
    """Escape text for XML and leave out the control characters that XML forbids."""
    return escape("".join(character for character in words if character >= " " or character in "\t\n"))


def _n(number: float) -> str:
    """Return a coordinate with at most two decimals and no trailing zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
