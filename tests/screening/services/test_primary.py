"""Which record stands for its group of duplicates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Verdict
from screening.models import DuplicateJudgement, ImportBatch, Record
from screening.queries.projections import differences
from screening.services.duplicates import judge, split
from screening.services.possible_duplicates import (
    choose_primary,
)
from tests.screening.builders import decide, make_record, make_source, retrieve, status_of


@pytest.fixture
def records(review: Review, owner: User) -> list[Record]:
    return [make_record(review, owner) for _ in range(6)]


@pytest.fixture
def say(review: Review, owner: User, records: list[Record]) -> Callable[..., DuplicateJudgement]:
    """Judge the pair of these numbers."""

    def make(first: int, second: int, verdict: str = "same") -> DuplicateJudgement:
        a, b = records[first - 1], records[second - 1]
        return judge(user=owner, review=review, first=a, second=b, verdict=verdict)

    return make


def heads(records: list[Record]) -> list[int | None]:
    stored = [Record.objects.select_related("canonical").get(pk=record.pk) for record in records]
    return [record.canonical.number if record.canonical else None for record in stored]


def test_a_chosen_record_stands_for_its_group_until_another_is_chosen(review, owner, say, records):
    say(1, 2)
    say(1, 3)
    for chosen, expected in ((2, [2, None, 2]), (3, [3, 3, None]), (2, [2, None, 2])):
        choose_primary(user=owner, review=review, record=records[chosen - 1])
        assert heads(records[:3]) == expected
        assert differences(review) == []
    assert [status_of(record) for record in records[:3]] == [None, "awaiting", None]


def test_the_choice_counts_as_long_as_the_record_is_in_the_group(review, owner, say, records):
    say(1, 2)
    say(1, 3)
    choose_primary(user=owner, review=review, record=records[2])
    split(user=owner, review=review, record=records[2])
    assert heads(records[:3]) == [None, 1, None]


def test_without_a_choice_the_better_described_record_stands_for_the_group(review, owner):
    plain = make_record(review, owner)
    described = make_record(review, owner, abstract="Text.")
    best = make_record(review, owner, abstract="Text.", doi="10.1/x")
    for other in (described, best):
        judge(user=owner, review=review, first=plain, second=other, verdict="same")
    assert heads([plain, described, best]) == [3, 3, None]


def test_a_correction_displaces_no_record(review, owner):
    first, second = make_record(review, owner), make_record(review, owner)
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    for before, after in (("", "Typed."), ("Typed.", "Typed again.")):
        second.corrections.supersede(user=owner)
        second.corrections.create(
            review=review, field="abstract", before=before, after=after, created_by=owner
        )
        Record.objects.filter(pk=second.pk).update(abstract=after)
    assert heads([first, second]) == [None, 1]
    assert differences(review) == []


def test_a_database_goes_before_a_better_description(review, owner):
    lists = make_source(review, "lists", kind="citation_search")
    listed = make_record(review, owner, source=lists, abstract="Text.", doi="10.1/x")
    found = make_record(review, owner)
    judge(user=owner, review=review, first=listed, second=found, verdict="same")
    assert heads([listed, found]) == [2, None]


@pytest.mark.parametrize(("has_begun", "expected"), [(False, [2, None]), (True, [None, 1])])
def test_once_screening_has_begun_no_later_import_displaces_a_record(
    review, owner, reviewer_a, records, has_begun, expected
):
    here = make_record(review, owner)
    if has_begun:
        decide(reviewer_a, records[0], Verdict.INCLUDE)
    embase = make_source(review, "embase")
    later = make_record(review, owner, source=embase, abstract="Text.", doi="10.1/x")
    ImportBatch.objects.filter(source=embase).update(imported_at=timezone.now())
    judge(user=owner, review=review, first=here, second=later, verdict="same")
    numbers = {7: 1, 8: 2, None: None}
    assert [numbers[number] for number in heads([here, later])] == expected
    assert differences(review) == []


def test_a_choice_that_would_lose_an_outcome_is_refused(review, owner, reviewer_a, reviewer_b, say, records):
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, records[0], Verdict.EXCLUDE)
    say(1, 2)
    with pytest.raises(Refused, match="Record 1 was judged for the group"):
        choose_primary(user=owner, review=review, record=records[1])
    assert heads(records[:2]) == [None, 1]


def test_of_two_records_with_the_same_outcome_either_may_be_chosen(
    review, owner, reviewer_a, reviewer_b, say, records
):
    for record in records[:2]:
        for reviewer in (reviewer_a, reviewer_b):
            decide(reviewer, record, Verdict.INCLUDE)
    say(1, 2)
    choose_primary(user=owner, review=review, record=records[1])
    assert [status_of(record) for record in records[:2]] == [None, "included"]
    retrieve(owner, records[1])
    with pytest.raises(Refused, match="Record 2 was judged"):
        choose_primary(user=owner, review=review, record=records[0])
    assert differences(review) == []


def test_a_record_alone_and_one_that_stands_already_are_refused(review, owner, say, records):
    say(1, 2)
    with pytest.raises(Refused, match="stands for itself"):
        choose_primary(user=owner, review=review, record=records[2])
    with pytest.raises(Refused, match="already"):
        choose_primary(user=owner, review=review, record=records[0])
