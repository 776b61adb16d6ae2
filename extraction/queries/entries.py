"""Entries and their answers; the only door to other people's entries is `visible_to`."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from extraction.domain.compare import Slot
from extraction.domain.values import Answer, FieldKind, FieldSpec, Missing
from extraction.models import Entry, FormVersion, Measurement, Study, Value
from extraction.queries.forms import fields_of, spec_of
from extraction.queries.protocol import plain
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.queries.membership import can, roles_of

N_INDEPENDENT = 2
_LARGEST_COUNT = Decimal(2_147_483_647)  # what a column of whole numbers holds

MEASURES = (
    FieldSpec("n", "Patients analysed", FieldKind.INTEGER, maximum=_LARGEST_COUNT),
    FieldSpec("mean", "Mean", FieldKind.NUMBER),
    FieldSpec("sd", "Standard deviation", FieldKind.NUMBER),
    FieldSpec("se", "Standard error", FieldKind.NUMBER),
    FieldSpec("ci_low", "CI, lower", FieldKind.NUMBER),
    FieldSpec("ci_high", "CI, upper", FieldKind.NUMBER),
    FieldSpec("median", "Median", FieldKind.NUMBER),
    FieldSpec("q1", "First quartile", FieldKind.NUMBER),
    FieldSpec("q3", "Third quartile", FieldKind.NUMBER),
    FieldSpec("minimum", "Lowest", FieldKind.NUMBER),
    FieldSpec("maximum", "Highest", FieldKind.NUMBER),
    FieldSpec("events", "Events", FieldKind.INTEGER, maximum=_LARGEST_COUNT),
    FieldSpec("total", "Out of", FieldKind.INTEGER, maximum=_LARGEST_COUNT),
    FieldSpec("scale_min", "Scale used, lowest", FieldKind.NUMBER),
    FieldSpec("scale_max", "Scale used, highest", FieldKind.NUMBER),
    FieldSpec("as_reported", "As reported", FieldKind.TEXT),
)


def visible_to(user: User, review: Review) -> QuerySet[Entry]:
    """Return the entries that the person may see now.

    Their own always; every entry of a study that is settled; and, for those who settle, submitted entries
    once two are submitted – or once one is, if they do not extract themselves. Outsiders see none.
    """
    if not roles_of(user, review):
        return Entry.objects.none()
    settled = Entry.objects.filter(
        study=OuterRef("study"),
        version=OuterRef("version"),
        kind=Entry.Kind.CONSENSUS,
        submitted_at__isnull=False,
    )
    seen = Q(extractor=user) | Q(Exists(settled))
    if can(user, review, Capability.ADJUDICATE):
        partner = Entry.objects.filter(
            study=OuterRef("study"),
            version=OuterRef("version"),
            kind=Entry.Kind.EXTRACTION,
            submitted_at__isnull=False,
        ).exclude(pk=OuterRef("pk"))
        is_extractor = can(user, review, Capability.EXTRACT)
        seen |= (
            Q(Exists(partner), submitted_at__isnull=False) if is_extractor else Q(submitted_at__isnull=False)
        )
    return Entry.objects.filter(seen, review=review).select_related("study", "version", "extractor")


def own_entry(user: User, study: Study, version: FormVersion) -> Entry | None:
    """Return the person's own entry of the study."""
    return Entry.objects.filter(
        study=study, version=version, extractor=user, kind=Entry.Kind.EXTRACTION
    ).first()


def submitted_entries(study: Study, version: FormVersion) -> list[Entry]:
    """Return the submitted independent entries of a study in the order of their submission."""
    return list(
        Entry.objects.filter(
            study=study, version=version, kind=Entry.Kind.EXTRACTION, submitted_at__isnull=False
        )
        .select_related("extractor")
        .order_by("submitted_at", "pk")
    )


def counting_entries(study: Study, version: FormVersion) -> list[Entry]:
    """Return the independent entries that are submitted or whose extractor can still submit them."""
    entries = Entry.objects.filter(study=study, version=version, kind=Entry.Kind.EXTRACTION).select_related(
        "review", "extractor"
    )
    return [
        entry
        for entry in entries
        if entry.submitted_at is not None or can(entry.extractor, entry.review, Capability.EXTRACT)
    ]


def consensus_entry(study: Study, version: FormVersion) -> Entry | None:
    """Return the study's settled entry."""
    return Entry.objects.filter(study=study, version=version, kind=Entry.Kind.CONSENSUS).first()


def answer_of(value: Value) -> Answer:
    """Return the one typed answer of a value row."""
    if value.missing is not None:
        return Missing(value.missing)
    typed = (value.text, value.integer, value.number, value.date, value.choice)
    return next((each for each in typed if each is not None), None)


def time_key(measurement: Measurement) -> str:
    """Return the key by which the same time point of two entries is matched, whatever words name it."""
    until = f"{plain(measurement.time_until):f}" if measurement.time_until is not None else ""
    when = (
        f"{plain(measurement.time):f}-{until}{measurement.time_unit}"
        if measurement.time is not None
        else ("" if measurement.phase == Measurement.Phase.PRE else measurement.time_label.casefold())
    )
    change = "change" if measurement.is_change else ""
    return "|".join([measurement.phase, when, measurement.detail.casefold(), change])


def measurement_row(measurement: Measurement) -> tuple[str, str, str]:
    """Return arm, outcome and time point, by which measurements of two entries are matched."""
    return measurement.arm.key, measurement.outcome.key, time_key(measurement)


def measurements_of(entry: Entry) -> QuerySet[Measurement]:
    """Return an entry's measurements with arm and outcome, those before the intervention first."""
    phases = Case(
        When(phase=Measurement.Phase.PRE, then=0), When(phase=Measurement.Phase.POST, then=1), default=2
    )
    return entry.measurements.select_related("arm", "outcome").order_by(
        "outcome__position", "arm__position", phases, "pk"
    )


def answers_of(entry: Entry) -> dict[Slot, Answer]:
    """Return everything an entry says, slot by slot, for the comparison."""
    answers: dict[Slot, Answer] = {
        Slot(value.field.key, arm=value.slot): answer_of(value)
        for value in entry.values.select_related("field")
    }
    for measurement in measurements_of(entry):
        arm, outcome, time_point = measurement_row(measurement)
        for spec in MEASURES:
            answer = getattr(measurement, spec.key)
            if answer is not None and answer != "":
                answers[Slot(spec.key, arm, outcome, time_point)] = answer
    return answers


def comparison_specs(version: FormVersion) -> list[FieldSpec]:
    """Return the definitions of all answers that an entry can hold: the form's fields, then the measures."""
    return [*(spec_of(field) for field in fields_of(version)), *MEASURES]
