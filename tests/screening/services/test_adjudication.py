"""Conflicts: who resolves them, how, and how they open again."""

from __future__ import annotations

from functools import partial

import pytest

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import set_roles
from screening.domain.vocabulary import Stage
from screening.models import (
    Adjudication,
    ConsensusProposal,
    ConsensusSignature,
    Decision,
    StagePolicy,
    StageState,
)
from screening.services.adjudication import (
    adjudicate,
    propose_consensus,
    reopen,
    sign_consensus,
    withdraw_consensus,
)
from screening.services.decisions import undo_decision
from tests.screening.builders import (
    EXCLUDE,
    INCLUDE,
    UNSURE,
    decide,
    make_reason,
    make_record,
    retrieve,
    status_of,
)


@pytest.fixture
def record(review, owner, reviewer_a, reviewer_b):
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    return record


@pytest.fixture
def case(record):
    return {"review": record.review, "record": record, "stage": Stage.TITLE_ABSTRACT}


@pytest.fixture
def propose(reviewer_a, case):
    return partial(propose_consensus, user=reviewer_a, verdict=INCLUDE, rationale="We read it again.", **case)


def test_an_adjudication_binds_and_touches_no_decision(record, adjudicator, case):
    adjudicate(user=adjudicator, verdict=INCLUDE, rationale="Adults are included.", **case)
    assert (status_of(record), status_of(record, Stage.FULL_TEXT)) == ("included", "awaiting_retrieval")
    assert Decision.objects.open().filter(record=record).count() == 2


def test_a_record_that_is_not_in_conflict_is_refused(review, owner, adjudicator, reviewer_a):
    waiting = make_record(review, owner)
    decide(reviewer_a, waiting, INCLUDE)
    case = {"review": review, "record": waiting, "stage": Stage.TITLE_ABSTRACT}
    with pytest.raises(Refused, match="not in conflict"):
        adjudicate(user=adjudicator, verdict=INCLUDE, rationale="Yes.", **case)


@pytest.mark.parametrize(
    ("verdict", "rationale", "sentence"), [(UNSURE, "Hm.", "Maybe"), (INCLUDE, " ", "why")]
)
def test_an_adjudication_is_final_and_reasoned(adjudicator, case, verdict, rationale, sentence):
    with pytest.raises(Refused, match=sentence):
        adjudicate(user=adjudicator, verdict=verdict, rationale=rationale, **case)


def test_a_reviewer_without_the_role_cannot_adjudicate(reviewer_a, case):
    with pytest.raises(Refused, match="role"):
        adjudicate(user=reviewer_a, verdict=INCLUDE, rationale="Yes.", **case)


def test_a_decider_adjudicates_only_where_the_rules_allow_it(owner, review, reviewer_a, case):
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.REVIEWER, Role.ADJUDICATOR])
    with pytest.raises(Refused, match="yourself"):
        adjudicate(user=reviewer_a, verdict=INCLUDE, rationale="Yes.", **case)
    StagePolicy.objects.create(review=review, stage=case["stage"], may_resolve_own=True, created_by=owner)
    assert adjudicate(user=reviewer_a, verdict=INCLUDE, rationale="Yes.", **case).mode == "third_person"


def test_a_reason_conflict_is_resolved_for_one_reason(review, owner, reviewer_a, reviewer_b, adjudicator):
    record = make_record(review, owner)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, record, INCLUDE)
    retrieve(reviewer_a, record)
    population, design = make_reason(review, "population"), make_reason(review, "design")
    decide(reviewer_a, record, EXCLUDE, stage=Stage.FULL_TEXT, reason=population)
    decide(reviewer_b, record, EXCLUDE, stage=Stage.FULL_TEXT, reason=design)
    case = {
        "review": review,
        "record": record,
        "stage": Stage.FULL_TEXT,
        "verdict": EXCLUDE,
        "rationale": "First.",
    }
    with pytest.raises(Refused, match="reason"):
        adjudicate(user=adjudicator, **case)
    adjudicate(user=adjudicator, reason=design, **case)
    assert StageState.objects.get(record=record, stage=Stage.FULL_TEXT).reason == design


def test_a_proposal_is_signed_by_its_writer_and_settles_nothing(record, propose, reviewer_a):
    proposal = propose()
    assert [row.reviewer for row in proposal.signatures.all()] == [reviewer_a]
    assert status_of(record) == "conflict"


def test_the_last_signature_makes_the_consensus_binding(record, propose, reviewer_b):
    proposal = propose()
    sign_consensus(user=reviewer_b, proposal=proposal)
    adjudication = Adjudication.objects.get(record=record)
    assert (adjudication.mode, adjudication.verdict, adjudication.proposal) == (
        "discussion",
        "include",
        proposal,
    )
    assert status_of(record) == "included"


def test_only_the_deciders_propose_and_sign(propose, join, case):
    other = join("reviewer_c", Role.REVIEWER)
    with pytest.raises(Refused, match="Only the reviewers who decided"):
        propose(user=other)
    with pytest.raises(Refused, match="Only the reviewers who decided"):
        sign_consensus(user=other, proposal=propose())


def test_one_proposal_at_a_time(propose, reviewer_b):
    propose()
    with pytest.raises(Refused, match="open proposal"):
        propose(user=reviewer_b, verdict=EXCLUDE)


def test_signing_twice_is_refused(propose, reviewer_a):
    proposal = propose()
    with pytest.raises(Refused, match="already"):
        sign_consensus(user=reviewer_a, proposal=proposal)


def test_a_withdrawn_proposal_cannot_be_signed(propose, reviewer_b):
    proposal = propose()
    withdraw_consensus(user=reviewer_b, proposal=proposal)
    with pytest.raises(Refused, match="no longer open"):
        sign_consensus(user=reviewer_b, proposal=proposal)
    assert not ConsensusSignature.objects.open().exists()


def test_a_consensus_needs_two(review, owner, reviewer_a):
    StagePolicy.objects.create(
        review=review, stage=Stage.TITLE_ABSTRACT, n_reviewers=1, unsure="discuss", created_by=owner
    )
    record = make_record(review, owner)
    decide(reviewer_a, record, UNSURE)
    assert status_of(record) == "conflict"
    with pytest.raises(Refused, match="two reviewers"):
        propose_consensus(
            user=reviewer_a,
            review=review,
            record=record,
            stage=Stage.TITLE_ABSTRACT,
            verdict=INCLUDE,
            rationale="I say so.",
        )


def test_an_adjudication_closes_an_unfinished_discussion(propose, adjudicator, case):
    propose()
    adjudicate(user=adjudicator, verdict=EXCLUDE, rationale="No.", **case)
    assert not ConsensusProposal.objects.open().exists()


def test_undoing_a_decision_closes_the_discussion(propose, reviewer_b, case):
    propose()
    undo_decision(user=reviewer_b, **case)
    assert not ConsensusProposal.objects.open().exists()


def test_reopening_keeps_the_adjudication_and_the_conflict_returns(record, adjudicator, case):
    adjudicate(user=adjudicator, verdict=INCLUDE, rationale="Yes.", **case)
    reopened = reopen(user=adjudicator, rationale="The abstract was corrected.", **case)
    assert Adjudication.objects.filter(pk=reopened.pk, superseded_at__isnull=False).exists()
    assert (status_of(record), status_of(record, Stage.FULL_TEXT)) == ("conflict", None)


def test_a_reopened_consensus_can_be_proposed_again(propose, reviewer_b, adjudicator, case):
    sign_consensus(user=reviewer_b, proposal=propose())
    reopen(user=adjudicator, rationale="A mistake.", **case)
    assert propose(verdict=EXCLUDE).is_open


def test_reopening_needs_a_rationale(adjudicator, case):
    adjudicate(user=adjudicator, verdict=INCLUDE, rationale="Yes.", **case)
    with pytest.raises(Refused, match="why"):
        reopen(user=adjudicator, rationale="", **case)


def test_reopening_under_a_sought_report_is_refused_and_changes_nothing(
    record, adjudicator, reviewer_a, case
):
    adjudicate(user=adjudicator, verdict=INCLUDE, rationale="Yes.", **case)
    retrieve(reviewer_a, record, "requested")
    with pytest.raises(Refused, match="builds on"):
        reopen(user=adjudicator, rationale="No.", **case)
    assert Adjudication.objects.open().filter(record=record).exists()
