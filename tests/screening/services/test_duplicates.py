"""Judging, splitting and the record that stands for its group."""

from __future__ import annotations

import pytest

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import Verdict
from screening.models import Decision, DuplicateJudgement, Record
from screening.queries.duplicates import expected_canonicals
from screening.queries.projections import differences
from screening.services.duplicates import judge, split
from tests.screening.builders import decide, make_record, make_source, status_of


@pytest.fixture
def trio(owner: User, review: Review) -> list[Record]:
    """Three records; the second and the third are duplicates of the first."""
    records = [make_record(review, owner) for _ in range(3)]
    for other in records[1:]:
        judge(user=owner, review=review, first=records[0], second=other, verdict="same")
    return refreshed(records)


def refreshed(records: list[Record]) -> list[Record]:
    return [Record.objects.get(pk=record.pk) for record in records]


def test_lowest_number_stands_for_the_group_and_alone_is_screened(review: Review, trio: list[Record]) -> None:
    assert [record.canonical_id for record in trio] == [None, trio[0].pk, trio[0].pk]
    assert [status_of(record) for record in trio] == ["awaiting", None, None]
    assert differences(review) == []


def test_record_of_a_database_stands_for_earlier_ones_from_other_methods(owner: User, review: Review) -> None:
    listed = make_record(review, owner, source=make_source(review, "lists", kind="citation_search"))
    found = make_record(review, owner)
    judge(user=owner, review=review, first=listed, second=found, verdict="same")
    assert expected_canonicals(review) == {listed.pk: found.pk, found.pk: None}
    assert refreshed([listed])[0].canonical == found


def test_split_record_counts_again_with_its_earlier_decision(
    owner: User, reviewer_a: User, reviewer_b: User, review: Review
) -> None:
    first, second = make_record(review, owner), make_record(review, owner)
    for record in (first, second):
        decide(reviewer_a, record, Verdict.EXCLUDE)
        decide(reviewer_b, record, Verdict.EXCLUDE)
    judge(user=owner, review=review, first=second, second=first, verdict="same")
    assert status_of(second) is None
    split(user=owner, review=review, record=second)
    assert status_of(second) == "excluded"
    assert Decision.objects.open().filter(record=second).count() == 2
    assert differences(review) == []


def test_split_leaves_the_others_together(owner: User, review: Review, trio: list[Record]) -> None:
    split(user=owner, review=review, record=trio[0])
    assert [record.canonical_id for record in refreshed(trio)] == [None, None, trio[1].pk]
    assert [status_of(record) for record in trio] == ["awaiting", "awaiting", None]
    assert differences(review) == []


def test_split_judges_the_record_different_from_every_member(
    owner: User, review: Review, trio: list[Record]
) -> None:
    split(user=owner, review=review, record=trio[2])
    apart = DuplicateJudgement.objects.open().filter(verdict="different")
    assert set(apart.values_list("first", "second")) == {
        (trio[0].pk, trio[2].pk),
        (trio[1].pk, trio[2].pk),
    }
    assert DuplicateJudgement.objects.filter(superseded_at__isnull=False).count() == 1


def test_joining_across_a_pair_judged_different_is_refused(
    owner: User, review: Review, trio: list[Record]
) -> None:
    split(user=owner, review=review, record=trio[2])
    fourth = make_record(review, owner)
    judge(user=owner, review=review, first=trio[0], second=fourth, verdict="same")
    with pytest.raises(Refused, match="Records 1 and 3 of these groups were judged different"):
        judge(user=owner, review=review, first=fourth, second=trio[2], verdict="same")


def test_judging_a_split_pair_the_same_again_joins_it(owner: User, review: Review) -> None:
    first, second = make_record(review, owner), make_record(review, owner)
    for _ in range(2):
        judge(user=owner, review=review, first=first, second=second, verdict="same")
        split(user=owner, review=review, record=second)
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    assert refreshed([second])[0].canonical == first
    assert DuplicateJudgement.objects.count() == 5


def test_pair_judged_different_leaves_a_group(owner: User, review: Review, trio: list[Record]) -> None:
    judge(user=owner, review=review, first=trio[0], second=trio[1], verdict="different")
    assert [record.canonical_id for record in refreshed(trio)] == [None, None, trio[0].pk]


@pytest.mark.parametrize("verdict", ["same", "perhaps"])
def test_record_and_itself_or_an_unknown_verdict_is_refused(
    owner: User, review: Review, verdict: str
) -> None:
    record = make_record(review, owner)
    with pytest.raises(Refused):
        judge(user=owner, review=review, first=record, second=record, verdict=verdict)


def test_repeated_judgement_is_refused(owner: User, review: Review, trio: list[Record]) -> None:
    with pytest.raises(Refused, match="already"):
        judge(user=owner, review=review, first=trio[1], second=trio[0], verdict="same")


def test_record_without_duplicates_is_not_split(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="no duplicates"):
        split(user=owner, review=review, record=make_record(review, owner))


def test_reviewers_and_read_only_reviews_judge_nothing(
    owner: User, reviewer_a: User, review: Review, trio: list[Record]
) -> None:
    with pytest.raises(Refused, match="role"):
        split(user=reviewer_a, review=review, record=trio[1])
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        split(user=owner, review=review, record=trio[1])
