"""Arithmetic that any printed table must satisfy, one rule at a time.

A printed number stands for every value that rounds to it; a rule fires only when none of those values
satisfies it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from synthesis.domain.rounding import decimals_of, exact, half_unit, half_up


class Code(StrEnum):
    """Name the rule that a table breaks."""

    PARTS_WHOLE = "parts_whole"
    GROUPS_TOTAL = "groups_total"
    PERCENT_COUNT = "percent_count"
    TOTAL_MEAN = "total_mean"
    N_GROWING = "n_growing"
    N_OVER_GROUP = "n_over_group"
    TEXT_TABLE = "text_table"
    DENOMINATOR_OVER_GROUP = "denominator_over_group"


@dataclass(frozen=True)
class Figure:
    """Hold a number as printed, its decimals included, with the words that find it in the table or text."""

    where: str
    value: Decimal

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Return the smallest and the largest value that is printed like this."""
        slack = half_unit(decimals_of(self.value))
        return exact(self.value) - slack, exact(self.value) + slack


@dataclass(frozen=True)
class Finding:
    """Hold one broken rule: a sentence with both numbers, computed minus printed, and the cells involved.

    Where nothing is computed the delta is the excess: over the earlier N, the group, or the table.
    """

    code: Code
    message: str
    delta: Decimal
    cells: tuple[str, ...]


def check_parts(parts: Sequence[Figure], whole: Figure, *, is_rounded: bool = False) -> Finding | None:
    """Check that the categories of one column add up; whole numbers are counts unless they are rounded."""
    return _check_sum(Code.PARTS_WHOLE, parts, whole, "The categories add up to", is_rounded=is_rounded)


def check_groups(groups: Sequence[Figure], total: Figure) -> Finding | None:
    """Check that the groups of one row add up to the total column."""
    return _check_sum(Code.GROUPS_TOTAL, groups, total, "The groups add up to", is_rounded=False)


def _check_sum(
    code: Code, parts: Sequence[Figure], whole: Figure, words: str, *, is_rounded: bool
) -> Finding | None:
    if not parts:
        return None
    computed = sum((part.value for part in parts), Decimal(0))
    low, high = sum(part.span[0] for part in parts), sum(part.span[1] for part in parts)
    is_count = not is_rounded and decimals_of(computed) == 0 and decimals_of(whole.value) == 0
    if computed == whole.value or (not is_count and low <= whole.span[1] and whole.span[0] <= high):
        return None
    message = f"{words} {computed}, but {whole.where} is printed as {whole.value}."
    return Finding(code, message, computed - whole.value, (*(part.where for part in parts), whole.where))


def check_percentage(count: Figure, denominator: Figure, percent: Figure) -> Finding | None:
    """Check a printed percentage against its count and denominator, rounded half up."""
    if denominator.value <= 0:
        return None
    decimals = decimals_of(percent.value)
    share = 100 * exact(count.value) / exact(denominator.value)
    computed = half_up(share, decimals)
    if computed == percent.value:
        return None
    longer = half_up(share, decimals + 1)
    message = (
        f"{count.value} of {denominator.value} is {computed} % ({longer} before rounding), "
        f"but {percent.where} is printed as {percent.value} %."
    )
    cells = (count.where, denominator.where, percent.where)
    return Finding(Code.PERCENT_COUNT, message, computed - percent.value, cells)


def check_denominator(count: Figure, percent: Figure, group: Figure) -> Finding | None:
    """Check that a count with its percentage does not imply more units than the group has patients.

    When it does, the percentage is probably not of patients but of something they have several of.
    """
    low_percent, high_percent = percent.span
    if count.value <= 0 or high_percent <= 0:
        return None
    smallest = -(-100 * exact(count.value) // high_percent)
    if smallest <= group.value:
        return None
    largest = f" to {100 * exact(count.value) // low_percent}" if low_percent > 0 else " or more"
    message = (
        f"{count.value} being {percent.value} % implies {smallest}{largest} units in {percent.where}, "
        f"more than the {group.value} of {group.where}. State what the percentage is of."
    )
    cells = (count.where, percent.where, group.where)
    return Finding(Code.DENOMINATOR_OVER_GROUP, message, Decimal(int(smallest)) - group.value, cells)


def check_total_mean(groups: Sequence[tuple[Figure, int]], total: Figure) -> Finding | None:
    """Check a total mean against the group means weighted by their N, within what rounding allows."""
    n_total = sum(n for _, n in groups)
    if n_total <= 0:
        return None
    low = sum(mean.span[0] * n for mean, n in groups) / n_total
    high = sum(mean.span[1] * n for mean, n in groups) / n_total
    if low <= total.span[1] and total.span[0] <= high:
        return None
    computed = half_up(
        sum((exact(mean.value) * n for mean, n in groups), Fraction(0)) / n_total, decimals_of(total.value)
    )
    message = f"The weighted mean of the groups is {computed}, but {total.where} is printed as {total.value}."
    return Finding(
        Code.TOTAL_MEAN, message, computed - total.value, (*(mean.where for mean, _ in groups), total.where)
    )


def check_growing(ns: Sequence[Figure]) -> list[Finding]:
    """Point out each follow-up at which more patients are reported than at the one before.

    This is no error in a table pooled from several studies, where each interval has its own; it needs a look.
    """
    found: list[Finding] = []
    for earlier, later in pairwise(ns):
        if later.value > earlier.value:
            message = f"N grows from {earlier.value} ({earlier.where}) to {later.value} ({later.where})."
            delta = later.value - earlier.value
            found.append(Finding(Code.N_GROWING, message, delta, (earlier.where, later.where)))
    return found


def check_n(n: Figure, group: Figure) -> Finding | None:
    """Check that a row does not report on more patients than the group has."""
    if n.value <= group.value:
        return None
    message = f"N is {n.value} in {n.where}, but {group.where} has only {group.value}."
    return Finding(Code.N_OVER_GROUP, message, n.value - group.value, (n.where, group.where))


def check_text(text: Figure, table: Figure) -> Finding | None:
    """Check a number in the text against the table, at the fewer decimals of the two."""
    decimals = min(decimals_of(text.value), decimals_of(table.value))
    if half_up(text.value, decimals) == half_up(table.value, decimals):
        return None
    message = f"{text.where} says {text.value}, but {table.where} says {table.value}."
    return Finding(Code.TEXT_TABLE, message, text.value - table.value, (text.where, table.where))
