"""Conflicts: which of them a person may work on, and what they may see of one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from reviewsite.workspace.domain.roles import Capability, capabilities_of
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.queries.membership import can, roles_of
from screening.domain.vocabulary import Stage
from screening.models import Adjudication, ConsensusProposal, ConsensusSignature, Decision, StageState
from screening.queries.clashes import Standing, clash_of
from screening.queries.decisions import IN_CONFLICT, deciders_of, deciders_of_group, policy_of, visible_to


@dataclass(frozen=True)
class Side:
    """One decision of a conflict, without its reviewer's name."""

    decision: Decision
    is_own: bool


@dataclass(frozen=True)
class Case:
    """A conflict as one person may see it and act on it.

    `clash` names the duplicates that were settled apart and stand against each other: settled outcomes, which
    everybody could see. Such a conflict has no deciders; an adjudicator resolves it.
    """

    state: StageState
    sides: list[Side]
    clash: list[Standing]
    is_open: bool
    is_decider: bool
    n_deciders: int
    may_adjudicate: bool
    may_reopen: bool
    proposal: ConsensusProposal | None
    n_signed: int
    has_signed: bool
    adjudication: Adjudication | None
    earlier: list[Adjudication]


def conflicts_of(review: Review, stage: Stage) -> QuerySet[StageState]:
    """Return the records in conflict at the stage, by number."""
    states = StageState.objects.filter(review=review, stage=stage, status__in=IN_CONFLICT)
    return states.select_related("record").order_by("record__number")


def conflicts_for(user: User, review: Review, stage: Stage) -> QuerySet[StageState]:
    """Return the conflicts that the person may work on: all for adjudicators, for reviewers their own."""
    states = conflicts_of(review, stage)
    if can(user, review, Capability.ADJUDICATE):
        return states
    return states.filter(Exists(_own_open(user)))


def resolved_for(user: User, review: Review, stage: Stage) -> QuerySet[Adjudication]:
    """Return the resolved conflicts that the person may look back at, newest first."""
    # A duplicate has no state, and a conflict between duplicates may be open in spite of an adjudication.
    settled = StageState.objects.filter(record=OuterRef("record"), stage=stage).exclude(
        status__in=IN_CONFLICT
    )
    rows = Adjudication.objects.open().filter(Exists(settled), review=review, stage=stage)
    if not can(user, review, Capability.ADJUDICATE):
        rows = rows.filter(Exists(_own_open(user)))
    resolved: QuerySet[Adjudication] = rows.select_related("record", "reason").order_by("-pk")
    return resolved


def conflict_count(user: User, review: Review) -> int:
    """Count the conflicts at both stages that the person may work on."""
    states = StageState.objects.filter(review=review, status__in=IN_CONFLICT)
    if not can(user, review, Capability.ADJUDICATE):
        states = states.filter(Exists(_own_open(user)))
    return states.count()


def case_of(user: User, review: Review, stage: Stage, number: int) -> Case | None:
    """Return the conflict, open or resolved, on the record with this number; None if it is none of the
    person's.
    """
    state = (
        StageState.objects.filter(stage=stage, record__review=review, record__number=number)
        .select_related("record", "record__source", "reason")
        .first()
    )
    if state is None:
        return None
    rulings = list(
        Adjudication.objects.filter(record=state.record, stage=stage).select_related("reason").order_by("-pk")
    )
    ruling = next((row for row in rulings if row.is_open), None)
    is_open = state.status in IN_CONFLICT
    clash = clash_of(review, state.record, stage) if is_open else []
    if clash:
        ruling = None
    capabilities = capabilities_of(roles_of(user, review))
    deciders = deciders_of(state.record, stage)
    is_decider = user.pk in deciders and Capability.SCREEN in capabilities
    is_adjudicator = Capability.ADJUDICATE in capabilities
    if not (is_decider or is_adjudicator) or not (is_open or ruling):
        return None
    proposal = _proposal(state)
    signed = _signed(proposal)
    shown = proposal if is_decider else None
    own_case = user.pk in (deciders_of_group(state.record, stage) if clash else deciders)
    return Case(
        state=state,
        sides=_sides(user, review, state),
        clash=clash,
        is_open=is_open,
        is_decider=is_decider and not clash,
        n_deciders=len(deciders),
        may_adjudicate=is_open
        and is_adjudicator
        and (not own_case or policy_of(review, stage).may_resolve_own),
        may_reopen=ruling is not None and is_adjudicator,
        proposal=shown,
        n_signed=len(signed) if shown else 0,
        has_signed=user.pk in signed,
        adjudication=ruling,
        earlier=[row for row in rulings if row is not ruling],
    )


def proposal_of(review: Review, stage: Stage, number: int, pk: int) -> ConsensusProposal | None:
    """Return a proposal on the record with this number."""
    proposals = ConsensusProposal.objects.filter(pk=pk, review=review, stage=stage, record__number=number)
    found: ConsensusProposal | None = proposals.select_related("record", "review").first()
    return found


def _own_open(user: User) -> QuerySet[Decision]:
    own: QuerySet[Decision] = Decision.objects.open().filter(
        record=OuterRef("record"), stage=OuterRef("stage"), reviewer=user
    )
    return own


def _sides(user: User, review: Review, state: StageState) -> list[Side]:
    seen = visible_to(user, review, Stage(state.stage)).open().filter(record=state.record)
    decisions = list(seen.select_related("reason"))
    # Which of the two comes first must not tell whose it is: not the reviewer's id, not who decided first.
    decisions.sort(key=lambda row: hashlib.sha256(f"{row.record_id}:{row.reviewer_id}".encode()).digest())
    return [Side(decision, is_own=decision.reviewer_id == user.pk) for decision in decisions]


def _proposal(state: StageState) -> ConsensusProposal | None:
    open_rows = ConsensusProposal.objects.open().filter(record=state.record, stage=state.stage)
    found: ConsensusProposal | None = open_rows.select_related("reason").first()
    return found


def _signed(proposal: ConsensusProposal | None) -> frozenset[int]:
    if proposal is None:
        return frozenset()
    signatures = ConsensusSignature.objects.open().filter(proposal=proposal)
    return frozenset(signatures.values_list("reviewer_id", flat=True))
