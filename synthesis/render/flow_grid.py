"""Place the boxes of the PRISMA 2020 diagram in the rows and columns of the official template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from synthesis.domain.prisma import Band
from synthesis.render.flow_text import Block, Writer

Slot = tuple[int, str]
"""Row number (1 = identification) and column name."""

_NEW_HEADERS = {
    "previous": "Previous studies",
    "dbr": "Identification of studies via databases and registers",
    "other": "Identification of studies via other methods",
}
_UPDATE_HEADERS = _NEW_HEADERS | {
    "dbr": "Identification of new studies via databases and registers",
    "other": "Identification of new studies via other methods",
}
_BANDS = {
    Band.IDENTIFICATION: "Identification",
    Band.SCREENING: "Screening",
    Band.INCLUDED: "Included",
}


@dataclass
class Grid:
    """Hold the diagram before it has a size: columns, headers, boxes by slot, arrows between slots.

    ``down`` and ``across`` are straight arrows; ``joins`` go down from a slot and then sideways into another.
    """

    columns: tuple[str, ...]
    headers: list[tuple[str, tuple[str, ...], bool]] = field(default_factory=list)
    bands: list[tuple[Band, str, range]] = field(default_factory=list)
    cells: dict[Slot, list[Block]] = field(default_factory=dict)
    down: list[tuple[Slot, Slot]] = field(default_factory=list)
    across: list[tuple[Slot, Slot]] = field(default_factory=list)
    joins: list[tuple[Slot, Slot]] = field(default_factory=list)

    @property
    def rows(self) -> range:
        """Return the row numbers in use, from the first to the last."""
        return range(1, max(row for row, _ in self.cells) + 1)

    @property
    def blocks(self) -> Sequence[Block]:
        """Return the boxes in reading order: previous version, databases, other methods, included."""
        order = {"previous": 0, "main": 1, "side": 1, "other": 2, "other_side": 2}
        included = self.bands[-1][2].start

        def place(slot: Slot) -> tuple[int, int, int]:
            row, column = slot
            return (3 if row >= included else order[column], row, self.columns.index(column))

        return [block for slot in sorted(self.cells, key=place) for block in self.cells[slot]]


def arrange(writer: Writer) -> Grid:
    """Return the grid of the flow's template with all texts."""
    template = writer.flow.template
    columns = ["main", "side"]
    if template.is_update:
        columns.insert(0, "previous")
    if template.has_other_methods:
        columns += ["other", "other_side"]
    grid = Grid(columns=tuple(columns))
    headers = _UPDATE_HEADERS if template.is_update else _NEW_HEADERS
    tr = writer.translate
    _databases(grid, writer)
    last = _included(grid, writer)
    if template.is_update:
        grid.headers.append((tr(headers["previous"]), ("previous",), True))
        grid.cells[1, "previous"] = [writer.studies_and_reports("previous", is_grey=True)]
        grid.joins.append(((1, "previous"), (6, "main")))
    grid.headers.append((tr(headers["dbr"]), ("main", "side"), False))
    if template.has_other_methods:
        grid.headers.append((tr(headers["other"]), ("other", "other_side"), True))
        _other_methods(grid, writer)
    ranges = (range(1, 2), range(2, 5), range(5, last + 1))
    grid.bands = [(band, tr(label), rows) for (band, label), rows in zip(_BANDS.items(), ranges, strict=True)]
    return grid


def _databases(grid: Grid, writer: Writer) -> None:
    split = "**" if writer.flow.records_excluded_automation else ""
    grid.cells |= {
        (1, "main"): [writer.identified()],
        (1, "side"): [writer.removed()],
        (2, "main"): [writer.single("records_screened", pending="pending_screening")],
        (2, "side"): [writer.single("records_excluded", mark=split)],
        (3, "main"): [writer.single("dbr_sought_reports", pending="pending_retrieval")],
        (3, "side"): [writer.single("dbr_notretrieved_reports")],
        (4, "main"): [writer.single("dbr_assessed", pending="pending_eligibility")],
        (4, "side"): [writer.excluded("dbr_excluded")],
    }
    neither = writer.neither("dbr")
    if neither:
        grid.cells[4, "side"].append(neither)
    grid.across += [((row, "main"), (row, "side")) for row in (1, 2, 3, 4)]
    grid.down += [((row, "main"), (row + 1, "main")) for row in (1, 2, 3, 4)]


def _other_methods(grid: Grid, writer: Writer) -> None:
    grid.cells |= {
        (1, "other"): [writer.identified_elsewhere()],
        (3, "other"): [
            writer.single("other_sought_reports", pending="pending_other_retrieval", is_grey=True)
        ],
        (3, "other_side"): [writer.single("other_notretrieved_reports", is_grey=True)],
        (4, "other"): [writer.single("other_assessed", pending="pending_other_eligibility", is_grey=True)],
        (4, "other_side"): [writer.excluded("other_excluded", is_grey=True)],
    }
    neither = writer.neither("other", is_grey=True)
    if neither:
        grid.cells[4, "other_side"].append(neither)
    grid.down += [((1, "other"), (3, "other")), ((3, "other"), (4, "other"))]
    grid.across += [((row, "other"), (row, "other_side")) for row in (3, 4)]
    grid.joins.append(((4, "other"), (5, "main")))


def _included(grid: Grid, writer: Writer) -> int:
    """Add the boxes of the last band and return their last row."""
    flow = writer.flow
    blocks = [writer.studies_and_reports("new")]
    if flow.template.is_update:
        blocks.append(writer.studies_and_reports("total", is_grey=True))
    if flow.total_studies_ma is not None or flow.total_reports_ma is not None:
        blocks.append(writer.studies_and_reports("total", suffix="_ma"))
    for row, block in enumerate(blocks, start=5):
        grid.cells[row, "main"] = [block]
        if row > 5:
            grid.down.append(((row - 1, "main"), (row, "main")))
    return 4 + len(blocks)
