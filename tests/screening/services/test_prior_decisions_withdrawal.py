"""An import of decisions is undone as a whole, or not where others have built on it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage
from screening.models import ConsensusProposal, Decision, ImportedOutcome
from screening.queries.decisions import own_decisions
from screening.queries.projections import differences
from screening.queries.queue import state_of, undecided
from screening.services.adjudication import adjudicate, propose_consensus
from screening.services.decisions import change_decision, undo_decision
from screening.services.prior_decisions_withdrawal import withdraw
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record, retrieve, status_of
from tests.screening.prior import bring, look_at, table

TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def records(review, owner):
    return [make_record(review, owner) for _ in range(3)]


@pytest.fixture
def imported(owner, review, records, reviewer_a, reviewer_b):
    rows = table("1,A,yes", "1,B,yes", "2,A,yes", "2,B,no", "3,A,yes")
    return bring(owner, review, rows, {"A": reviewer_a, "B": reviewer_b})


def test_withdrawn_decisions_stop_counting_and_stay_on_record(owner, review, records, imported):
    withdraw(user=owner, review=review, imported=imported)
    assert (Decision.objects.open().count(), Decision.objects.count()) == (0, 5)
    assert {status_of(record) for record in records} == {"awaiting"}
    assert differences(review) == []


def test_withdrawing_twice_changes_nothing(owner, admin, review, imported):
    withdraw(user=owner, review=review, imported=imported)
    assert withdraw(user=admin, review=review, imported=imported).state == "withdrawn"


def test_outcomes_are_withdrawn_too(owner, review, records):
    imported = bring(owner, review, table("1,,yes", "2,,no"), {"": "outcome"})
    withdraw(user=owner, review=review, imported=imported)
    assert not ImportedOutcome.objects.open().exists()
    assert {status_of(record) for record in records} == {"awaiting"}


def test_file_can_come_again_after_the_withdrawal(owner, review, records, imported, reviewer_a):
    withdraw(user=owner, review=review, imported=imported)
    bring(owner, review, table("1,A,yes", "1,B,yes", "2,A,yes", "2,B,no", "3,A,yes"), {"A": reviewer_a})
    assert Decision.objects.open().count() == 3


def test_decision_that_replaced_an_imported_one_stays(owner, review, records, imported, reviewer_a):
    at = {"user": reviewer_a, "review": review, "record": records[2], "stage": TA}
    change_decision(**at, verdict=EXCLUDE, token=uuid4())
    withdraw(user=owner, review=review, imported=imported)
    assert [decision.verdict for decision in Decision.objects.open()] == ["exclude"]
    undo_decision(**at)
    assert not Decision.objects.open().exists()


def test_adjudicated_record_keeps_the_import(owner, review, records, imported, adjudicator):
    at = {"review": review, "record": records[1], "stage": TA}
    adjudicate(user=adjudicator, verdict=INCLUDE, rationale="Adults.", **at)
    with pytest.raises(Refused, match="on record 2: ask an adjudicator to reopen"):
        withdraw(user=owner, review=review, imported=imported)
    assert Decision.objects.open().count() == 5


def test_later_work_keeps_the_import(owner, review, records, imported):
    retrieve(owner, records[0])
    with pytest.raises(Refused, match="Later work builds on decisions of this import, on record 1"):
        withdraw(user=owner, review=review, imported=imported)


def test_import_at_full_text_is_not_kept_by_the_retrieval_it_needed(
    owner, review, records, reviewer_a, reviewer_b
):
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, records[0], INCLUDE)
    retrieve(owner, records[0])
    rows = table("1,A,yes", "1,B,yes")
    imported = bring(owner, review, rows, {"A": reviewer_a, "B": reviewer_b}, stage=Stage.FULL_TEXT)
    withdraw(user=owner, review=review, imported=imported)
    assert status_of(records[0], Stage.FULL_TEXT) == "awaiting"


def test_open_discussion_of_a_withdrawn_decision_is_closed(owner, review, records, imported, reviewer_a):
    at = {"review": review, "record": records[1], "stage": TA}
    propose_consensus(user=reviewer_a, verdict=INCLUDE, rationale="Read again.", **at)
    withdraw(user=owner, review=review, imported=imported)
    assert not ConsensusProposal.objects.open().exists()


def test_file_that_is_not_confirmed_has_nothing_to_withdraw(owner, review, records):
    imported = look_at(owner, review, table("1,A,yes"))
    with pytest.raises(Refused, match="nothing to withdraw"):
        withdraw(user=owner, review=review, imported=imported)


def test_reviewer_may_not_withdraw(reviewer_a, review, imported):
    with pytest.raises(Refused, match="role"):
        withdraw(user=reviewer_a, review=review, imported=imported)


def test_note_of_a_withdrawn_decision_is_offered_to_nobody(owner, review, records, reviewer_a):
    imported = bring(owner, review, table("1,B,no,private words"), {"B": reviewer_a})
    withdraw(user=owner, review=review, imported=imported)
    state = state_of(review, TA, 1)
    assert state is not None
    assert undecided(reviewer_a, state).note == ""
    assert not own_decisions(reviewer_a, review, TA).open().exists()
