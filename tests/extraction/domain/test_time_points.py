"""Reading follow-up times from the words of a report."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extraction.domain.time_points import (
    Duration,
    Phase,
    TimePoint,
    TimeUnit,
    compare_durations,
    midpoint,
    parse_time,
)


def days(value: str) -> Duration:
    return Duration(Decimal(value), TimeUnit.DAY)


def weeks(value: str) -> Duration:
    return Duration(Decimal(value), TimeUnit.WEEK)


def months(value: str) -> Duration:
    return Duration(Decimal(value), TimeUnit.MONTH)


def years(value: str) -> Duration:
    return Duration(Decimal(value), TimeUnit.YEAR)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("24 hours", days("1")),
        ("48 h after the procedure", days("2")),
        ("5 days postoperatively", days("5")),
        ("6 weeks", weeks("6")),
        ("12-month follow-up", months("12")),
        ("Month 3", months("3")),
        ("postoperative day 1", days("1")),
        ("1,5 years", years("1.5")),
        ("three months", months("3")),
        ("the day after the procedure", days("1")),
        ("immediately after", days("0")),
        ("at discharge", days("0")),
    ],
)
def test_reads_a_stated_time_after_treatment(text: str, time: Duration) -> None:
    assert parse_time(text) == TimePoint(text, Phase.POST, time)


@pytest.mark.parametrize(
    "text", ["preoperative", "before treatment", "baseline", "pre-vertebroplasty", "presurgery"]
)
def test_reads_words_for_before_treatment(text: str) -> None:
    assert parse_time(text) == TimePoint(text, Phase.PRE)


def test_a_time_before_treatment_counts_backwards() -> None:
    assert parse_time("24 hours before") == TimePoint("24 hours before", Phase.PRE, days("1"))


@pytest.mark.parametrize(
    "text", ["3-6 months", "3\N{EN DASH}6 months", "3 to 6 months", "between 3 and 6 months"]
)
def test_reads_a_range(text: str) -> None:
    assert parse_time(text) == TimePoint(text, Phase.POST, months("3"), months("6"))


@pytest.mark.parametrize(
    "text",
    [
        "mean follow-up 9.0 months",
        "mean 9.0 months after the last operation",
        "median follow-up: 9.0 months (3-24)",
    ],
)
def test_a_mean_follow_up_is_marked_as_last_follow_up(text: str) -> None:
    assert parse_time(text) == TimePoint(text, Phase.POST, months("9.0"), is_last_follow_up=True)


def test_the_end_of_follow_up_without_a_time_stays_without_one() -> None:
    assert parse_time("end of follow-up") == TimePoint("end of follow-up", Phase.POST, is_last_follow_up=True)


def test_a_standard_deviation_is_not_a_second_time() -> None:
    assert parse_time("mean follow-up 28.2 +/- 12.1 months").time == months("28.2")


@pytest.mark.parametrize(
    "text",
    [
        "6 and 12 months",
        "1, 3 and 6 months",
        "months 1 and 3",
        "< 6 months",
        "at least 1 year",
        "postoperative",
        "after PV",
        "1,000 days",
    ],
)
def test_several_times_limits_and_undated_words_give_no_time(text: str) -> None:
    assert parse_time(text).time is None


@pytest.mark.parametrize("text", ["", "various", "pre- and postoperative"])
def test_an_unclear_phase_stays_unknown(text: str) -> None:
    assert parse_time(text) == TimePoint(text, Phase.UNKNOWN)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (weeks("4"), days("28")),
        (weeks("6"), days("42")),
        (months("1"), days("30")),
        (weeks("13"), months("3")),
        (weeks("26"), months("6")),
        (weeks("52"), months("12")),
        (weeks("104"), years("2")),
        (years("0.5"), months("6")),
    ],
)
def test_the_aliases_are_the_same_time(first: Duration, second: Duration) -> None:
    assert compare_durations(first, second) == 0


def test_a_calendar_year_of_days_is_not_less_than_twelve_months() -> None:
    assert compare_durations(days("365"), months("12")) == 1


def test_the_middle_of_months_stays_in_months() -> None:
    assert midpoint(months("3"), years("1")) == months("7.5")


def test_the_middle_across_units_is_in_days() -> None:
    assert midpoint(days("2"), months("1")) == days("16")


@pytest.mark.parametrize("value", ["-1", "NaN"])
def test_a_duration_is_never_negative(value: str) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        days(value)


def test_a_range_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        TimePoint("6-3 months", Phase.POST, months("6"), months("3"))


def test_a_mean_before_treatment_is_no_last_follow_up() -> None:
    assert parse_time("mean 3 months before") == TimePoint("mean 3 months before", Phase.PRE, months("3"))


@pytest.mark.parametrize("words", ["9" * 29 + " weeks", "999999999999999 years", "1234567 days"])
def test_a_time_that_nobody_can_mean_stays_unknown(words: str) -> None:
    assert parse_time(words).time is None
