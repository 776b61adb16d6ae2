"""Who sees what of imported decisions, and what agreement statistics count."""

from __future__ import annotations

from uuid import uuid4

import pytest

from screening.domain.agreement import agreement
from screening.domain.vocabulary import Stage
from screening.models import Decision, Record
from screening.queries.decisions import independent_decisions, independent_pairs, visible_to
from screening.queries.prior_decisions import decision_imports_for, hides_text, kept_for, screeners_of
from screening.services.adjudication import adjudicate
from screening.services.decisions import change_decision, undo_decision
from screening.services.prior_decisions_withdrawal import withdraw
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record, status_of
from tests.screening.prior import bring, look_at, table

TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def records(review, owner):
    return [make_record(review, owner) for _ in range(4)]


@pytest.fixture
def both(reviewer_a, reviewer_b):
    return {"A": reviewer_a, "B": reviewer_b}


# Agreement


def test_imported_decisions_are_no_part_of_agreement(owner, review, records, both):
    decide(both["A"], records[0], INCLUDE)
    decide(both["B"], records[0], EXCLUDE)
    bring(owner, review, table("2,A,yes", "2,B,yes", "3,A,yes"), both)
    decide(both["B"], records[2], INCLUDE)
    pairs = independent_pairs(review, TA, both["A"], both["B"])
    assert pairs == [(INCLUDE, EXCLUDE)]
    assert agreement(pairs).n == 1


def test_decision_made_here_in_place_of_an_imported_one_counts(owner, review, records, both):
    bring(owner, review, table("1,A,yes"), both)
    at = {"user": both["A"], "review": review, "record": records[0], "stage": TA}
    change_decision(**at, verdict=EXCLUDE, token=uuid4())
    decide(both["B"], records[0], INCLUDE)
    assert independent_pairs(review, TA, both["A"], both["B"]) == [(EXCLUDE, INCLUDE)]


def test_imported_decision_brought_back_by_undoing_counts_no_more_than_before(owner, review, records, both):
    bring(owner, review, table("1,A,yes"), both)
    at = {"user": both["A"], "review": review, "record": records[0], "stage": TA}
    change_decision(**at, verdict=EXCLUDE, token=uuid4())
    undo_decision(**at)
    assert not independent_decisions(review, TA).exists()


def test_last_blind_decision_counts_though_changed_when_the_other_could_be_seen(review, records, both):
    decide(both["A"], records[0], INCLUDE)
    decide(both["B"], records[0], EXCLUDE)
    at = {"user": both["A"], "review": review, "record": records[0], "stage": TA}
    change_decision(**at, verdict=EXCLUDE, token=uuid4())
    assert independent_pairs(review, TA, both["A"], both["B"]) == [(INCLUDE, EXCLUDE)]


def test_decision_changed_while_blind_counts_as_it_is_now(review, records, both):
    decide(both["A"], records[0], INCLUDE)
    at = {"user": both["A"], "review": review, "record": records[0], "stage": TA}
    change_decision(**at, verdict=EXCLUDE, token=uuid4())
    assert [decision.verdict for decision in independent_decisions(review, TA)] == ["exclude"]


def test_decision_taken_back_does_not_count(review, records, both):
    decide(both["A"], records[0], INCLUDE)
    undo_decision(user=both["A"], review=review, record=records[0], stage=TA)
    assert not independent_decisions(review, TA).exists()


def test_adjudication_leaves_the_independent_decisions_as_they_are(review, records, both, adjudicator):
    decide(both["A"], records[0], INCLUDE)
    decide(both["B"], records[0], EXCLUDE)
    adjudicate(
        user=adjudicator, review=review, record=records[0], stage=TA, verdict=INCLUDE, rationale="Adults."
    )
    assert independent_pairs(review, TA, both["A"], both["B"]) == [(INCLUDE, EXCLUDE)]


# Who sees what


def test_imported_decision_is_seen_like_any_other(owner, review, records, both, viewer):
    bring(owner, review, table("1,B,yes", "2,A,yes", "2,B,yes"), both)
    for person in (owner, both["A"], viewer):
        seen = visible_to(person, review, TA).filter(reviewer=both["B"])
        assert [decision.record for decision in seen] == [records[1]]


def test_dry_run_is_listed_for_whoever_uploaded_it_alone(owner, admin, review, records):
    look_at(owner, review, table("1,A,yes"))
    assert [decision_imports_for(person, review).count() for person in (owner, admin)] == [1, 0]


def test_import_and_its_withdrawal_are_listed_for_everybody_with_the_rows(
    owner, review, records, both, viewer
):
    imported = bring(owner, review, table("1,A,yes", "9,A,no"), both)
    withdraw(user=owner, review=review, imported=imported)
    assert [(one.state, one.n_rows) for one in decision_imports_for(viewer, review)] == [("withdrawn", 2)]


def test_kept_decision_is_named_to_the_uploader_once_the_record_is_settled(owner, review, records, both):
    decide(both["A"], records[0], INCLUDE)
    imported = bring(owner, review, table("1,A,yes", "2,A,yes"), both)
    assert kept_for(owner, imported) == []
    decide(both["B"], records[0], INCLUDE)
    assert [(kept.line, kept.number) for kept in kept_for(owner, imported)] == [(2, 1)]


def test_kept_decision_is_named_to_its_reviewer_at_once_and_to_no_other(owner, review, records, both):
    decide(both["A"], records[0], INCLUDE)
    imported = bring(owner, review, table("1,A,yes"), both)
    assert [[kept.number for kept in kept_for(both[name], imported)] for name in "AB"] == [[1], []]


def test_outcome_that_gave_way_is_named_once_the_record_is_settled(owner, review, records, both):
    decide(both["A"], records[0], INCLUDE)
    imported = bring(owner, review, table("1,,no", "2,,no"), {"": "outcome"})
    assert kept_for(owner, imported) == []
    decide(both["B"], records[0], INCLUDE)
    assert [kept.number for kept in kept_for(owner, imported)] == [1]


def test_people_who_screen_are_offered(review, owner, both, viewer, adjudicator):
    assert list(screeners_of(review)) == [both["A"], both["B"]]


# The text of a record in its file


@pytest.mark.parametrize(
    "mark",
    ['RAYYAN-INCLUSION: {"B"=>"Excluded"}', "ASReview_irrelevant", "WORKBENCH-DECISION: exclude"],
)
def test_text_with_marks_of_a_tool_is_hidden_until_screening_of_the_record_is_over(review, owner, both, mark):
    record = make_record(review, owner, raw=f"TY  - JOUR\nN1  - {mark}\nER  -")
    assert hides_text(record)
    for reviewer in both.values():
        decide(reviewer, record, EXCLUDE)
    assert status_of(record) == "excluded"
    assert not hides_text(record)


def test_text_is_hidden_where_its_file_was_imported_for_decisions(owner, review, both):
    record = make_record(review, owner, raw="1,yes")
    imported = bring(owner, review, table("1,A,yes"), both)
    assert not hides_text(Record.objects.get(pk=record.pk))
    imported.file = record.batch.file
    imported.save()
    assert hides_text(Record.objects.get(pk=record.pk))


def test_plain_text_is_shown(owner, review, records):
    assert not hides_text(records[0])
    assert not Decision.objects.exists()
