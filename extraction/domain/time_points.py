"""Follow-up times as reports state them: durations in the reported unit, time points, and their words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise


class Phase(StrEnum):
    """Say whether a time lies before or after the treatment."""

    PRE = "pre"
    POST = "post"
    UNKNOWN = "unknown"


class TimeUnit(StrEnum):
    """Name the unit in which a report states a time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


# The usual equivalences: 1 month = 30 days; 13, 26 and 52 weeks = 3, 6 and 12 months. Between them a straight
# line; after the last one its slope, so that 104 weeks are 24 months.
_MONTHS_TO_DAYS = ((0, 0), (1, 30), (3, 91), (6, 182), (12, 364))


@dataclass(frozen=True)
class Duration:
    """Hold a length of time in the unit in which it was reported; zero or more."""

    value: Decimal
    unit: TimeUnit

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise ValueError(f"A duration is zero or more, not {self.value}. Use the phase to say “before”.")

    def __str__(self) -> str:
        return f"{self.value} {self.unit.value}{'' if self.value == 1 else 's'}"

    @property
    def in_months(self) -> bool:
        """Tell whether the unit is month or year, and not day or week."""
        return self.unit in (TimeUnit.MONTH, TimeUnit.YEAR)

    @property
    def base(self) -> Decimal:
        """Return the exact length in months for months and years, in days for days and weeks."""
        factor = {TimeUnit.DAY: 1, TimeUnit.WEEK: 7, TimeUnit.MONTH: 1, TimeUnit.YEAR: 12}[self.unit]
        return self.value * factor

    @property
    def days(self) -> Decimal:
        """Return the length in days; months by the alias table (1 month = 30, 6 months = 182 days)."""
        if not self.in_months:
            return self.base
        months = self.base
        for (low_months, low_days), (high_months, high_days) in pairwise(_MONTHS_TO_DAYS):
            if months < high_months:
                return low_days + (months - low_months) * (high_days - low_days) / (high_months - low_months)
        last_months, last_days = _MONTHS_TO_DAYS[-1]
        return months * last_days / last_months


def compare_durations(first: Duration, second: Duration) -> int:
    """Return -1, 0 or 1; exact among days and weeks and among months and years, by the alias table across."""
    if first.in_months == second.in_months:
        left, right = first.base, second.base
    else:
        left, right = first.days, second.days
    return (left > right) - (left < right)


_DAYS_PER_MONTH = Decimal(364) / 12


def distance(first: Duration, second: Duration) -> Decimal:
    """Return how far apart two times are, in days; among months, equal numbers of months are equally far."""
    apart = abs(first.base - second.base)
    if first.in_months and second.in_months:
        return apart * _DAYS_PER_MONTH
    return apart if first.in_months == second.in_months else abs(first.days - second.days)


def midpoint(first: Duration, second: Duration) -> Duration:
    """Return the time halfway between two durations; in months if both are calendar units, else in days."""
    if first.in_months and second.in_months:
        return Duration((first.base + second.base) / 2, TimeUnit.MONTH)
    return Duration((first.days + second.days) / 2, TimeUnit.DAY)


@dataclass(frozen=True)
class TimePoint:
    """Hold a time of measurement as reported; `until` is the end of a range, `time` None means not known.

    Before treatment `time` counts backwards: one day before is phase pre with one day.
    """

    label: str
    phase: Phase
    time: Duration | None = None
    until: Duration | None = None
    is_last_follow_up: bool = False

    def __post_init__(self) -> None:
        if self.until is not None and self.time is None:
            raise ValueError(f"“{self.label}” has an end of range but no beginning. Give both ends.")
        if self.time and self.until and compare_durations(self.time, self.until) > 0:
            raise ValueError(f"“{self.label}” ends before it begins ({self.time} to {self.until}).")

    @property
    def centre(self) -> Duration | None:
        """Return the time, or the middle of the range; None when no time is known."""
        if self.time is None or self.until is None:
            return self.time
        return midpoint(self.time, self.until)


_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNIT = r"(?P<unit>hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mths?|mos?|years?|yrs?|y)\b"
_NUMBER = r"\d+(?:[.,]\d+)?"
_AMOUNT = re.compile(rf"(?<![\w.,])(?P<low>{_NUMBER})(?:\s*(?:-|to)\s*(?P<high>{_NUMBER}))?[\s-]*{_UNIT}")
_AMOUNT_AFTER = re.compile(
    rf"\b(?P<unit>day|week|month|year)\s+(?P<low>{_NUMBER})(?P<high>)(?![\w.,]*\d|\s*(?:-|to|and|,))"
)
_BETWEEN = re.compile(rf"\bbetween\s+({_NUMBER})\s+and\s+({_NUMBER})")
_PRE = re.compile(
    r"\b(?:before|baseline|prior to|pre-|pre(?:op|treat|proced|surg|interven|therap|test|random)\w*)"
)
_POST = re.compile(
    r"\b(?:after|following|follow-?\s?up|discharge|post-"
    r"|post\s?(?:op|treat|proced|surg|interven|therap)\w*)"
)
_LAST = re.compile(
    r"\b(?:(?:last|final|latest|mean|median|average) (?:available )?(?:follow-?\s?up|fu)\b"
    r"|end of (?:the )?(?:follow-?\s?up|study)|mean|median|average)"
)
_AT_ONCE = re.compile(r"\b(?:immediate\w*|(?:(?:at|on) )?discharge)\b")
# A limit says where a time lies, not which it is.
_LIMIT = re.compile(
    r"[<>≤≥]|\b(?:within|less than|more than|at least|up to|under|over|until|minimum|maximum|every)\b"
)
_SPREAD = re.compile(rf"\((?=[^)]*(?:range|sd|min|max|iqr|\d\s*-))[^)]*\)|(?:±|\+/-|\+-)\s*{_NUMBER}")
_NEXT_DAY = re.compile(r"(?:^|\bthe |\bnext )day after\b")


def parse_time(text: str) -> TimePoint:
    """Read a time point from the words of a report; what is not certain stays unknown.

    “24 hours”, “6 weeks”, “3 to 6 months”, “preoperative” and “mean follow-up 9.0 months” are read. Several
    times at once (“6 and 12 months”), limits (“< 6 months”) and undated words (“postoperative”) give no time.
    Immediately after and at discharge are day 0. Hours become days, since intervals do not count hours.
    """
    label = " ".join(text.split())
    plain = _plain(label)
    is_pre, is_post = bool(_PRE.search(plain)), bool(_POST.search(plain))
    is_at_once = bool(_AT_ONCE.search(plain)) and not is_pre
    is_last = bool(_LAST.search(plain))
    amounts = list(_AMOUNT.finditer(plain)) or list(_AMOUNT_AFTER.finditer(plain))
    if is_pre and is_post:
        return TimePoint(label, Phase.UNKNOWN)
    phase = (
        Phase.PRE if is_pre else Phase.POST if is_post or is_last or is_at_once or amounts else Phase.UNKNOWN
    )
    is_last = is_last and phase is Phase.POST
    if _LIMIT.search(plain) or len(amounts) > 1 or _has_loose_number(plain, amounts):
        return TimePoint(label, phase, is_last_follow_up=is_last)
    if not amounts:
        time = Duration(Decimal(0), TimeUnit.DAY) if is_at_once and not is_last else None
        return TimePoint(label, phase, time, is_last_follow_up=is_last)
    return _with_amount(label, phase, amounts[0], is_last)


def _plain(label: str) -> str:
    """Return the text in lower case with dashes, number words and statements of spread made uniform."""
    plain = label.lower().replace("\N{EN DASH}", "-").replace("\N{EM DASH}", "-")
    plain = _SPREAD.sub(" ", plain)
    for number, word in enumerate(_WORDS, start=1):
        plain = re.sub(rf"\b{word}(?=[\s-]+(?:hour|day|week|month|year))", str(number), plain)
    return _NEXT_DAY.sub("1 day after", _BETWEEN.sub(r"\1 to \2", plain))


def _has_loose_number(plain: str, amounts: list[re.Match[str]]) -> bool:
    """Tell whether numbers are left outside the amount: “6 and 12 months” names two times, not one."""
    rest = plain
    for match in amounts:
        rest = rest.replace(match.group(0), " ", 1)
    return bool(amounts) and bool(re.search(r"\d", rest))


def _with_amount(label: str, phase: Phase, match: re.Match[str], is_last: bool) -> TimePoint:
    unit = match.group("unit")
    low, high = match.group("low"), match.group("high")
    # “1,000 days”: a thousand or one? And nobody is followed up for a million of anything.
    if any(re.fullmatch(r"[1-9]\d{0,2},\d{3}|\d{7,}.*", number or "") for number in (low, high)):
        return TimePoint(label, phase, is_last_follow_up=is_last)
    start = _duration(low, unit)
    end = _duration(high, unit) if high else None
    if end is not None and compare_durations(start, end) >= 0:
        return TimePoint(label, phase, is_last_follow_up=is_last)
    return TimePoint(label, phase, start, end, is_last)


def _duration(number: str, unit: str) -> Duration:
    value = Decimal(number.replace(",", "."))
    if unit.startswith("h"):
        return Duration(value / 24, TimeUnit.DAY)
    return Duration(value, next(each for each in TimeUnit if each.value.startswith(unit[0])))
