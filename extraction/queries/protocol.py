"""Outcomes, groups and follow-up intervals, also as values of the pure domain."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from extraction.domain.intervals import Interval
from extraction.domain.time_points import Duration, Phase, TimePoint, TimeUnit
from extraction.models import ArmGroup, FollowUpInterval, Measurement, Outcome
from reviewsite.workspace.models import Review


def groups_of(review: Review) -> QuerySet[ArmGroup]:
    """Return the groups in order."""
    return ArmGroup.objects.filter(review=review).order_by("position", "pk")


def outcomes_of(review: Review) -> QuerySet[Outcome]:
    """Return the outcomes in order."""
    return Outcome.objects.filter(review=review).order_by("position", "pk")


def intervals_of(review: Review) -> list[Interval]:
    """Return the follow-up intervals in order, for the pure domain."""
    rows = FollowUpInterval.objects.filter(review=review).order_by("position", "pk")
    return [interval_of(row) for row in rows]


def interval_of(row: FollowUpInterval) -> Interval:
    """Return one stored interval for the pure domain."""
    return Interval(
        key=row.key,
        label=row.label,
        phase=Phase(row.phase),
        lower=duration(row.lower, row.lower_unit),
        upper=duration(row.upper, row.upper_unit),
        lower_inclusive=row.is_lower_inclusive,
        upper_inclusive=row.is_upper_inclusive,
        target=duration(row.target, row.target_unit),
    )


def time_point_of(measurement: Measurement) -> TimePoint:
    """Return the time of a measurement for the pure domain."""
    return TimePoint(
        label=measurement.time_label,
        phase=Phase(measurement.phase),
        time=duration(measurement.time, measurement.time_unit),
        until=duration(measurement.time_until, measurement.time_unit),
        is_last_follow_up=measurement.is_last_follow_up,
    )


def duration(value: Decimal | None, unit: str) -> Duration | None:
    """Return a stored length of time without the zeros that the column adds, or None."""
    return None if value is None else Duration(plain(value), TimeUnit(unit))


def plain(number: Decimal) -> Decimal:
    """Return the number without trailing zeros and without an exponent."""
    return Decimal(f"{number.normalize():f}")


def interval_in_words(interval: Interval) -> str:
    """Return the edges of an interval as an inequality, for example “28 days ≤ t ≤ 42 days”."""
    if interval.lower is None and interval.upper is None:
        return _("any time of its phase")
    lower = f"{interval.lower} {'≤' if interval.lower_inclusive else '<'} " if interval.lower else ""
    upper = f" {'≤' if interval.upper_inclusive else '<'} {interval.upper}" if interval.upper else ""
    return f"{lower}t{upper}"
