"""The settled answers and measurements of a study, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.intervals import Assignment, assign
from extraction.domain.values import Answer, Missing, show
from extraction.models import Arm, Entry, Measurement, Value
from extraction.models.entries import MISSING_CHOICES
from extraction.queries.entries import MEASURES, answer_of, measurements_of
from extraction.queries.protocol import intervals_of, plain, time_point_of

NUMBER_WORDS = {spec.key: spec.label for spec in MEASURES}


@dataclass(frozen=True)
class SettledValue:
    """Hold one settled answer as text, with the arm it belongs to."""

    value: Value
    arm: Arm | None
    text: str
    is_missing: bool


@dataclass(frozen=True)
class ShownMeasurement:
    """Hold a measurement with its numbers as text and the interval that its time falls into."""

    measurement: Measurement
    numbers: list[tuple[str, str]]
    assignment: Assignment


def settled_values(entry: Entry) -> list[SettledValue]:
    """Return an entry's answers in the order of its form; two queries."""
    arms = {arm.key: arm for arm in Arm.objects.filter(study=entry.study_id)}
    values = list(entry.values.select_related("field").order_by("field__position", "field", "slot"))
    order = {key: arm.position for key, arm in arms.items()}
    values.sort(key=lambda value: (value.field.position, value.field_id, order.get(value.slot, 0)))
    return [
        SettledValue(value, arms.get(value.slot), text_of(value), value.missing is not None)
        for value in values
    ]


def text_of(value: Value) -> str:
    """Return a stored answer as a person wrote it; a mark in its words."""
    return answer_text(answer_of(value))


def answer_text(answer: Answer) -> str:
    """Return an answer as text, without the zeros that the column adds; a mark in its words."""
    if isinstance(answer, Missing):
        return str(dict(MISSING_CHOICES)[answer.value])
    return f"{plain(answer):f}" if isinstance(answer, Decimal) else show(answer)


def number_text(measurement: Measurement, key: str) -> str:
    """Return one column of a measurement as text; empty if not stated."""
    number = getattr(measurement, key)
    if number is None or isinstance(number, str):
        return number or ""
    return str(number) if isinstance(number, int) else f"{plain(number):f}"


def shown_measurements(entry: Entry) -> list[ShownMeasurement]:
    """Return an entry's measurements for a table; two queries."""
    intervals = intervals_of(entry.review)
    return [
        ShownMeasurement(
            measurement,
            [
                (NUMBER_WORDS[spec.key], text)
                for spec in MEASURES
                if (text := number_text(measurement, spec.key))
            ],
            assign(time_point_of(measurement), intervals),
        )
        for measurement in measurements_of(entry)
    ]
