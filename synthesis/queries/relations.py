"""What does not add up among printed numbers: relations, tables, series, text and flow, by general rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from reviewsite.workspace.models import Review
from synthesis.domain import prisma
from synthesis.domain.rounding import half_up
from synthesis.domain.table_audit import (
    Code,
    Figure,
    Finding,
    Percent,
    Series,
    TableRow,
    TextClaim,
    audit_series,
    audit_table,
    audit_text,
)
from synthesis.domain.table_checks import (
    check_denominator,
    check_groups,
    check_n,
    check_parts,
    check_percentage,
    check_text,
    check_total_mean,
)
from synthesis.models import ReportedCell, ReportedRelation

Document = Mapping[str, Any]

STATISTICS = {"pct": "%"}
"""Statistics whose key is not what a reader would call them."""


def table_title(table: str) -> str:
    """Return the heading of a table from its key: “table1” → “Table 1”."""
    return re.sub(r"(?<=[a-z])(?=\d)", " ", table).replace("_", " ").capitalize()


class Weight(StrEnum):
    """Tell what cannot be true from what only needs a look."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


@dataclass(frozen=True)
class RelationFinding:
    """Hold one broken relation: a sentence with both numbers and the printed cells involved."""

    weight: Weight
    rule: str
    message: str
    delta: Decimal | None
    cells: tuple[str, ...]
    note: str = ""


def relation_findings(review: Review) -> list[RelationFinding]:
    """Return what does not add up among the review's printed numbers, errors first; two queries.

    The same rule broken on the same cells is told once, whichever block of the document states it. A relation
    that names a number which is not there, or that no rule knows, is itself a finding.
    """
    cells = list(ReportedCell.objects.filter(review=review).order_by("position", "pk"))
    relations = list(ReportedRelation.objects.filter(review=review).order_by("position", "pk"))
    printed = Printed(cells, relations)
    found: dict[tuple[str, frozenset[str]], RelationFinding] = {}
    for relation in relations:
        for finding in printed.check(relation):
            found.setdefault((finding.rule, frozenset(finding.cells or [finding.message])), finding)
    order = list(Weight)
    return sorted(found.values(), key=lambda finding: order.index(finding.weight))


class Printed:
    """Check relations on a review's printed numbers, named in words that find them in the publication."""

    def __init__(self, cells: Iterable[ReportedCell], relations: Iterable[ReportedRelation]) -> None:
        self.cells = {cell.key: cell for cell in cells}
        self.relations = {relation.cells.get("id", ""): relation for relation in relations}
        self.keys = {self.where(key): key for key in self.cells}

    def where(self, key: str) -> str:
        """Return the words that find a printed number, for example “Female, Total (Table 1, %)”."""
        cell = self.cells[key]
        place = cell.row if cell.column in {"", "value", cell.statistic} else f"{cell.row}, {cell.column}"
        return f"{place} ({table_title(cell.table)}, {STATISTICS.get(cell.statistic, cell.statistic)})"

    def figure(self, key: str) -> Figure:
        """Return a printed number with the words that find it."""
        return Figure(self.where(key), self.value(key))

    def value(self, key: str) -> Decimal:
        """Return a number with the decimals with which it is printed."""
        return half_up(self.cells[key].value, self.cells[key].n_decimals)

    def check(self, relation: ReportedRelation) -> Iterator[RelationFinding]:
        """Yield what breaks one relation or block."""
        try:
            if relation.kind == "flow":
                yield from _flow(relation)
                return
            rule = _RULES.get(relation.kind)
            if rule is None:
                yield _unreadable(relation, f"There is no rule “{relation.kind}”.")
                return
            for finding in rule(self, relation.cells):
                yield self._told(finding, relation)
        except KeyError as missing:
            yield _unreadable(relation, f"It names {missing}, which is not among the printed numbers.")
        except ValueError as error:
            yield _unreadable(relation, str(error))

    def _told(self, finding: Finding, relation: ReportedRelation) -> RelationFinding:
        is_remark = finding.code is Code.N_GROWING
        return RelationFinding(
            weight=Weight.REMARK if is_remark else Weight.ERROR,
            rule=finding.code.value,
            message=finding.message,
            delta=finding.delta,
            cells=tuple(self.keys[where] for where in finding.cells if where in self.keys),
            note=relation.note,
        )


def _unreadable(relation: ReportedRelation, why: str) -> RelationFinding:
    name = relation.cells.get("id") or relation.cells.get("key") or relation.position
    message = f"The relation “{name}” could not be checked. {why}"
    return RelationFinding(Weight.WARNING, "unreadable", message, None, ())


def _flow(relation: ReportedRelation) -> Iterator[RelationFinding]:
    """Check a flow as the publication's text gives it, or as it was inferred."""
    template = relation.cells.get("template")
    flow = prisma.flow_from_mapping(
        relation.cells["input"], template=prisma.Template(template) if template else None
    )
    for finding in prisma.check(flow):
        yield RelationFinding(
            weight=Weight(finding.severity.value),
            rule=finding.code,
            message=finding.message,
            delta=None if finding.delta is None else Decimal(finding.delta),
            cells=(),
            note=relation.note,
        )


def _sum(printed: Printed, relation: Document) -> Iterator[Finding]:
    parts, whole = [printed.figure(key) for key in relation["parts"]], printed.figure(relation["whole"])
    check = check_groups if relation.get("role") == "total_column" else check_parts
    yield from _one(check(parts, whole))


def _signed_sum(printed: Printed, relation: Document) -> Iterator[Finding]:
    terms = [(term["sign"], printed.figure(term["cell"])) for term in relation["terms"]]
    result = printed.figure(relation["result"])
    computed = sum((sign * figure.value for sign, figure in terms), Decimal(0))
    if computed == result.value:
        return
    spelled = " ".join(f"{'+' if sign > 0 else '−'} {figure.value}" for sign, figure in terms)
    message = (
        f"{spelled.removeprefix('+ ')} = {computed}, but {result.where} is printed as {result.value}: "
        f"{abs(computed - result.value)} {'too many' if computed > result.value else 'too few'}."
    )
    cells = (*(figure.where for _sign, figure in terms), result.where)
    yield Finding(Code.PARTS_WHOLE, message, computed - result.value, cells)


def _percentage(printed: Printed, relation: Document) -> Iterator[Finding]:
    figures = (printed.figure(relation[key]) for key in ("numerator", "denominator", "result"))
    yield from _one(check_percentage(*figures))


def _weighted_mean(printed: Printed, relation: Document) -> Iterator[Finding]:
    parts = [(printed.figure(part["mean"]), int(printed.value(part["weight"]))) for part in relation["parts"]]
    yield from _one(check_total_mean(parts, printed.figure(relation["result"])))


def _equal(printed: Printed, relation: Document) -> Iterator[Finding]:
    first, *others = (printed.figure(key) for key in relation["cells"])
    for other in others:
        yield from _one(check_text(first, other))


def _at_most(printed: Printed, relation: Document) -> Iterator[Finding]:
    yield from _one(check_n(printed.figure(relation["part"]), printed.figure(relation["whole"])))


def _between(printed: Printed, relation: Document) -> Iterator[Finding]:
    part = printed.figure(relation["part"])
    low, high = sorted((printed.figure(key) for key in relation["bounds"]), key=lambda bound: bound.value)
    if low.value <= part.value <= high.value:
        return
    beyond = low if part.value < low.value else high
    message = (
        f"{part.where} is printed as {part.value}, outside {low.value} ({low.where}) "
        f"and {high.value} ({high.where})."
    )
    cells = (part.where, low.where, high.where)
    yield Finding(Code.PARTS_WHOLE, message, part.value - beyond.value, cells)


def _implied(printed: Printed, relation: Document) -> Iterator[Finding]:
    figures = (printed.figure(relation[key]) for key in ("numerator", "percentage", "at_most"))
    yield from _one(check_denominator(*figures))


def _implied_sum(printed: Printed, relation: Document) -> Iterator[Finding]:
    """Check that the denominators that the groups imply can add up to the one that the total implies."""
    parts = [printed.relations[key].cells for key in relation["parts"]]
    whole = printed.relations[relation["whole"]].cells
    ranges = [_denominators(printed, part) for part in parts]
    low, high = sum(least for least, _most in ranges), sum(most for _least, most in ranges)
    least, most = _denominators(printed, whole)
    if low <= most and least <= high:
        return
    message = (
        f"The percentages of the groups imply {half_up(low)} to {half_up(high)} units together, "
        f"that of {printed.where(whole['percentage'])} implies {half_up(least)} to {half_up(most)}."
    )
    cells = tuple(printed.where(part["percentage"]) for part in (*parts, whole))
    gap = least - high if least > high else most - low
    yield Finding(Code.DENOMINATOR_OVER_GROUP, message, half_up(gap), cells)


def _denominators(printed: Printed, relation: Document) -> tuple[Fraction, Fraction]:
    """Return the range of denominators that a count with its printed percentage implies."""
    count, percent = printed.figure(relation["numerator"]), printed.figure(relation["percentage"])
    low, high = percent.span
    if low <= 0:
        raise ValueError(f"{percent.where} is too small to imply a denominator.")
    return 100 * Fraction(count.value) / high, 100 * Fraction(count.value) / low


def _table(printed: Printed, block: Document) -> list[Finding]:
    rows = [_table_row(printed, row) for row in block["rows"]]
    found = audit_table(rows, block["groups"], block.get("total", ""), block.get("size_row", ""))
    names = _cell_names(block)
    return [_renamed(printed, finding, names) for finding in found]


def _table_row(printed: Printed, row: Document) -> TableRow:
    percent = row.get("percent")
    return TableRow(
        label=row["label"],
        values={column: printed.value(key) for column, key in row["cells"].items()},
        ns={column: int(printed.value(key)) for column, key in row.get("n_cells", {}).items()},
        part_of=row.get("part_of", ""),
        percent=Percent(**percent) if percent else None,
        is_mean=row.get("is_mean", False),
    )


def _cell_names(block: Document) -> dict[str, str]:
    """Return the cell behind each place, in the words in which the auditor names places."""
    names = {}
    for row in block["rows"]:
        for column, key in row["cells"].items():
            names[f"{row['label']}, {column}"] = key
        for column, key in row.get("n_cells", {}).items():
            names[f"{row['label']}, {column}, N"] = key
    return names


def _renamed(printed: Printed, finding: Finding, names: Mapping[str, str]) -> Finding:
    cells = tuple(printed.where(names[where]) if where in names else where for where in finding.cells)
    return Finding(finding.code, finding.message, finding.delta, cells)


def _series(printed: Printed, block: Document) -> list[Finding]:
    label, size = block["label"], block.get("group_size_cell")
    series = Series(
        label,
        [(when, int(printed.value(key))) for when, key in block["n_cells"]],
        int(printed.value(size)) if size else None,
    )
    names = {f"{label}, {when}": key for when, key in block["n_cells"]}
    if size:
        names[f"{label}, patients of the group"] = size
    return [_renamed(printed, finding, names) for finding in audit_series([series])]


def _text_claim(printed: Printed, block: Document) -> list[Finding]:
    return audit_text([TextClaim(printed.figure(block["text"]), printed.figure(block["table"]))])


def _one(finding: Finding | None) -> Sequence[Finding]:
    return [] if finding is None else [finding]


_RULES: dict[str, Callable[[Printed, Document], Iterable[Finding]]] = {
    "sum": _sum,
    "signed_sum": _signed_sum,
    "percentage": _percentage,
    "weighted_mean": _weighted_mean,
    "equal": _equal,
    "at_most": _at_most,
    "between": _between,
    "implied_denominator": _implied,
    "implied_denominator_sum": _implied_sum,
    "table": _table,
    "series": _series,
    "text_claim": _text_claim,
}
"""What each kind of relation or block must hold; `flow` is checked by its own identities."""
