"""Whose decisions a person may see, and when."""

from __future__ import annotations

import pytest

from reviewsite.workspace.domain.roles import Role
from screening.domain.vocabulary import AgreementRule, Stage, Status, UnsurePolicy
from screening.models import StagePolicy
from screening.queries import progress
from screening.queries.decisions import policy_of, rules_of, visible_to
from screening.services.decisions import undo_decision
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record

STAGE = Stage.TITLE_ABSTRACT
ALL = ["reviewer_a", "reviewer_b", "reviewer_c", "adjudicator", "owner", "viewer", "outsider"]


@pytest.fixture
def reviewer_c(join):
    return join("reviewer_c", Role.REVIEWER)


@pytest.fixture
def sees(request, review):
    """Return, for each person, whose open decisions they may see."""

    def of(*people):
        return {
            person: sorted(
                row.reviewer.name for row in visible_to(request.getfixturevalue(person), review, STAGE).open()
            )
            for person in people
        }

    return of


BOTH, NONE = ["Reviewer a", "Reviewer b"], []


def test_before_a_record_settles_everybody_sees_their_own_decision_alone(review, owner, reviewer_a, sees):
    decide(reviewer_a, make_record(review, owner), INCLUDE)
    assert sees(*ALL) == dict.fromkeys(ALL, NONE) | {"reviewer_a": ["Reviewer a"]}


def test_a_settled_record_is_open_to_every_member_and_to_no_outsider(
    review, owner, reviewer_a, reviewer_b, sees
):
    record = make_record(review, owner)
    decide(reviewer_a, record, EXCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    assert sees(*ALL) == dict.fromkeys(ALL, BOTH) | {"outsider": NONE}


def test_a_conflict_is_open_to_its_deciders_and_to_adjudicators(review, owner, reviewer_a, reviewer_b, sees):
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    shown = dict.fromkeys(["reviewer_a", "reviewer_b", "adjudicator"], BOTH)
    assert sees(*ALL) == dict.fromkeys(ALL, NONE) | shown


def test_the_policy_hides_a_conflict_from_adjudicators(review, owner, reviewer_a, reviewer_b, sees):
    StagePolicy.objects.create(review=review, stage=STAGE, shows_decisions=False, created_by=owner)
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    assert sees("adjudicator", "reviewer_a") == {"adjudicator": NONE, "reviewer_a": BOTH}


def test_who_undoes_a_decision_no_longer_sees_the_other_one(review, owner, reviewer_a, reviewer_b, sees):
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    undo_decision(user=reviewer_a, review=review, record=record, stage=STAGE)
    assert sees("reviewer_a") == {"reviewer_a": NONE}


def test_without_stored_rules_two_agree_and_maybe_advances(review):
    rules = rules_of(policy_of(review, STAGE))
    assert (rules.reviewers_required, rules.unsure, rules.rule) == (
        2,
        UnsurePolicy.ADVANCE,
        AgreementRule.UNANIMOUS,
    )


def test_own_progress_does_not_move_with_the_others_decisions(review, owner, reviewer_a, reviewer_b):
    records = [make_record(review, owner) for _ in range(3)]
    decide(reviewer_a, records[0], INCLUDE)
    before = progress.own(reviewer_a, review, STAGE)
    decide(reviewer_b, records[1], EXCLUDE)
    assert (before.done, before.remaining) == (1, 2)
    assert progress.own(reviewer_a, review, STAGE) == before


def test_counts_by_status_keep_one_bucket_for_what_waits(review, owner, reviewer_a, reviewer_b):
    records = [make_record(review, owner) for _ in range(4)]
    decide(reviewer_a, records[0], INCLUDE)
    for reviewer, verdict in ((reviewer_a, INCLUDE), (reviewer_b, EXCLUDE)):
        decide(reviewer, records[1], verdict)
        decide(reviewer, records[2], EXCLUDE)
    counts = progress.stage_counts(review, STAGE)
    assert {status: n for status, n in counts.items() if n} == {
        Status.AWAITING: 2,
        Status.CONFLICT: 1,
        Status.EXCLUDED: 1,
    }
