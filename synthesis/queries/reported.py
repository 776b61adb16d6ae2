"""Reported against computed: every printed number beside what the review's own data give for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reviewsite.workspace.models import Review
from synthesis.domain.pooling import Scheme
from synthesis.domain.reported import Comparison, Mark, compare_reported
from synthesis.models import ReportedCell
from synthesis.queries.computed import Computed, Numbers
from synthesis.queries.relations import RelationFinding, relation_findings

__all__ = ["RelationFinding", "ReportedRow", "compare", "relation_findings"]

N_OF = {
    "pooled_mean": "pooled_n",
    "characteristic_mean": "characteristic_mean_n",
    "characteristic_ratio": "characteristic_ratio_n",
}
"""Kind of a printed value → kind of the printed N beside it."""


@dataclass(frozen=True)
class ReportedRow:
    """Hold a printed number, the comparison with the computed one, and how far the data reach."""

    cell: ReportedCell
    comparison: Comparison
    coverage: str
    remark: str
    """Why the two may differ although nothing is wrong, or what the computed number leaves out."""

    @property
    def mark(self) -> Mark:
        """Return the mark of the comparison."""
        return self.comparison.mark


def compare(review: Review, scheme: Scheme = Scheme.STRICT) -> list[ReportedRow]:
    """Return every printed number of the review in its order, marked against what the review computes.

    Numbers are compared at the printed decimals. Where only some included studies are extracted, a difference
    says so. The number of queries depends on the boxes of the flow that are compared, not on the cells.
    """
    cells = list(ReportedCell.objects.filter(review=review).order_by("position", "pk"))
    if not cells:
        return []
    numbers = Numbers(review, scheme)
    printed_n = {_place(cell.computes): cell.value for cell in cells}
    return [_row(cell, numbers, printed_n) for cell in cells]


def _place(computes: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in computes.items()))


def _row(
    cell: ReportedCell, numbers: Numbers, printed_n: Mapping[tuple[tuple[str, str], ...], Decimal]
) -> ReportedRow:
    computed = numbers.compute(cell.computes)
    kind = cell.computes.get("kind", "")
    n_printed = printed_n.get(_place({**cell.computes, "kind": N_OF[kind]})) if kind in N_OF else None
    coverage = _coverage(computed, numbers.n_studies, n_printed)
    comparison = compare_reported(
        cell.value, cell.n_decimals, computed.value, why_not=computed.note, coverage=coverage
    )
    return ReportedRow(cell, comparison, coverage, _remark(comparison, computed, numbers.n_studies))


def _coverage(computed: Computed, n_studies: int, n_printed: Decimal | None) -> str:
    if computed.value is None or computed.k is None:
        return ""
    studies = f"{computed.k} of {n_studies} studies"
    if computed.n is None:
        return studies
    of = f" of {int(n_printed)}" if n_printed is not None else ""
    return f"{studies}, {computed.n}{of} {computed.unit}"


def _remark(comparison: Comparison, computed: Computed, n_studies: int) -> str:
    if comparison.mark is Mark.NOT_DERIVABLE:
        return computed.note
    parts = []
    if computed.k is not None and computed.k < n_studies:
        at_hand = "the one study" if computed.k == 1 else f"the {computed.k} studies"
        is_same = comparison.mark is Mark.REPRODUCED
        means = "the agreement may be chance" if is_same else "a difference is expected"
        parts.append(f"Computed from {at_hand} at hand only: {means}.")
    if computed.note:
        parts.append(computed.note)
    return " ".join(parts)
