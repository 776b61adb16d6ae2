"""The stored states are what the ledger says, after every step."""

from __future__ import annotations

import random
from contextlib import suppress
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.models import ConsensusProposal, Record, Report, Source, StagePolicy, StageState
from screening.queries.progress import stage_counts
from screening.queries.projections import differences
from screening.services.adjudication import adjudicate, propose_consensus, reopen, sign_consensus
from screening.services.decisions import change_decision, record_decision, undo_decision
from screening.services.outcomes import StatedOutcome, record_imported_outcome, record_imported_outcomes
from screening.services.projection import enter_records, recompute, recompute_many, screening_order
from tests.screening.builders import (
    EXCLUDE,
    INCLUDE,
    decide,
    make_reason,
    make_record,
    make_source,
    retrieve,
    status_of,
)

STAGES = [Stage.TITLE_ABSTRACT, Stage.FULL_TEXT]


def test_records_enter_title_and_abstract_in_an_order_that_is_the_same_each_time(review, owner):
    records = [make_record(review, owner, enters=False) for _ in range(3)]
    enter_records(user=owner, review=review, records=records)
    stored = StageState.objects.filter(review=review).order_by("record")
    assert [(row.stage, row.status) for row in stored] == [("title_abstract", "awaiting")] * 3
    assert [row.priority for row in stored] == [screening_order(review, n) for n in (1, 2, 3)]
    assert len({row.priority for row in stored}) == 3


def test_a_source_that_enters_at_full_text_has_reports_at_once(review, owner):
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    record = make_record(review, owner, source=listed)
    assert (status_of(record), status_of(record, Stage.FULL_TEXT)) == (None, "awaiting_retrieval")
    assert Report.objects.filter(record=record).exists()
    assert differences(review) == []


def test_duplicates_have_no_state(review, owner):
    first = make_record(review, owner)
    twin = make_record(review, owner)
    Record.objects.filter(pk=twin.pk).update(canonical=first)
    recompute(twin, Stage.TITLE_ABSTRACT)
    assert status_of(twin) is None


def test_a_duplicate_that_is_parted_again_gets_its_state_and_decisions_back(
    review, owner, reviewer_a, reviewer_b
):
    first, twin = make_record(review, owner), make_record(review, owner)
    decide(reviewer_a, twin, EXCLUDE)
    decide(reviewer_b, twin, EXCLUDE)
    for canonical in (first, None):
        Record.objects.filter(pk=twin.pk).update(canonical=canonical)
        recompute(twin, Stage.TITLE_ABSTRACT)
    assert status_of(twin) == "excluded"


def test_an_imported_outcome_settles_without_decisions_or_retrieval(review, owner):
    record, reason = make_record(review, owner), make_reason(review)
    stated = {"user": owner, "review": review, "record": record, "stated_by": "Published review"}
    record_imported_outcome(stage=Stage.TITLE_ABSTRACT, verdict=INCLUDE, **stated)
    record_imported_outcome(stage=Stage.FULL_TEXT, verdict=EXCLUDE, reason=reason, **stated)
    assert (status_of(record), status_of(record, Stage.FULL_TEXT)) == ("included", "excluded")
    assert differences(review) == []


def test_many_outcomes_are_imported_at_a_constant_number_of_queries(
    review, owner, django_assert_max_num_queries
):
    records = [make_record(review, owner) for _ in range(20)]
    outcomes = [StatedOutcome(row, Stage.TITLE_ABSTRACT, INCLUDE, "Published review") for row in records]
    with django_assert_max_num_queries(45):
        record_imported_outcomes(user=owner, review=review, outcomes=outcomes)
    assert stage_counts(review, Stage.FULL_TEXT)[Status.AWAITING_RETRIEVAL] == 20


def test_an_import_does_not_replace_decisions(review, owner, reviewer_a):
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    with pytest.raises(Refused, match="Record 1 has decisions"):
        record_imported_outcome(
            user=owner,
            review=review,
            record=record,
            stage=Stage.TITLE_ABSTRACT,
            verdict=EXCLUDE,
            stated_by="Published review",
        )


def test_recomputing_writes_nothing_where_nothing_changed(review, owner, reviewer_a):
    record = make_record(review, owner)
    before = StageState.objects.get(record=record).changed_at
    decide(reviewer_a, record, INCLUDE)
    assert StageState.objects.get(record=record).changed_at == before
    assert recompute_many(review) == 0


def test_fewer_reviewers_settle_what_waited(review, owner, reviewer_a):
    record = make_record(review, owner)
    decide(reviewer_a, record, EXCLUDE)
    StagePolicy.objects.create(review=review, stage=Stage.TITLE_ABSTRACT, n_reviewers=1, created_by=owner)
    assert recompute_many(review) == 1
    assert status_of(record) == "excluded"


def test_the_check_names_a_wrong_state(review, owner):
    record = make_record(review, owner)
    StageState.objects.filter(record=record).update(status="included")
    assert differences(review) == ["Record 1, title_abstract: stored included, the ledger says awaiting."]
    with pytest.raises(CommandError) as problem:
        call_command("check_projections", review=review.slug, stdout=StringIO())
    assert problem.value.returncode == 1


def test_the_check_names_a_wrong_duplicate(review, owner):
    first, twin = make_record(review, owner), make_record(review, owner)
    Record.objects.filter(pk=twin.pk).update(canonical=first)
    assert "Record 2: stored as a duplicate" in " ".join(differences(review))


def test_the_check_passes_on_a_sound_review(review, owner):
    make_record(review, owner)
    out = StringIO()
    call_command("check_projections", stdout=out)
    assert out.getvalue() == "The stored states are what the ledger says.\n"


class Walk:
    """Random steps of a team on the newest record; what is refused must change nothing."""

    def __init__(self, seed, review, records, people, adjudicator, reasons):
        self.random = random.Random(seed)
        self.review, self.records, self.people = review, records, people
        self.adjudicator, self.reasons = adjudicator, reasons

    def step(self):
        record = self.records[-1]
        reached = [Stage(row.stage) for row in record.stage_states.all()]
        self.stage = self.random.choice([*reached, max(reached, key=STAGES.index)])
        case = {"review": self.review, "record": record, "stage": self.stage}
        settle = [self.adjudicate, self.reopen, self.propose, self.sign]
        action = self.random.choice([*[self.decide] * 4, self.change, self.undo, self.retrieve, *settle * 2])
        try:
            action(case)
        except Refused:
            return f"{action.__name__} refused"
        return action.__name__

    def outcome(self, verdicts):
        verdict = self.random.choice(verdicts)
        needs_reason = (verdict, self.stage) == (EXCLUDE, Stage.FULL_TEXT)
        return {"verdict": verdict, "reason": self.random.choice(self.reasons) if needs_reason else None}

    def decide(self, case):
        record_decision(user=self.someone(), token=uuid4(), **case, **self.outcome(list(Verdict)))

    def change(self, case):
        change_decision(user=self.someone(), token=uuid4(), **case, **self.outcome(list(Verdict)))

    def undo(self, case):
        undo_decision(user=self.someone(), **case)

    def adjudicate(self, case):
        adjudicate(user=self.adjudicator, rationale="So.", **case, **self.outcome([INCLUDE, EXCLUDE]))

    def reopen(self, case):
        reopen(user=self.adjudicator, rationale="Again.", **case)

    def propose(self, case):
        outcome = self.outcome([INCLUDE, EXCLUDE])
        for person in self.people:
            with suppress(Refused):
                propose_consensus(user=person, rationale="Agreed.", **case, **outcome)

    def sign(self, case):
        proposal = ConsensusProposal.objects.open().filter(record=case["record"]).first()
        if proposal is None:
            raise Refused
        for person in self.people:
            with suppress(Refused):
                sign_consensus(user=person, proposal=proposal)

    def retrieve(self, case):
        if Report.objects.filter(record=case["record"]).exists():
            retrieve(
                self.people[0],
                case["record"],
                self.random.choice(["retrieved", "retrieved", "not_retrieved"]),
            )

    def someone(self):
        return self.random.choice(self.people)


@pytest.mark.parametrize(
    ("seed", "rules", "most_voters"),
    [(1, {}, 2), (2, {"unsure": "neutral"}, 3), (3, {"n_reviewers": 3, "unsure": "discuss"}, 3)],
)
def test_any_order_of_steps_leaves_states_that_the_ledger_confirms(
    seed, rules, most_voters, review, owner, reviewer_a, reviewer_b, adjudicator, join
):
    if rules:
        StagePolicy.objects.create(review=review, stage=Stage.TITLE_ABSTRACT, created_by=owner, **rules)
    records = [make_record(review, owner)]
    people = [reviewer_a, reviewer_b, join("reviewer_c", Role.REVIEWER)]
    reasons = [make_reason(review, "population"), make_reason(review, "design")]
    walk = Walk(seed, review, records, people, adjudicator, reasons)
    done = set()
    for n_steps in range(150):
        if n_steps % 25 == 0:
            records.append(make_record(review, owner))
        done.add(walk.step())
        assert differences(review) == []
        assert open_voters(records[-1]) <= most_voters
    assert {"decide", "change", "undo", "adjudicate"} <= done


def open_voters(record):
    return record.decisions.filter(superseded_at__isnull=True, stage=Stage.TITLE_ABSTRACT).count()
