"""Where each record should stand, derived from the ledger, and how far the stored states differ from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from reviewsite.workspace.models import LedgerQuerySet, Review
from screening.domain.consensus import Ballot, Policy, Ruling, Settlement, settle
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
from screening.queries.duplicates import expected_canonicals

Key = tuple[int, Stage]
Rows = TypeVar("Rows", bound="QuerySet[Any]")
MANY = 500
"""From this many records on, the evidence of the whole review is read rather than an IN list."""


@dataclass(frozen=True)
class Evidence:
    """The open rows that settle records, by record and stage."""

    ballots: Mapping[Key, list[Ballot]]
    adjudications: Mapping[Key, Ruling]
    imported: Mapping[Key, Ruling]
    retrieval: Mapping[int, str]
    policies: Mapping[Stage, Policy]


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
    evidence = _evidence(review, records, policies or {})
    wanted = None if records is None else frozenset(records)
    canonical = _only(Record.objects.filter(review=review, canonical__isnull=True), "pk", records)
    rows = canonical.order_by("pk").values_list("pk", "number", "source__enters_at_full_text")
    return {
        pk: Expected(number, _states(pk, evidence, enters_at_full_text=enters))
        for pk, number, enters in rows
        if wanted is None or pk in wanted
    }


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
    return Evidence(
        ballots=ballots,
        adjudications=_rulings(_only(Adjudication.objects.open().filter(review=review), "record", records)),
        imported=_rulings(_only(ImportedOutcome.objects.open().filter(review=review), "record", records)),
        retrieval=dict(retrieval.values_list("report__record", "status")),
        policies={stage: policies.get(stage) or stored.get(stage) or Policy() for stage in Stage},
    )


def _rulings(rows: LedgerQuerySet) -> dict[Key, Ruling]:
    values = rows.values_list("record", "stage", "verdict", "reason")
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
