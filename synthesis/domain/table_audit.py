"""Check a whole table, of this review or printed elsewhere, against the arithmetic it must satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from synthesis.domain.table_checks import (
    Code,
    Figure,
    Finding,
    check_denominator,
    check_groups,
    check_growing,
    check_n,
    check_parts,
    check_percentage,
    check_text,
    check_total_mean,
)

__all__ = [
    "Code",
    "Figure",
    "Finding",
    "Percent",
    "Series",
    "TableRow",
    "TextClaim",
    "audit_series",
    "audit_table",
    "audit_text",
]


@dataclass(frozen=True)
class Percent:
    """Say what a percentage is of: a row in the same column, a column in the same row, or an unstated unit.

    `count_row` holds the counts. With neither `whole_row` nor `whole_column` only the implied denominator is
    checked against the size of the group.
    """

    count_row: str
    whole_row: str = ""
    whole_column: str = ""


@dataclass(frozen=True)
class TableRow:
    """Hold one printed row: values by column, the N beside them, and how it relates to other rows.

    A row with `percent` holds percentages, one with `is_mean` means, else counts. `part_of` names the row of
    which this one is a category. Empty cells are left out, never zero.
    """

    label: str
    values: Mapping[str, Decimal]
    ns: Mapping[str, int] = field(default_factory=dict)
    part_of: str = ""
    percent: Percent | None = None
    is_mean: bool = False

    def figure(self, column: str) -> Figure:
        """Return the value of a column with the words that find it."""
        return Figure(f"{self.label}, {column}", self.values[column])

    def n_figure(self, column: str) -> Figure:
        """Return the N beside the value of a column."""
        return Figure(f"{self.label}, {column}, N", Decimal(self.ns[column]))


@dataclass(frozen=True)
class Series:
    """Hold the N of one group and outcome over the follow-ups, in order; those without data are left out."""

    label: str
    ns: Sequence[tuple[str, int]]
    group_size: int | None = None


@dataclass(frozen=True)
class TextClaim:
    """Pair a number in the text with the cell that it repeats."""

    text: Figure
    table: Figure


def audit_table(
    rows: Sequence[TableRow], groups: Sequence[str], total: str = "", size_row: str = ""
) -> list[Finding]:
    """Return what does not add up in a table, in the order of its rows.

    `groups` are the disjoint group columns and `total` the column for all of them. `size_row` names the row
    with the patients of each column, against which N and implied denominators are checked. Raises ValueError
    for a row name that does not occur or occurs twice.
    """
    by_label = _by_label(rows, size_row)
    columns = [*groups, total] if total else list(groups)
    findings: list[Finding | None] = []
    for row in rows:
        if total and row.percent is None:
            findings += _across(row, groups, total)
        if row.percent is not None:
            findings += _percentages(row, row.percent, columns, by_label, size_row)
        if size_row:
            findings += _within_group(row, columns, by_label[size_row])
        findings += _parts(row, rows, columns)
    return [finding for finding in findings if finding is not None]


def audit_series(series: Iterable[Series]) -> list[Finding]:
    """Return where N grows over follow-up or exceeds the group."""
    findings: list[Finding] = []
    for each in series:
        figures = [Figure(f"{each.label}, {when}", Decimal(n)) for when, n in each.ns]
        findings += check_growing(figures)
        if each.group_size is not None:
            group = Figure(f"{each.label}, patients of the group", Decimal(each.group_size))
            findings += [finding for figure in figures if (finding := check_n(figure, group))]
    return findings


def audit_text(claims: Iterable[TextClaim]) -> list[Finding]:
    """Return the numbers in the text that differ from the table."""
    return [finding for claim in claims if (finding := check_text(claim.text, claim.table))]


def _by_label(rows: Sequence[TableRow], size_row: str) -> dict[str, TableRow]:
    by_label = {row.label: row for row in rows}
    if len(by_label) < len(rows):
        raise ValueError(
            "Two rows of the table have the same name. Make them different, with their heading if need be."
        )
    named = {row.part_of for row in rows} | {size_row}
    for row in rows:
        if row.percent is not None:
            named |= {row.percent.count_row, row.percent.whole_row}
    missing = sorted(named - set(by_label) - {""})
    if missing:
        raise ValueError(f"The table has no row “{missing[0]}”.")
    return by_label


def _across(row: TableRow, groups: Sequence[str], total: str) -> list[Finding | None]:
    """Check one row and its N against the total column; only when every group is filled."""
    findings: list[Finding | None] = []
    columns = [*groups, total]
    if all(column in row.ns for column in columns):
        findings.append(check_groups([row.n_figure(group) for group in groups], row.n_figure(total)))
    if not all(column in row.values for column in columns):
        return findings
    figures = [row.figure(group) for group in groups]
    if not row.is_mean:
        findings.append(check_groups(figures, row.figure(total)))
    elif all(group in row.ns for group in groups):
        weights = [row.ns[group] for group in groups]
        findings.append(check_total_mean(list(zip(figures, weights, strict=True)), row.figure(total)))
    return findings


def _percentages(
    row: TableRow, percent: Percent, columns: Sequence[str], by_label: Mapping[str, TableRow], size_row: str
) -> list[Finding | None]:
    findings: list[Finding | None] = []
    counts = by_label[percent.count_row]
    for column in (each for each in columns if each in row.values and each in counts.values):
        count, printed = counts.figure(column), row.figure(column)
        whole_row = by_label[percent.whole_row or percent.count_row]
        whole_column = percent.whole_column or column
        if (percent.whole_row or percent.whole_column) and whole_column in whole_row.values:
            findings.append(check_percentage(count, whole_row.figure(whole_column), printed))
        elif size_row and column in by_label[size_row].values:
            findings.append(check_denominator(count, printed, by_label[size_row].figure(column)))
    return findings


def _within_group(row: TableRow, columns: Sequence[str], size: TableRow) -> list[Finding | None]:
    return [
        check_n(row.n_figure(column), size.figure(column))
        for column in columns
        if column in row.ns and column in size.values
    ]


def _parts(whole: TableRow, rows: Sequence[TableRow], columns: Sequence[str]) -> list[Finding | None]:
    """Check the categories of one row in each column in which all of them are filled."""
    members = [row for row in rows if row.part_of == whole.label]
    is_rounded = any(member.percent is not None for member in members)
    return [
        check_parts(
            [member.figure(column) for member in members], whole.figure(column), is_rounded=is_rounded
        )
        for column in columns
        if column in whole.values and all(column in member.values for member in members)
    ]
