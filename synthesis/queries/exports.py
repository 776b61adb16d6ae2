"""Tables to download: the boxes of the flow and every cell of the pooled tables, one row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from synthesis.domain.pooling import Scheme
from synthesis.domain.prisma import Arm
from synthesis.domain.rounding import half_up
from synthesis.queries.boxes import BoxRow
from synthesis.queries.cells import TOTAL, Cell
from synthesis.queries.tables import CharacteristicsTable, OutcomeTable
from synthesis.render.tables import Cell as Written
from synthesis.render.tables import CodebookEntry, Table

ARMS = {
    Arm.PREVIOUS: "previous version",
    Arm.DBR: "databases and registers",
    Arm.OTHER: "other methods",
    Arm.ALL: "all",
}
DECIMALS = {"mean": 2, "ratio": 2, "count": 0, "sum": 0}
PERCENT_DECIMALS = 1


def flow_table(rows: Sequence[BoxRow]) -> Table:
    """Return one row per box and one per line inside it; an empty n is not reported, never zero."""
    written: list[tuple[Written, ...]] = []
    for row in rows:
        box = row.box
        head = (box.key, box.title)
        tail = (ARMS[box.arm], box.unit.value)
        written.append(
            (*head, "", *tail, row.n, row.n_listed, row.n_unlisted, box.kind.value, box.definition)
        )
        written += [(*head, line.label, *tail, line.n, None, None, box.kind.value, "") for line in row.lines]
    return Table("PRISMA flow", tuple(entry.column for entry in FLOW_CODEBOOK), tuple(written))


FLOW_CODEBOOK = (
    CodebookEntry("box", "Key of the box, as in the PRISMA 2020 flow template’s data file."),
    CodebookEntry("title", "Wording of the box."),
    CodebookEntry("line", "Source or reason inside the box; empty in the row of the whole box."),
    CodebookEntry("column", "Column of the diagram."),
    CodebookEntry("unit", "What the box counts.", values="record, report, study"),
    CodebookEntry("n", "The number in the figure; empty means not reported, never zero."),
    CodebookEntry("n_listed", "Length of the list behind the number."),
    CodebookEntry("n_unlisted", "Known only as a total, in groups with a stated or inferred number."),
    CodebookEntry("kind", "Whether the official diagram has the box.", values="official, extension, pending"),
    CodebookEntry("definition", "What is counted."),
)

POOLED_CODEBOOK = (
    CodebookEntry("table", "Kind of table.", values="characteristics, outcomes"),
    CodebookEntry("row_key", "Key of the characteristic or outcome."),
    CodebookEntry("row", "Its label."),
    CodebookEntry("group_key", "Key of the group; “total” or “all” for all of them."),
    CodebookEntry("group", "Label of the group."),
    CodebookEntry("interval_key", "Key of the follow-up interval; empty for characteristics."),
    CodebookEntry("interval", "Label of the interval."),
    CodebookEntry("statistic", "What the value is.", values="mean, ratio, sum, count"),
    CodebookEntry("value", "Value rounded half up as on the page; empty means that no row could be used."),
    CodebookEntry("value_unrounded", "The same value before rounding."),
    CodebookEntry("n", "Sum of the weights: patients, or what the unit says."),
    CodebookEntry("k_studies", "Studies behind the value.", "studies"),
    CodebookEntry("k_arms", "Arms behind the value.", "arms"),
    CodebookEntry("percent", "Value as a percentage of n, rounded half up.", "%"),
    CodebookEntry("unit", "What n or the value counts."),
    CodebookEntry("se", "Standard error of the weighted mean; empty unless every arm gives an SD."),
    CodebookEntry("n_enrolled_used", "Arms weighted by the number enrolled.", "arms"),
    CodebookEntry("n_single_extraction", "Studies extracted by one person.", "studies"),
    CodebookEntry("n_mixed_allocation", "Mixed arms allocated to the more frequent group.", "arms"),
    CodebookEntry("n_left_out", "Arms left out; the page of the cell says why.", "arms"),
    CodebookEntry(
        "scheme", "Weight of an arm without a number analysed.", values="strict, enrolled_fallback"
    ),
)


def pooled_table(
    characteristics: CharacteristicsTable,
    outcomes: Sequence[OutcomeTable],
    *,
    scheme: Scheme,
    coverage: tuple[int, int],
) -> Table:
    """Return every cell of both tables as a row, empty ones with an empty value."""
    done, total = coverage
    return Table(
        title="Pooled tables",
        columns=tuple(entry.column for entry in POOLED_CODEBOOK),
        rows=(*_characteristics(characteristics, scheme), *_outcomes(outcomes, scheme)),
        notes=(
            f"{done} of {total} included studies have extracted data.",
            f"Scheme: {scheme.value}.",
            "Means are weighted by patients: sum of n times mean, divided by the sum of n.",
        ),
    )


def _characteristics(table: CharacteristicsTable, scheme: Scheme) -> Iterator[tuple[Written, ...]]:
    for row in table.rows:
        for key, label in (*table.groups, (TOTAL, "Total")):
            place = ("characteristics", row.key, row.label, key, label, "", "")
            yield (*place, *_numbers(row.cells[key]), scheme.value)


def _outcomes(tables: Sequence[OutcomeTable], scheme: Scheme) -> Iterator[tuple[Written, ...]]:
    for table in tables:
        for line in table.lines:
            for key, label in table.intervals:
                group = (line.group_key or "all", line.group_label or "All groups")
                place = ("outcomes", table.outcome.key, table.outcome.label, *group, key, label)
                yield (*place, *_numbers(line.cells[key]), scheme.value)


def _numbers(cell: Cell) -> tuple[Written, ...]:
    return (
        cell.kind,
        rounded(cell),
        cell.value,
        cell.n if cell.value is not None and cell.kind != "sum" else None,
        cell.k,
        cell.k_rows,
        None if cell.pct is None else half_up(cell.pct, PERCENT_DECIMALS),
        cell.unit,
        cell.se,
        cell.n_fallback,
        cell.n_single,
        cell.n_mixed,
        len(cell.dropped),
    )


def rounded(cell: Cell) -> Decimal | None:
    """Return a cell's value at the decimals at which it is shown, rounding half up."""
    if cell.value is None:
        return None
    decimals = DECIMALS[cell.kind]
    if not decimals and not float(cell.value).is_integer():
        decimals = 2
    return half_up(cell.value, decimals)
