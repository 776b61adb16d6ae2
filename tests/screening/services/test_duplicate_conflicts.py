"""Duplicates found late, after their records were settled apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import set_roles
from screening.domain.vocabulary import Stage
from screening.models import Adjudication, ExclusionReason, Record, StagePolicy
from screening.queries.clashes import clash_of
from screening.queries.conflicts import case_of, resolved_for
from screening.queries.projections import differences
from screening.services.adjudication import adjudicate, propose_consensus, reopen
from screening.services.duplicates import judge, split
from screening.services.outcomes import record_imported_outcome
from screening.services.projection import recompute_many
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

TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
Settle = Callable[..., Record]


@pytest.fixture
def settled(review: Review, owner: User, reviewer_a: User, reviewer_b: User) -> Settle:
    """Make a record on which both reviewers decide the same, or as given; without verdicts, an open one."""

    def make(*verdicts: str, **fields: object) -> Record:
        record = make_record(review, owner, **fields)
        given = verdicts * 2 if len(verdicts) == 1 else verdicts
        for reviewer, verdict in zip((reviewer_a, reviewer_b), given, strict=False):
            decide(reviewer, record, verdict)
        return record

    return make


@pytest.fixture
def same(review: Review, owner: User) -> Callable[[Record, Record], None]:
    def make(first: Record, second: Record) -> None:
        judge(user=owner, review=review, first=first, second=second, verdict="same")

    return make


@pytest.fixture
def rule(review: Review, adjudicator: User) -> Callable[..., Adjudication]:
    def give(record: Record, verdict: str, stage: Stage = TA, **fields: object) -> Adjudication:
        return adjudicate(
            user=adjudicator,
            review=review,
            record=record,
            stage=stage,
            verdict=verdict,
            rationale="Read again.",
            **fields,
        )

    return give


def head_of(*records: Record) -> Record:
    return next(
        record for record in Record.objects.filter(pk__in=[r.pk for r in records]) if not record.canonical
    )


def statuses(*records: Record) -> list[str | None]:
    return [status_of(record) for record in records]


def test_outcomes_that_differ_set_the_group_in_conflict(review, settled, same):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    assert statuses(first, second) == ["conflict", None]
    assert status_of(first, FT) is None
    assert differences(review) == []


@pytest.mark.parametrize(("verdict", "expected"), [(INCLUDE, "included"), (EXCLUDE, "excluded")])
def test_outcomes_that_agree_stay(review, settled, same, verdict, expected):
    first, second = settled(verdict), settled(verdict)
    same(first, second)
    assert statuses(first, second) == [expected, None]
    assert differences(review) == []


@pytest.mark.parametrize("place", [0, 1])
def test_the_settled_record_stands_for_the_group_and_keeps_its_outcome(review, settled, same, place):
    records = [settled(EXCLUDE) if at == place else settled() for at in (0, 1)]
    same(*records)
    assert head_of(*records) == records[place]
    assert status_of(records[place]) == "excluded"
    assert differences(review) == []


def test_a_single_decision_on_a_record_does_not_let_it_stand_for_the_group(review, settled, same, reviewer_a):
    first, second = settled(), settled()
    decide(reviewer_a, second, INCLUDE)
    same(first, second)
    assert statuses(first, second) == ["awaiting", None]


def test_an_own_conflict_stays_beside_a_settled_duplicate(review, settled, same):
    first, second = settled(INCLUDE, EXCLUDE), settled(INCLUDE)
    same(first, second)
    assert statuses(first, second) == ["conflict", None]
    assert clash_of(review, head_of(first, second), TA) == []


def test_an_adjudication_given_before_they_met_does_not_resolve_the_conflict(review, settled, same, rule):
    first, second = settled(INCLUDE, EXCLUDE), settled(INCLUDE)
    rule(first, EXCLUDE)
    same(first, second)
    assert statuses(first, second) == ["conflict", None]
    assert differences(review) == []


@pytest.mark.parametrize(("verdict", "expected"), [(INCLUDE, "included"), (EXCLUDE, "excluded")])
def test_an_adjudication_given_after_they_met_resolves_it(review, settled, same, rule, verdict, expected):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    rule(first, verdict)
    assert statuses(first, second) == [expected, None]
    assert differences(review) == []


def test_an_adjudication_replaces_the_one_given_before_they_met(review, settled, same, rule):
    first, second = settled(INCLUDE, EXCLUDE), settled(INCLUDE)
    rule(first, EXCLUDE)
    same(first, second)
    rule(first, INCLUDE)
    assert statuses(first, second) == ["included", None]
    assert Adjudication.objects.open().filter(record=first).count() == 1
    assert differences(review) == []


def test_a_split_gives_each_record_its_own_outcome_back(review, owner, settled, same, rule):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    split(user=owner, review=review, record=second)
    assert statuses(first, second) == ["excluded", "included"]
    assert differences(review) == []


def test_a_split_closes_the_adjudication_that_was_given_for_the_group(review, owner, settled, same, rule):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    rule(first, INCLUDE)
    split(user=owner, review=review, record=second)
    assert statuses(first, second) == ["excluded", "included"]
    assert Adjudication.objects.open().count() == 0
    assert differences(review) == []


def test_a_split_brings_back_the_adjudication_that_was_replaced(
    review, owner, adjudicator, settled, same, rule
):
    first, second = settled(INCLUDE, EXCLUDE), settled(INCLUDE)
    rule(first, EXCLUDE)
    same(first, second)
    rule(first, INCLUDE)
    split(user=owner, review=review, record=second)
    assert statuses(first, second) == ["excluded", "included"]
    held = Adjudication.objects.open().get()
    assert (held.record, held.verdict, held.created_by) == (first, EXCLUDE, adjudicator)
    assert differences(review) == []


def test_a_split_keeps_the_adjudication_of_an_own_conflict(review, owner, settled, same, rule):
    first, second = settled(INCLUDE, EXCLUDE), settled(INCLUDE)
    same(first, second)
    rule(first, EXCLUDE)
    assert statuses(first, second) == ["excluded", None]
    split(user=owner, review=review, record=second)
    assert statuses(first, second) == ["excluded", "included"]
    assert differences(review) == []


def test_a_split_keeps_the_adjudication_that_the_remaining_members_need(review, owner, settled, same, rule):
    first, second, third = settled(EXCLUDE), settled(INCLUDE), settled(INCLUDE)
    same(first, second)
    same(first, third)
    rule(first, INCLUDE)
    split(user=owner, review=review, record=third)
    assert statuses(first, second, third) == ["included", None, "included"]
    assert differences(review) == []


def test_records_that_were_split_and_are_joined_again_are_in_conflict_again(
    review, owner, settled, same, rule
):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    rule(first, INCLUDE)
    split(user=owner, review=review, record=second)
    same(first, second)
    assert statuses(first, second) == ["conflict", None]
    assert differences(review) == []


def test_a_record_that_joins_after_the_adjudication_can_open_the_conflict_again(review, settled, same, rule):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    rule(first, INCLUDE)
    third = settled(EXCLUDE)
    same(second, third)
    assert statuses(first, second, third) == ["conflict", None, None]
    assert differences(review) == []


def test_confirming_the_pair_does_not_open_the_conflict_again(review, owner, settled, same, rule):
    first, second, third = settled(EXCLUDE), settled(INCLUDE), settled()
    same(first, second)
    same(second, third)
    rule(first, INCLUDE)
    same(first, third)
    assert status_of(first) == "included"
    assert differences(review) == []


def test_a_reopened_adjudication_leaves_the_group_in_conflict(review, adjudicator, settled, same, rule):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    rule(first, EXCLUDE)
    reopen(user=adjudicator, review=review, record=first, stage=TA, rationale="Too quick.")
    assert statuses(first, second) == ["conflict", None]
    assert differences(review) == []


def test_imported_outcomes_that_differ_are_a_conflict(review, owner, settled, same):
    first, second = settled(), settled()
    for record, verdict in ((first, INCLUDE), (second, EXCLUDE)):
        record_imported_outcome(
            user=owner, review=review, record=record, stage=TA, verdict=verdict, stated_by="A review"
        )
    same(first, second)
    assert statuses(first, second) == ["conflict", None]
    assert differences(review) == []


def test_an_outcome_stated_for_a_duplicate_counts_for_its_group(review, owner, settled, same):
    first, second = settled(EXCLUDE), settled()
    same(first, second)
    record_imported_outcome(
        user=owner, review=review, record=second, stage=TA, verdict=INCLUDE, stated_by="A review"
    )
    assert statuses(first, second) == ["conflict", None]
    assert differences(review) == []


@pytest.fixture
def reasons(review: Review) -> list[ExclusionReason]:
    return [make_reason(review, "population"), make_reason(review, "design")]


@pytest.fixture
def assessed(settled, owner, reviewer_a, reviewer_b) -> Settle:
    """Make a record whose full text both reviewers judged the same."""

    def make(verdict: str, reason: ExclusionReason | None = None) -> Record:
        record = settled(INCLUDE)
        retrieve(owner, record)
        for reviewer in (reviewer_a, reviewer_b):
            decide(reviewer, record, verdict, stage=FT, reason=reason)
        return record

    return make


def test_full_texts_excluded_for_different_reasons_are_a_reason_conflict(
    review, assessed, same, reasons, rule
):
    first, second = assessed(EXCLUDE, reasons[0]), assessed(EXCLUDE, reasons[1])
    same(first, second)
    assert status_of(first, FT) == "reason_conflict"
    rule(first, EXCLUDE, FT, reason=reasons[1])
    assert first.stage_states.get(stage=FT).reason == reasons[1]
    assert differences(review) == []


def test_a_full_text_included_and_its_duplicate_excluded_are_a_conflict(
    review, owner, assessed, same, reasons
):
    first, second = assessed(INCLUDE), assessed(EXCLUDE, reasons[0])
    same(first, second)
    assert status_of(first, FT) == "conflict"
    split(user=owner, review=review, record=second)
    assert [status_of(record, FT) for record in (first, second)] == ["included", "excluded"]
    assert differences(review) == []


def test_a_record_judged_at_full_text_stands_before_one_from_a_database(
    review, owner, reviewer_a, reviewer_b, settled, same
):
    listed = make_source(review, "lists", kind="citation_search")
    first, second = settled(), settled(INCLUDE, source=listed)
    retrieve(owner, second)
    same(first, second)
    assert status_of(second, FT) == "awaiting"
    assert statuses(first, second) == [None, "included"]
    assert differences(review) == []


def test_who_judged_a_duplicate_does_not_resolve_the_conflict(review, settled, same, reviewer_a, owner, rule):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.REVIEWER, Role.ADJUDICATOR])
    with pytest.raises(Refused, match="somebody else"):
        adjudicate(user=reviewer_a, review=review, record=first, stage=TA, verdict=INCLUDE, rationale="Yes.")


def test_reviewers_cannot_settle_a_conflict_between_duplicates_among_themselves(
    review, settled, same, reviewer_a
):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    with pytest.raises(Refused, match="ask an adjudicator"):
        propose_consensus(
            user=reviewer_a, review=review, record=first, stage=TA, verdict=EXCLUDE, rationale="Same."
        )


def test_the_conflict_names_the_records_and_their_outcomes(review, settled, same, adjudicator):
    first, second = settled(EXCLUDE), settled(INCLUDE)
    same(first, second)
    case = case_of(adjudicator, review, TA, first.number)
    assert [(each.record.number, each.status) for each in case.clash] == [(1, "excluded"), (2, "included")]
    assert (case.may_adjudicate, case.is_decider) == (True, False)


def test_an_adjudication_is_listed_as_resolved_only_while_it_settles_its_record(
    review, adjudicator, settled, same, rule
):
    first, second = settled(INCLUDE, EXCLUDE), settled(INCLUDE)
    rule(first, EXCLUDE)
    assert [row.record for row in resolved_for(adjudicator, review, TA)] == [first]
    same(first, second)
    assert list(resolved_for(adjudicator, review, TA)) == []
    rule(first, INCLUDE)
    assert [row.verdict for row in resolved_for(adjudicator, review, TA)] == [INCLUDE]


def test_a_change_of_the_rules_settles_groups_again(review, owner, settled, same):
    first, second = settled(INCLUDE), settled(EXCLUDE)
    same(first, second)
    StagePolicy.objects.create(review=review, stage=TA, n_reviewers=3, created_by=owner)
    recompute_many(review)
    assert statuses(first, second) == ["awaiting", None]
    assert differences(review) == []
