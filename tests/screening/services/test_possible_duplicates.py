"""Pairs for people: what waits, answers taken back, many at once, and the record that stands for a group."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import open_review
from screening.models import DuplicateJudgement, PossibleDuplicate, Record
from screening.queries.possible_duplicates import (
    bulks_of,
    counts_by_score,
    in_band,
    last_answer,
    next_pair,
    open_pairs,
    sample_of,
)
from screening.queries.projections import differences
from screening.services.duplicates import judge, split
from screening.services.possible_duplicates import (
    Band,
    choose_primary,
    judge_band,
    undo_bulk,
    undo_judgement,
)
from tests.screening.builders import make_record, status_of

Propose = Callable[..., PossibleDuplicate]


@pytest.fixture
def records(review: Review, owner: User) -> list[Record]:
    return [make_record(review, owner) for _ in range(6)]


@pytest.fixture
def propose(review: Review, records: list[Record]) -> Propose:
    """Propose the pair of these numbers."""

    def make(first: int, second: int, score: float = 0.8) -> PossibleDuplicate:
        a, b = records[first - 1], records[second - 1]
        return PossibleDuplicate.objects.create(review=review, first=a, second=b, score=score, detail="alike")

    return make


@pytest.fixture
def say(review: Review, owner: User, records: list[Record]) -> Callable[..., DuplicateJudgement]:
    """Judge the pair of these numbers."""

    def make(first: int, second: int, verdict: str = "same") -> DuplicateJudgement:
        a, b = records[first - 1], records[second - 1]
        return judge(user=owner, review=review, first=a, second=b, verdict=verdict)

    return make


def waiting(review: Review) -> list[tuple[int, int]]:
    numbers = dict(Record.objects.values_list("pk", "number"))
    return [(numbers[pair.first], numbers[pair.second]) for pair in open_pairs(review)]


def heads(records: list[Record]) -> list[int | None]:
    stored = [Record.objects.select_related("canonical").get(pk=record.pk) for record in records]
    return [record.canonical.number if record.canonical else None for record in stored]


# What waits


def test_pairs_wait_most_alike_first(review, propose):
    propose(1, 2, 0.5)
    propose(3, 4, 0.9)
    assert waiting(review) == [(3, 4), (1, 2)]


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_judged_pair_waits_no_longer(review, propose, say, verdict):
    propose(1, 2)
    say(1, 2, verdict)
    assert waiting(review) == []


def test_a_pair_of_one_group_waits_no_longer(review, propose, say):
    propose(1, 3)
    say(1, 2)
    say(2, 3)
    assert waiting(review) == []


def test_a_pair_across_groups_judged_different_waits_no_longer(review, propose, say):
    propose(2, 4)
    say(1, 2)
    say(3, 4)
    say(1, 3, "different")
    assert waiting(review) == []


def test_a_pair_comes_back_when_what_settled_it_is_gone(review, owner, propose, say, records):
    propose(1, 3)
    say(1, 2)
    say(2, 3)
    split(user=owner, review=review, record=records[1])
    assert waiting(review) == []
    judgement = DuplicateJudgement.objects.open().get(first=records[0], second=records[2])
    undo_judgement(user=owner, review=review, judgement=judgement)
    assert waiting(review) == [(1, 3)]


def test_skipped_pairs_come_last_in_the_order_of_skipping(review, propose):
    first, second, third = propose(1, 2, 0.9), propose(3, 4, 0.8), propose(5, 6, 0.7)
    pairs = open_pairs(review)
    assert next_pair(pairs, [first.pk]).pk == second.pk
    assert next_pair(pairs, [second.pk, third.pk, first.pk]).pk == second.pk
    assert next_pair([], [first.pk]) is None


def test_the_judgement_keeps_the_score_of_the_proposal(propose, say):
    propose(1, 2, 0.75)
    assert (say(1, 2).score, say(3, 4).score) == (0.75, None)


# Taken back


def test_the_last_answer_is_taken_back_and_the_pair_waits_again(review, owner, propose, say, records):
    propose(1, 2)
    say(1, 2)
    undo_judgement(user=owner, review=review, judgement=last_answer(owner, review))
    assert waiting(review) == [(1, 2)]
    assert heads(records[:2]) == [None, None]
    assert [status_of(record) for record in records[:2]] == ["awaiting", "awaiting"]
    assert differences(review) == []


def test_answers_are_taken_back_one_after_the_other(review, owner, propose, say):
    propose(1, 2)
    propose(3, 4)
    first, second = say(1, 2), say(3, 4, "different")
    for expected in (second, first):
        assert last_answer(owner, review) == expected
        undo_judgement(user=owner, review=review, judgement=expected)
    assert last_answer(owner, review) is None


def test_what_an_answer_replaced_holds_again(review, owner, records, say):
    automatic = DuplicateJudgement.objects.create(
        review=review,
        first=records[0],
        second=records[1],
        verdict="same",
        method="doi",
        score=1.0,
        note="10.1/x",
        created_by=owner,
    )
    undone = undo_judgement(user=owner, review=review, judgement=say(1, 2, "different"))
    held = DuplicateJudgement.objects.open().get()
    assert (held.method, held.note, held.score) == (automatic.method, automatic.note, automatic.score)
    assert not undone.is_open
    assert heads(records[:2]) == [None, 1]


def test_an_answer_is_taken_back_once(review, owner, say):
    judgement = say(1, 2)
    undo_judgement(user=owner, review=review, judgement=judgement)
    with pytest.raises(Refused, match="no longer holds"):
        undo_judgement(user=owner, review=review, judgement=judgement)


def test_a_rule_is_not_taken_back_as_an_answer(review, owner, records):
    automatic = DuplicateJudgement.objects.create(
        review=review, first=records[0], second=records[1], verdict="same", method="doi", created_by=owner
    )
    with pytest.raises(Refused, match="single pair"):
        undo_judgement(user=owner, review=review, judgement=automatic)


def test_reviewers_judge_and_take_back_nothing(review, reviewer_a, propose, say, records):
    pair = propose(3, 4)
    calls = [
        lambda: undo_judgement(user=reviewer_a, review=review, judgement=say(1, 2)),
        lambda: choose_primary(user=reviewer_a, review=review, record=records[1]),
        lambda: judge_band(
            user=reviewer_a, review=review, band=Band(0, 1, pair.pk, (pair.pk,)), verdict="same"
        ),
        lambda: undo_bulk(user=reviewer_a, review=review, judgement=DuplicateJudgement.objects.first()),
    ]
    for call in calls:
        with pytest.raises(Refused, match="role"):
            call()


# Many at once


def band_of(review: Review, low: float, high: float) -> Band:
    pairs = in_band(open_pairs(review), low, high)
    return Band(low, high, max(pair.pk for pair in pairs), tuple(sample_of(pairs, 1)))


@pytest.mark.parametrize(("verdict", "expected"), [("same", [None, 1, None, 3]), ("different", [None] * 4)])
def test_a_band_is_judged_at_once(review, owner, propose, records, verdict, expected):
    propose(1, 2, 0.95)
    propose(3, 4, 0.9)
    propose(5, 6, 0.5)
    done = judge_band(user=owner, review=review, band=band_of(review, 0.9, 1), verdict=verdict)
    assert (done.n_judged, done.n_left_out) == (2, 0)
    assert heads(records[:4]) == expected
    assert waiting(review) == [(5, 6)]
    assert differences(review) == []


def test_the_note_of_the_rows_names_the_band_the_number_and_the_sample(review, owner, propose):
    propose(1, 2, 0.95)
    propose(3, 4, 0.9)
    judge_band(user=owner, review=review, band=band_of(review, 0.9, 1), verdict="same")
    rows = DuplicateJudgement.objects.open()
    assert {(row.method, row.note) for row in rows} == {
        ("bulk", "Scores 0.90 to 1.00, 2 pairs at once after looking at 1–2, 3–4.")
    }
    assert [row.score for row in rows.order_by("pk")] == [0.95, 0.9]


def test_pairs_that_would_join_records_judged_different_are_left_out(review, owner, propose, say, records):
    propose(1, 2, 0.95)
    propose(2, 3, 0.94)
    say(1, 3, "different")
    done = judge_band(user=owner, review=review, band=band_of(review, 0.9, 1), verdict="same")
    assert (done.n_judged, done.n_left_out) == (1, 1)
    assert heads(records[:3]) == [None, 1, None]


def test_a_pair_proposed_after_the_look_at_the_sample_is_left_alone(review, owner, propose):
    propose(1, 2, 0.95)
    band = band_of(review, 0.9, 1)
    propose(3, 4, 0.95)
    assert judge_band(user=owner, review=review, band=band, verdict="same").n_judged == 1
    assert waiting(review) == [(3, 4)]


def test_a_sample_of_which_a_pair_was_judged_is_not_valid_any_more(review, owner, propose, say):
    propose(1, 2, 0.95)
    propose(3, 4, 0.95)
    band = band_of(review, 0.9, 1)
    say(1, 2, "different")
    with pytest.raises(Refused, match="new sample"):
        judge_band(user=owner, review=review, band=band, verdict="same")


def test_a_sample_of_another_band_or_none_is_refused(review, owner, propose):
    low = propose(1, 2, 0.5)
    propose(3, 4, 0.95)
    for sample in ((low.pk,), ()):
        with pytest.raises(Refused, match="new sample"):
            judge_band(user=owner, review=review, band=Band(0.9, 1, 10**6, sample), verdict="same")


def test_an_empty_band_and_an_unknown_verdict_are_refused(review, owner, propose):
    pair = propose(1, 2, 0.5)
    with pytest.raises(Refused, match="No pair"):
        judge_band(user=owner, review=review, band=Band(0.9, 1, pair.pk, (pair.pk,)), verdict="same")
    with pytest.raises(Refused, match="same or different"):
        judge_band(user=owner, review=review, band=Band(0, 1, pair.pk, (pair.pk,)), verdict="maybe")


def test_a_bulk_is_undone_as_a_whole_and_nothing_else(review, owner, propose, say, records):
    for first, second in ((1, 2), (3, 4)):
        propose(first, second, 0.95)
    judge_band(user=owner, review=review, band=band_of(review, 0.9, 1), verdict="same")
    say(5, 6)
    (bulk,) = bulks_of(review)
    assert (bulk.n, bulk.verdict, bulk.by) == (2, "same", "Owner")
    row = DuplicateJudgement.objects.get(pk=bulk.pk)
    assert undo_bulk(user=owner, review=review, judgement=row) == 2
    assert heads(records) == [None, None, None, None, None, 5]
    assert waiting(review) == [(1, 2), (3, 4)]
    assert bulks_of(review) == []
    with pytest.raises(Refused, match="Nothing"):
        undo_bulk(user=owner, review=review, judgement=row)


def test_a_bulk_of_another_review_is_not_undone(review, owner, propose, say):

    propose(1, 2, 0.95)
    judge_band(user=owner, review=review, band=band_of(review, 0.9, 1), verdict="same")
    other = open_review(user=owner, title="Other", slug="other")
    with pytest.raises(Refused, match="Nothing"):
        undo_bulk(user=owner, review=other, judgement=DuplicateJudgement.objects.get())


def test_the_same_seed_draws_the_same_sample_of_ten(review, owner):
    records = [make_record(review, owner) for _ in range(30)]
    PossibleDuplicate.objects.bulk_create(
        PossibleDuplicate(review=review, first=a, second=b, score=0.8) for a, b in pairwise(records)
    )
    pairs = open_pairs(review)
    samples = [sample_of(pairs, seed) for seed in (1, 1, 2)]
    assert len(set(samples[0])) == 10
    assert samples[0] == samples[1] != samples[2]


def test_pairs_are_counted_by_score(review, propose):
    for at, score in enumerate((1.0, 0.96, 0.5)):
        propose(1 + at, 2 + at, score)
    assert counts_by_score(open_pairs(review)) == [(0.95, 1.0, 2), (0.5, 0.55, 1)]


def test_choices_and_answers_are_in_the_audit_feed(review, owner, propose, say, records):
    propose(3, 4, 0.95)
    undo_judgement(user=owner, review=review, judgement=say(1, 2))
    say(1, 2)
    choose_primary(user=owner, review=review, record=records[1])
    judge_band(user=owner, review=review, band=band_of(review, 0.9, 1), verdict="same")
    undo_bulk(user=owner, review=review, judgement=DuplicateJudgement.objects.get(method="bulk"))
    actions = list(AuditEvent.objects.filter(review=review).values_list("action", flat=True))
    assert actions[-6:] == [
        "judge_duplicates",
        "undo_judgement",
        "judge_duplicates",
        "choose_primary",
        "judge_many_duplicates",
        "undo_many_judgements",
    ]
