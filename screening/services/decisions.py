"""Record, change and undo a reviewer's own decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.models import Decision, DecisionImport, ExclusionReason, Record, StageState
from screening.queries.decisions import could_have_seen
from screening.services.discussion import close_discussion
from screening.services.projection import expected_state, recompute
from screening.services.rules import check_outcome, lock_state, refuse_if_built_upon


@dataclass(frozen=True)
class Content:
    """What a client's token stands for; `imported_in` is set where an imported decision is brought back."""

    user: User
    review: Review
    record: Record
    stage: Stage
    verdict: Verdict
    reason: ExclusionReason | None
    note: str
    token: UUID
    imported_in: DecisionImport | None = None

    def is_that_of(self, decision: Decision) -> bool:
        kept = (
            decision.reviewer_id,
            decision.record_id,
            decision.stage,
            decision.verdict,
            decision.reason_id,
            decision.note,
        )
        reason = self.reason.pk if self.reason else None
        return kept == (self.user.pk, self.record.pk, self.stage, self.verdict, reason, self.note)


def record_decision(
    *,
    user: User,
    review: Review,
    record: Record,
    stage: Stage,
    verdict: Verdict,
    reason: ExclusionReason | None = None,
    note: str = "",
    token: UUID,
) -> Decision:
    """Store the reviewer's decision on a record and settle the record's stage.

    The same token with the same content returns the decision that it made before. Refused: the token came
    with other content; its decision has been changed or taken back; the reviewer has an open decision on the
    record; the stage needs no decision (any more) or its full text is not there; an exclusion at full text
    without one of the review's reasons; “maybe” at full text.
    """
    content = Content(user, review, record, stage, verdict, reason, note.strip(), token)
    with business(user=user, review=review, needs=Capability.SCREEN):
        state = lock_state(review, record, stage)
        if known := _made_before(content):
            return known
        check_outcome(review, stage, verdict, reason)
        if _own(user, record, stage):
            raise Refused(_("You have decided on this record: change or undo your decision instead."))
        _check_awaits_decision(record, state)
        decision = _insert(content)
        recompute(record, stage)
        audit(
            user=user, review=review, action="record_decision", subject=f"decision:{decision.pk}", stage=stage
        )
        return decision


def change_decision(
    *,
    user: User,
    review: Review,
    record: Record,
    stage: Stage,
    verdict: Verdict,
    reason: ExclusionReason | None = None,
    note: str = "",
    token: UUID,
) -> Decision:
    """Supersede the reviewer's own decision by another one; the first stays on record.

    A change made after the other decisions could be seen is marked as not blind. Refused: as in
    `record_decision`; no own decision; later work builds on it; the stage is settled without it.
    """
    content = Content(user, review, record, stage, verdict, reason, note.strip(), token)
    with business(user=user, review=review, needs=Capability.SCREEN):
        state = lock_state(review, record, stage)
        if known := _made_before(content):
            return known
        check_outcome(review, stage, verdict, reason)
        replaced = _supersede_own(user, record, stage, state)
        decision = _replace(replaced, content)
        close_discussion(user=user, record=record, stage=stage)
        recompute(record, stage)
        audit(
            user=user, review=review, action="change_decision", subject=f"decision:{decision.pk}", stage=stage
        )
        return decision


def undo_decision(*, user: User, review: Review, record: Record, stage: Stage) -> Decision:
    """Take the reviewer's own open decision back and return it; it stays in the history.

    The decision that it replaced, if any, holds again as a new row; undoing that one brings back the change.
    Refused: no own decision; a resolved conflict or work at full text builds on it; a decision to bring back
    whose reason is no longer in use or that the stage no longer needs.
    """
    with business(user=user, review=review, needs=Capability.SCREEN):
        state = lock_state(review, record, stage)
        undone = _supersede_own(user, record, stage, state)
        if before := _replaced_by(undone):
            check_outcome(review, stage, Verdict(before.verdict), before.reason)
            again = Content(
                user,
                review,
                record,
                stage,
                Verdict(before.verdict),
                before.reason,
                before.note,
                uuid4(),
                before.imported_in,
            )
            _replace(undone, again)
        close_discussion(user=user, record=record, stage=stage)
        recompute(record, stage)
        audit(user=user, review=review, action="undo_decision", subject=f"decision:{undone.pk}", stage=stage)
        return undone


def _made_before(content: Content) -> Decision | None:
    known: Decision | None = Decision.objects.filter(token=content.token).first()
    if known and not content.is_that_of(known):
        raise Refused(
            _("This form has been sent before with another decision. Reload the page and try again.")
        )
    if known and not known.is_open:
        raise Refused(
            _("This decision was sent before and has been changed or taken back since. Reload the page.")
        )
    return known


def _own(user: User, record: Record, stage: Stage) -> Decision | None:
    own: Decision | None = Decision.objects.open().filter(record=record, stage=stage, reviewer=user).first()
    return own


def _check_awaits_decision(record: Record, state: StageState | None) -> None:
    if state is None:
        raise Refused(
            _("This record is not at this stage: it may be a duplicate, or an earlier stage is open.")
        )
    if state.status in {Status.AWAITING_RETRIEVAL, Status.NOT_RETRIEVED}:
        raise Refused(
            _("The full text is not there yet: first record on the report's page that it was retrieved.")
        )
    # One sentence for settled, in conflict and "enough reviewers have decided": it tells nothing of the
    # others.
    if state.status != Status.AWAITING:
        raise Refused(_("This record no longer needs a decision."))


def _supersede_own(user: User, record: Record, stage: Stage, state: StageState | None) -> Decision:
    own = _own(user, record, stage)
    if own is None or state is None:
        raise Refused(_("You have no decision on this record at this stage."))
    refuse_if_built_upon(record, stage)
    own.supersede(user=user)
    return own


def _replace(replaced: Decision, content: Content) -> Decision:
    """Insert a decision in place of the one just superseded; their common moment is what links the two."""
    left = expected_state(content.record, content.stage)
    if left is None or left.status is not Status.AWAITING:
        raise Refused(_("This record no longer needs a decision."))
    return _insert(content, at=replaced.superseded_at)


def _replaced_by(decision: Decision) -> Decision | None:
    replaced: Decision | None = (
        Decision.objects.filter(
            record=decision.record_id,
            stage=decision.stage,
            reviewer=decision.reviewer_id,
            superseded_at=decision.created_at,
        )
        .exclude(imported_in__state=DecisionImport.State.WITHDRAWN)
        .select_related("reason", "imported_in")
        .first()
    )
    return replaced


def _insert(content: Content, *, at: datetime | None = None) -> Decision:
    # The ledger is asked before the insertion, so that the new decision is not taken for one that was there
    # to see.
    is_blind = content.imported_in is None and not could_have_seen(
        content.user, content.review, content.record, content.stage
    )
    try:
        with transaction.atomic():
            decision: Decision = Decision.objects.create(
                review=content.review,
                record=content.record,
                stage=content.stage,
                reviewer=content.user,
                verdict=content.verdict,
                reason=content.reason,
                note=content.note,
                token=content.token,
                is_blind=is_blind,
                imported_in=content.imported_in,
                created_by=content.user,
                created_at=at or timezone.now(),
            )
    except IntegrityError:
        # The token was spent on another record in the same instant: the stage's lock does not cover that.
        raise Refused(_("This form has been sent before. Reload the page and try again.")) from None
    return decision
