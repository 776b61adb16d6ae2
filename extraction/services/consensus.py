"""Settle a study: two entries compared answer by answer, or one entry accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from extraction.domain.compare import (
    Agreement,
    Choice,
    Difference,
    Finding,
    Slot,
    Source,
    choose,
    compare,
    unsettled,
)
from extraction.domain.values import Answer, FieldSpec, InvalidAnswer, parse, parse_missing
from extraction.models import Entry, Field, FormVersion, Study
from extraction.queries.entries import (
    MEASURES,
    answers_of,
    comparison_specs,
    consensus_entry,
    counting_entries,
    measurement_row,
    measurements_of,
    submitted_entries,
)
from extraction.queries.forms import fields_of
from extraction.services.drafts import refuse_inexact, refuse_long
from extraction.services.entries import store_answer
from extraction.services.measurements import contradictions
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business

MEASURE_KEYS = frozenset(spec.key for spec in MEASURES)


@dataclass(frozen=True)
class GivenChoice:
    """What was chosen for one difference: entry a, entry b, or a third value with its reason."""

    slot: Slot
    source: str
    text: str = ""
    missing: str = ""
    reason: str = ""


class Unsettled(Refused):
    """Some differences are not settled; `errors` maps their slots to sentences."""

    def __init__(self, errors: Mapping[Slot, str]) -> None:
        super().__init__(_("%(n)s differences still need a choice.") % {"n": len(errors)})
        self.errors = dict(errors)


def findings_of(first: Entry, second: Entry) -> list[Finding]:
    """Compare two entries of the same study and form version."""
    return compare(answers_of(first), answers_of(second), comparison_specs(first.version))


def settle_entries(
    *, user: User, review: Review, study: Study, version: FormVersion, choices: Iterable[GivenChoice]
) -> Entry:
    """Write the consensus entry from the two submitted entries and a choice for each difference.

    Agreeing answers are taken over. Refused: fewer than two submitted entries, a settled study, or an
    extractor of the study settling alone.

    Raises:
        Unsettled: a difference without a valid choice; nothing is stored.
    """
    with business(user=user, review=review, needs=Capability.ADJUDICATE):
        _lock_unsettled(review, study, version)
        entries = submitted_entries(study, version)
        if len(entries) < 2:
            raise Refused(_("Two submitted entries are needed to settle this study."))
        if user.pk in {entry.extractor_id for entry in entries}:
            raise Refused(_("You extracted this study yourself: somebody else has to settle it."))
        first, second = entries[:2]
        findings = findings_of(first, second)
        chosen = _choices(findings, choices, {spec.key: spec for spec in comparison_specs(version)})
        consensus = Entry.objects.create(
            review=review,
            study=study,
            version=version,
            kind=Entry.Kind.CONSENSUS,
            basis=Entry.Basis.DOUBLE,
            extractor=user,
            submitted_at=timezone.now(),
        )
        _store_values(consensus, first, second, findings, chosen)
        _store_measurements(consensus, first, second, findings, chosen)
        audit(
            user=user,
            review=review,
            action="settle_entries",
            subject=f"study:{study.number}",
            n_agreements=sum(isinstance(finding, Agreement) for finding in findings),
            choices=[[str(slot), choice.source.value, choice.reason] for slot, choice in chosen.items()],
        )
        return consensus


def accept_single_entry(*, user: User, review: Review, entry: Entry, rationale: str) -> Entry:
    """Make one submitted entry the settled one, marked as a single extraction.

    Refused: a blank rationale, a draft, a settled study, an own entry, or a second entry that is submitted or
    still being written by somebody who may submit it.
    """
    with business(user=user, review=review, needs=Capability.ADJUDICATE):
        if not rationale.strip():
            raise Refused(_("Say why one entry is enough for this study."))
        study, version = entry.study, entry.version
        _lock_unsettled(review, study, version)
        if entry.submitted_at is None:
            raise Refused(_("This entry is still a draft."))
        if entry.extractor_id == user.pk:
            raise Refused(_("You extracted this study yourself: somebody else has to accept it."))
        if any(other.pk != entry.pk for other in counting_entries(study, version)):
            raise Refused(_("This study has a second entry: compare the two when both are submitted."))
        consensus = Entry.objects.create(
            review=review,
            study=study,
            version=version,
            kind=Entry.Kind.CONSENSUS,
            basis=Entry.Basis.SINGLE,
            extractor=user,
            source_note=entry.source_note,
            submitted_at=timezone.now(),
        )
        _copy(entry, consensus)
        audit(
            user=user,
            review=review,
            action="accept_single_entry",
            subject=f"study:{study.number}",
            rationale=rationale,
        )
        return consensus


def _lock_unsettled(review: Review, study: Study, version: FormVersion) -> None:
    Study.objects.select_for_update().get(pk=study.pk, review=review)
    if consensus_entry(study, version):
        raise Refused(_("This study is settled already."))


def _choices(
    findings: Iterable[Finding], given: Iterable[GivenChoice], specs: Mapping[str, FieldSpec]
) -> dict[Slot, Choice]:
    found = list(findings)
    by_slot = {choice.slot: choice for choice in given}
    chosen: dict[Slot, Choice] = {}
    errors: dict[Slot, str] = {}
    for finding in found:
        if not isinstance(finding, Difference) or finding.slot not in by_slot:
            continue
        try:
            chosen[finding.slot] = _choice(finding, by_slot[finding.slot], specs[finding.slot.field])
        except InvalidAnswer as error:
            errors[finding.slot] = str(error)
    for difference in unsettled(found, list(chosen.values())):
        errors.setdefault(difference.slot, _("Choose A, B or another value."))
    if errors:
        raise Unsettled(errors)
    return chosen


def _choice(difference: Difference, given: GivenChoice, spec: FieldSpec) -> Choice:
    try:
        source = Source(given.source)
    except ValueError:
        raise InvalidAnswer(_("Choose A, B or another value.")) from None
    value: Answer = None
    if source is Source.THIRD:
        value = parse_missing(given.missing) if given.missing else parse(spec, given.text)
        refuse_inexact(value)
        refuse_long(spec.key, value if isinstance(value, str) else "")
        if given.missing and difference.slot.field in MEASURE_KEYS:
            raise InvalidAnswer(_("Leave the number out by choosing the entry that does not have it."))
    return choose(difference, source, spec, value=value, reason=given.reason)


def _settled(finding: Finding, chosen: Mapping[Slot, Choice]) -> tuple[Answer, str, str]:
    """Return the settled answer, where it comes from and why."""
    if isinstance(finding, Agreement):
        return finding.value, "both", ""
    choice = chosen[finding.slot]
    return choice.value, choice.source.value, choice.reason


def _store_values(
    consensus: Entry,
    first: Entry,
    second: Entry,
    findings: Iterable[Finding],
    chosen: Mapping[Slot, Choice],
) -> None:
    fields = {field.key: field for field in fields_of(consensus.version)}
    passages = {
        origin: {(value.field_id, value.slot): value for value in entry.values.all()}
        for origin, entry in (("a", first), ("b", second))
    }
    for finding in findings:
        slot = finding.slot
        field: Field | None = fields.get(slot.field)
        if field is None or slot.outcome:
            continue
        answer, origin, rationale = _settled(finding, chosen)
        place = (field.pk, slot.arm)
        passage = passages["b" if origin == "b" else "a"].get(place) or passages["b"].get(place)
        store_answer(
            consensus,
            field,
            slot.arm,
            answer,
            quote=passage.quote if passage else "",
            page=passage.page if passage else "",
            source=passage.source if passage else "",
            origin=origin,
            rationale=rationale,
        )


def _store_measurements(
    consensus: Entry,
    first: Entry,
    second: Entry,
    findings: Iterable[Finding],
    chosen: Mapping[Slot, Choice],
) -> None:
    rows_b = {measurement_row(each): each for each in measurements_of(second)}
    rows_a = {measurement_row(each): each for each in measurements_of(first)}
    settled: dict[tuple[str, str, str], list[tuple[str, Answer, str, str]]] = {}
    for finding in findings:
        if finding.slot.outcome:
            cell = (finding.slot.field, *_settled(finding, chosen))
            settled.setdefault(finding.slot.row, []).append(cell)
    for row, cells in settled.items():
        numbers = {key: answer for key, answer, _origin, _why in cells if answer is not None}
        if not numbers:
            continue
        contradiction = contradictions(numbers)
        if contradiction:
            raise Unsettled({Slot(key, *row): sentence for key, sentence in contradiction.items()})
        measurement = rows_a.get(row) or rows_b[row]
        measurement.pk = None
        measurement._state.adding = True
        measurement.entry = consensus
        for spec in MEASURES:
            blank = "" if spec.key == "as_reported" else None
            setattr(measurement, spec.key, numbers.get(spec.key, blank))
        measurement.origin = _origin_of(
            {origin for _key, answer, origin, _why in cells if answer is not None}
        )
        measurement.rationale = " ".join(f"{key}: {why}" for key, _answer, _origin, why in cells if why)
        measurement.save()


def _origin_of(origins: set[str]) -> str:
    if "third" in origins:
        return "third"
    chosen = origins - {"both"}
    return "mixed" if len(chosen) > 1 else next(iter(chosen), "both")


def _copy(entry: Entry, consensus: Entry) -> None:
    values, measurements = list(entry.values.all()), list(entry.measurements.all())
    for row in (*values, *measurements):
        row.pk = None
        row._state.adding = True
    for value in values:
        value.entry = consensus
        value.save()
    for measurement in measurements:
        measurement.entry = consensus
        measurement.save()
