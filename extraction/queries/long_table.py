"""The long table: settled answers and measurements as plain rows, the one source of every synthesis.

Only consensus entries count, of studies with an included report; where a form has several versions, a study's
entry of the newest one. Choosing one of several time points in an interval is left to the synthesis
(`extraction.domain.intervals.pick_one`); nothing is dropped here, unassigned rows stay with their sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery

from extraction.domain.intervals import Flag, Interval, assign
from extraction.domain.scales import Scale, Statistics, convert
from extraction.domain.time_points import TimePoint
from extraction.domain.values import Answer
from extraction.models import Entry, Measurement, Value
from extraction.queries.entries import answer_of
from extraction.queries.protocol import intervals_of, plain, time_point_of
from extraction.queries.studies import included_studies
from reviewsite.workspace.models import Review

__all__ = ["FieldRow", "MeasurementRow", "field_rows", "measurement_rows"]


@dataclass(frozen=True)
class MeasurementRow:
    """Hold one settled measurement: study × arm × outcome × time point.

    `values` are on the outcome's scale and are what a synthesis uses; `reported` are as the report states
    them. The two differ only if `conversion` is a sentence; the row's own scale stands in `scale`. None means
    not stated, never zero. `n` is the patients analysed at this time; `arm_size` the size of the arm, if the
    form asks for it and the report gives it. `group_key` is None for an arm that is not pooled.
    """

    study_id: int
    study_number: int
    study_label: str
    arm_key: str
    arm_label: str
    group_key: str | None
    allocation: str
    """stated, majority (mixed arm allocated to the more frequent group) or none."""
    outcome_key: str
    outcome_label: str
    detail: str
    """Tells apart several measurements of one outcome at one time, for example a subscale; usually empty."""
    interval_key: str | None
    """None: unassigned; `interval_flag` and `interval_sentence` say why."""
    interval_flag: Flag
    interval_sentence: str
    phase: str
    """pre, post or unknown."""
    time_label: str
    time_point: TimePoint
    is_change: bool
    n: int | None
    events: int | None
    total: int | None
    values: Statistics
    reported: Statistics
    scale: Scale | None
    outcome_scale: Scale | None
    conversion: str
    """How `values` follow from `reported`, or empty if they are the same."""
    as_reported: str
    arm_size: int | None
    """None also where only part of the arm was measured."""
    basis: str
    """double (settled from two independent entries) or single."""
    origin: str
    """both, a, b, third, mixed, or empty in a single extraction."""
    entry_id: int
    measurement_id: int

    @property
    def mean(self) -> Decimal | None:
        """Return the mean on the outcome's scale."""
        return self.values.mean

    @property
    def sd(self) -> Decimal | None:
        """Return the standard deviation on the outcome's scale."""
        return self.values.sd

    @property
    def median(self) -> Decimal | None:
        """Return the median on the outcome's scale."""
        return self.values.median


@dataclass(frozen=True)
class FieldRow:
    """Hold one settled answer: study × field, and × arm for fields asked once per arm.

    A blank has no row. `answer` is a `Missing` mark or the typed value, zero included. `arm_key`,
    `arm_label`, `group_key` and `allocation` are None for fields of the study.
    """

    study_id: int
    study_number: int
    study_label: str
    arm_key: str | None
    arm_label: str | None
    group_key: str | None
    allocation: str | None
    form_slug: str
    section: str
    field_key: str
    field_label: str
    kind: str
    unit: str
    summary: str
    is_arm_size: bool
    denominator_key: str
    denominator_unit: str
    partition: str
    position: int
    """The field's place in its form."""
    answer: Answer
    page: str
    quote: str
    basis: str
    origin: str
    entry_id: int
    value_id: int


def measurement_rows(review: Review) -> list[MeasurementRow]:
    """Return every settled measurement in order of study, outcome, arm, phase and time; three queries."""
    entries = _settled(review)
    intervals = intervals_of(review)
    sizes = _arm_sizes(entries)
    measurements = Measurement.objects.filter(entry__in=entries).select_related(
        "entry__study", "arm__group", "outcome"
    )
    rows = [
        (_order(each, row.time_point), row)
        for each in measurements
        for row in [_measurement_row(each, intervals, sizes)]
    ]
    return [row for _key, row in sorted(rows, key=lambda pair: pair[0])]


def field_rows(review: Review) -> list[FieldRow]:
    """Return every settled answer in order of study, field and arm; three queries."""
    entries = _settled(review)
    values = (
        Value.objects.filter(entry__in=entries)
        .select_related("entry__study", "field__version__form")
        .prefetch_related("entry__study__arms__group")
        .order_by("entry__study__number", "field__version__form", "field__position", "slot", "pk")
    )
    return [_field_row(value) for value in values]


def _settled(review: Review) -> QuerySet[Entry]:
    """Return one consensus entry per study and form, of the newest version."""
    newest = (
        Entry.objects.filter(
            study=OuterRef("study"),
            version__form=OuterRef("version__form"),
            kind=Entry.Kind.CONSENSUS,
            submitted_at__isnull=False,
        )
        .order_by("-version__number")
        .values("pk")[:1]
    )
    return Entry.objects.filter(
        review=review,
        kind=Entry.Kind.CONSENSUS,
        submitted_at__isnull=False,
        study__in=included_studies(review),
    ).filter(pk=Subquery(newest))


def _arm_sizes(entries: QuerySet[Entry]) -> dict[tuple[int, str], int]:
    """Return the size of each arm by study and arm key; a form that gives none leaves the other's."""
    values = Value.objects.filter(entry__in=entries, field__is_arm_size=True).annotate(
        of_study=F("entry__study")
    )
    sizes: dict[tuple[int, str], int] = {}
    for value in values.order_by("pk"):
        size = answer_of(value)
        if isinstance(size, int | Decimal) and size == int(size):
            sizes.setdefault((value.of_study, value.slot), int(size))
    return sizes


def _order(measurement: Measurement, point: TimePoint) -> tuple[int, int, int, int, Decimal, int]:
    when = point.centre
    return (
        measurement.entry.study.number,
        measurement.outcome.position,
        measurement.arm.position,
        ("pre", "post", "unknown").index(measurement.phase),
        when.days if when else Decimal("Infinity"),
        measurement.pk,
    )


def _measurement_row(
    measurement: Measurement, intervals: list[Interval], sizes: dict[tuple[int, str], int]
) -> MeasurementRow:
    study, arm, outcome = measurement.entry.study, measurement.arm, measurement.outcome
    point = time_point_of(measurement)
    assignment = assign(point, intervals)
    scale = Scale.of(measurement.scale_min, measurement.scale_max)
    outcome_scale = Scale.of(outcome.scale_min, outcome.scale_max)
    reported = Statistics(
        **{
            key: plain(number)
            for key in Statistics.__dataclass_fields__
            if (number := getattr(measurement, key)) is not None
        }
    )
    values, conversion = convert(reported, scale, outcome_scale, is_change=measurement.is_change)
    return MeasurementRow(
        study_id=study.pk,
        study_number=study.number,
        study_label=study.label,
        arm_key=arm.key,
        arm_label=arm.label,
        group_key=arm.group.key if arm.group else None,
        allocation=arm.allocation,
        outcome_key=outcome.key,
        outcome_label=outcome.label,
        detail=measurement.detail,
        interval_key=assignment.interval.key if assignment.interval else None,
        interval_flag=assignment.flag,
        interval_sentence=assignment.sentence,
        phase=measurement.phase,
        time_label=measurement.time_label,
        time_point=point,
        is_change=measurement.is_change,
        n=measurement.n,
        events=measurement.events,
        total=measurement.total,
        values=values,
        reported=reported,
        scale=scale,
        outcome_scale=outcome_scale,
        conversion=conversion,
        as_reported=measurement.as_reported,
        arm_size=None if measurement.is_subset else sizes.get((study.pk, arm.key)),
        basis=measurement.entry.basis,
        origin=measurement.origin,
        entry_id=measurement.entry_id,
        measurement_id=measurement.pk,
    )


def _field_row(value: Value) -> FieldRow:
    entry, field = value.entry, value.field
    arm = next((each for each in entry.study.arms.all() if value.slot and each.key == value.slot), None)
    return FieldRow(
        study_id=entry.study.pk,
        study_number=entry.study.number,
        study_label=entry.study.label,
        arm_key=arm.key if arm else None,
        arm_label=arm.label if arm else None,
        group_key=arm.group.key if arm and arm.group else None,
        allocation=arm.allocation if arm else None,
        form_slug=field.version.form.slug,
        section=field.section,
        field_key=field.key,
        field_label=field.label,
        kind=field.kind,
        unit=field.unit,
        summary=field.summary,
        is_arm_size=field.is_arm_size,
        denominator_key=field.denominator_key,
        denominator_unit=field.denominator_unit,
        partition=field.partition,
        position=field.position,
        answer=answer_of(value),
        page=value.page,
        quote=value.quote,
        basis=entry.basis,
        origin=value.origin,
        entry_id=value.entry_id,
        value_id=value.pk,
    )
