"""Entries: each extractor fills an own one, blind to the other's, and submits it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from extraction.domain.time_points import TimePoint, parse_time
from extraction.domain.values import Answer, InvalidAnswer, Missing, parse, parse_missing
from extraction.models import Arm, Entry, Field, FormVersion, Measurement, Outcome, Study, Value
from extraction.queries.entries import MEASURES, consensus_entry, time_key
from extraction.queries.forms import fields_of, spec_of
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business


@dataclass(frozen=True)
class Given:
    """What was typed for one field: a text or a missing code, and where it stands in the report."""

    key: str
    text: str = ""
    slot: str = ""
    missing: str = ""
    quote: str = ""
    page: str = ""
    source: str = ""


@dataclass(frozen=True)
class GivenMeasurement:
    """What was typed for one outcome of one arm at one time; `numbers` maps columns to typed text."""

    arm: str
    outcome: str
    time_label: str
    numbers: Mapping[str, str]
    detail: str = ""
    is_change: bool = False
    time_point: TimePoint | None = None
    quote: str = ""
    page: str = ""
    source: str = ""
    note: str = ""


class InvalidEntry(Refused):
    """Some answers cannot be stored; `errors` maps (field key, slot) to a sentence."""

    def __init__(self, errors: Mapping[tuple[str, str], str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


@dataclass
class _Read:
    """Answers read from a page, and the sentences about those that cannot be read."""

    answers: dict[tuple[str, str], tuple[Field, Answer, Given]] = field(default_factory=dict)
    errors: dict[tuple[str, str], str] = field(default_factory=dict)


def open_entry(*, user: User, review: Review, study: Study, version: FormVersion) -> Entry:
    """Return the person's own entry of the study, a new draft if there is none yet.

    Refused: an unpublished form, a study without arms, a study that is settled.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        if study.review_id != review.pk or version.form.review_id != review.pk:
            raise Refused(_("The study and the form must belong to this review."))
        Study.objects.select_for_update().get(pk=study.pk)
        own = Entry.objects.filter(
            study=study, version=version, extractor=user, kind=Entry.Kind.EXTRACTION
        ).first()
        if own:
            return own
        if version.published_at is None:
            raise Refused(_("The form is not published yet: ask an owner to publish it."))
        if not study.arms.exists():
            raise Refused(_("Add the study's arms first; a single-arm series has one, the whole cohort."))
        if consensus_entry(study, version):
            raise Refused(_("This study is settled already."))
        entry = Entry.objects.create(review=review, study=study, version=version, extractor=user)
        audit(user=user, review=review, action="open_entry", subject=f"study:{study.number}")
        return entry


def save_answers(
    *,
    user: User,
    review: Review,
    entry: Entry,
    seen: int,
    given: Iterable[Given],
    source_note: str | None = None,
) -> Entry:
    """Store the answers of one page of the person's own draft; an empty input makes the field blank again.

    `seen` is the entry's edit count that the page showed. Nothing is stored if anything is refused.

    Raises:
        InvalidEntry: an answer does not fit its field.
        Refused: another tab saved in the meantime, the entry is submitted, or it is not the person's own.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = _own_draft(user, review, entry)
        if locked.edit_count != seen:
            raise Refused(
                _(
                    "This entry was changed in another window since you opened it. Reload the page and look at both."
                )
            )
        read = _read(locked, given)
        if read.errors:
            raise InvalidEntry(read.errors)
        for (_key, slot), (form_field, answer, typed) in read.answers.items():
            store_answer(
                locked, form_field, slot, answer, quote=typed.quote, page=typed.page, source=typed.source
            )
        _count_edit(locked)
        if source_note is not None:
            Entry.objects.filter(pk=locked.pk).update(source_note=source_note)
        locked.refresh_from_db()
        return locked


def save_measurement(*, user: User, review: Review, entry: Entry, given: GivenMeasurement) -> Measurement:
    """Add a measurement to the person's own draft, or replace the one of the same arm, outcome and time.

    Raises:
        InvalidEntry: a number cannot be read, or numbers contradict each other.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = _own_draft(user, review, entry)
        row = read_measurement(locked, given)
        twins = locked.measurements.filter(arm=row.arm, outcome=row.outcome)
        for twin in twins.select_related("arm", "outcome"):
            if time_key(twin) == time_key(row):
                twin.delete()
        row.save()
        _count_edit(locked)
        return row


def remove_measurement(*, user: User, review: Review, measurement: Measurement) -> None:
    """Take a measurement from the person's own draft."""
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = _own_draft(user, review, measurement.entry)
        measurement.delete()
        _count_edit(locked)


def submit_entry(*, user: User, review: Review, entry: Entry) -> Entry:
    """Freeze the person's own draft. Refused: an entry in which nothing is answered."""
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = _own_draft(user, review, entry)
        if not locked.values.exists() and not locked.measurements.exists():
            raise Refused(_("This entry is empty: fill in or mark as not reported at least one field."))
        locked.submitted_at = timezone.now()
        locked.save(update_fields=["submitted_at"])
        audit(user=user, review=review, action="submit_entry", subject=f"study:{locked.study.number}")
        return locked


def store_answer(
    entry: Entry,
    form_field: Field,
    slot: str,
    answer: Answer,
    *,
    quote: str = "",
    page: str = "",
    source: str = "",
    origin: str = "",
    rationale: str = "",
) -> None:
    """Write one answer into its typed column inside the running transaction; None removes the row."""
    entry.values.filter(field=form_field, slot=slot).delete()
    if answer is None:
        return
    value = Value(
        entry=entry,
        field=form_field,
        slot=slot,
        quote=quote,
        page=page,
        source=source,
        origin=origin,
        rationale=rationale,
    )
    column, content = _column(form_field, answer)
    setattr(value, column, content)
    value.save()


def _column(form_field: Field, answer: Answer) -> tuple[str, object]:
    if isinstance(answer, Missing):
        return "missing", answer.value
    columns = {
        Field.Kind.TEXT: "text",
        Field.Kind.INTEGER: "integer",
        Field.Kind.NUMBER: "number",
        Field.Kind.DATE: "date",
        Field.Kind.CHOICE: "choice",
    }
    return columns[Field.Kind(form_field.kind)], answer


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
    columns = _read_numbers(given.numbers, errors)
    errors |= {(key, ""): sentence for key, sentence in contradictions(columns).items()}
    if not errors and not columns:
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
        time=point.time.value if point.time else None,
        time_until=point.until.value if point.until else None,
        time_unit=point.time.unit.value if point.time else "",
        is_last_follow_up=point.is_last_follow_up,
        is_change=given.is_change,
        quote=given.quote,
        page=given.page,
        source=given.source,
        note=given.note,
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
    for low, high in (
        ("ci_low", "ci_high"),
        ("q1", "q3"),
        ("minimum", "maximum"),
        ("scale_min", "scale_max"),
    ):
        lower, upper = number(low), number(high)
        if lower is not None and upper is not None and lower > upper:
            found[high] = _("The upper value is below the lower one.")
    events, total = number("events"), number("total")
    if events is not None and total is not None and events > total:
        found["events"] = _("There are more events than patients.")
    return found


def _read_numbers(numbers: Mapping[str, str], errors: dict[tuple[str, str], str]) -> dict[str, object]:
    columns: dict[str, object] = {}
    for spec in MEASURES:
        try:
            value = parse(spec, numbers.get(spec.key, ""))
        except InvalidAnswer as error:
            errors[spec.key, ""] = str(error)
            continue
        if value is not None:
            columns[spec.key] = value
    return columns


def _read(entry: Entry, given: Iterable[Given]) -> _Read:
    fields = {form_field.key: form_field for form_field in fields_of(entry.version)}
    arms = set(entry.study.arms.values_list("key", flat=True))
    read = _Read()
    for typed in given:
        place = (typed.key, typed.slot)
        form_field = fields.get(typed.key)
        slots = arms if form_field and form_field.scope == Field.Scope.ARM else {""}
        if form_field is None or typed.slot not in slots:
            read.errors[place] = _("The form has no such field; reload the page.")
            continue
        try:
            read.answers[place] = (form_field, _answer(form_field, typed), typed)
        except InvalidAnswer as error:
            read.errors[place] = str(error)
    return read


def _answer(form_field: Field, typed: Given) -> Answer:
    if typed.missing and typed.text.strip():
        raise InvalidAnswer(
            _("%(label)s: there is a value and a mark “missing”; keep one of them.")
            % {"label": form_field.label}
        )
    if typed.missing:
        return parse_missing(typed.missing)
    value = parse(spec_of(form_field), typed.text)
    if isinstance(value, tuple):
        raise InvalidAnswer(_("%(label)s: choose one.") % {"label": form_field.label})
    return value


def _own_draft(user: User, review: Review, entry: Entry) -> Entry:
    locked = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("study", "version")
        .filter(pk=entry.pk, review=review)
        .first()
    )
    if locked is None or locked.extractor_id != user.pk or locked.kind != Entry.Kind.EXTRACTION:
        raise Refused(_("This is not your entry."))
    if locked.submitted_at is not None:
        raise Refused(_("This entry is submitted and can no longer be changed."))
    return locked


def _count_edit(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(edit_count=F("edit_count") + 1)
