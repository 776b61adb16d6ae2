"""Follow-up intervals with explicit edges: sort reported times, keep one contribution per arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from extraction.domain.time_points import (
    Duration,
    Phase,
    TimePoint,
    TimeUnit,
    compare_durations,
    distance,
    midpoint,
    parse_time,
)

__all__ = [
    "Assignment",
    "Candidate",
    "Duration",
    "Flag",
    "Interval",
    "Phase",
    "Pick",
    "Policy",
    "TimePoint",
    "TimeUnit",
    "assign",
    "compare_durations",
    "gaps",
    "midpoint",
    "overlaps",
    "parse_time",
    "pick_one",
    "standard_six",
]

_DAY_ZERO = Duration(Decimal(0), TimeUnit.DAY)


@dataclass(frozen=True)
class Interval:
    """Hold one follow-up interval; an edge that is None is open (from day 0, or without end)."""

    key: str
    label: str
    phase: Phase
    lower: Duration | None = None
    upper: Duration | None = None
    lower_inclusive: bool = True
    upper_inclusive: bool = False
    target: Duration | None = None

    def __post_init__(self) -> None:
        if self.phase is Phase.UNKNOWN:
            raise ValueError(f"Interval “{self.label}” needs a phase: before or after treatment.")
        if self.lower is None or self.upper is None:
            return
        order = compare_durations(self.lower, self.upper)
        if order > 0 or (order == 0 and not (self.lower_inclusive and self.upper_inclusive)):
            raise ValueError(f"Interval “{self.label}” is empty: it runs from {self.lower} to {self.upper}.")

    def contains(self, time: Duration) -> bool:
        """Tell whether a time of this interval's phase lies between its edges."""
        if self.lower is not None:
            order = compare_durations(time, self.lower)
            if order < 0 or (order == 0 and not self.lower_inclusive):
                return False
        if self.upper is not None:
            order = compare_durations(time, self.upper)
            if order > 0 or (order == 0 and not self.upper_inclusive):
                return False
        return True


class Flag(StrEnum):
    """Say what a reader must know about an assignment; the first that applies, in this order."""

    UNASSIGNED_PHASE = "unassigned_phase"
    UNASSIGNED_TIME = "unassigned_time"
    UNASSIGNED_OUTSIDE = "unassigned_outside"
    LAST_FOLLOW_UP = "last_follow_up"
    RANGE_MIDPOINT = "range_midpoint"
    AMBIGUOUS = "ambiguous"
    CONVERTED = "converted"
    NONE = "none"


@dataclass(frozen=True)
class Assignment:
    """Hold where a time point belongs; `interval` is None when unassigned, and the sentence says why."""

    interval: Interval | None
    flag: Flag
    sentence: str


def standard_six() -> tuple[Interval, ...]:
    """Return a template of six disjoint intervals: before, < 4 wk, ≤ 6 wk, < 6 mo, < 1 yr, ≥ 1 yr."""
    four_weeks, six_weeks = Duration(Decimal(28), TimeUnit.DAY), Duration(Decimal(42), TimeUnit.DAY)
    half_year, year = Duration(Decimal(6), TimeUnit.MONTH), Duration(Decimal(12), TimeUnit.MONTH)
    two_weeks, quarter = Duration(Decimal(14), TimeUnit.DAY), Duration(Decimal(3), TimeUnit.MONTH)
    post = Phase.POST
    return (
        Interval("pre", "Preoperative", Phase.PRE),
        Interval("lt_4wk", "< 4 weeks", post, _DAY_ZERO, four_weeks, target=two_weeks),
        Interval("le_6wk", "≤ 6 weeks", post, four_weeks, six_weeks, upper_inclusive=True, target=six_weeks),
        Interval("lt_6mo", "< 6 months", post, six_weeks, half_year, lower_inclusive=False, target=quarter),
        Interval("lt_1y", "< 1 year", post, half_year, year, target=half_year),
        Interval("ge_1y", "≥ 1 year", post, year, None, target=year),
    )


def assign(time_point: TimePoint, intervals: Sequence[Interval]) -> Assignment:
    """Find the interval of a time point, or say why it has none; nothing is ever dropped.

    Times are compared in the reported unit, across day and month units by the alias table. A range inside one
    interval belongs to it, else its midpoint decides. A last follow-up goes by its stated time. Where
    intervals overlap the first one wins. Each of these leaves a flag.
    """
    label = time_point.label
    if time_point.phase is Phase.UNKNOWN:
        sentence = f"“{label}” does not say whether it is before or after treatment. Choose the phase."
        return Assignment(None, Flag.UNASSIGNED_PHASE, sentence)
    same_phase = [interval for interval in intervals if interval.phase is time_point.phase]
    if time_point.time is None:
        return _assign_undated(time_point, same_phase)
    start, end = _home(time_point.time, same_phase), _home(time_point.until or time_point.time, same_phase)
    is_split = time_point.until is not None and start != end
    decisive = (time_point.centre if is_split else None) or time_point.time
    matches = [interval for interval in same_phase if interval.contains(decisive)]
    if not matches:
        sentence = f"“{label}” ({decisive}) lies outside every interval."
        return Assignment(None, Flag.UNASSIGNED_OUTSIDE, sentence)
    return _explain(time_point, decisive, matches, is_split=is_split)


def _assign_undated(time_point: TimePoint, same_phase: Sequence[Interval]) -> Assignment:
    """Place a time point without a time: only a lone interval without edges (“preoperative”) can take it."""
    label = time_point.label
    edgeless = [interval for interval in same_phase if interval.lower is None and interval.upper is None]
    if edgeless and len(same_phase) == 1:
        return Assignment(edgeless[0], Flag.NONE, f"“{label}” is assigned to “{edgeless[0].label}”.")
    what = (
        "the last follow-up without its time"
        if time_point.is_last_follow_up
        else "no time that can be placed"
    )
    sentence = f"“{label}” states {what}. Enter the time if the report gives it."
    return Assignment(None, Flag.UNASSIGNED_TIME, sentence)


def _home(time: Duration, intervals: Sequence[Interval]) -> Interval | None:
    return next((interval for interval in intervals if interval.contains(time)), None)


def _explain(
    time_point: TimePoint, decisive: Duration, matches: Sequence[Interval], *, is_split: bool
) -> Assignment:
    """Return the assignment with its most important flag and a sentence that names all of them."""
    interval = matches[0]
    remarks: list[tuple[Flag, str]] = []
    if time_point.is_last_follow_up:
        remarks.append((Flag.LAST_FOLLOW_UP, f"placed by its stated (mean) follow-up time, {decisive}"))
    if is_split:
        remarks.append(
            (Flag.RANGE_MIDPOINT, f"a range over several intervals, placed by its middle, {decisive}")
        )
    if len(matches) > 1:
        others = ", ".join(f"“{other.label}”" for other in matches[1:])
        remarks.append((Flag.AMBIGUOUS, f"also inside {others}; the first interval was taken"))
    if any(_is_near_across_units(decisive, edge) for edge in (interval.lower, interval.upper)):
        remarks.append(
            (Flag.CONVERTED, "near an edge in other units; 1 month = 30 days, 26 weeks = 6 months")
        )
    sentence = f"“{time_point.label}” is assigned to “{interval.label}”"
    details = "; ".join(text for _, text in remarks)
    flag = remarks[0][0] if remarks else Flag.NONE
    return Assignment(interval, flag, f"{sentence}: {details}." if details else f"{sentence}.")


def _is_near_across_units(time: Duration, edge: Duration | None) -> bool:
    """Tell whether converting days to months could have decided: a tenth of the edge or less lies between."""
    if edge is None or edge.in_months == time.in_months:
        return False
    return abs(time.days - edge.days) * 10 <= edge.days


def overlaps(intervals: Sequence[Interval]) -> list[str]:
    """Return a sentence for every two intervals of one phase that share a time."""
    found: list[str] = []
    for index, first in enumerate(intervals):
        for second in intervals[index + 1 :]:
            is_apart = _ends_before(first, second) or _ends_before(second, first)
            if first.phase is second.phase and not is_apart:
                found.append(
                    f"“{first.label}” and “{second.label}” overlap. Give them edges that share no time."
                )
    return found


def gaps(intervals: Sequence[Interval]) -> list[str]:
    """Return a sentence for every stretch after treatment, from day 0 without end, in no interval."""
    post = [interval for interval in intervals if interval.phase is Phase.POST]
    post.sort(key=lambda each: (each.lower or _DAY_ZERO).days)
    if not post:
        return ["No interval covers the time after treatment."]
    found: list[str] = []
    first = post[0]
    if not first.contains(_DAY_ZERO):
        found.append(f"The time from treatment to “{first.label}” is in no interval.")
    reach = first
    for previous, following in pairwise(post):
        reach = previous if _reaches_further(previous, reach) else reach
        if _leaves_gap(reach, following):
            found.append(f"Between “{reach.label}” and “{following.label}” there are times in no interval.")
    reach = post[-1] if _reaches_further(post[-1], reach) else reach
    if reach.upper is not None:
        found.append(f"Times after “{reach.label}” are in no interval.")
    return found


def _ends_before(first: Interval, second: Interval) -> bool:
    """Tell whether the first interval ends before the second one starts, sharing no time with it."""
    if first.upper is None:
        return False
    lower = second.lower or _DAY_ZERO
    order = compare_durations(first.upper, lower)
    return order < 0 or (order == 0 and not (first.upper_inclusive and second.lower_inclusive))


def _leaves_gap(first: Interval, second: Interval) -> bool:
    if first.upper is None:
        return False
    order = compare_durations(first.upper, second.lower or _DAY_ZERO)
    return order < 0 or (order == 0 and not first.upper_inclusive and not second.lower_inclusive)


def _reaches_further(first: Interval, second: Interval) -> bool:
    if first.upper is None or second.upper is None:
        return first.upper is None
    order = compare_durations(first.upper, second.upper)
    return order > 0 or (order == 0 and first.upper_inclusive)


class Policy(StrEnum):
    """Choose which of several time points of an arm represents an interval."""

    CLOSEST = "closest"
    EARLIEST = "earliest"
    LATEST = "latest"
    LARGEST_N = "largest_n"


@dataclass(frozen=True)
class Candidate:
    """Hold one measurement of an arm: its key, its time and the patients analysed (None: not known)."""

    key: str
    time_point: TimePoint
    n: int | None


@dataclass(frozen=True)
class Pick:
    """Hold the one measurement that counts and, with a sentence each, those that were passed over."""

    chosen: Candidate
    passed_over: tuple[tuple[Candidate, str], ...]


def pick_one(candidates: Sequence[Candidate], interval: Interval, policy: Policy = Policy.CLOSEST) -> Pick:
    """Keep one measurement of an arm in an interval: by policy, then the larger n, then the later time.

    An interval without a target (before treatment) has no closest time; there the larger n decides at once.
    Raises ValueError when there is nothing to choose from.
    """
    if not candidates:
        raise ValueError(f"There is no measurement in “{interval.label}” to choose from.")
    ranked = sorted(candidates, key=lambda each: _rank(each, interval, policy))
    chosen = ranked[0]
    name = policy.value.replace("_", " ")
    reason = f"“{chosen.time_point.label}” represents “{interval.label}” (policy: {name})."
    return Pick(chosen, tuple((each, reason) for each in ranked[1:]))


def _rank(candidate: Candidate, interval: Interval, policy: Policy) -> tuple[Decimal, int, Decimal, str]:
    """Return a sort key, best first; the last part keeps the order fixed when all else is equal."""
    centre = candidate.time_point.centre
    days = Decimal(0) if centre is None else centre.days
    position = -days if candidate.time_point.phase is Phase.PRE else days
    first = Decimal(0)
    if policy is Policy.CLOSEST and interval.target is not None:
        first = interval.target.days if centre is None else distance(centre, interval.target)
    elif policy in (Policy.EARLIEST, Policy.LATEST):
        first = position if policy is Policy.EARLIEST else -position
    return first, -(candidate.n if candidate.n is not None else -1), -position, candidate.key
