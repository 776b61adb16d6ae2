"""Sample-size-weighted means over study arms, with every row used or dropped and why.

M = Σ nᵢmᵢ / Σ nᵢ and SE(M) = √Σ nᵢsᵢ² / Σ nᵢ, the standard error of a mean with fixed weights nᵢ and
independent arms (the equal-effects model with weights nᵢ; with τ² in each arm: √Σ nᵢ²(sᵢ²/nᵢ + τ²) / Σ nᵢ).
Sums of means are exact fractions of the numbers as written, so no order of rows changes a digit.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from synthesis.domain.rounding import Number, exact


class Scheme(StrEnum):
    """Choose the weight of a row that does not state how many patients were analysed."""

    STRICT = "strict"
    ENROLLED_FALLBACK = "enrolled_fallback"


class Statistic(StrEnum):
    """Name what the value of a row is; only means are averaged."""

    MEAN = "mean"
    MEDIAN = "median"
    CHANGE = "change"
    OTHER = "other"


class Allocation(StrEnum):
    """Say how a row came to its group: by its own procedure, or with a mixed study by majority."""

    OWN = "own"
    MAJORITY = "majority"


class Scale(NamedTuple):
    """Hold the ends of a measurement scale."""

    low: Number
    high: Number


@dataclass(frozen=True)
class Row:
    """Hold one arm's value of one outcome in one interval; None is not known, never zero.

    `n` counts the patients analysed at that time, `n_enrolled` those of the arm at entry, never of the whole
    study. `note` carries what the assignment to the interval flagged.
    """

    study: str
    arm: str
    group: str
    outcome: str
    interval: str
    n: int | None
    mean: Number | None
    sd: Number | None = None
    n_enrolled: int | None = None
    statistic: Statistic = Statistic.MEAN
    scale: Scale | None = None
    allocation: Allocation = Allocation.OWN
    is_eligible: bool = True
    note: str = ""


class Dropped(NamedTuple):
    """Pair a row that was left out with the reason in a sentence."""

    row: Row
    reason: str


@dataclass(frozen=True)
class Pooled:
    """Hold a weighted mean with the rows behind it; `mean` is None when no row could be used.

    `n_total` is the sum of the weights of exactly the used rows. `se` is None unless all of them give an SD;
    `without_sd` lists those that do not. `n_fallback` counts rows weighted by enrolled patients. `low`,
    `high` and `unweighted` describe the used means.
    """

    mean: float | None
    n_total: int
    k_studies: int
    k_rows: int
    used: tuple[Row, ...]
    dropped: tuple[Dropped, ...]
    se: float | None
    scheme: Scheme
    n_fallback: int = 0
    without_sd: tuple[Row, ...] = ()
    unweighted: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Grouped:
    """Hold the pooled values of each group and of all rows together, both from the rows."""

    groups: Mapping[str, Pooled]
    total: Pooled


class MixedRows(ValueError):
    """Refuse rows that cannot be pooled with each other, with a sentence."""


def weighted_mean(rows: Iterable[Row], scheme: Scheme = Scheme.STRICT, *, tau2: float = 0.0) -> Pooled:
    """Average the rows of one outcome and interval, each weighted by its patients.

    Left out with a reason: ineligible arms, medians and changes, rows without a mean, and rows without n
    (under `enrolled_fallback` only those without enrolled patients as well). Raises MixedRows when rows
    differ in outcome, interval or scale, or an arm comes twice.
    """
    rows = tuple(rows)
    _check_alike(rows)
    used, dropped = _split(rows, scheme)
    weights = [_weight(row, scheme) for row in used]
    means = [exact(row.mean) for row in used if row.mean is not None]
    n_total = sum(weights)
    without_sd = tuple(row for row in used if row.sd is None)
    total = sum((weight * mean for weight, mean in zip(weights, means, strict=True)), Fraction(0))
    return Pooled(
        mean=float(total / n_total) if used else None,
        n_total=n_total,
        k_studies=len({row.study for row in used}),
        k_rows=len(used),
        used=tuple(used),
        dropped=tuple(dropped),
        se=None if without_sd or not used else _standard_error(used, weights, tau2),
        scheme=scheme,
        n_fallback=sum(row.n is None for row in used),
        without_sd=without_sd,
        unweighted=float(sum(means, Fraction(0)) / len(means)) if used else None,
        low=float(min(means)) if used else None,
        high=float(max(means)) if used else None,
    )


def total(rows: Iterable[Row], scheme: Scheme = Scheme.STRICT) -> Pooled:
    """Average over all groups from the rows themselves, never from rounded group means."""
    return weighted_mean(rows, scheme)


def by_group(rows: Iterable[Row], scheme: Scheme = Scheme.STRICT) -> Grouped:
    """Average each group and all groups together; groups keep the order of their first row.

    Ineligible arms appear only among the dropped rows of the total.
    """
    rows = tuple(rows)
    names = dict.fromkeys(row.group for row in rows if row.is_eligible)
    groups = {name: weighted_mean([row for row in rows if row.group == name], scheme) for name in names}
    return Grouped(groups, total(rows, scheme))


def cells(
    rows: Iterable[Row], scheme: Scheme = Scheme.STRICT, *, regardless_of_group: frozenset[str] = frozenset()
) -> dict[tuple[str, str, str], Pooled]:
    """Average every (outcome, group, interval); outcomes named are pooled over all groups, as group “”."""
    sorted_rows: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        group = "" if row.outcome in regardless_of_group else row.group
        sorted_rows.setdefault((row.outcome, group, row.interval), []).append(row)
    return {key: weighted_mean(members, scheme) for key, members in sorted_rows.items()}


def majority_group(patients: Mapping[str, int | None]) -> str | None:
    """Return the group with most patients of a mixed study; None if tied or unknown: a person decides."""
    if not patients or None in patients.values():
        return None
    ordered = sorted(((n or 0, group) for group, n in patients.items()), reverse=True)
    if len(ordered) > 1 and ordered[0][0] == ordered[1][0]:
        return None
    return ordered[0][1]


def without_mixed(rows: Iterable[Row], scheme: Scheme = Scheme.STRICT) -> Pooled:
    """Average again without the rows that came to their group by majority, as a sensitivity analysis."""
    kept: list[Row] = []
    left: list[Row] = []
    for row in rows:
        (left if row.allocation is Allocation.MAJORITY else kept).append(row)
    pooled = weighted_mean(kept, scheme)
    reason = "Left out of this sensitivity analysis: a mixed study, allocated to the more frequent procedure."
    return replace(pooled, dropped=pooled.dropped + tuple(Dropped(row, reason) for row in left))


def rescale(row: Row, to: Scale) -> Row:
    """Move a row linearly to another scale: 79 on 0 to 100 is 7.9 on 0 to 10.

    A change has no zero point, so only its size is stretched. Raises MixedRows.
    """
    if row.scale is None:
        raise MixedRows(
            f"{row.study}, {row.arm}: the scale of {row.outcome} is not known. Enter its ends first."
        )
    if row.scale == to:
        return row
    low, high = exact(row.scale.low), exact(row.scale.high)
    if low >= high:
        raise MixedRows(f"{row.study}, {row.arm}: the scale of {row.outcome} has no length.")
    factor = (exact(to.high) - exact(to.low)) / (high - low)
    origin_from, origin_to = (Fraction(0),) * 2 if row.statistic is Statistic.CHANGE else (low, exact(to.low))
    mean = None if row.mean is None else origin_to + (exact(row.mean) - origin_from) * factor
    sd = None if row.sd is None else exact(row.sd) * factor
    return replace(row, mean=mean, sd=sd, scale=to)


def _check_alike(rows: Sequence[Row]) -> None:
    """Refuse rows of different outcomes, intervals or scales, and two rows of one arm."""
    for name, values in (
        ("outcomes", {row.outcome for row in rows}),
        ("intervals", {row.interval for row in rows}),
    ):
        if len(values) > 1:
            raise MixedRows(f"Rows of different {name} cannot be pooled: {', '.join(sorted(values))}.")
    scales = {row.scale for row in rows if row.scale is not None and row.is_eligible}
    if len(scales) > 1:
        spelled = ", ".join(sorted(f"{scale.low} to {scale.high}" for scale in scales))
        raise MixedRows(
            f"{rows[0].outcome} is on different scales ({spelled}). Bring the rows to one scale first."
        )
    counts = Counter((row.study, row.arm) for row in rows if row.statistic is Statistic.MEAN)
    for (study, arm), count in counts.items():
        if count > 1:
            where = f"{rows[0].outcome}, {rows[0].interval}"
            raise MixedRows(f"{study}, {arm} has {count} means of {where}. Choose the one that counts.")


def _split(rows: Sequence[Row], scheme: Scheme) -> tuple[list[Row], list[Dropped]]:
    used: list[Row] = []
    dropped: list[Dropped] = []
    for row in rows:
        reason = _why_not(row, scheme)
        if reason:
            dropped.append(Dropped(row, reason))
        else:
            used.append(row)
    return used, dropped


def _why_not(row: Row, scheme: Scheme) -> str:
    """Return why a row cannot be used, or nothing."""
    if not row.is_eligible:
        return "The arm is not eligible for this group."
    if row.statistic is not Statistic.MEAN:
        what = "" if row.statistic is Statistic.OTHER else f"a {row.statistic.value}, "
        return f"The value is {what}not a mean."
    if row.mean is None:
        return "No mean is reported."
    if row.n is not None:
        return "" if row.n > 0 else "No patient was analysed (n = 0)."
    if scheme is Scheme.STRICT:
        return "The number of patients analysed is not reported."
    if row.n_enrolled is None or row.n_enrolled <= 0:
        return "Neither the patients analysed nor those enrolled in the arm are reported."
    return ""


def _weight(row: Row, scheme: Scheme) -> int:
    if row.n is None and scheme is Scheme.ENROLLED_FALLBACK:
        return row.n_enrolled or 0
    return row.n or 0


def _standard_error(used: Sequence[Row], weights: Sequence[int], tau2: float) -> float:
    """Return √Σ n²(s²/n + τ²) / Σ n."""
    terms = [n * float(row.sd or 0) ** 2 + n**2 * tau2 for row, n in zip(used, weights, strict=True)]
    return math.sqrt(math.fsum(terms)) / sum(weights)
