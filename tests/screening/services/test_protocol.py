"""Criteria, exclusion reasons and stage rules."""

from __future__ import annotations

from typing import Any

import pytest

from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import AgreementRule, Stage, UnsurePolicy, Verdict
from screening.models import Criterion, CriterionWording, ExclusionReason, StagePolicy
from screening.queries.projections import differences
from screening.services.protocol import (
    Direction,
    add_criterion,
    add_exclusion_reason,
    archive_criterion,
    archive_exclusion_reason,
    move_criterion,
    move_exclusion_reason,
    rename_exclusion_reason,
    reword_criterion,
    set_stage_policy,
)
from tests.screening.builders import decide, make_record, status_of


@pytest.fixture
def criterion(owner: User, review: Review) -> Criterion:
    return add_criterion(user=owner, review=review, kind="inclusion", text="Published in English")


def rules(**changed: Any) -> dict[str, Any]:
    return {
        "stage": Stage.TITLE_ABSTRACT,
        "n_reviewers": 2,
        "unsure": UnsurePolicy.ADVANCE,
        "rule": AgreementRule.UNANIMOUS,
        "shows_decisions": True,
        "may_resolve_own": False,
    } | changed


def test_new_wording_supersedes_the_old_and_keeps_it(
    owner: User, review: Review, criterion: Criterion
) -> None:
    reword_criterion(user=owner, review=review, criterion=criterion, text=" Published in English or German ")
    said = [(row.text, row.is_open) for row in CriterionWording.objects.filter(criterion=criterion)]
    assert said == [("Published in English", False), ("Published in English or German", True)]


@pytest.mark.parametrize("text", ["", "  \n", "Published in English"])
def test_blank_and_unchanged_wordings_are_refused(
    owner: User, review: Review, criterion: Criterion, text: str
) -> None:
    with pytest.raises(Refused):
        reword_criterion(user=owner, review=review, criterion=criterion, text=text)
    assert CriterionWording.objects.count() == 1


def test_criteria_move_within_their_kind(owner: User, review: Review, criterion: Criterion) -> None:
    second = add_criterion(user=owner, review=review, kind="inclusion", text="Full text available")
    add_criterion(user=owner, review=review, kind="exclusion", text="Animal study")
    move_criterion(user=owner, review=review, criterion=second, direction=Direction.UP)
    assert list(Criterion.objects.filter(kind="inclusion")) == [second, criterion]
    move_criterion(user=owner, review=review, criterion=second, direction=Direction.UP)
    assert list(Criterion.objects.filter(kind="inclusion")) == [second, criterion]


def test_archived_criterion_comes_back_with_its_wording(
    owner: User, review: Review, criterion: Criterion
) -> None:
    archive_criterion(user=owner, review=review, criterion=criterion)
    with pytest.raises(Refused, match="restore"):
        reword_criterion(user=owner, review=review, criterion=criterion, text="Other")
    assert not archive_criterion(
        user=owner, review=review, criterion=criterion, is_archived=False
    ).is_archived
    assert CriterionWording.objects.open().get().text == "Published in English"


def test_reasons_get_codes_of_their_own(owner: User, review: Review) -> None:
    labels = ["Not a clinical outcome study", "Not a clinical outcome paper"]
    codes = [add_exclusion_reason(user=owner, review=review, label=label).code for label in labels]
    assert codes == ["not-a-clinical-outco", "not-a-clinical-out-2"]


def test_renamed_reason_stays_the_same_reason(owner: User, review: Review) -> None:
    reason = add_exclusion_reason(user=owner, review=review, label="Wrong population")
    rename_exclusion_reason(user=owner, review=review, reason=reason, label="Not the population asked for")
    held = ExclusionReason.objects.get()
    assert (held.pk, held.code, held.label) == (reason.pk, "wrong-population", "Not the population asked for")


def test_second_reason_of_one_name_is_refused(owner: User, review: Review) -> None:
    reason = add_exclusion_reason(user=owner, review=review, label="Wrong population")
    archive_exclusion_reason(user=owner, review=review, reason=reason)
    with pytest.raises(Refused, match="archived"):
        add_exclusion_reason(user=owner, review=review, label="wrong  Population")


def test_reasons_move_and_archived_ones_do_not(owner: User, review: Review) -> None:
    first = add_exclusion_reason(user=owner, review=review, label="First")
    second = add_exclusion_reason(user=owner, review=review, label="Second")
    move_exclusion_reason(user=owner, review=review, reason=first, direction=Direction.DOWN)
    assert list(ExclusionReason.objects.all()) == [second, first]
    archive_exclusion_reason(user=owner, review=review, reason=second)
    with pytest.raises(Refused, match="archived"):
        move_exclusion_reason(user=owner, review=review, reason=second, direction=Direction.DOWN)


def test_first_rules_need_no_note_and_later_ones_supersede_them(owner: User, review: Review) -> None:
    first = set_stage_policy(user=owner, review=review, **rules())
    second = set_stage_policy(user=owner, review=review, **rules(n_reviewers=3))
    assert list(StagePolicy.objects.open()) == [second]
    first.refresh_from_db()
    assert not first.is_open


def test_change_with_decisions_needs_a_note_and_settles_the_records_again(
    owner: User, reviewer_a: User, review: Review
) -> None:
    record = make_record(review, owner)
    decide(reviewer_a, record, Verdict.EXCLUDE)
    assert status_of(record) == "awaiting"
    with pytest.raises(Refused, match="write why"):
        set_stage_policy(user=owner, review=review, **rules(n_reviewers=1))
    set_stage_policy(user=owner, review=review, **rules(n_reviewers=1, note="One reviewer left the team."))
    assert status_of(record) == "excluded"
    assert differences(review) == []


def test_note_is_asked_for_whether_or_not_somebody_has_decided(owner: User, review: Review) -> None:
    make_record(review, owner)
    with pytest.raises(Refused, match="write why"):
        set_stage_policy(user=owner, review=review, **rules(n_reviewers=1))


@pytest.mark.parametrize("n_reviewers", [0, 4])
def test_numbers_of_reviewers_out_of_range_are_refused(owner: User, review: Review, n_reviewers: int) -> None:
    with pytest.raises(Refused, match="one, two or three"):
        set_stage_policy(user=owner, review=review, **rules(n_reviewers=n_reviewers))


def test_rules_that_hold_already_are_refused(owner: User, review: Review) -> None:
    set_stage_policy(user=owner, review=review, **rules())
    with pytest.raises(Refused, match="nothing was changed"):
        set_stage_policy(user=owner, review=review, **rules(note="again"))


def test_reviewers_and_read_only_reviews_change_nothing(
    owner: User, reviewer_a: User, review: Review, criterion: Criterion
) -> None:
    n_events = AuditEvent.objects.count()
    with pytest.raises(Refused, match="role"):
        add_exclusion_reason(user=reviewer_a, review=review, label="Wrong design")
    assert AuditEvent.objects.count() == n_events
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        reword_criterion(user=owner, review=review, criterion=criterion, text="Other")
