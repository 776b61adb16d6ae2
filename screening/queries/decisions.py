"""Decisions as a person may see them. Every reader of another person's decision goes through `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q

from reviewsite.workspace.domain.roles import Capability, Role, capabilities_of
from reviewsite.workspace.models import LedgerQuerySet, LedgerRow, Membership, Review, User
from reviewsite.workspace.queries.membership import roles_of
from screening.domain.consensus import Ballot, Policy, Ruling, settle
from screening.domain.vocabulary import AgreementRule, Stage, Status, UnsurePolicy, Verdict
from screening.models import (
    Adjudication,
    Decision,
    DecisionImport,
    ImportedOutcome,
    Record,
    StagePolicy,
    StageState,
)

Row = TypeVar("Row", bound=LedgerRow)

SETTLED = (Status.INCLUDED, Status.EXCLUDED)
IN_CONFLICT = (Status.CONFLICT, Status.REASON_CONFLICT)


def policy_of(review: Review, stage: Stage) -> StagePolicy:
    """Return the rules of the stage that hold now; without any, an unsaved row with the defaults."""
    stored = StagePolicy.objects.open().filter(review=review, stage=stage).first()
    return stored or StagePolicy(review=review, stage=stage)


def rules_of(policy: StagePolicy) -> Policy:
    """Return the part of a policy by which decisions settle."""
    return Policy(
        reviewers_required=policy.n_reviewers,
        unsure=UnsurePolicy(policy.unsure),
        rule=AgreementRule(policy.rule),
    )


def visible_to(user: User, review: Review, stage: Stage) -> LedgerQuerySet:
    """Return the decisions at the stage that the person may see, open and superseded.

    One's own always. Another's once the record is included or excluded, whoever asks; while it is in
    conflict, only for its deciders, who discuss it, and for adjudicators where the policy shows them the
    decisions. Outsiders see none.
    """
    roles = roles_of(user, review)
    decisions: LedgerQuerySet = Decision.objects.filter(review=review, stage=stage)
    if not roles:
        return decisions.none()
    here = StageState.objects.filter(record=OuterRef("record"), stage=stage)
    own_open = Decision.objects.open().filter(record=OuterRef("record"), stage=stage, reviewer=user)
    in_conflict = Q(Exists(here.filter(status__in=IN_CONFLICT)))
    settled = Q(Exists(here.filter(status__in=SETTLED)))
    seen = Q(reviewer=user) | settled | (in_conflict & Q(Exists(own_open)))
    if Capability.ADJUDICATE in capabilities_of(roles) and policy_of(review, stage).shows_decisions:
        seen |= in_conflict
    return decisions.filter(seen)


def own_decisions(user: User, review: Review, stage: Stage) -> LedgerQuerySet:
    """Return the person's own decisions at the stage, open and superseded."""
    own: LedgerQuerySet = Decision.objects.filter(review=review, stage=stage, reviewer=user)
    return own


def deciders_of(record: Record, stage: Stage) -> frozenset[int]:
    """Return the ids of the people whose decisions on the record count now; for rules, never for display."""
    decided = Decision.objects.open().filter(record=record, stage=stage)
    return frozenset(decided.values_list("reviewer_id", flat=True))


def deciders_of_group(record: Record, stage: Stage) -> frozenset[int]:
    """Return the ids of the people whose decisions on the record or on one of its duplicates are open; for
    rules, never for display.
    """
    on_duplicates = Decision.objects.open().filter(record__canonical=record, stage=stage)
    return deciders_of(record, stage).union(on_duplicates.values_list("reviewer_id", flat=True))


def screening_began(review: Review) -> datetime | None:
    """Return when the first decision of the review was made, whoever made it."""
    decisions = Decision.objects.filter(review=review).order_by("pk")
    return decisions.values_list("created_at", flat=True).first()


def could_have_seen(user: User, review: Review, record: Record, stage: Stage) -> bool:
    """Say whether another's judgement of the record was ever open to the person, up to now.

    The ledger is replayed: at each moment at which a decision, a ruling or the policy changed, the record
    is settled by what held then, and the rule of `visible_to` is applied to the outcome. Whoever uploads a
    file with decisions of others knows them from then on.
    """
    decisions = list(Decision.objects.filter(record=record, stage=stage))
    if _knows_from_file(user, record, stage, decisions):
        return True
    rulings = [
        *Adjudication.objects.filter(record=record, stage=stage),
        *ImportedOutcome.objects.filter(record=record, stage=stage),
    ]
    if not rulings and all(decision.reviewer_id == user.pk for decision in decisions):
        return False
    policies = list(StagePolicy.objects.filter(review=review, stage=stage))
    roles = list(Membership.objects.filter(review=review, user=user, role=Role.ADJUDICATOR))
    evidence = [*decisions, *rulings, *policies]
    moments = {row.created_at for row in evidence} | {
        row.superseded_at for row in evidence if row.superseded_at
    }
    for moment in sorted(moments):
        held_policy = next(iter(_at(moment, policies)), StagePolicy(review=review, stage=stage))
        held = _at(moment, decisions)
        ruled = _at(moment, rulings)
        if not ruled and all(decision.reviewer_id == user.pk for decision in held):
            continue
        status = settle(
            [ballot_of(decision) for decision in held],
            ruling_of(ruled[0]) if ruled else None,
            rules_of(held_policy),
            stage=stage,
        ).status
        is_decider = any(decision.reviewer_id == user.pk for decision in held)
        is_shown = is_decider or (held_policy.shows_decisions and bool(_at(moment, roles)))
        if status in SETTLED or (status in IN_CONFLICT and is_shown):
            return True
    return False


def independent_decisions(review: Review, stage: Stage) -> LedgerQuerySet:
    """Return the last blind decision made here of each reviewer on each record: what agreement statistics
    count.

    Imported decisions are left out, and so are records on which the reviewer has no decision of this kind.
    A decision changed after another could be seen counts as it was before; one taken back without another in
    its place does not count. For statistics, which are shown only to those whom the rule of blinding allows.
    """
    of_the_same = Decision.objects.filter(
        record=OuterRef("record"), stage=stage, reviewer=OuterRef("reviewer"), imported_in__isnull=True
    )
    decisions: LedgerQuerySet = Decision.objects.filter(
        review=review, stage=stage, is_blind=True, imported_in__isnull=True
    )
    later_blind = of_the_same.filter(is_blind=True, pk__gt=OuterRef("pk"))
    held = of_the_same.filter(superseded_at__isnull=True)
    return decisions.filter(Exists(held), ~Exists(later_blind))


def independent_pairs(
    review: Review, stage: Stage, first: User, second: User
) -> list[tuple[Verdict, Verdict]]:
    """Return the two reviewers' independent verdicts on each record that both judged, by record number."""
    verdicts: list[dict[int, Verdict]] = [
        {
            number: Verdict(verdict)
            for number, verdict in independent_decisions(review, stage)
            .filter(reviewer=reviewer)
            .values_list("record__number", "verdict")
        }
        for reviewer in (first, second)
    ]
    one, other = verdicts
    return [(one[number], other[number]) for number in sorted(one.keys() & other.keys())]


def ballot_of(decision: Decision) -> Ballot:
    """Return the part of a decision that settling reads."""
    return Ballot(decision.reviewer_id, Verdict(decision.verdict), decision.reason_id)


def ruling_of(row: Adjudication | ImportedOutcome) -> Ruling:
    """Return the part of a binding outcome that settling reads."""
    return Ruling(Verdict(row.verdict), row.reason_id)


def _knows_from_file(user: User, record: Record, stage: Stage, decisions: Iterable[Decision]) -> bool:
    """Say whether the person uploaded another's decision on the record, whether or not it was taken."""
    uploaded = DecisionImport.objects.filter(
        review=record.review_id, stage=stage, created_by=user, imported_at__isnull=False
    )
    kept_out = dict(uploaded.values_list("pk", "found__kept"))
    return any(
        decision.imported_in_id in kept_out and decision.reviewer_id != user.pk for decision in decisions
    ) or any(
        number == record.number and reviewer != user.pk
        for kept in kept_out.values()
        for _line, number, reviewer in kept or []
    )


def _at(moment: datetime, rows: Iterable[Row]) -> list[Row]:
    return [
        row
        for row in rows
        if row.created_at <= moment and (row.superseded_at is None or row.superseded_at > moment)
    ]
