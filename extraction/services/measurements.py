"""Measurements of an own draft: one outcome of one arm at one time, as the report states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from extraction.domain.time_points import TimePoint, parse_time
from extraction.domain.values import InvalidAnswer, parse
from extraction.models import Arm, Entry, Measurement, Outcome
from extraction.queries.entries import MEASURES, time_key
from extraction.services.drafts import InvalidEntry, count_edit, own_draft, refuse_inexact, refuse_long
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import business


@dataclass(frozen=True)
class GivenMeasurement:
    """What was typed for one outcome of one arm at one time; `numbers` maps columns to typed text.

    Without a `time_point` the time is read from `time_label`.
    """

    arm: str
    outcome: str
    time_label: str
    numbers: Mapping[str, str]
    detail: str = ""
    is_change: bool = False
    is_subset: bool = False
    time_point: TimePoint | None = None
    quote: str = ""
    page: str = ""
    source: str = ""
    note: str = ""


def save_measurement(
    *,
    user: User,
    review: Review,
    entry: Entry,
    given: GivenMeasurement,
    replaces: Measurement | None = None,
    seen: int | None = None,
) -> Measurement:
    """Add a measurement to the person's own draft, or write it in place of `replaces`.

    `seen` is the edit count that the page showed.

    Raises:
        InvalidEntry: a number cannot be read, numbers contradict each other, or the draft has another
            measurement of the same arm, outcome and time.
        Stale: another window saved in the meantime.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = own_draft(user, review, entry, seen=seen)
        row = read_measurement(locked, given)
        for twin in locked.measurements.filter(arm=row.arm, outcome=row.outcome):
            if (replaces is None or twin.pk != replaces.pk) and _is_same_place(twin, row):
                sentence = _(
                    "This entry has a measurement of this outcome, arm and time: edit that one, or tell them "
                    "apart in “detail”."
                )
                raise InvalidEntry({("time_label", ""): sentence})
        if replaces is not None:
            if not locked.measurements.filter(pk=replaces.pk).exists():
                raise Refused(_("The measurement that you edited is no longer there. Add it anew."))
            row.pk = replaces.pk
            row._state.adding = False
        row.save()
        count_edit(locked)
        return row


def remove_measurement(
    *, user: User, review: Review, measurement: Measurement, seen: int | None = None
) -> None:
    """Take a measurement from the person's own draft."""
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = own_draft(user, review, measurement.entry, seen=seen)
        measurement.delete()
        count_edit(locked)


def read_measurement(entry: Entry, given: GivenMeasurement) -> Measurement:
    """Turn typed text into an unsaved measurement.

    Raises:
        InvalidEntry: an unknown arm or outcome, no time, an unreadable or contradictory number.
    """
    arm = Arm.objects.filter(study=entry.study_id, key=given.arm).first()
    outcome = Outcome.objects.filter(review=entry.review_id, key=given.outcome).first()
    errors: dict[tuple[str, str], str] = {}
    if arm is None:
        errors["arm", ""] = _("Choose an arm of this study.")
    if outcome is None:
        errors["outcome", ""] = _("Choose an outcome of this review.")
    if not given.time_label.strip():
        errors["time_label", ""] = _("Write the time as the report states it, for example “6 weeks”.")
    _check_lengths(given, errors)
    columns = _read_numbers(given.numbers, errors)
    errors |= {(key, ""): sentence for key, sentence in contradictions(columns).items()}
    if not errors and not _says_something(columns):
        errors["mean", ""] = _("Enter at least one number, or what the report says in words.")
    if errors or arm is None or outcome is None:
        raise InvalidEntry(errors)
    point = given.time_point or parse_time(given.time_label)
    return Measurement(
        entry=entry,
        arm=arm,
        outcome=outcome,
        detail=given.detail.strip(),
        time_label=given.time_label.strip(),
        phase=point.phase.value,
        time=_storable(point.time.value) if point.time else None,
        time_until=_storable(point.until.value) if point.until else None,
        time_unit=point.time.unit.value if point.time else "",
        is_last_follow_up=point.is_last_follow_up,
        is_change=given.is_change,
        is_subset=given.is_subset,
        quote=given.quote.strip(),
        page=given.page.strip(),
        source=given.source.strip(),
        note=given.note.strip(),
        **columns,
    )


def contradictions(columns: Mapping[str, object]) -> dict[str, str]:
    """Return a sentence for each column that cannot stand beside another."""
    found: dict[str, str] = {}

    def number(key: str) -> Decimal | None:
        value = columns.get(key)
        return Decimal(value) if isinstance(value, int | Decimal) else None

    for key in ("n", "sd", "se", "events", "total"):
        value = number(key)
        if value is not None and value < 0:
            found[key] = _("This number cannot be below zero.")
    for low, high in (("ci_low", "ci_high"), ("q1", "q3"), ("minimum", "maximum")):
        lower, upper = number(low), number(high)
        if lower is not None and upper is not None and lower > upper:
            found[high] = _("The upper value is below the lower one.")
    lower, upper = number("scale_min"), number("scale_max")
    if (lower is None) != (upper is None):
        found["scale_max" if upper is None else "scale_min"] = _("Give both ends of the scale, or neither.")
    elif lower is not None and upper is not None and lower >= upper:
        found["scale_max"] = _("The highest score of the scale must be above its lowest.")
    events, total = number("events"), number("total")
    if events is not None and total is not None and events > total:
        found["events"] = _("There are more events than patients.")
    return found


def _is_same_place(first: Measurement, second: Measurement) -> bool:
    """Say whether two rows of one arm and outcome would be matched, or are forbidden by their constraint."""
    label, other = ((each.detail, each.time_label, each.is_change) for each in (first, second))
    return label == other or time_key(first) == time_key(second)


def _storable(time: Decimal) -> Decimal:
    """Round a time, such as a third of a day, to what its column holds."""
    return time.quantize(Decimal(1).scaleb(-10))


def _says_something(columns: Mapping[str, object]) -> bool:
    """Say whether there is more than a number of patients and a scale."""
    return bool(columns.keys() - {"n", "total", "scale_min", "scale_max"})


def _check_lengths(given: GivenMeasurement, errors: dict[tuple[str, str], str]) -> None:
    texts = {
        "time_label": given.time_label,
        "detail": given.detail,
        "page": given.page,
        "source": given.source,
    }
    for name, text in texts.items():
        try:
            refuse_long(name, text.strip())
        except InvalidAnswer as error:
            errors[name, ""] = str(error)


def _read_numbers(numbers: Mapping[str, str], errors: dict[tuple[str, str], str]) -> dict[str, object]:
    columns: dict[str, object] = {}
    for spec in MEASURES:
        try:
            value = parse(spec, numbers.get(spec.key, ""))
            refuse_inexact(value)
            refuse_long(spec.key, value if isinstance(value, str) else "")
        except InvalidAnswer as error:
            errors[spec.key, ""] = str(error)
            continue
        if value is not None:
            columns[spec.key] = value
    return columns
