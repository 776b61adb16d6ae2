"""Percentages with a typed denominator."""

from __future__ import annotations

import pytest

from synthesis.domain.pooling import MixedRows
from synthesis.domain.proportions import CountRow, DenominatorUnit, proportion

PATIENT, LEVEL = DenominatorUnit.PATIENT, DenominatorUnit.LEVEL


def count(
    study: str,
    events: int | None,
    denominator: int | None = 10,
    unit: DenominatorUnit | None = LEVEL,
    *,
    eligible: bool = True,
) -> CountRow:
    return CountRow(study, "arm", "PVP", "leakage", events, denominator, unit, is_eligible=eligible)


def test_events_and_denominators_add_up() -> None:
    result = proportion([count("a", 3, 10), count("b", 5, 30)])
    assert (result.events, result.denominator, result.unit, result.pct, result.k) == (8, 40, LEVEL, 20.0, 2)


def test_a_reported_zero_counts_and_a_missing_count_does_not() -> None:
    result = proportion([count("a", 2), count("b", 0), count("c", None)])
    assert (result.denominator, result.k, result.dropped[0].reason) == (20, 2, "No count is reported.")


def test_mixed_units_are_refused() -> None:
    with pytest.raises(MixedRows, match="leakage is counted per level and per patient"):
        proportion([count("a", 2), count("b", 2, 10, PATIENT)])


def test_with_a_chosen_unit_the_other_rows_are_dropped_with_the_reason() -> None:
    result = proportion([count("a", 2), count("b", 2, 10, PATIENT)], PATIENT)
    assert (result.denominator, result.dropped[0].reason) == (10, "The count is per level, not per patient.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (count("a", 2, None), "What the count is out of is not reported."),
        (count("a", 2, 10, None), "What the count is out of is not reported."),
        (count("a", 0, 0), "The denominator is zero."),
        (count("a", 11, 10), "11 of 10 cannot be: check the count and its denominator."),
        (count("a", 1, eligible=False), "The arm is not eligible for this group."),
    ],
)
def test_a_row_that_cannot_be_used_is_kept_with_the_reason(row: CountRow, reason: str) -> None:
    result = proportion([row])
    assert (result.pct, result.k, result.dropped) == (None, 0, ((row, reason),))


def test_one_arm_cannot_count_twice() -> None:
    with pytest.raises(MixedRows, match="a, arm counts leakage twice"):
        proportion([count("a", 2), count("a", 3)])


def test_different_items_cannot_be_added_up() -> None:
    other = CountRow("b", "arm", "PVP", "female", 5, 10, PATIENT)
    with pytest.raises(MixedRows, match="female, leakage"):
        proportion([count("a", 2), other])


def test_two_arms_of_a_study_count_as_one_study() -> None:
    second = CountRow("a", "second", "PVP", "leakage", 1, 10, LEVEL)
    assert (proportion([count("a", 2), second]).k, proportion([count("a", 2), second]).pct) == (1, 15.0)
