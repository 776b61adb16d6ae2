"""A reviewer's own decision: recorded once, changed, undone, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import AuditEvent
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import Stage
from screening.models import Decision, Report, StagePolicy, StageState
from screening.services.adjudication import adjudicate, reopen
from screening.services.decisions import change_decision, undo_decision
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

TITLE_ABSTRACT, FULL_TEXT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


@pytest.fixture
def record(review, owner):
    return make_record(review, owner)


@pytest.fixture
def at_full_text(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, INCLUDE)
    retrieve(reviewer_a, record)
    return record


def change(user, record, verdict, stage=TITLE_ABSTRACT):
    return change_decision(
        user=user, review=record.review, record=record, stage=stage, verdict=verdict, token=uuid4()
    )


def undo(user, record, stage=TITLE_ABSTRACT):
    return undo_decision(user=user, review=record.review, record=record, stage=stage)


def own(user, record, stage=TITLE_ABSTRACT):
    row = Decision.objects.open().filter(record=record, reviewer=user, stage=stage).first()
    return row and (row.verdict, row.reason, row.note)


def test_one_decision_of_two_leaves_the_record_waiting(record, reviewer_a):
    decide(reviewer_a, record, EXCLUDE)
    assert status_of(record) == "awaiting"


def test_two_includes_open_the_full_text_and_its_report(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, UNSURE)
    assert (status_of(record), status_of(record, FULL_TEXT)) == ("included", "awaiting_retrieval")
    assert Report.objects.get(record=record).review == record.review


def test_include_and_exclude_are_a_conflict(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    assert status_of(record) == "conflict"


def test_the_same_token_makes_one_decision(record, reviewer_a):
    token = uuid4()
    first = decide(reviewer_a, record, INCLUDE, token=token)
    assert decide(reviewer_a, record, INCLUDE, token=token) == first
    assert Decision.objects.count() == 1
    assert AuditEvent.objects.filter(action="record_decision").count() == 1


def test_the_same_token_is_answered_after_the_record_settled(record, reviewer_a, reviewer_b):
    token = uuid4()
    first = decide(reviewer_a, record, EXCLUDE, token=token)
    decide(reviewer_b, record, EXCLUDE)
    assert decide(reviewer_a, record, EXCLUDE, token=token) == first


def test_the_same_token_with_another_verdict_is_refused(record, reviewer_a):
    token = uuid4()
    decide(reviewer_a, record, INCLUDE, token=token)
    with pytest.raises(Refused, match="sent before"):
        decide(reviewer_a, record, EXCLUDE, token=token)


def test_another_persons_token_is_refused(record, reviewer_a, reviewer_b):
    token = uuid4()
    decide(reviewer_a, record, INCLUDE, token=token)
    with pytest.raises(Refused, match="sent before"):
        decide(reviewer_b, record, INCLUDE, token=token)


def test_a_token_spent_on_another_record_is_refused(record, review, owner, reviewer_a):
    token = uuid4()
    decide(reviewer_a, record, INCLUDE, token=token)
    with pytest.raises(Refused, match="sent before"):
        decide(reviewer_a, make_record(review, owner), INCLUDE, token=token)


def test_a_second_decision_of_one_reviewer_is_refused(record, reviewer_a):
    decide(reviewer_a, record, INCLUDE)
    with pytest.raises(Refused, match="change or undo"):
        decide(reviewer_a, record, EXCLUDE)


@pytest.mark.parametrize("verdict", [INCLUDE, EXCLUDE])
def test_a_third_voter_hears_the_same_whether_the_two_agree_or_not(
    record, reviewer_a, reviewer_b, join, verdict
):
    decide(reviewer_a, record, verdict)
    decide(reviewer_b, record, EXCLUDE)
    with pytest.raises(Refused) as refusal:
        decide(join("reviewer_c", Role.REVIEWER), record, INCLUDE)
    assert str(refusal.value) == "This record no longer needs a decision."


def test_a_viewer_cannot_decide(record, viewer):
    with pytest.raises(Refused, match="role"):
        decide(viewer, record, INCLUDE)


def test_a_read_only_review_takes_no_decision(record, owner, reviewer_a):
    make_read_only(user=owner, review=record.review)
    with pytest.raises(Refused, match="read-only"):
        decide(reviewer_a, record, INCLUDE)


def test_a_duplicate_takes_no_decision(review, owner, reviewer_a, record):
    twin = make_record(review, owner, canonical=record)
    with pytest.raises(Refused, match="duplicate"):
        decide(reviewer_a, twin, INCLUDE)


def test_an_exclusion_at_full_text_needs_a_reason(at_full_text, reviewer_a):
    with pytest.raises(Refused, match="reason"):
        decide(reviewer_a, at_full_text, EXCLUDE, stage=FULL_TEXT)


def test_an_archived_reason_is_refused(at_full_text, reviewer_a, review):
    reason = make_reason(review, is_archived=True)
    with pytest.raises(Refused, match="not in use"):
        decide(reviewer_a, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=reason)


def test_the_reason_of_another_review_is_refused(at_full_text, reviewer_a, owner):
    from reviewsite.workspace.services.reviews import open_review

    reason = make_reason(open_review(user=owner, title="Another"))
    with pytest.raises(Refused, match="not in use"):
        decide(reviewer_a, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=reason)


def test_there_is_no_reason_on_title_and_abstract(record, reviewer_a, review):
    with pytest.raises(Refused, match="Only an exclusion at full text"):
        decide(reviewer_a, record, EXCLUDE, reason=make_reason(review))


def test_there_is_no_maybe_at_full_text(at_full_text, reviewer_a):
    with pytest.raises(Refused, match="Maybe"):
        decide(reviewer_a, at_full_text, UNSURE, stage=FULL_TEXT)


def test_a_full_text_that_is_not_there_takes_no_decision(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, INCLUDE)
    with pytest.raises(Refused, match="not there yet"):
        decide(reviewer_a, record, INCLUDE, stage=FULL_TEXT)


def test_two_reasons_are_a_reason_conflict(at_full_text, reviewer_a, reviewer_b, review):
    decide(reviewer_a, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=make_reason(review, "population"))
    decide(reviewer_b, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=make_reason(review, "design"))
    assert status_of(at_full_text, FULL_TEXT) == "reason_conflict"


def test_the_agreed_reason_stands_in_the_state(at_full_text, reviewer_a, reviewer_b, review):
    reason = make_reason(review)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=reason)
    assert StageState.objects.get(record=at_full_text, stage=FULL_TEXT).reason == reason


def test_undoing_takes_a_record_back_from_full_text(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, INCLUDE)
    undone = undo_decision(user=reviewer_b, review=record.review, record=record, stage=TITLE_ABSTRACT)
    assert not undone.is_open
    assert (status_of(record), status_of(record, FULL_TEXT)) == ("awaiting", None)
    assert Report.objects.filter(record=record).exists()


def test_nothing_to_undo_is_refused(record, reviewer_a):
    with pytest.raises(Refused, match="no decision"):
        undo_decision(user=reviewer_a, review=record.review, record=record, stage=TITLE_ABSTRACT)


def test_a_decision_under_a_sought_report_cannot_be_undone(at_full_text, reviewer_a):
    with pytest.raises(Refused, match="builds on"):
        undo_decision(user=reviewer_a, review=at_full_text.review, record=at_full_text, stage=TITLE_ABSTRACT)
    with pytest.raises(Refused, match="builds on"):
        change_decision(
            user=reviewer_a,
            review=at_full_text.review,
            record=at_full_text,
            stage=TITLE_ABSTRACT,
            verdict=EXCLUDE,
            token=uuid4(),
        )


def test_a_decision_under_a_study_cannot_be_undone(at_full_text, reviewer_a, reviewer_b, review):
    from extraction.models import Study, StudyReport

    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, at_full_text, INCLUDE, stage=FULL_TEXT)
    study = Study.objects.create(review=review, number=1, label="Study", created_by=reviewer_a)
    StudyReport.objects.create(review=review, study=study, report=at_full_text.report, created_by=reviewer_a)
    with pytest.raises(Refused, match="builds on"):
        undo_decision(user=reviewer_a, review=review, record=at_full_text, stage=FULL_TEXT)


def test_a_decision_under_an_adjudication_cannot_be_undone(record, reviewer_a, reviewer_b, adjudicator):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    adjudicate(
        user=adjudicator,
        review=record.review,
        record=record,
        stage=TITLE_ABSTRACT,
        verdict=EXCLUDE,
        rationale="No.",
    )
    with pytest.raises(Refused, match="reopen"):
        undo_decision(user=reviewer_a, review=record.review, record=record, stage=TITLE_ABSTRACT)


def test_a_change_supersedes_and_keeps_the_first_decision(record, reviewer_a):
    decide(reviewer_a, record, INCLUDE)
    changed = change(reviewer_a, record, EXCLUDE)
    kept = Decision.objects.filter(record=record).order_by("pk")
    assert [(row.verdict, row.is_open) for row in kept] == [("include", False), ("exclude", True)]
    assert changed.is_blind


def test_a_change_in_conflict_is_not_blind(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    assert not change(reviewer_a, record, EXCLUDE).is_blind
    assert status_of(record) == "excluded"


def test_a_decision_after_the_undone_one_settled_the_record_is_not_blind(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, EXCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    undo_decision(user=reviewer_a, review=record.review, record=record, stage=TITLE_ABSTRACT)
    assert not decide(reviewer_a, record, INCLUDE).is_blind


def test_a_third_reviewer_who_could_see_the_settled_record_is_not_blind(record, reviewer_a, reviewer_b, join):
    decide(reviewer_a, record, EXCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    undo_decision(user=reviewer_b, review=record.review, record=record, stage=TITLE_ABSTRACT)
    assert not decide(join("reviewer_c", Role.REVIEWER), record, EXCLUDE).is_blind


def test_a_third_reviewer_who_could_not_see_a_conflict_stays_blind(record, reviewer_a, reviewer_b, join):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    undo_decision(user=reviewer_b, review=record.review, record=record, stage=TITLE_ABSTRACT)
    assert decide(join("reviewer_c", Role.REVIEWER), record, EXCLUDE).is_blind


def test_an_undone_decision_that_nobody_answered_leaves_the_reviewer_blind(record, reviewer_a, reviewer_b):
    decide(reviewer_b, record, EXCLUDE)
    decide(reviewer_a, make_record(record.review, reviewer_a), EXCLUDE)
    assert decide(reviewer_a, record, INCLUDE).is_blind


def test_a_second_reviewer_after_single_screening_is_not_blind(review, owner, record, reviewer_a, reviewer_b):
    single = StagePolicy.objects.create(review=review, stage=TITLE_ABSTRACT, n_reviewers=1, created_by=owner)
    decide(reviewer_a, record, EXCLUDE)
    single.supersede(user=owner)
    from screening.services.projection import recompute

    recompute(record, TITLE_ABSTRACT)
    assert status_of(record) == "awaiting"
    assert not decide(reviewer_b, record, EXCLUDE).is_blind


def test_a_decision_after_reopening_is_not_blind(record, reviewer_a, reviewer_b, adjudicator):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    case = {"review": record.review, "record": record, "stage": TITLE_ABSTRACT}
    adjudicate(user=adjudicator, verdict=EXCLUDE, rationale="No.", **case)
    reopen(user=adjudicator, rationale="New text.", **case)
    assert not change(reviewer_a, record, EXCLUDE).is_blind


def test_under_neutral_a_third_reviewer_fills_the_place_of_a_maybe(
    review, owner, record, reviewer_a, reviewer_b, join
):
    StagePolicy.objects.create(review=review, stage=TITLE_ABSTRACT, unsure="neutral", created_by=owner)
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, UNSURE)
    assert status_of(record) == "awaiting"
    decide(join("reviewer_c", Role.REVIEWER), record, INCLUDE)
    assert status_of(record) == "included"
    with pytest.raises(Refused, match="no longer needs"):
        change(reviewer_b, record, EXCLUDE)


def test_the_feed_holds_no_verdict(record, reviewer_a):
    decision = decide(reviewer_a, record, EXCLUDE, note="wrong population")
    event = AuditEvent.objects.get(action="record_decision")
    assert (event.subject, event.detail) == (f"decision:{decision.pk}", {"stage": "title_abstract"})


def test_undoing_a_change_brings_back_the_decision_that_it_replaced(record, reviewer_a):
    decide(reviewer_a, record, EXCLUDE, note="Animals only.")
    change(reviewer_a, record, INCLUDE)
    undo(reviewer_a, record)
    assert own(reviewer_a, record) == ("exclude", None, "Animals only.")
    assert Decision.objects.filter(record=record).count() == 3


def test_undoing_a_change_at_full_text_brings_back_the_reason(at_full_text, reviewer_a, review):
    reason = make_reason(review)
    decide(reviewer_a, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=reason, note="p. 3")
    change(reviewer_a, at_full_text, INCLUDE, FULL_TEXT)
    undo(reviewer_a, at_full_text, FULL_TEXT)
    assert own(reviewer_a, at_full_text, FULL_TEXT) == ("exclude", reason, "p. 3")


def test_undoing_an_undone_change_brings_the_change_back(record, reviewer_a):
    decide(reviewer_a, record, EXCLUDE)
    change(reviewer_a, record, INCLUDE)
    undo(reviewer_a, record)
    undo(reviewer_a, record)
    assert own(reviewer_a, record) == ("include", None, "")


def test_undoing_a_first_decision_leaves_none_even_after_an_earlier_one_was_taken_back(record, reviewer_a):
    decide(reviewer_a, record, EXCLUDE)
    undo(reviewer_a, record)
    decide(reviewer_a, record, INCLUDE)
    undo(reviewer_a, record)
    assert own(reviewer_a, record) is None


def test_a_decision_brought_back_after_a_conflict_is_not_blind(record, reviewer_a, reviewer_b):
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    change(reviewer_a, record, EXCLUDE)
    undo(reviewer_a, record)
    assert not Decision.objects.open().get(reviewer=reviewer_a).is_blind
    assert status_of(record) == "conflict"


def test_a_decision_whose_reason_is_archived_is_not_brought_back(at_full_text, reviewer_a, review):
    reason = make_reason(review)
    decide(reviewer_a, at_full_text, EXCLUDE, stage=FULL_TEXT, reason=reason)
    change(reviewer_a, at_full_text, INCLUDE, FULL_TEXT)
    type(reason).objects.filter(pk=reason.pk).update(is_archived=True)
    with pytest.raises(Refused, match="not in use"):
        undo(reviewer_a, at_full_text, FULL_TEXT)
    assert own(reviewer_a, at_full_text, FULL_TEXT) == ("include", None, "")


@pytest.mark.parametrize("since", ["undone", "changed"])
def test_the_token_of_a_decision_that_no_longer_holds_is_refused(record, reviewer_a, since):
    token = uuid4()
    decide(reviewer_a, record, INCLUDE, token=token)
    if since == "undone":
        undo(reviewer_a, record)
    else:
        change(reviewer_a, record, EXCLUDE)
    stored = Decision.objects.count()
    with pytest.raises(Refused, match="changed or taken back since"):
        decide(reviewer_a, record, INCLUDE, token=token)
    assert Decision.objects.count() == stored


@pytest.mark.parametrize("deed", ["change", "undo"])
def test_a_refusal_does_not_tell_whether_the_full_text_was_judged(at_full_text, reviewer_a, reviewer_b, deed):
    act = undo if deed == "undo" else lambda user, record: change(user, record, EXCLUDE)
    sentences = []
    for is_judged in (False, True):
        if is_judged:
            decide(reviewer_b, at_full_text, INCLUDE, stage=FULL_TEXT)
        with pytest.raises(Refused) as refusal:
            act(reviewer_a, at_full_text)
        sentences.append(str(refusal.value))
    assert sentences == ["Later work on the report of this record builds on this decision."] * 2
