"""Sorting times into follow-up intervals and keeping one contribution per arm."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.intervals import (
    Candidate,
    Duration,
    Flag,
    Interval,
    Phase,
    Policy,
    TimePoint,
    TimeUnit,
    assign,
    gaps,
    overlaps,
    parse_time,
    pick_one,
    standard_six,
)

SIX = standard_six()


def at(value: str, unit: TimeUnit = TimeUnit.DAY) -> TimePoint:
    return TimePoint(f"{value} {unit.value}", Phase.POST, Duration(Decimal(value), unit))


def home(time_point: TimePoint) -> str | None:
    interval = assign(time_point, SIX).interval
    return interval.label if interval else None


@pytest.mark.parametrize(
    ("value", "unit", "label"),
    [
        ("0", TimeUnit.DAY, "< 4 weeks"),
        ("27.9", TimeUnit.DAY, "< 4 weeks"),
        ("28", TimeUnit.DAY, "≤ 6 weeks"),
        ("4", TimeUnit.WEEK, "≤ 6 weeks"),
        ("1", TimeUnit.MONTH, "≤ 6 weeks"),
        ("42", TimeUnit.DAY, "≤ 6 weeks"),
        ("42.5", TimeUnit.DAY, "< 6 months"),
        ("2", TimeUnit.MONTH, "< 6 months"),
        ("25", TimeUnit.WEEK, "< 6 months"),
        ("26", TimeUnit.WEEK, "< 1 year"),
        ("6", TimeUnit.MONTH, "< 1 year"),
        ("51", TimeUnit.WEEK, "< 1 year"),
        ("52", TimeUnit.WEEK, "≥ 1 year"),
        ("365", TimeUnit.DAY, "≥ 1 year"),
        ("1", TimeUnit.YEAR, "≥ 1 year"),
        ("18", TimeUnit.MONTH, "≥ 1 year"),
    ],
)
def test_edges_of_the_six_intervals(value: str, unit: TimeUnit, label: str) -> None:
    assert home(at(value, unit)) == label


@given(st.decimals(min_value=0, max_value=5000, places=2), st.sampled_from(TimeUnit))
def test_every_time_after_treatment_has_exactly_one_of_the_six(value: Decimal, unit: TimeUnit) -> None:
    time = Duration(value, unit)
    assert sum(interval.contains(time) for interval in SIX if interval.phase is Phase.POST) == 1


def test_before_treatment_is_a_phase_and_not_a_time() -> None:
    assert home(parse_time("24 hours before")) == "Preoperative"


def test_a_plain_time_carries_no_flag() -> None:
    assert assign(at("3", TimeUnit.MONTH), SIX).flag is Flag.NONE


def test_a_conversion_near_an_edge_is_flagged() -> None:
    assert assign(at("180"), SIX).flag is Flag.CONVERTED


def test_a_range_inside_one_interval_belongs_to_it_without_a_flag() -> None:
    assignment = assign(parse_time("6 to 9 months"), SIX)
    assert (assignment.interval, assignment.flag) == (SIX[4], Flag.NONE)


def test_a_range_over_two_intervals_goes_by_its_midpoint() -> None:
    assignment = assign(parse_time("3 to 12 months"), SIX)  # the middle is 7.5 months
    assert (assignment.interval, assignment.flag) == (SIX[4], Flag.RANGE_MIDPOINT)


def test_a_last_follow_up_goes_by_its_mean_time() -> None:
    assignment = assign(parse_time("mean follow-up 9.0 months"), SIX)
    assert (assignment.interval, assignment.flag) == (SIX[4], Flag.LAST_FOLLOW_UP)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("postoperative", Flag.UNASSIGNED_TIME),
        ("end of follow-up", Flag.UNASSIGNED_TIME),
        ("6 and 12 months", Flag.UNASSIGNED_TIME),
        ("various", Flag.UNASSIGNED_PHASE),
    ],
)
def test_what_cannot_be_placed_is_unassigned_with_a_reason(text: str, flag: Flag) -> None:
    assignment = assign(parse_time(text), SIX)
    assert (assignment.interval, assignment.flag) == (None, flag)
    assert f"“{text}”" in assignment.sentence


def test_a_time_outside_every_interval_is_unassigned() -> None:
    assert assign(at("2", TimeUnit.YEAR), SIX[:5]).flag is Flag.UNASSIGNED_OUTSIDE


def test_the_six_have_neither_overlap_nor_gap() -> None:
    assert (overlaps(SIX), gaps(SIX)) == ([], [])


def test_labels_read_literally_overlap() -> None:
    literal = [replace(SIX[1], lower=None), replace(SIX[2], lower=None)]
    assert overlaps(literal) == ["“< 4 weeks” and “≤ 6 weeks” overlap. Give them edges that share no time."]


def test_two_closed_edges_at_one_time_overlap() -> None:
    assert len(overlaps([replace(SIX[1], upper_inclusive=True), SIX[2]])) == 1


def test_the_first_of_overlapping_intervals_wins_with_a_flag() -> None:
    assignment = assign(at("14"), [replace(SIX[1], lower=None), replace(SIX[2], lower=None)])
    assert assignment.interval is not None
    assert (assignment.interval.label, assignment.flag) == ("< 4 weeks", Flag.AMBIGUOUS)


def test_a_missing_interval_is_a_gap() -> None:
    found = gaps([*SIX[:2], *SIX[3:]])
    assert found == ["Between “< 4 weeks” and “< 6 months” there are times in no interval."]


def test_two_open_edges_at_one_time_are_a_gap() -> None:
    assert len(gaps([replace(each, upper_inclusive=False) for each in SIX])) == 1


def test_an_end_without_a_following_interval_is_a_gap() -> None:
    assert gaps(SIX[:5]) == ["Times after “< 1 year” are in no interval."]


def test_an_interval_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="is empty"):
        Interval("x", "x", Phase.POST, SIX[3].upper, SIX[3].lower)


def candidate(text: str, n: int | None = 20) -> Candidate:
    return Candidate(text, parse_time(text), n)


def chosen(candidates: list[Candidate], interval: Interval, policy: Policy = Policy.CLOSEST) -> str:
    return pick_one(candidates, interval, policy).chosen.key


def test_the_time_closest_to_the_target_counts() -> None:
    rows = [candidate("1 day"), candidate("10 days"), candidate("24 days")]
    assert chosen(rows, SIX[1]) == "10 days"  # the target is 14 days


def test_a_tie_goes_to_the_larger_n() -> None:
    rows = [candidate("21 days", 15), candidate("7 days", 30), candidate("1 day", 99)]
    assert chosen(rows, SIX[1]) == "7 days"


def test_a_tie_with_equal_n_goes_to_the_later_time() -> None:
    assert chosen([candidate("7 days"), candidate("21 days")], SIX[1]) == "21 days"


def test_an_unknown_n_counts_less_than_any() -> None:
    assert chosen([candidate("21 days", None), candidate("7 days", 1)], SIX[1]) == "7 days"


@pytest.mark.parametrize(
    ("policy", "key"),
    [(Policy.EARLIEST, "12 months"), (Policy.LATEST, "36 months"), (Policy.LARGEST_N, "18 months")],
)
def test_other_policies(policy: Policy, key: str) -> None:
    rows = [candidate("12 months", 10), candidate("18 months", 12), candidate("36 months", 8)]
    assert chosen(rows, SIX[5], policy) == key


def test_the_passed_over_are_kept_with_the_reason() -> None:
    pick = pick_one([candidate("12 months"), candidate("18 months")], SIX[5])
    ((other, reason),) = pick.passed_over
    assert (other.key, reason) == ("18 months", "“12 months” represents “≥ 1 year” (policy: closest).")


def test_before_treatment_the_larger_n_then_the_time_nearer_to_treatment_counts() -> None:
    rows = [candidate("4 weeks before"), candidate("1 day before"), candidate("1 week before", 5)]
    assert chosen(rows, SIX[0]) == "1 day before"


def test_nothing_to_choose_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no measurement"):
        pick_one([], SIX[0])


def test_a_conversion_far_from_any_edge_is_not_flagged() -> None:
    assert assign(at("120"), SIX).flag is Flag.NONE  # 42 days to 6 months


def test_before_treatment_without_a_time_cannot_choose_among_several_intervals() -> None:
    early = Interval("early", "Screening visit", Phase.PRE, SIX[1].upper)
    assert assign(parse_time("preoperative"), [SIX[0], early]).flag is Flag.UNASSIGNED_TIME


def test_an_interval_inside_a_longer_one_makes_no_gap() -> None:
    year = replace(SIX[1], label="first year", upper=SIX[4].upper)
    assert gaps([year, SIX[1], SIX[5]]) == []


def test_months_equally_far_from_a_target_in_months_are_a_tie_that_the_larger_n_decides() -> None:
    half_year = next(each for each in standard_six() if each.key == "lt_6mo")
    two = Candidate("two", parse_time("2 months"), 12)
    four = Candidate("four", parse_time("4 months"), 10)
    assert pick_one([four, two], half_year).chosen is two
