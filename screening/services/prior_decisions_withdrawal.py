"""Undo an import of decisions as a whole."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import LedgerRow, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.vocabulary import Stage
from screening.models import (
    Adjudication,
    ConsensusProposal,
    Decision,
    DecisionImport,
    ImportedOutcome,
    Record,
    Report,
    StageState,
)
from screening.services.discussion import close_discussion
from screening.services.projection import recompute_many
from screening.services.rules import OF_SCREENING

State = DecisionImport.State
N_NAMED = 10


def withdraw(*, user: User, review: Review, imported: DecisionImport) -> DecisionImport:
    """Supersede the decisions and outcomes of an import that still hold, and settle their records anew.

    What reviewers put in place of an imported decision stays. Withdrawing twice changes nothing. Refused: an
    import that is not in the review; records on which a resolved conflict or later work rests, by number.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = DecisionImport.objects.select_for_update().get(pk=imported.pk, review=review)
        if locked.state == State.WITHDRAWN:
            return locked
        if locked.state != State.IMPORTED:
            raise Refused(_("No decision of this file is in the review: there is nothing to withdraw."))
        stage = Stage(locked.stage)
        list(StageState.objects.select_for_update().filter(review=review, stage=stage).values_list("pk"))
        _refuse_built_upon(locked, stage)
        rows = [model.objects.open().filter(imported_in=locked) for model in (Decision, ImportedOutcome)]
        records = {pk for found in rows for pk in found.values_list("record", flat=True)}
        for proposal in ConsensusProposal.objects.open().filter(review=review, stage=stage):
            if proposal.record_id in records:
                close_discussion(user=user, record=proposal.record, stage=stage)
        now = timezone.now()
        for found in rows:
            found.supersede(user=user, at=now)
        locked.state = State.WITHDRAWN
        locked.save(update_fields=["state"])
        recompute_many(review, records)
        audit(
            user=user,
            review=review,
            action="withdraw_decision_import",
            subject=f"decision_import:{locked.pk}",
            name=locked.file.name,
            stage=stage,
        )
        return locked


def _refuse_built_upon(imported: DecisionImport, stage: Stage) -> None:
    concerned = Q(pk__in=Decision.objects.open().filter(imported_in=imported).values("record")) | Q(
        pk__in=ImportedOutcome.objects.open().filter(imported_in=imported).values("record")
    )
    records = Record.objects.filter(concerned, review=imported.review_id)
    # A resolved conflict between duplicates stands on the record that stands for them.
    in_groups = Q(record__in=records.values("pk")) | Q(record__in=records.values("canonical"))
    resolved = Adjudication.objects.open().filter(in_groups, stage=stage)
    if numbers := _numbers(resolved.values_list("record__number", flat=True)):
        raise Refused(
            _(
                "Conflicts about decisions of this import have been resolved, on record %s: ask an "
                "adjudicator to reopen them first."
            )
            % numbers
        )
    # One sentence for everything that may follow: whether somebody has judged the full text stays hidden.
    if numbers := _numbers(_used(records.values("pk"), stage)):
        raise Refused(_("Later work builds on decisions of this import, on record %s.") % numbers)


def _used(records: object, stage: Stage) -> set[int]:
    """Return the numbers of the records on whose outcome later evidence stands, as `refuse_if_built_upon`."""
    used: set[int] = set()
    if stage is Stage.TITLE_ABSTRACT:
        for judgement in (Decision, Adjudication, ImportedOutcome):
            later = judgement.objects.open().filter(stage=Stage.FULL_TEXT, record__in=records)
            used |= set(later.values_list("record__number", flat=True))
    for relation in Report._meta.related_objects:
        model = relation.related_model
        if stage is Stage.FULL_TEXT and model in OF_SCREENING:
            continue
        field = relation.field.name
        rows = model._default_manager.filter(**{f"{field}__record__in": records})
        if issubclass(model, LedgerRow):
            rows = rows.filter(superseded_at__isnull=True)
        used |= set(rows.values_list(f"{field}__record__number", flat=True))
    return used


def _numbers(numbers: object) -> str:
    found = sorted(set(numbers))  # type: ignore[call-overload]
    named = ", ".join(map(str, found[:N_NAMED]))
    if len(found) > N_NAMED:
        return _("%(named)s and %(n)d more") % {"named": named, "n": len(found) - N_NAMED}
    return named
