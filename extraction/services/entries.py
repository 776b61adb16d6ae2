"""Entries: each extractor fills an own one, blind to the other's, and submits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from extraction.domain.values import Answer, InvalidAnswer, Missing, parse, parse_missing
from extraction.models import Entry, Field, FormVersion, Study, Value
from extraction.queries.entries import N_INDEPENDENT, consensus_entry, counting_entries
from extraction.queries.forms import fields_of, spec_of
from extraction.services.drafts import InvalidEntry, count_edit, own_draft, refuse_inexact, refuse_long
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


@dataclass
class _Read:
    """Answers read from a page, and the sentences about those that cannot be read."""

    answers: dict[tuple[str, str], tuple[Field, Answer, Given]] = field(default_factory=dict)
    errors: dict[tuple[str, str], str] = field(default_factory=dict)


def open_entry(*, user: User, review: Review, study: Study, version: FormVersion) -> Entry:
    """Return the person's own entry of the study, a new draft if there is none yet.

    Refused: an unpublished form, a study without arms, a study that is settled or has two entries.
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
        if len(counting_entries(study, version)) >= N_INDEPENDENT:
            raise Refused(_("Two people extract this study already: a third entry would not count."))
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
        Stale: another window saved in the meantime.
        Refused: the entry is submitted, or it is not the person's own.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = own_draft(user, review, entry, seen=seen)
        read = _read(locked, given)
        if read.errors:
            raise InvalidEntry(read.errors)
        for (_key, slot), (form_field, answer, typed) in read.answers.items():
            store_answer(
                locked,
                form_field,
                slot,
                answer,
                quote=typed.quote.strip(),
                page=typed.page.strip(),
                source=typed.source.strip(),
            )
        if source_note is not None:
            Entry.objects.filter(pk=locked.pk).update(source_note=source_note.strip())
        count_edit(locked)
        locked.refresh_from_db()
        return locked


def submit_entry(*, user: User, review: Review, entry: Entry, seen: int | None = None) -> Entry:
    """Freeze the person's own draft. Refused: an entry in which nothing is answered.

    Raises:
        Stale: another window saved after the page that showed the edit count `seen`.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        locked = own_draft(user, review, entry, seen=seen)
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
    for name in ("page", "source"):
        refuse_long(name, getattr(typed, name))
    answer = parse_missing(typed.missing) if typed.missing else parse(spec_of(form_field), typed.text)
    if isinstance(answer, tuple):
        raise InvalidAnswer(_("%(label)s: choose one.") % {"label": form_field.label})
    refuse_inexact(answer)
    if answer is None and (typed.quote.strip() or typed.page.strip() or typed.source.strip()):
        raise InvalidAnswer(
            _("%(label)s: there is a passage but no answer; enter the answer or a mark.")
            % {"label": form_field.label}
        )
    return answer
