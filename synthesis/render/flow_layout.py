"""Give the flow diagram its size: wrap the texts, stack the rows, route the arrows. All lengths in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthesis.domain.prisma import Band
from synthesis.render.flow_grid import Grid, Slot
from synthesis.render.flow_text import Block, Look, Paragraph
from synthesis.render.fonts import text_width, wrap

# In em: multiples of the font size.
LINE, ASCENT = 1.22, 0.93
PAD_X, PAD_Y = 0.6, 0.55
GUTTER, BAND, ROW_GAP = 1.5, 2.0, 1.7
INDENT, HANG = 0.7, 0.6
PENDING_PAD = 0.35
BAND_MARGIN = 1.6
FILL_LIMIT = 3.0  # below the first row, a box fills its row up to this many times its own height

Point = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """Hold a rectangle by its upper left corner and size."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.h

    @property
    def mid(self) -> Point:
        """Return the centre."""
        return (self.x + self.w / 2, self.y + self.h / 2)


@dataclass(frozen=True)
class TextLine:
    """Hold one line of text at its baseline."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class SetParagraph:
    """Hold a paragraph with its lines and the rectangle that they fill."""

    paragraph: Paragraph
    lines: tuple[TextLine, ...]
    rect: Rect


@dataclass(frozen=True)
class SetBlock:
    """Hold a box with its rectangle and text."""

    block: Block
    rect: Rect
    paragraphs: tuple[SetParagraph, ...]


@dataclass(frozen=True)
class Bar:
    """Hold a header bar (lines across) or a side band (one line, turned)."""

    rect: Rect
    lines: tuple[TextLine, ...]
    is_grey: bool = False
    band: Band | None = None


@dataclass(frozen=True)
class Layout:
    """Hold the finished geometry."""

    width: float
    height: float
    size: float
    headers: tuple[Bar, ...]
    bands: tuple[Bar, ...]
    blocks: tuple[SetBlock, ...]
    arrows: tuple[tuple[Point, ...], ...]
    notes: tuple[TextLine, ...]


class Builder:
    """Build the layout of a grid for a width and a font size."""

    def __init__(self, grid: Grid, *, width: float, size: float) -> None:
        self.grid = grid
        self.width = width
        self.size = size
        self.margin = 0.5
        gutter = GUTTER * size
        left = self.margin + BAND * size + gutter
        n = len(grid.columns)
        self.column_width = (width - self.margin - left - (n - 1) * gutter) / n
        self.x = {name: left + i * (self.column_width + gutter) for i, name in enumerate(grid.columns)}
        self.cells: dict[Slot, list[SetBlock]] = {}
        self.tops: dict[int, float] = {}
        self.heights: dict[int, float] = {}

    def build(self, notes: Sequence[str]) -> Layout:
        """Return the geometry with the footnotes under it."""
        headers = self._headers()
        self._stack_rows(max(bar.rect.bottom for bar in headers) + ROW_GAP * 0.6 * self.size)
        for slot, blocks in self.grid.cells.items():
            self.cells[slot] = self._place(slot, blocks)
        bottom = self.tops[self.grid.rows[-1]] + self.heights[self.grid.rows[-1]]
        note_lines = self._notes(notes, bottom + self.size)
        if note_lines:
            bottom = note_lines[-1].y + (LINE - ASCENT) * self.size
        order = {id(block): i for i, block in enumerate(self.grid.blocks)}
        placed = [block for blocks in self.cells.values() for block in blocks]
        return Layout(
            width=self.width,
            height=bottom + self.margin,
            size=self.size,
            headers=headers,
            bands=tuple(self._band(*band) for band in self.grid.bands),
            blocks=tuple(sorted(placed, key=lambda item: order[id(item.block)])),
            arrows=tuple(self._arrows()),
            notes=note_lines,
        )

    # Text

    def _room(self, paragraph: Paragraph) -> tuple[float, float]:
        """Return the offset from the box's edge and the width that a paragraph has."""
        inset = PAD_X * self.size + paragraph.indent * INDENT * self.size
        width = self.column_width - inset - PAD_X * self.size
        if paragraph.look is Look.PENDING:
            pad = PENDING_PAD * self.size
            return inset + pad, width - 2 * pad
        return inset, width

    def _wrapped(self, paragraph: Paragraph) -> list[str]:
        _, width = self._room(paragraph)
        hang = HANG * self.size if paragraph.indent else 0
        is_bold = paragraph.look is Look.TITLE
        return wrap(paragraph.text, width, self.size, bold=is_bold, hang=hang)

    def _paragraph_height(self, paragraph: Paragraph) -> float:
        extra = 4 * PENDING_PAD if paragraph.look is Look.PENDING else 0
        return (len(self._wrapped(paragraph)) * LINE + extra) * self.size

    def _natural_height(self, block: Block) -> float:
        return sum(map(self._paragraph_height, block.paragraphs)) + 2 * PAD_Y * self.size

    def _set_paragraph(self, paragraph: Paragraph, x: float, y: float) -> SetParagraph:
        offset, _ = self._room(paragraph)
        height = self._paragraph_height(paragraph)
        pad = PENDING_PAD * self.size if paragraph.look is Look.PENDING else 0
        hang = HANG * self.size if paragraph.indent else 0
        lines = tuple(
            TextLine(x + offset + (hang if i else 0), y + 2 * pad + (i * LINE + ASCENT) * self.size, text)
            for i, text in enumerate(self._wrapped(paragraph))
        )
        left = x + offset - pad
        rect = Rect(left, y + pad, x + self.column_width - PAD_X * self.size - left, height - 2 * pad)
        return SetParagraph(paragraph, lines, rect)

    # Rows

    def _stack_rows(self, top: float) -> None:
        gap = ROW_GAP * self.size
        for row in self.grid.rows:
            stacks = [blocks for (at, _), blocks in self.grid.cells.items() if at == row]
            self.heights[row] = max(
                sum(map(self._natural_height, blocks)) + self.size * (len(blocks) - 1) for blocks in stacks
            )
        for _, label, rows in self.grid.bands:
            needed = text_width(label, self.size, bold=True) + BAND_MARGIN * self.size
            has = sum(self.heights[row] for row in rows) + gap * (len(rows) - 1)
            for row in rows:
                self.heights[row] += max(0.0, needed - has) / len(rows)
        for row in self.grid.rows:
            self.tops[row] = top
            top += self.heights[row] + gap

    def _place(self, slot: Slot, blocks: list[Block]) -> list[SetBlock]:
        """Set the boxes of a cell: they share its height, or stand at its top where it is far too tall."""
        row, column = slot
        natural = [self._natural_height(block) for block in blocks]
        space = self.heights[row] - self.size * (len(blocks) - 1)
        spare = space - sum(natural)
        if row > 1 and space > FILL_LIMIT * sum(natural):
            heights = natural
        else:
            heights = [height + spare / len(blocks) for height in natural]
        y = self.tops[row]
        placed = []
        for block, height in zip(blocks, heights, strict=True):
            placed.append(self._set_block(block, Rect(self.x[column], y, self.column_width, height)))
            y += height + self.size
        return placed

    def _set_block(self, block: Block, rect: Rect) -> SetBlock:
        y = rect.y + PAD_Y * self.size + (rect.h - self._natural_height(block)) / 2
        paragraphs = []
        for paragraph in block.paragraphs:
            paragraphs.append(self._set_paragraph(paragraph, rect.x, y))
            y += self._paragraph_height(paragraph)
        return SetBlock(block, rect, tuple(paragraphs))

    # Headers, bands, notes

    def _headers(self) -> tuple[Bar, ...]:
        wrapped = []
        for text, columns, is_grey in self.grid.headers:
            x = self.x[columns[0]]
            w = self.x[columns[-1]] + self.column_width - x
            lines = wrap(text, w - 2 * PAD_X * self.size, self.size, bold=True)
            wrapped.append((x, w, lines, is_grey))
        height = (max(len(lines) for _, _, lines, _ in wrapped) * LINE + 2 * PAD_Y) * self.size
        bars = []
        for x, w, lines, is_grey in wrapped:
            top = self.margin + (height - len(lines) * LINE * self.size) / 2
            set_lines = tuple(
                TextLine(x + w / 2, top + (i * LINE + ASCENT) * self.size, line)
                for i, line in enumerate(lines)
            )
            bars.append(Bar(Rect(x, self.margin, w, height), set_lines, is_grey))
        return tuple(bars)

    def _band(self, band: Band, label: str, rows: range) -> Bar:
        top = self.tops[rows[0]]
        height = self.tops[rows[-1]] + self.heights[rows[-1]] - top
        rect = Rect(self.margin, top, BAND * self.size, height)
        # The centre of capitals and ascenders lies 0.35 em above the baseline.
        line = TextLine(rect.mid[0] + 0.35 * self.size, rect.mid[1], label)
        return Bar(rect, (line,), band=band)

    def _notes(self, notes: Sequence[str], top: float) -> tuple[TextLine, ...]:
        lines = [line for note in notes for line in wrap(note, self.width - 2 * self.margin, self.size)]
        return tuple(
            TextLine(self.margin, top + (i * LINE + ASCENT) * self.size, line) for i, line in enumerate(lines)
        )

    # Arrows

    def _arrows(self) -> list[tuple[Point, ...]]:
        arrows: list[tuple[Point, ...]] = []
        for start, end in self.grid.down:
            upper, lower = self.cells[start][0].rect, self.cells[end][0].rect
            arrows.append(((upper.mid[0], upper.bottom), (lower.mid[0], lower.y)))
        for start, end in self.grid.across:
            box = self.cells[start][0].rect
            arrows += [self._across(box, target.rect) for target in self.cells[end]]
        for start, end in self.grid.joins:
            box, target = self.cells[start][-1].rect, self.cells[end][0].rect
            edge = target.right if box.x > target.x else target.x
            arrows.append(((box.mid[0], box.bottom), (box.mid[0], target.mid[1]), (edge, target.mid[1])))
        return arrows

    def _across(self, box: Rect, target: Rect) -> tuple[Point, ...]:
        """Route straight where one's middle faces the other, else by a step in the gutter."""
        y = target.mid[1]
        if target.y <= box.mid[1] <= target.bottom:
            y = box.mid[1]
        if box.y <= y <= box.bottom:
            return ((box.right, y), (target.x, y))
        turn = box.right + 0.4 * (target.x - box.right)
        return ((box.right, box.mid[1]), (turn, box.mid[1]), (turn, y), (target.x, y))
