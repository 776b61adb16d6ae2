"""The table of characteristics: sums, means, ratios and shares of the arm fields, by group and in total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.values import show
from extraction.queries.long_table import FieldRow, field_rows
from extraction.queries.protocol import groups_of
from reviewsite.workspace.models import Review
from synthesis.domain.rounding import exact
from synthesis.queries.cells import MIXED_NOTE, TOTAL, Cell, Contribution


@dataclass(frozen=True)
class CharacteristicRow:
    """Hold one characteristic's cells by group and in total; a remainder row counts what no part names."""

    key: str
    label: str
    section: str
    summary: str
    is_remainder: bool
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class CharacteristicsTable:
    """Hold the characteristics of the pooled arms, by group and in total."""

    groups: Sequence[tuple[str, str]]
    rows: Sequence[CharacteristicRow]

    def row(self, key: str) -> CharacteristicRow | None:
        """Return the row of a field, or None."""
        return next((row for row in self.rows if row.key == key), None)


@dataclass(frozen=True)
class _ArmAnswers:
    """Hold the settled answers of one arm by field."""

    group: str
    allocation: str
    answers: Mapping[str, FieldRow]

    def number(self, key: str) -> int | Decimal | None:
        row = self.answers.get(key)
        answer = row.answer if row else None
        return answer if isinstance(answer, int | Decimal) else None


def characteristics(review: Review) -> CharacteristicsTable:
    """Return sums, weighted means, ratios and percentages of the arm fields that have a summary.

    Arms without a group are left out. Counts of one partition (such as sex) are shares of all patients, with
    what no part names as a row “unknown”; other counts are shares of the arms that report both numbers.
    """
    rows = field_rows(review)
    fields: dict[str, FieldRow] = {}
    arms: dict[tuple[int, str], dict[str, FieldRow]] = defaultdict(dict)
    for row in rows:
        if row.arm_key is None or row.group_key is None:
            continue
        arms[row.study_id, row.arm_key][row.field_key] = row
        if row.summary != "none":
            fields.setdefault(row.field_key, row)
    members = [_arm(answers) for answers in arms.values()]
    groups = [(group.key, group.label) for group in groups_of(review)]
    ordered = sorted(fields.values(), key=lambda row: (row.form_slug, row.position, row.field_key))
    table_rows: list[CharacteristicRow] = []
    for position, field in enumerate(ordered):
        table_rows.append(_characteristic(field, members, groups))
        is_last = all(other.partition != field.partition for other in ordered[position + 1 :])
        if field.partition and is_last:
            parts = [other for other in ordered if other.partition == field.partition]
            table_rows.append(_remainder(field, parts, members, groups))
    return CharacteristicsTable(groups, table_rows)


def _arm(answers: Mapping[str, FieldRow]) -> _ArmAnswers:
    first = next(iter(answers.values()))
    return _ArmAnswers(first.group_key or "", first.allocation or "", answers)


def _characteristic(
    field: FieldRow, members: Sequence[_ArmAnswers], groups: Sequence[tuple[str, str]]
) -> CharacteristicRow:
    cells = {key: _field_cell(field, [arm for arm in members if arm.group == key]) for key, _label in groups}
    cells[TOTAL] = _field_cell(field, members)
    # A ratio is the sum per unit of its denominator: “treated levels per patient”.
    per = f" per {field.denominator_unit.removesuffix('s')}" if field.summary == "ratio" else ""
    return CharacteristicRow(
        field.field_key,
        field.field_label + per,
        field.section,
        field.summary,
        is_remainder=False,
        cells=cells,
    )


def _field_cell(field: FieldRow, members: Sequence[_ArmAnswers]) -> Cell:
    used: list[Contribution] = []
    dropped: list[Contribution] = []
    pairs: list[tuple[int | Decimal, int | Decimal]] = []
    for arm in members:
        value, other, reason = _pair(field, arm)
        row = arm.answers.get(field.field_key)
        if row is None:
            continue
        if value is None or other is None:
            dropped.append(_field_contribution(row, arm, reason, None))
            continue
        pairs.append((value, other))
        used.append(_field_contribution(row, arm, "", int(other) if field.summary != "sum" else None))
    return _summarised(field, members, pairs, used, dropped)


def _pair(field: FieldRow, arm: _ArmAnswers) -> tuple[int | Decimal | None, int | Decimal | None, str]:
    """Return the arm's value and what it is divided or weighted by, or why it cannot be used."""
    value = arm.number(field.field_key)
    if value is None:
        return None, None, "The value is not reported."
    if value < 0 and field.summary != "weighted_mean":
        return value, None, f"{show(value)} cannot be: a number of this kind is zero or more."
    if field.summary == "sum":
        return value, 1, ""
    key = field.denominator_key if field.summary != "weighted_mean" else _size_key(arm)
    other = arm.number(key) if key else None
    if other is None:
        return value, None, "What it is divided or weighted by is not reported."
    if other <= 0:
        return value, None, f"What it is divided or weighted by is {show(other)}."
    if field.summary == "count" and value > other:
        return value, None, f"{show(value)} of {show(other)} cannot be: check the count and its denominator."
    return value, other, ""


def _size_key(arm: _ArmAnswers) -> str:
    return next((key for key, row in arm.answers.items() if row.is_arm_size), "")


def _summarised(
    field: FieldRow,
    members: Sequence[_ArmAnswers],
    pairs: Sequence[tuple[int | Decimal, int | Decimal]],
    used: list[Contribution],
    dropped: list[Contribution],
) -> Cell:
    weight = sum((exact(other) for _value, other in pairs), exact(0))
    n = int(weight)
    total = sum((exact(value) for value, _other in pairs), exact(0))
    value: float | None
    pct: float | None = None
    if field.summary == "weighted_mean":
        weighted = sum((exact(value) * exact(other) for value, other in pairs), exact(0))
        value = float(weighted / weight) if weight else None
    elif field.summary == "ratio":
        value = float(total / weight) if weight else None
    else:
        value = float(total) if pairs else None
        n = _denominator(field, members, n)
        pct = float(100 * total / n) if field.summary == "count" and pairs and n else None
    return Cell(
        kind={"weighted_mean": "mean"}.get(field.summary, field.summary),
        value=value,
        n=n,
        k=len({each.study_number for each in used}),
        k_rows=len(used),
        used=tuple(used),
        dropped=tuple(dropped),
        pct=pct,
        unit=field.denominator_unit,
    )


def _denominator(field: FieldRow, members: Sequence[_ArmAnswers], n_reporting: int) -> int:
    """Return all patients of the arms for a partition, else the denominators of the reporting arms.

    An arm whose size is not known stands in neither the parts nor the whole of a partition.
    """
    if field.summary == "sum":
        return 0
    if not field.partition:
        return n_reporting
    return int(sum(arm.number(field.denominator_key) or 0 for arm in members))


def _remainder(
    field: FieldRow,
    parts: Sequence[FieldRow],
    members: Sequence[_ArmAnswers],
    groups: Sequence[tuple[str, str]],
) -> CharacteristicRow:
    """Return the row of those patients whom no part of the partition counts."""

    def cell(arms: Sequence[_ArmAnswers]) -> Cell:
        whole = int(sum(arm.number(field.denominator_key) or 0 for arm in arms))
        pairs = [_pair(part, arm) for arm in arms for part in parts]
        rest = whole - sum(int(value) for value, _of, reason in pairs if value is not None and not reason)
        return Cell(
            kind="count",
            value=float(rest) if whole else None,
            n=whole,
            k=0,
            k_rows=0,
            pct=float(100 * exact(rest) / whole) if whole else None,
            unit=field.denominator_unit,
        )

    cells = {key: cell([arm for arm in members if arm.group == key]) for key, _label in groups}
    cells[TOTAL] = cell(members)
    label = f"{field.partition[:1].upper()}{field.partition[1:]} unknown"
    return CharacteristicRow(
        f"{field.partition}-unknown", label, field.section, "count", is_remainder=True, cells=cells
    )


def _field_contribution(row: FieldRow, arm: _ArmAnswers, reason: str, weight: int | None) -> Contribution:
    return Contribution(
        study_number=row.study_number,
        study_label=row.study_label,
        arm_label=row.arm_label or "",
        shown=show(row.answer),
        weight=weight,
        reason=reason,
        notes=(MIXED_NOTE,) if arm.allocation == "majority" else (),
        entry_id=row.entry_id,
        source="",
        quote=row.quote,
        page=row.page,
        basis=row.basis,
    )
