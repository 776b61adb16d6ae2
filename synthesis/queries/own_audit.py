"""Check this review's own pooled tables with the rules that printed tables must satisfy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.models import Field
from reviewsite.workspace.models import Review
from synthesis.domain.rounding import half_up
from synthesis.domain.table_audit import (
    Code,
    Finding,
    Percent,
    Series,
    TableRow,
    audit_series,
    audit_table,
)
from synthesis.queries.cells import TOTAL, Cell
from synthesis.queries.characteristics import CharacteristicRow, CharacteristicsTable
from synthesis.queries.exports import PERCENT_DECIMALS, rounded
from synthesis.queries.tables import OutcomeTable

TOTAL_COLUMN = "Total"


@dataclass(frozen=True)
class _Item:
    """Hold what the form says of one item: its whole, and whether it is a part of a partition."""

    whole: str
    is_part: bool


def audit_pooled(
    review: Review, characteristics: CharacteristicsTable, outcomes: Sequence[OutcomeTable]
) -> list[Finding]:
    """Return what does not add up in the pooled tables as they are shown; one query."""
    fields = list(
        Field.objects.filter(version__form__review=review, version__published_at__isnull=False).order_by(
            "version__number", "position"
        )
    )
    items = {field.key: _Item(field.denominator_key, bool(field.partition)) for field in fields}
    labels = _labels(characteristics)
    size_key = next((field.key for field in fields if field.is_arm_size and field.key in labels), "")
    columns = dict((*characteristics.groups, (TOTAL, TOTAL_COLUMN)))
    rows = [
        table_row
        for row in characteristics.rows
        for table_row in _rows(row, items.get(row.key), labels, columns)
    ]
    groups = [label for key, label in columns.items() if key != TOTAL]
    found = audit_table(rows, groups, TOTAL_COLUMN, labels.get(size_key, ""))
    found += _negative(characteristics, columns)
    return found + audit_series(_series(characteristics.row(size_key), outcomes))


def _labels(table: CharacteristicsTable) -> dict[str, str]:
    """Return a label per row, made different with its key where two rows have the same."""
    labels: dict[str, str] = {}
    for row in table.rows:
        labels[row.key] = f"{row.label} ({row.key})" if row.label in labels.values() else row.label
    return labels


def _rows(
    row: CharacteristicRow, item: _Item | None, labels: Mapping[str, str], columns: Mapping[str, str]
) -> list[TableRow]:
    label, is_mean = labels[row.key], row.summary in {"weighted_mean", "ratio"}
    values = {columns[key]: value for key, cell in row.cells.items() if (value := rounded(cell)) is not None}
    ns = {columns[key]: cell.n for key, cell in row.cells.items() if is_mean and cell.value is not None}
    rows = [TableRow(label, values, ns, is_mean=is_mean)]
    if item and item.is_part and item.whole in labels:
        shares = {columns[key]: pct for key, cell in row.cells.items() if (pct := _pct(cell)) is not None}
        percent = Percent(count_row=label, whole_row=labels[item.whole])
        rows.append(TableRow(f"{label}, %", shares, percent=percent))
    return rows


def _pct(cell: Cell) -> Decimal | None:
    return None if cell.pct is None else half_up(cell.pct, PERCENT_DECIMALS)


def _negative(table: CharacteristicsTable, columns: Mapping[str, str]) -> list[Finding]:
    """Find groups in which the named parts are more than the whole."""
    return [
        Finding(
            Code.PARTS_WHOLE,
            f"{row.label}, {columns[key]}: the parts exceed the whole, {cell.n}, by {half_up(-cell.value)}.",
            -half_up(cell.value),
            (f"{row.label}, {columns[key]}",),
        )
        for row in table.rows
        for key, cell in row.cells.items()
        if row.is_remainder and cell.value is not None and cell.value < 0
    ]


def _series(size: CharacteristicRow | None, outcomes: Sequence[OutcomeTable]) -> list[Series]:
    series = []
    for table in outcomes:
        for line in table.lines:
            whole = size.cells.get(line.group_key or TOTAL) if size else None
            label = ", ".join(part for part in (table.outcome.label, line.group_label) if part)
            ns = [(name, line.cells[key].n) for key, name in table.intervals if line.cells[key].n]
            has_size = whole is not None and whole.value is not None
            series.append(Series(label, ns, int(whole.value) if has_size else None))  # type: ignore[union-attr,arg-type]
    return series
