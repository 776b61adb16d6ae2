"""Draw the PRISMA 2020 flow diagram as native SVG in final points, with real text and no style attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from synthesis.domain.prisma import Flow, Template
from synthesis.render.flow_grid import arrange
from synthesis.render.flow_layout import Bar, Builder, Layout, Point, Rect, SetBlock, SetParagraph, TextLine
from synthesis.render.flow_notes import description, footnotes
from synthesis.render.flow_text import Look, Writer, clean, label_of
from synthesis.render.flow_theme import THEMES, Theme

FONT_FAMILY = "Arial, 'Liberation Sans', Helvetica, sans-serif"
POINTS_PER_MM = 72 / 25.4
SMALLEST_POINTS = 6.0

# Font size in points and the width in mm from which it applies; narrower figures scale down.
_SIZES = {
    Template.T1: (8.5, 100.0),
    Template.T2: (7.5, 180.0),
    Template.T3: (8.0, 180.0),
    Template.T4: (7.0, 180.0),
}
_ARROW_LENGTH, _ARROW_HALF = 6.0, 2.4


def font_size(template: Template, width_mm: float) -> float:
    """Return the font size in points; refuse a width at which text would be under 6 pt (ValueError)."""
    size, full_width = _SIZES[template]
    size *= min(1.0, width_mm / full_width)
    if size < SMALLEST_POINTS:
        least = full_width * SMALLEST_POINTS / _SIZES[template][0]
        raise ValueError(
            f"At {width_mm:g} mm the text would be smaller than {SMALLEST_POINTS:g} pt; "
            f"this diagram needs at least {least:.0f} mm."
        )
    return size


def layout(
    flow: Flow,
    *,
    width_mm: float = 180,
    lang: str = "en",
    translate: Callable[[str], str] = str,
    notes: Sequence[str] = (),
    as_of: str = "",
) -> Layout:
    """Return the geometry of the figure; other formats draw from the same numbers."""
    writer = Writer(flow, lang=lang, translate=translate)
    size = font_size(flow.template, width_mm)
    builder = Builder(arrange(writer), width=width_mm * POINTS_PER_MM, size=size)
    return builder.build(footnotes(writer, as_of=as_of, more=notes))


def render(
    flow: Flow,
    *,
    width_mm: float = 180,
    links: Mapping[str, str] | None = None,
    theme: str = "standard",
    lang: str = "en",
    translate: Callable[[str], str] = str,
    notes: Sequence[str] = (),
    as_of: str = "",
    title: str = "PRISMA 2020 flow diagram",
) -> str:
    """Return the figure as an SVG document; the same arguments give the same bytes.

    ``links`` maps box keys to addresses: a box of one number is one link, else each number is its own,
    unless "KEY-group" (KEY of its first number) has an address: then the whole box is one link. ``notes``
    are printed below after those that the numbers demand; ``as_of`` dates an interim figure. Refuses an
    unknown theme and a width too small to read (ValueError).
    """
    if theme not in THEMES:
        raise ValueError(f"There is no theme “{theme}”; choose one of {', '.join(THEMES)}.")
    placed = layout(flow, width_mm=width_mm, lang=lang, translate=translate, notes=notes, as_of=as_of)
    title = clean(translate(title))
    writer = Writer(flow, lang=lang, translate=translate)
    said = footnotes(writer, as_of=as_of, more=notes)
    desc = description(title, [item.block for item in placed.blocks], said)
    drawing = _Drawing(placed, THEMES[theme], links or {})
    language = quoteattr(lang)
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="prisma-flow" role="graphics-document" '
            f'lang={language} xml:lang={language} aria-labelledby="flow-title" aria-describedby="flow-desc" '
            f'width="{width_mm:g}mm" height="{placed.height / POINTS_PER_MM:.2f}mm" '
            f'viewBox="0 0 {_f(placed.width)} {_f(placed.height)}" '
            f'font-family="{FONT_FAMILY}" font-size="{_f(placed.size)}" fill="#000000" '
            f'stroke-width="{_f(THEMES[theme].stroke_width)}">',
            f'<title id="flow-title">{escape(title)}</title>',
            f'<desc id="flow-desc">{escape(desc)}</desc>',
            *drawing.elements(),
            "</svg>",
            "",
        ]
    )


def _f(number: float) -> str:
    """Write a length with at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


class _Drawing:
    """Turn a layout into SVG elements."""

    def __init__(self, placed: Layout, theme: Theme, links: Mapping[str, str]) -> None:
        self.placed = placed
        self.theme = theme
        self.links = links

    def elements(self) -> Iterator[str]:
        """Yield the elements from back to front, boxes in reading order."""
        yield f'<rect class="flow-paper" width="{_f(self.placed.width)}" ' + (
            f'height="{_f(self.placed.height)}" fill="#ffffff"/>'
        )
        yield '<g class="flow-headers">'
        for bar in self.placed.headers:
            yield from self._header(bar)
        yield "</g>"
        yield '<g class="flow-bands">'
        for bar in self.placed.bands:
            yield from self._band(bar)
        yield "</g>"
        yield '<g class="flow-arrows" aria-hidden="true" stroke="#000000">'
        for points in self.placed.arrows:
            yield from _arrow(points)
        yield "</g>"
        yield '<g class="flow-boxes">'
        for block in self.placed.blocks:
            yield from self._block(block)
        yield "</g>"
        if self.placed.notes:
            yield '<g class="flow-notes">'
            yield from (_text(line) for line in self.placed.notes)
            yield "</g>"

    def _header(self, bar: Bar) -> Iterator[str]:
        fill = self.theme.grey_header if bar.is_grey else self.theme.header
        stroke = self.theme.grey_stroke if bar.is_grey else self.theme.stroke
        yield _rect(bar.rect, fill=fill, stroke=stroke, rounded=2.5)
        yield from (_text(line, extra=' text-anchor="middle" font-weight="bold"') for line in bar.lines)

    def _band(self, bar: Bar) -> Iterator[str]:
        yield _rect(bar.rect, fill=self.theme.band, stroke=self.theme.stroke, rounded=2.5)
        for line in bar.lines:
            turn = f' transform="rotate(-90 {_f(line.x)} {_f(line.y)})"'
            yield _text(line, extra=f'{turn} text-anchor="middle" font-weight="bold"')

    def _block(self, item: SetBlock) -> Iterator[str]:
        """Draw a box as one link, or as a group whose numbers are links of their own."""
        block = item.block
        is_single = len(block.keys) == 1
        key = block.keys[0] if is_single else f"{block.key}-group"
        opening, closing = self._wrapper(key, block.label)
        yield opening
        yield f"<title>{escape(block.label)}</title>"
        fill = self.theme.grey_box if block.is_grey else self.theme.box
        stroke = self.theme.grey_stroke if block.is_grey else self.theme.stroke
        yield _rect(item.rect, fill=fill, stroke=stroke)
        if is_single or key in self.links:
            for paragraph in item.paragraphs:
                yield from self._paragraph(paragraph)
        else:
            yield from self._numbers(item)
        yield closing

    def _numbers(self, item: SetBlock) -> Iterator[str]:
        rest = list(item.paragraphs)
        if rest[0].paragraph.look is Look.TITLE and rest[0].paragraph.text.endswith(":"):
            yield from self._paragraph(rest.pop(0))
        for key, group in groupby(rest, key=lambda placed: placed.paragraph.key):
            paragraphs = list(group)
            label = label_of([placed.paragraph for placed in paragraphs])
            opening, closing = self._wrapper(key, label)
            yield opening
            if key in self.links:
                yield _hit_area(paragraphs)
            for paragraph in paragraphs:
                yield from self._paragraph(paragraph)
            yield closing

    def _wrapper(self, key: str, label: str) -> tuple[str, str]:
        name = f'id="box-{key}" aria-label={quoteattr(label)}'
        if key in self.links:
            return f"<a {name} href={quoteattr(self.links[key])}>", "</a>"
        return f'<g {name} role="group">', "</g>"

    def _paragraph(self, placed: SetParagraph) -> Iterator[str]:
        look = placed.paragraph.look
        if look is Look.PENDING:
            yield (
                f'<rect class="flow-pending" {_box(placed.rect)} fill="{self.theme.pending_fill}" '
                f'stroke="{self.theme.pending_stroke}" stroke-dasharray="3 2"/>'
            )
        extra = {Look.TITLE: ' font-weight="bold"', Look.NOTE: ' font-style="italic"'}.get(look, "")
        yield from (_text(line, extra=extra) for line in placed.lines)


def _text(line: TextLine, *, extra: str = "") -> str:
    return f'<text x="{_f(line.x)}" y="{_f(line.y)}"{extra}>{escape(line.text)}</text>'


def _box(rect: Rect) -> str:
    return f'x="{_f(rect.x)}" y="{_f(rect.y)}" width="{_f(rect.w)}" height="{_f(rect.h)}"'


def _rect(rect: Rect, *, fill: str, stroke: str, rounded: float = 0) -> str:
    corner = f' rx="{_f(rounded)}"' if rounded else ""
    return f'<rect {_box(rect)}{corner} fill="{fill}" stroke="{stroke}"/>'


def _hit_area(paragraphs: Sequence[SetParagraph]) -> str:
    """Return an unseen rectangle behind some lines, so that the whole line can be clicked."""
    first, last = paragraphs[0].rect, paragraphs[-1].rect
    left = min(placed.rect.x for placed in paragraphs)
    area = Rect(left, first.y, first.right - left, last.bottom - first.y)
    return f'<rect {_box(area)} fill="none" pointer-events="all"/>'


def _arrow(points: Sequence[Point]) -> Iterator[str]:
    """Draw a line through the points with a head at the last one."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    dx = (x1 > x0) - (x1 < x0) if abs(x1 - x0) > abs(y1 - y0) else 0
    dy = 0 if dx else (y1 > y0) - (y1 < y0)
    base = (x1 - dx * _ARROW_LENGTH, y1 - dy * _ARROW_LENGTH)
    path = " ".join(f"{_f(x)},{_f(y)}" for x, y in (*points[:-1], base))
    yield f'<polyline points="{path}" fill="none"/>'
    wings = (
        (x1, y1),
        (base[0] - dy * _ARROW_HALF, base[1] - dx * _ARROW_HALF),
        (base[0] + dy * _ARROW_HALF, base[1] + dx * _ARROW_HALF),
    )
    head = " ".join(f"{_f(x)},{_f(y)}" for x, y in wings)
    yield f'<polygon points="{head}" fill="#000000" stroke="none"/>'
