"""Resolve conflicts: by an adjudicator, or by a consensus that every decider signs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.models import (
    Adjudication,
    ConsensusProposal,
    ConsensusSignature,
    ExclusionReason,
    Record,
    StageState,
)
from screening.queries.clashes import clash_of
from screening.queries.decisions import IN_CONFLICT, deciders_of, deciders_of_group, policy_of
from screening.services.discussion import close_discussion
from screening.services.projection import recompute
from screening.services.rules import check_outcome, lock_state, refuse_if_built_upon
from screening.services.rulings import make_room


def adjudicate(
    *,
    user: User,
    review: Review,
    record: Record,
    stage: Stage,
    verdict: Verdict,
    reason: ExclusionReason | None = None,
    rationale: str,
) -> Adjudication:
    """Resolve a conflict as a third person; the decisions stay as they are.

    Refused: no conflict; no rationale; “maybe”; an exclusion at full text without a reason; an own
    conflict, unless the stage's rules allow it. Of a conflict between duplicates, everybody who decided on
    one of them is a party; it may replace an adjudication that was given before they met.
    """
    with business(user=user, review=review, needs=Capability.ADJUDICATE):
        _check_in_conflict(lock_state(review, record, stage))
        is_clash = bool(clash_of(review, record, stage))
        parties = deciders_of_group(record, stage) if is_clash else deciders_of(record, stage)
        if user.pk in parties and not policy_of(review, stage).may_resolve_own:
            raise Refused(
                _("You decided on this record yourself: somebody else has to resolve this conflict.")
            )
        _check_resolution(review, stage, verdict, reason, rationale)
        close_discussion(user=user, record=record, stage=stage)
        adjudication: Adjudication = Adjudication.objects.create(
            review=review,
            record=record,
            stage=stage,
            verdict=verdict,
            reason=reason,
            mode=Adjudication.Mode.THIRD_PERSON,
            rationale=rationale.strip(),
            created_by=user,
            created_at=make_room(user=user, record=record, stage=stage),
        )
        recompute(record, stage)
        audit(
            user=user,
            review=review,
            action="adjudicate",
            subject=f"adjudication:{adjudication.pk}",
            record=record.number,
            stage=stage,
        )
        return adjudication


def propose_consensus(
    *,
    user: User,
    review: Review,
    record: Record,
    stage: Stage,
    verdict: Verdict,
    reason: ExclusionReason | None = None,
    rationale: str,
) -> ConsensusProposal:
    """Write down what the deciders of a conflict agree on, signed by the one who writes it.

    Refused: no conflict; one between duplicates; a person who is not one of its deciders; a single decider;
    an open proposal; no rationale; an exclusion at full text without a reason.
    """
    with business(user=user, review=review, needs=Capability.SCREEN):
        _check_in_conflict(lock_state(review, record, stage))
        _check_no_clash(review, record, stage)
        deciders = _check_decider(user, record, stage)
        if len(deciders) < 2:
            raise Refused(_("A consensus needs two reviewers: ask an adjudicator to resolve this conflict."))
        if ConsensusProposal.objects.open().filter(record=record, stage=stage).exists():
            raise Refused(_("There is an open proposal for this record: sign it, or withdraw it first."))
        _check_resolution(review, stage, verdict, reason, rationale)
        proposal: ConsensusProposal = ConsensusProposal.objects.create(
            review=review,
            record=record,
            stage=stage,
            verdict=verdict,
            reason=reason,
            rationale=rationale.strip(),
            created_by=user,
        )
        ConsensusSignature.objects.create(review=review, proposal=proposal, reviewer=user, created_by=user)
        _audit_proposal(user, "propose_consensus", proposal)
        return proposal


def sign_consensus(*, user: User, proposal: ConsensusProposal) -> ConsensusSignature:
    """Sign a proposal as one of the deciders; the last signature resolves the conflict.

    Refused: a proposal that is no longer open; a person who is not one of the deciders; a second signature; a
    conflict between duplicates.
    """
    review, record, stage = proposal.review, proposal.record, Stage(proposal.stage)
    with business(user=user, review=review, needs=Capability.SCREEN):
        _check_in_conflict(lock_state(review, record, stage))
        _check_no_clash(review, record, stage)
        deciders = _check_decider(user, record, stage)
        _check_open(proposal)
        signatures = ConsensusSignature.objects.open().filter(proposal=proposal)
        if signatures.filter(reviewer=user).exists():
            raise Refused(_("You have signed this proposal already."))
        signature: ConsensusSignature = ConsensusSignature.objects.create(
            review=review, proposal=proposal, reviewer=user, created_by=user
        )
        if deciders <= set(signatures.values_list("reviewer_id", flat=True)):
            _adjudicate_as_agreed(user, proposal)
        recompute(record, stage)
        _audit_proposal(user, "sign_consensus", proposal)
        return signature


def withdraw_consensus(*, user: User, proposal: ConsensusProposal) -> ConsensusProposal:
    """Close an unfinished proposal with its signatures; each of the deciders may do so.

    Refused: a proposal that is no longer open or that resolved the conflict; a person who is not one of the
    deciders.
    """
    review, record, stage = proposal.review, proposal.record, Stage(proposal.stage)
    with business(user=user, review=review, needs=Capability.SCREEN):
        _check_in_conflict(lock_state(review, record, stage))
        _check_decider(user, record, stage)
        _check_open(proposal)
        close_discussion(user=user, record=record, stage=stage)
        _audit_proposal(user, "withdraw_consensus", proposal)
        proposal.refresh_from_db()
        return proposal


def reopen(*, user: User, review: Review, record: Record, stage: Stage, rationale: str) -> Adjudication:
    """Supersede the adjudication of a record, which is kept, so that the conflict is open again.

    Refused: no adjudication; no rationale; later work that builds on the outcome.
    """
    with business(user=user, review=review, needs=Capability.ADJUDICATE):
        lock_state(review, record, stage)
        adjudication: Adjudication | None = (
            Adjudication.objects.open().filter(review=review, record=record, stage=stage).first()
        )
        if adjudication is None:
            raise Refused(_("No conflict on this record has been resolved at this stage."))
        _check_rationale(rationale)
        adjudication.supersede(user=user)
        refuse_if_built_upon(record, stage)
        close_discussion(user=user, record=record, stage=stage)
        recompute(record, stage)
        audit(
            user=user,
            review=review,
            action="reopen",
            subject=f"adjudication:{adjudication.pk}",
            record=record.number,
            stage=stage,
            rationale=rationale.strip(),
        )
        return adjudication


def _adjudicate_as_agreed(user: User, proposal: ConsensusProposal) -> None:
    Adjudication.objects.create(
        review=proposal.review,
        record=proposal.record,
        stage=proposal.stage,
        verdict=proposal.verdict,
        reason=proposal.reason,
        mode=Adjudication.Mode.DISCUSSION,
        proposal=proposal,
        rationale=proposal.rationale,
        created_by=user,
    )


def _check_in_conflict(state: StageState | None) -> None:
    if state is None or Status(state.status) not in IN_CONFLICT:
        raise Refused(_("This record is not in conflict."))


def _check_no_clash(review: Review, record: Record, stage: Stage) -> None:
    if clash_of(review, record, stage):
        raise Refused(
            _("Duplicates of this record were settled otherwise: ask an adjudicator to resolve the conflict.")
        )


def _check_decider(user: User, record: Record, stage: Stage) -> frozenset[int]:
    deciders = deciders_of(record, stage)
    if user.pk not in deciders:
        raise Refused(_("Only the reviewers who decided on this record can agree on a consensus."))
    return deciders


def _check_open(proposal: ConsensusProposal) -> None:
    if not ConsensusProposal.objects.open().filter(pk=proposal.pk).exists():
        raise Refused(_("This proposal is no longer open. Reload the page to see where the record stands."))


def _check_resolution(
    review: Review, stage: Stage, verdict: Verdict, reason: ExclusionReason | None, rationale: str
) -> None:
    if verdict is Verdict.UNSURE:
        raise Refused(_("A conflict is resolved by include or exclude: there is no “Maybe” here."))
    check_outcome(review, stage, verdict, reason)
    _check_rationale(rationale)


def _check_rationale(rationale: str) -> None:
    if not rationale.strip():
        raise Refused(_("Write why: the reasoning is kept with the decision."))


def _audit_proposal(user: User, action: str, proposal: ConsensusProposal) -> None:
    audit(
        user=user,
        review=proposal.review,
        action=action,
        subject=f"proposal:{proposal.pk}",
        record=proposal.record.number,
        stage=proposal.stage,
    )
