"""Outcomes that another document states, for example a published review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.vocabulary import Stage, Verdict
from screening.models import Adjudication, Decision, ExclusionReason, ImportedOutcome, Record
from screening.services.projection import recompute_many
from screening.services.rules import check_outcome


@dataclass(frozen=True)
class StatedOutcome:
    """What a document says of a record at a stage."""

    record: Record
    stage: Stage
    verdict: Verdict
    stated_by: str
    reason: ExclusionReason | None = None
    note: str = ""


def record_imported_outcome(
    *,
    user: User,
    review: Review,
    record: Record,
    stage: Stage,
    verdict: Verdict,
    reason: ExclusionReason | None = None,
    stated_by: str,
    note: str = "",
) -> ImportedOutcome:
    """Store one outcome that another document states; see `record_imported_outcomes`."""
    outcome = StatedOutcome(record, stage, verdict, stated_by, reason, note)
    return record_imported_outcomes(user=user, review=review, outcomes=[outcome])[0]


def record_imported_outcomes(
    *, user: User, review: Review, outcomes: Sequence[StatedOutcome]
) -> list[ImportedOutcome]:
    """Store outcomes that another document states and settle their records; they count in no agreement
    statistic.

    An earlier imported outcome of the same record and stage is superseded. Refused: an outcome without the
    document that states it; “maybe”; an exclusion at full text without a reason; a record of another
    review; a record on which people have decided at that stage; two outcomes for one record and stage.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        for outcome in outcomes:
            _check(review, outcome)
        keys = {(outcome.record.pk, outcome.stage) for outcome in outcomes}
        if len(keys) < len(outcomes):
            raise Refused(_("Two outcomes are given for one record and stage: keep one of them."))
        _refuse_decided(review, keys)
        for pk, stage in sorted(keys):
            ImportedOutcome.objects.filter(record=pk, stage=stage).supersede(user=user)
        stored: list[ImportedOutcome] = ImportedOutcome.objects.bulk_create(
            [
                ImportedOutcome(
                    review=review,
                    record=outcome.record,
                    stage=outcome.stage,
                    verdict=outcome.verdict,
                    reason=outcome.reason,
                    stated_by=outcome.stated_by.strip(),
                    note=outcome.note.strip(),
                    created_by=user,
                )
                for outcome in outcomes
            ],
            batch_size=500,
        )
        recompute_many(review, {pk for pk, _stage in keys})
        audit(user=user, review=review, action="record_imported_outcomes", n_outcomes=len(stored))
        return stored


def _check(review: Review, outcome: StatedOutcome) -> None:
    if outcome.record.review_id != review.pk:
        raise Refused(_("Record %(number)d belongs to another review.") % {"number": outcome.record.number})
    if not outcome.stated_by.strip():
        raise Refused(_("Name the document that states the outcome."))
    if outcome.verdict is Verdict.UNSURE:
        raise Refused(_("An outcome is include or exclude: there is no “Maybe” here."))
    check_outcome(review, outcome.stage, outcome.verdict, outcome.reason)


def _refuse_decided(review: Review, keys: set[tuple[int, Stage]]) -> None:
    for model in (Decision, Adjudication):
        rows = model.objects.open().filter(review=review).values_list("record", "stage", "record__number")
        for pk, stage, number in rows.order_by("record__number"):
            if (pk, Stage(stage)) in keys:
                raise Refused(
                    _(
                        "Record %(number)d has decisions of its own at this stage: an import cannot "
                        "replace them."
                    )
                    % {"number": number}
                )
