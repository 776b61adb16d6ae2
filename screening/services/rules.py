"""Checks that decisions, adjudications and imported outcomes share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reviewsite.workspace.models import LedgerRow, Review
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage, Verdict
from screening.models import (
    Adjudication,
    Decision,
    ExclusionReason,
    ImportedOutcome,
    Record,
    Report,
    ReportFile,
    RetrievalOutcome,
    StageState,
)

OF_SCREENING = (RetrievalOutcome, ReportFile)


def lock_state(review: Review, record: Record, stage: Stage) -> StageState | None:
    """Lock the record's state at the stage, before any of its decisions is read, and return it."""
    states = StageState.objects.select_for_update().filter(review=review, record=record, stage=stage)
    return states.first()


def check_outcome(review: Review, stage: Stage, verdict: Verdict, reason: ExclusionReason | None) -> None:
    """Refuse a verdict that the stage does not offer and a reason that is missing, out of place, archived
    or foreign.
    """
    needs_reason = stage is Stage.FULL_TEXT and verdict is Verdict.EXCLUDE
    if stage is Stage.FULL_TEXT and verdict is Verdict.UNSURE:
        raise Refused(_("At full text there is no “Maybe”: include the report or exclude it with a reason."))
    if needs_reason and reason is None:
        raise Refused(_("Choose the reason for the exclusion."))
    if reason is None:
        return
    if not needs_reason:
        raise Refused(_("Only an exclusion at full text has a reason."))
    if not ExclusionReason.objects.filter(pk=reason.pk, review=review, is_archived=False).exists():
        raise Refused(_("This reason is not in use in this review: choose another one."))


def refuse_if_built_upon(record: Record, stage: Stage) -> None:
    """Refuse to reopen a stage on whose outcome later evidence stands."""
    if Adjudication.objects.open().filter(record=record, stage=stage).exists():
        raise Refused(
            _("The conflict on this record has been resolved: ask an adjudicator to reopen it first.")
        )
    # One sentence for everything that may follow: whether somebody has judged the full text stays hidden.
    judged = stage is Stage.TITLE_ABSTRACT and _has_full_text_judgement(record)
    report = Report.objects.filter(record=record).first()
    if judged or (report and _is_in_use(report, stage)):
        raise Refused(_("Later work on the report of this record builds on this decision."))


def _has_full_text_judgement(record: Record) -> bool:
    return any(
        model._default_manager.filter(
            record=record, stage=Stage.FULL_TEXT, superseded_at__isnull=True
        ).exists()
        for model in (Decision, Adjudication, ImportedOutcome)
    )


def _is_in_use(report: Report, stage: Stage) -> bool:
    # Whatever points to a report builds on its inclusion, whichever app it belongs to: screening need not
    # know them.
    for relation in Report._meta.related_objects:
        model = relation.related_model
        if stage is Stage.FULL_TEXT and model in OF_SCREENING:
            continue
        rows = model._default_manager.filter(**{relation.field.name: report})
        if issubclass(model, LedgerRow):
            rows = rows.filter(superseded_at__isnull=True)
        if rows.exists():
            return True
    return False
