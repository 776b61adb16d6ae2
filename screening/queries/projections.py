"""Where each record should stand, derived from the ledger, and how far the stored states differ from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import QuerySet

from reviewsite.workspace.models import LedgerQuerySet, Review
from screening.domain.consensus import Ballot, Policy, Ruling, Settlement, settle
from screening.domain.groups import Member, settle_group
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.models import (
    Adjudication,
    Decision,
    ImportedOutcome,
    Record,
    Report,
    RetrievalOutcome,
    StagePolicy,
    StageState,
)
from screening.queries.decisions import rules_of
from screening.queries.duplicates import expected_canonicals, groups_around

Key = tuple[int, Stage]
Rows = TypeVar("Rows", bound="QuerySet[Any]")
KEY = ("record", "stage")
MANY = 500
"""From this many records on, the evidence of the whole review is read rather than an IN list."""


@dataclass(frozen=True)
class Evidence:
    """The open rows that settle records, by record and stage."""

    ballots: Mapping[Key, list[Ballot]]
    adjudications: Mapping[Key, Ruling]
    ruled_at: Mapping[Key, datetime]
    imported: Mapping[Key, Ruling]
    retrieval: Mapping[int, str]
    policies: Mapping[Stage, Policy]

    @cached_property
    def judged(self) -> frozenset[int]:
        """Return the records on which somebody has judged."""
        keys = (*self.ballots, *self.adjudications, *self.imported)
        return frozenset(pk for pk, _stage in keys)


@dataclass(frozen=True)
class Expected:
    """Where a canonical record should stand at each stage that it has reached."""

    number: int
    states: Mapping[Stage, Settlement]


def expected_states(
    review: Review,
    records: Collection[int] | None = None,
    *,
    policies: Mapping[Stage, Policy] | None = None,
) -> dict[int, Expected]:
    """Derive the states of the canonical records (all, or those with these ids) from the ledger; nothing is
    written.

    `policies` stands in for the rules in force, for a dry run of a change.
    """
    wanted = None if records is None else frozenset(records)
    duplicates = _duplicates(review, wanted)
    company = wanted and wanted.union(pk for found in duplicates.values() for pk, _enters in found)
    evidence = _evidence(review, company, policies or {})
    canonical = _only(Record.objects.filter(review=review, canonical__isnull=True), "pk", records)
    rows = canonical.order_by("pk").values_list("pk", "number", "batch__enters_at_full_text")
    expected = {}
    for pk, number, enters in rows:
        if wanted is not None and pk not in wanted:
            continue
        states = _states(pk, evidence, enters_at_full_text=enters)
        others = {
            other: _states(other, evidence, enters_at_full_text=other_enters)
            for other, other_enters in duplicates.get(pk, ())
            if other in evidence.judged
        }
        if others:
            states = _in_group(review, pk, states, others, evidence, enters_at_full_text=enters)
        expected[pk] = Expected(number, states)
    return expected


def members_at(review: Review, head: Record, stage: Stage) -> list[Member]:
    """Return what the evidence of each record of a group says by itself at the stage, the head first;
    duplicates on which nobody has judged are left out.
    """
    wanted = frozenset([head.pk])
    duplicates = _duplicates(review, wanted).get(head.pk, [])
    everybody = [(head.pk, head.batch.enters_at_full_text), *duplicates]
    evidence = _evidence(review, [pk for pk, _enters in everybody], {})
    states = {
        pk: _states(pk, evidence, enters_at_full_text=enters)
        for pk, enters in everybody
        if pk == head.pk or pk in evidence.judged
    }
    return _members(review, states, evidence, stage)


def expected_state(record: Record, stage: Stage) -> Settlement | None:
    """Derive one record's state at the stage; None where it should have none."""
    expected = expected_states(record.review, [record.pk]).get(record.pk)
    return expected.states.get(stage) if expected else None


def differences(review: Review) -> list[str]:
    """Compare all stored projections with the ledger and return a sentence for each difference."""
    return [*_state_differences(review), *_canonical_differences(review)]


def _states(pk: int, evidence: Evidence, *, enters_at_full_text: bool) -> dict[Stage, Settlement]:
    states: dict[Stage, Settlement] = {}
    reaches_full_text = enters_at_full_text or (pk, Stage.FULL_TEXT) in evidence.imported
    if not enters_at_full_text:
        states[Stage.TITLE_ABSTRACT] = _settled(pk, Stage.TITLE_ABSTRACT, evidence)
        reaches_full_text |= states[Stage.TITLE_ABSTRACT].status is Status.INCLUDED
    if reaches_full_text:
        states[Stage.FULL_TEXT] = _full_text(pk, evidence)
    return states


def _in_group(
    review: Review,
    head: int,
    own: dict[Stage, Settlement],
    others: Mapping[int, dict[Stage, Settlement]],
    evidence: Evidence,
    *,
    enters_at_full_text: bool,
) -> dict[Stage, Settlement]:
    """Derive the states of a record from its own and those that its duplicates would have by themselves."""
    states: dict[Stage, Settlement] = {}
    reaches_full_text = enters_at_full_text or (head, Stage.FULL_TEXT) in evidence.imported
    if not enters_at_full_text:
        at_stage = _members(review, {head: own, **others}, evidence, Stage.TITLE_ABSTRACT)
        settled = settle_group(at_stage[0], at_stage[1:], stage=Stage.TITLE_ABSTRACT)
        states[Stage.TITLE_ABSTRACT] = settled or own[Stage.TITLE_ABSTRACT]
        reaches_full_text |= states[Stage.TITLE_ABSTRACT].status is Status.INCLUDED
    if reaches_full_text:
        own = own | {Stage.FULL_TEXT: _full_text(head, evidence)}
        at_stage = _members(review, {head: own, **others}, evidence, Stage.FULL_TEXT)
        settled = settle_group(at_stage[0], at_stage[1:], stage=Stage.FULL_TEXT)
        states[Stage.FULL_TEXT] = settled or own[Stage.FULL_TEXT]
    return states


def _members(
    review: Review, states: Mapping[int, dict[Stage, Settlement]], evidence: Evidence, stage: Stage
) -> list[Member]:
    members = []
    for pk, own in states.items():
        ruled_at = evidence.ruled_at.get((pk, stage))
        groups = groups_around(review, [pk], at=ruled_at) if ruled_at and len(states) > 1 else []
        members.append(Member(pk, own.get(stage), ruled_at, frozenset().union(*groups)))
    return members


def _duplicates(review: Review, heads: frozenset[int] | None) -> dict[int, list[tuple[int, bool]]]:
    """Return the duplicates of these records (or all), each with whether it entered at full text."""
    rows = _only(Record.objects.filter(review=review, canonical__isnull=False), "canonical", heads)
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for pk, head, enters in rows.order_by("pk").values_list("pk", "canonical", "batch__enters_at_full_text"):
        found[head or 0].append((pk, enters))
    return found


def _full_text(pk: int, evidence: Evidence) -> Settlement:
    outcome = evidence.retrieval.get(pk)
    if (pk, Stage.FULL_TEXT) in evidence.imported or outcome == RetrievalOutcome.Status.RETRIEVED:
        return _settled(pk, Stage.FULL_TEXT, evidence)
    if outcome == RetrievalOutcome.Status.NOT_RETRIEVED:
        return Settlement(Status.NOT_RETRIEVED)
    return Settlement(Status.AWAITING_RETRIEVAL)


def _settled(pk: int, stage: Stage, evidence: Evidence) -> Settlement:
    key = (pk, stage)
    ruling = evidence.adjudications.get(key) or evidence.imported.get(key)
    return settle(evidence.ballots.get(key, []), ruling, evidence.policies[stage], stage=stage)


def _evidence(review: Review, records: Collection[int] | None, policies: Mapping[Stage, Policy]) -> Evidence:
    ballots: dict[Key, list[Ballot]] = defaultdict(list)
    decisions = _only(Decision.objects.open().filter(review=review), "record", records)
    for pk, stage, reviewer, verdict, reason in decisions.values_list(
        "record", "stage", "reviewer", "verdict", "reason"
    ):
        ballots[pk, Stage(stage)].append(Ballot(reviewer, Verdict(verdict), reason))
    retrieval = _only(RetrievalOutcome.objects.open().filter(review=review), "report__record", records)
    stored = {Stage(row.stage): rules_of(row) for row in StagePolicy.objects.open().filter(review=review)}
    adjudicated = _only(Adjudication.objects.open().filter(review=review), "record", records)
    return Evidence(
        ballots=ballots,
        adjudications=_rulings(adjudicated),
        ruled_at={(pk, Stage(stage)): at for pk, stage, at in adjudicated.values_list(*KEY, "created_at")},
        imported=_rulings(_only(ImportedOutcome.objects.open().filter(review=review), "record", records)),
        retrieval=dict(retrieval.values_list("report__record", "status")),
        policies={stage: policies.get(stage) or stored.get(stage) or Policy() for stage in Stage},
    )


def _rulings(rows: LedgerQuerySet) -> dict[Key, Ruling]:
    values = rows.values_list(*KEY, "verdict", "reason")
    return {(pk, Stage(stage)): Ruling(Verdict(verdict), reason) for pk, stage, verdict, reason in values}


def _only(rows: Rows, field: str, records: Collection[int] | None) -> Rows:
    if records is None or len(records) >= MANY:
        return rows
    return rows.filter(**{f"{field}__in": records})


def _state_differences(review: Review) -> list[str]:
    expected = {
        (pk, stage): (found.number, str(state.status), state.reason)
        for pk, found in expected_states(review).items()
        for stage, state in found.states.items()
    }
    stored = {
        (pk, Stage(stage)): (number, status, reason)
        for pk, stage, number, status, reason in StageState.objects.filter(review=review).values_list(
            "record", "stage", "record__number", "status", "reason"
        )
    }
    with_report = set(Report.objects.filter(review=review).values_list("record", flat=True))
    found = []
    for key in sorted(expected.keys() | stored.keys()):
        right, kept = expected.get(key), stored.get(key)
        if right != kept:
            number = (right or kept or (0,))[0]
            found.append(
                f"Record {number}, {key[1]}: stored {_words(kept)}, the ledger says {_words(right)}."
            )
        if right and key[1] is Stage.FULL_TEXT and key[0] not in with_report:
            found.append(f"Record {right[0]}, {key[1]}: has a state but no report.")
    return found


def _words(state: tuple[int, str, object] | None) -> str:
    if state is None:
        return "no state"
    return state[1] if state[2] is None else f"{state[1]} for reason {state[2]}"


def _canonical_differences(review: Review) -> list[str]:
    right = expected_canonicals(review)
    stored = Record.objects.filter(review=review).order_by("number").values_list("pk", "number", "canonical")
    return [
        f"Record {number}: stored as {_stands_for(kept)}, the ledger says {_stands_for(right.get(pk))}."
        for pk, number, kept in stored
        if right.get(pk) != kept
    ]


def _stands_for(canonical: int | None) -> str:
    return "no duplicate" if canonical is None else f"a duplicate of the record with id {canonical}"
