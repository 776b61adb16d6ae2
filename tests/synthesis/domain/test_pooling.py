"""Weighted means over study arms, against numbers worked out by hand and from public abstracts."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.domain.pooling import (
    Allocation,
    MixedRows,
    Row,
    Scale,
    Scheme,
    Statistic,
    by_group,
    cells,
    majority_group,
    rescale,
    total,
    weighted_mean,
    without_mixed,
)
from synthesis.domain.rounding import half_up


def row(
    study: str,
    mean: str | None,
    n: int | None = None,
    sd: str | None = None,
    *,
    enrolled: int | None = None,
    group: str = "PVP",
) -> Row:
    return Row(
        study,
        "arm",
        group,
        "VAS",
        "Preoperative",
        n,
        Decimal(mean) if mean else None,
        Decimal(sd) if sd else None,
        enrolled,
    )


# Pain before vertebroplasty as the abstracts of seven studies state it (reference number, mean, patients).
PVP_BEFORE = [
    row("36", "8.23", 25),
    row("52", "8.04", 64, "1.4"),
    row("53", "7.9", 62, "1.7"),
    row("72", "6.4", 39),
    row("74", "8.1", 57, "0.67"),
    row("92", "7.4", 39, "1.1"),
    row("96", "8.4", 47, "1.4"),
]
# The same at less than four weeks; only one abstract says how many patients were analysed.
PVP_FOUR_WEEKS = [
    row("36", "2.12", enrolled=25),
    row("53", "1.5", enrolled=62),
    row("74", "3.8", enrolled=57),
    row("92", "2.5", 39, enrolled=39),
    row("96", "3.1", enrolled=47),
]


def test_seven_studies_before_vertebroplasty() -> None:
    pooled = weighted_mean(PVP_BEFORE)  # 2604.81 / 333
    assert (str(half_up(pooled.mean or 0, 2)), pooled.n_total, pooled.k_studies) == ("7.82", 333, 7)


def test_strict_uses_only_stated_numbers_of_patients() -> None:
    pooled = weighted_mean(PVP_FOUR_WEEKS)
    assert (pooled.mean, pooled.n_total, pooled.k_studies, len(pooled.dropped)) == (2.5, 39, 1, 4)


def test_the_fallback_weights_by_enrolled_patients_and_says_how_often() -> None:
    pooled = weighted_mean(PVP_FOUR_WEEKS, Scheme.ENROLLED_FALLBACK)  # 605.8 / 230
    assert (str(half_up(pooled.mean or 0, 2)), pooled.n_total, pooled.n_fallback) == ("2.63", 230, 4)


def test_the_fallback_still_prefers_the_number_analysed() -> None:
    assert weighted_mean([row("a", "1", 10, enrolled=99)], Scheme.ENROLLED_FALLBACK).n_total == 10


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"n": None}, "The number of patients analysed is not reported."),
        ({"n": 0}, "No patient was analysed (n = 0)."),
        ({"mean": None}, "No mean is reported."),
        ({"statistic": Statistic.MEDIAN}, "The value is a median, not a mean."),
        ({"statistic": Statistic.OTHER}, "The value is not a mean."),
        ({"is_eligible": False}, "The arm is not eligible for this group."),
    ],
)
def test_a_row_that_cannot_be_used_is_kept_with_the_reason(changed: dict[str, object], reason: str) -> None:
    dropped = replace(row("a", "3", 10), **changed)  # type: ignore[arg-type]
    pooled = weighted_mean([row("b", "5", 4), dropped])
    assert (pooled.mean, pooled.n_total, pooled.dropped) == (5.0, 4, ((dropped, reason),))


def test_without_usable_rows_there_is_no_mean_and_no_zero() -> None:
    pooled = weighted_mean([row("a", None, 10)])
    assert (pooled.mean, pooled.se, pooled.n_total, pooled.k_studies) == (None, None, 0, 0)


def test_a_mean_of_zero_is_a_mean() -> None:
    assert weighted_mean([replace(row("a", "1", 10), mean=Decimal(0))]).mean == 0.0


def test_the_standard_error() -> None:
    pooled = weighted_mean([row("a", "5", 4, "2"), row("b", "3", 6, "1")])
    assert pooled.se == pytest.approx(math.sqrt(4 * 4 + 6 * 1) / 10, rel=1e-15)


def test_the_standard_error_with_variance_between_arms() -> None:
    pooled = weighted_mean([row("a", "5", 4, "2"), row("b", "3", 6, "1")], tau2=0.5)
    assert pooled.se == pytest.approx(math.sqrt(16 + 6 + 0.5 * (16 + 36)) / 10, rel=1e-15)


def test_one_arm_without_sd_makes_the_standard_error_not_estimable() -> None:
    pooled = weighted_mean(PVP_BEFORE)
    assert (pooled.se, [each.study for each in pooled.without_sd]) == (None, ["36", "72"])


def test_range_and_unweighted_mean_stand_beside() -> None:
    pooled = weighted_mean([row("a", "5", 90), row("b", "3", 10)])
    assert (pooled.mean, pooled.unweighted, pooled.low, pooled.high) == (4.8, 4.0, 3.0, 5.0)


def test_two_arms_of_a_study_are_two_rows_and_one_study() -> None:
    pooled = weighted_mean([row("a", "5", 5), replace(row("a", "3", 5), arm="second")])
    assert (pooled.k_studies, pooled.k_rows) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"outcome": "ODI"}, "different outcomes cannot be pooled: ODI, VAS"),
        ({"interval": "< 4 weeks"}, "different intervals cannot be pooled"),
        ({"scale": Scale(0, 100)}, r"VAS is on different scales \(0 to 10, 0 to 100\)"),
        ({"study": "a"}, "a, arm has 2 means of VAS, Preoperative"),
    ],
)
def test_rows_that_do_not_belong_together_are_refused(changed: dict[str, object], words: str) -> None:
    first = replace(row("a", "5", 5), scale=Scale(0, 10))
    other = replace(row("b", "5", 5), **{"scale": Scale(0, 10), **changed})  # type: ignore[arg-type]
    with pytest.raises(MixedRows, match=words):
        weighted_mean([first, other])


def test_the_total_comes_from_the_rows_and_not_from_rounded_group_means() -> None:
    rows = [row("a", "1.004", 1), row("b", "2.004", 1, group="KP"), row("c", "2.004", 1, group="KP")]
    grouped = by_group(rows)
    # From group means rounded to two decimals it would be (1.00 + 2 × 2.00) / 3 = 1.667.
    assert grouped.total.mean == pytest.approx(5.012 / 3, rel=1e-15)
    assert list(grouped.groups) == ["PVP", "KP"]
    assert total(rows) == grouped.total


def test_ineligible_control_arms_make_no_group() -> None:
    grouped = by_group(
        [row("a", "1", 1), replace(row("a", "2", 1, group="control"), arm="c", is_eligible=False)]
    )
    assert (list(grouped.groups), len(grouped.total.dropped)) == (["PVP"], 1)


def test_cells_of_a_table() -> None:
    rows = [row("a", "7", 10), row("b", "6", 10, group="KP"), replace(row("c", "60", 5), outcome="KPS")]
    table = cells(rows, regardless_of_group=frozenset({"KPS"}))
    assert {key: pooled.mean for key, pooled in table.items()} == {
        ("VAS", "PVP", "Preoperative"): 7.0,
        ("VAS", "KP", "Preoperative"): 6.0,
        ("KPS", "", "Preoperative"): 60.0,
    }


@pytest.mark.parametrize(
    ("patients", "group"),
    [
        ({"PVP": 8, "KP": 4}, "PVP"),
        ({"PVP": 6, "KP": 6}, None),
        ({"PVP": 8, "KP": None}, None),
        ({"KP": 3}, "KP"),
        ({}, None),
    ],
)
def test_a_mixed_study_goes_to_the_more_frequent_procedure(
    patients: dict[str, int | None], group: str | None
) -> None:
    assert majority_group(patients) == group


def test_the_sensitivity_analysis_leaves_mixed_studies_out_and_lists_them() -> None:
    mixed = replace(row("15", "9", 12), allocation=Allocation.MAJORITY)
    pooled = without_mixed([row("a", "7", 10), mixed])
    assert (pooled.mean, [each.row.study for each in pooled.dropped]) == (7.0, ["15"])


def test_a_scale_of_a_hundred_becomes_a_scale_of_ten() -> None:
    wide = replace(row("35", "79", 14, "20"), scale=Scale(0, 100))
    narrow = rescale(wide, Scale(0, 10))
    assert (narrow.mean, narrow.sd, narrow.scale) == (Decimal("7.9"), 2, Scale(0, 10))


def test_a_change_is_stretched_without_moving_its_zero() -> None:
    change = replace(row("a", "-10", 5), statistic=Statistic.CHANGE, scale=Scale(10, 110))
    assert rescale(change, Scale(0, 10)).mean == -1


def test_an_unknown_scale_is_not_guessed() -> None:
    with pytest.raises(MixedRows, match="Enter its ends first"):
        rescale(row("a", "5", 5), Scale(0, 10))


means = st.decimals(min_value=0, max_value=10, places=2)
row_values = st.lists(st.tuples(means, st.integers(1, 500)), min_size=1, max_size=8)


def built(values: list[tuple[Decimal, int]]) -> list[Row]:
    return [replace(row(str(index), "1", n), mean=mean) for index, (mean, n) in enumerate(values)]


@given(row_values)
def test_the_mean_lies_between_the_smallest_and_the_largest(values: list[tuple[Decimal, int]]) -> None:
    pooled = weighted_mean(built(values))
    assert pooled.mean is not None
    assert float(min(mean for mean, _ in values)) <= pooled.mean <= float(max(mean for mean, _ in values))


@given(row_values)
def test_the_order_of_rows_changes_no_digit(values: list[tuple[Decimal, int]]) -> None:
    rows = built(values)
    assert weighted_mean(rows).mean == weighted_mean(rows[::-1]).mean


def test_a_row_already_on_the_scale_stays_as_it_is() -> None:
    there = replace(row("a", "7.50", 5), scale=Scale(0, 10))
    assert rescale(there, Scale(0, 10)) is there


def test_a_scale_without_length_is_refused() -> None:
    with pytest.raises(MixedRows, match="VAS has no length"):
        rescale(replace(row("a", "5", 5), scale=Scale(5, 5)), Scale(0, 10))
