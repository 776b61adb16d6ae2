"""Derive a record's status from the reviewers' decisions, as a pure function."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from screening.domain.vocabulary import AgreementRule, Stage, Status, UnsurePolicy, Verdict


@dataclass(frozen=True, slots=True)
class Ballot:
    """Hold one reviewer's open decision."""

    reviewer: Hashable
    verdict: Verdict
    reason: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """Hold a binding outcome: an adjudication, a discussion consensus or an imported result."""

    verdict: Verdict
    reason: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Hold how many reviewers a stage needs and how their decisions combine."""

    reviewers_required: int = 2
    unsure: UnsurePolicy = UnsurePolicy.ADVANCE
    rule: AgreementRule = AgreementRule.UNANIMOUS

    def __post_init__(self) -> None:
        if self.reviewers_required < 1:
            raise ValueError("A stage needs at least one reviewer.")


@dataclass(frozen=True, slots=True)
class Settlement:
    """Hold the status of a record in a stage and, for an exclusion, the agreed reason."""

    status: Status
    reason: Hashable | None = None


_AWAITING = Settlement(Status.AWAITING)


def settle(
    decisions: Iterable[Ballot],
    adjudication: Ruling | None,
    policy: Policy,
    *,
    stage: Stage = Stage.TITLE_ABSTRACT,
) -> Settlement:
    """Settle one record from its open decisions; their order does not matter.

    1. An adjudication wins, whatever the decisions say.
    2. Fewer decisions than required: awaiting, so that nothing partial shows.
    3. The agreement rule judges the includes and excludes. *Unanimous*: all the same, else conflict.
    *Majority*: more than half, a tie is a conflict. *Any include*: one include advances. Two required
    reviewers are always judged as unanimous, which is the two-reviewer table.
    4. *Unsure = advance* reads an unsure as include. Otherwise an unsure is an open judgement. Where no way
    of closing it could change the outcome, the outcome stands (two includes and an unsure under majority).
    Where it could, the record is in conflict under *discuss* and keeps awaiting under *neutral*. Under
    neutral an unsure does not fill one of the required places, so a further reviewer's decision can fill it;
    under discuss each unsure stays open until an adjudication.
    5. Full text takes no unsure. Excluded for different reasons is a reason conflict; only the reasons of
    those who excluded count.

    Raises ValueError for an unsure at full text, an unsure as adjudication and two decisions of one reviewer.
    """
    ballots = list(decisions)
    _check(ballots, adjudication, stage)
    if adjudication is not None:
        if adjudication.verdict is Verdict.INCLUDE:
            return Settlement(Status.INCLUDED)
        return Settlement(Status.EXCLUDED, adjudication.reason)
    if len(ballots) < policy.reviewers_required:
        return _AWAITING
    status = _status(ballots, policy)
    if status is Status.EXCLUDED:
        return _excluded([b.reason for b in ballots if b.verdict is Verdict.EXCLUDE], stage)
    return Settlement(status)


def _check(ballots: Sequence[Ballot], adjudication: Ruling | None, stage: Stage) -> None:
    if adjudication is not None and adjudication.verdict is Verdict.UNSURE:
        raise ValueError("An adjudication includes or excludes; it cannot be unsure.")
    if stage is Stage.FULL_TEXT and any(b.verdict is Verdict.UNSURE for b in ballots):
        raise ValueError("A full text is included or excluded; unsure is not offered there.")
    if len({b.reviewer for b in ballots}) < len(ballots):
        raise ValueError("A reviewer has two open decisions on one record; only the latest may be open.")


def _status(ballots: Sequence[Ballot], policy: Policy) -> Status:
    includes = sum(b.verdict is Verdict.INCLUDE for b in ballots)
    excludes = sum(b.verdict is Verdict.EXCLUDE for b in ballots)
    n_unsure = len(ballots) - includes - excludes
    n_open = 0
    if policy.unsure is UnsurePolicy.ADVANCE:
        includes += n_unsure
    elif policy.unsure is UnsurePolicy.DISCUSS:
        n_open = n_unsure
    else:
        n_open = max(policy.reviewers_required - includes - excludes, 0)
    rule = AgreementRule.UNANIMOUS if policy.reviewers_required == 2 else policy.rule
    outcomes = {_judge(includes + k, excludes + n_open - k, rule) for k in range(n_open + 1)}
    if len(outcomes) == 1:
        return outcomes.pop()
    return Status.CONFLICT if policy.unsure is UnsurePolicy.DISCUSS else Status.AWAITING


def _judge(includes: int, excludes: int, rule: AgreementRule) -> Status:
    if excludes == 0:
        return Status.INCLUDED
    if includes == 0:
        return Status.EXCLUDED
    if rule is AgreementRule.ANY_INCLUDE:
        return Status.INCLUDED
    if rule is AgreementRule.MAJORITY and includes != excludes:
        return Status.INCLUDED if includes > excludes else Status.EXCLUDED
    return Status.CONFLICT


def _excluded(reasons: Sequence[Hashable | None], stage: Stage) -> Settlement:
    if len(set(reasons)) == 1:
        return Settlement(Status.EXCLUDED, reasons[0])
    if stage is Stage.FULL_TEXT:
        return Settlement(Status.REASON_CONFLICT)
    return Settlement(Status.EXCLUDED)
