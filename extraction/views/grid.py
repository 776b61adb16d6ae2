"""Two entries side by side, with what was chosen for each difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from extraction.domain.compare import Cause, Difference, Finding, Slot
from extraction.models import Arm, Entry, Field, Measurement, Value
from extraction.models.entries import MISSING_CHOICES
from extraction.queries.entries import MEASURES, measurement_row, measurements_of
from extraction.queries.forms import fields_of
from extraction.queries.settled import answer_text
from extraction.services.consensus import GivenChoice

LONE_ROWS = {Cause.ROW_ONLY_IN_A: "a", Cause.ROW_ONLY_IN_B: "b"}
KEEP, LEAVE = "keep", "leave"


@dataclass
class Cell:
    """One answer of both entries, and what is chosen for it."""

    index: int
    finding: Finding
    label: str
    a: str
    b: str
    options: list[str] = field(default_factory=list)
    passage_a: Value | None = None
    passage_b: Value | None = None
    given: GivenChoice | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """Return the start of the names of this cell's controls."""
        return f"c{self.index}"

    @property
    def slot(self) -> Slot:
        """Return the place of the answer."""
        return self.finding.slot

    @property
    def differs(self) -> bool:
        """Tell whether somebody has to choose."""
        return isinstance(self.finding, Difference)

    @property
    def cause(self) -> str:
        """Return in words why the two differ."""
        if not isinstance(self.finding, Difference):
            return ""
        return {
            Cause.VALUE: _("The values differ"),
            Cause.BLANK_IN_A: _("Blank in entry A"),
            Cause.BLANK_IN_B: _("Blank in entry B"),
            Cause.MARK: _("One is a mark, not a value"),
            Cause.ROW_ONLY_IN_A: _("Only in entry A"),
            Cause.ROW_ONLY_IN_B: _("Only in entry B"),
        }[self.finding.cause]

    @property
    def agreed(self) -> str:
        """Return the value that both entries give."""
        return "" if isinstance(self.finding, Difference) else answer_text(self.finding.value)

    @property
    def is_chosen(self) -> bool:
        """Tell whether something is chosen, right or wrong."""
        return self.given is not None and bool(self.given.source)


@dataclass
class Group:
    """A section of the form, or one measurement."""

    title: str
    cells: list[Cell]
    index: int = 0
    only_in: str = ""
    """a or b for a measurement that only this entry has."""
    choice: str = ""
    """keep or leave, for such a measurement."""
    error: str = ""
    passage_a: Measurement | None = None
    passage_b: Measurement | None = None

    @property
    def name(self) -> str:
        """Return the name of the choice for the whole measurement."""
        return f"r{self.index}"

    @property
    def n_differences(self) -> int:
        """Return how many cells differ."""
        return sum(cell.differs for cell in self.cells)


class Grid:
    """All groups of two entries, with their open differences."""

    def __init__(self, groups: list[Group]) -> None:
        self.groups = groups

    @property
    def cells(self) -> list[Cell]:
        """Return all cells in order."""
        return [cell for group in self.groups for cell in group.cells]

    @property
    def n_differences(self) -> int:
        """Return how many choices are needed; a measurement of one entry alone needs one."""
        return sum(1 if group.only_in else group.n_differences for group in self.groups)

    @property
    def n_agreements(self) -> int:
        """Return how many answers agree."""
        return sum(not cell.differs for cell in self.cells)

    @property
    def n_open(self) -> int:
        """Return how many choices are still missing."""
        return sum(
            (not group.choice)
            if group.only_in
            else sum(cell.differs and not cell.is_chosen for cell in group.cells)
            for group in self.groups
        )

    def choices(self) -> list[GivenChoice]:
        """Return what was chosen, for the service."""
        return [cell.given for cell in self.cells if cell.given is not None]

    def take_errors(self, errors: Mapping[Slot, str]) -> None:
        """Put the service's sentences beside their cells, or beside a measurement that nobody decided on."""
        for group in self.groups:
            if group.only_in and not group.choice:
                group.error = _("Keep this measurement or leave it out.")
                continue
            for cell in group.cells:
                cell.error = errors.get(cell.slot, "")

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """Return where each error is: the place on the page, its name and the sentence."""
        found = []
        for group in self.groups:
            if group.error:
                found.append((f"{group.name}-keep", group.title, group.error))
            found += [
                (
                    f"{cell.name}-row",
                    f"{group.title} · {cell.label}" if cell.slot.outcome else cell.label,
                    cell.error,
                )
                for cell in group.cells
                if cell.error
            ]
        return found


def build_grid(first: Entry, second: Entry, findings: Iterable[Finding], arms: list[Arm]) -> Grid:
    """Arrange the findings as the form is arranged, then measurement by measurement."""
    found = list(enumerate(findings))
    fields = {each.key: each for each in fields_of(first.version)}
    arm_labels = {arm.key: arm.label for arm in arms}
    arm_order = {arm.key: position for position, arm in enumerate(arms)}
    positions = {key: position for position, key in enumerate(fields)}
    answers = [(index, finding) for index, finding in found if not finding.slot.outcome]
    answers.sort(key=lambda pair: (positions[pair[1].slot.field], arm_order.get(pair[1].slot.arm, -1)))
    passages = [
        {(value.field_id, value.slot): value for value in entry.values.all()} for entry in (first, second)
    ]
    groups: dict[str, Group] = {}
    for index, finding in answers:
        form_field = fields[finding.slot.field]
        cell = _answer_cell(index, finding, form_field, arm_labels.get(finding.slot.arm, ""))
        cell.passage_a, cell.passage_b = (each.get((form_field.pk, finding.slot.arm)) for each in passages)
        groups.setdefault(form_field.section, Group(form_field.section, [])).cells.append(cell)
    rows = _measurement_groups(first, second, [pair for pair in found if pair[1].slot.outcome])
    return Grid([*groups.values(), *rows])


def _answer_cell(index: int, finding: Finding, form_field: Field, arm_label: str) -> Cell:
    label = f"{form_field.label} – {arm_label}" if arm_label else form_field.label
    options = list(form_field.choices) if form_field.kind == Field.Kind.CHOICE else []
    return Cell(index, finding, label, answer_text(finding.a), answer_text(finding.b), options)


def _measurement_groups(first: Entry, second: Entry, found: list[tuple[int, Finding]]) -> list[Group]:
    rows_a = {measurement_row(each): each for each in measurements_of(first)}
    rows_b = {measurement_row(each): each for each in measurements_of(second)}
    labels = {spec.key: spec.label for spec in MEASURES}
    cells: dict[tuple[str, str, str], list[Cell]] = {}
    for index, finding in found:
        cell = Cell(
            index,
            finding,
            labels[finding.slot.field],
            answer_text(finding.a),
            answer_text(finding.b),
        )
        cells.setdefault(finding.slot.row, []).append(cell)
    groups = []
    for position, row in enumerate([*rows_a, *(row for row in rows_b if row not in rows_a)]):
        if row not in cells:
            continue
        here = rows_a.get(row) or rows_b[row]
        groups.append(
            Group(
                title=_title(here),
                cells=cells[row],
                index=position,
                only_in="" if row in rows_a and row in rows_b else ("a" if row in rows_a else "b"),
                passage_a=rows_a.get(row),
                passage_b=rows_b.get(row),
            )
        )
    return groups


def _title(measurement: Measurement) -> str:
    parts = [measurement.outcome.label, measurement.arm.label, measurement.time_label, measurement.detail]
    if measurement.is_change:
        parts.append(_("change from baseline"))
    return " · ".join(part for part in parts if part)


def read_choices(grid: Grid, data: Mapping[str, str]) -> None:
    """Put what was chosen on the page into the grid."""
    for group in grid.groups:
        group.choice = data.get(group.name, "") if group.only_in else ""
        for cell in group.cells:
            if cell.differs:
                cell.given = _given(cell, group, data)


def _given(cell: Cell, group: Group, data: Mapping[str, str]) -> GivenChoice | None:
    text, missing = data.get(f"{cell.name}-text", ""), data.get(f"{cell.name}-missing", "")
    reason = data.get(f"{cell.name}-reason", "")
    source = data.get(cell.name, "")
    if group.only_in:
        other = "b" if group.only_in == "a" else "a"
        source = {KEEP: group.only_in, LEAVE: other}.get(group.choice, "")
        if group.choice == KEEP and text.strip():
            source = "third"
    if not source:
        return None
    return GivenChoice(cell.slot, source, text=text, missing=missing, reason=reason)


MARKS = MISSING_CHOICES
