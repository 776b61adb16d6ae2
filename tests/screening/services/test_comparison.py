"""What a comparison finds becomes judgements and pairs for people; people's judgements stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from reviewsite.workspace.models import AuditEvent, Job, Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.dedup import Match, Pair, Rule
from screening.domain.parsing import ParsedRecord
from screening.domain.vocabulary import Verdict
from screening.models import DuplicateJudgement, ImportBatch, PossibleDuplicate, Record
from screening.queries.comparison import Comparison, compare_among, compare_new, compare_stored, still_holds
from screening.queries.possible_duplicates import open_pairs
from screening.queries.projections import differences
from screening.services.adjudication import adjudicate
from screening.services.comparisons import compare_again
from screening.services.duplicate_jobs import run_comparison
from screening.services.duplicates import (
    apply_comparison,
    judge,
    rebuild_after_withdrawal,
    split,
    write_findings,
)
from screening.services.projection import enter_records
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record, make_source, status_of

PAPER: dict[str, Any] = {
    "title": "Balloon kyphoplasty for vertebral fractures in multiple myeloma: a cohort study",
    "authors": ["Example, A.", "Sample, B."],
    "year": 2014,
    "journal": "Journal of Examples",
    "volume": "12",
    "issue": "3",
    "pages": "101-109",
    "doi": "10.1000/example.14",
}


def parsed(**fields: Any) -> ParsedRecord:
    values = PAPER | fields
    return ParsedRecord(**values | {"authors": tuple(values["authors"])}, raw="TY  - JOUR", line=1)


def stored(review: Review, owner: User, **fields: Any) -> Record:
    return make_record(review, owner, **PAPER | fields)


def bring(review: Review, owner: User, found: Comparison, *records: Record) -> frozenset[int]:
    """Store a comparison as an import does; the records are those that were compared."""
    duplicates = apply_comparison(user=owner, review=review, records=records, comparison=found)
    enter_records(
        user=owner, review=review, records=[record for record in records if record.pk not in duplicates]
    )
    return duplicates


def same_pairs() -> set[tuple[int, int]]:
    rows = DuplicateJudgement.objects.open().filter(verdict="same")
    return set(rows.values_list("first__number", "second__number"))


def test_a_new_record_is_joined_to_the_one_that_is_there(review, owner):
    old = stored(review, owner)
    found = compare_new(review, [parsed()])
    assert (found.n_new, found.n_duplicates) == (1, 1)
    new = stored(review, owner, enters=False)
    assert bring(review, owner, found, new) == {new.pk}
    judgement = DuplicateJudgement.objects.get()
    assert (judgement.method, judgement.verdict, judgement.first, judgement.second) == (
        "doi",
        "same",
        old,
        new,
    )
    assert judgement.score is not None
    assert differences(review) == []


def test_new_records_are_joined_among_themselves(review, owner):
    other = parsed(title="Another matter altogether", doi="10.1/o", pages="7-8")
    found = compare_new(review, [parsed(), parsed(), other])
    assert (found.n_new, found.n_duplicates) == (3, 1)
    records = [stored(review, owner, enters=False) for _ in range(3)]
    assert bring(review, owner, found, *records) == {records[1].pk}
    assert [status_of(record) for record in records] == ["awaiting", None, "awaiting"]


def test_excluded_records_are_compared_too(review, owner, reviewer_a, reviewer_b):
    old = stored(review, owner)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, old, EXCLUDE)
    assert compare_new(review, [parsed()]).n_duplicates == 1


def test_duplicates_are_compared_too(review, owner):
    """A new record may match a duplicate and not the record that stands for it."""
    head = stored(review, owner, title="Entirely other words about spines", doi="10.1000/other", pages="1-2")
    twin = stored(review, owner)
    judge(user=owner, review=review, first=head, second=twin, verdict="same")
    new = stored(review, owner, enters=False)
    bring(review, owner, compare_stored(review, [new.pk]), new)
    assert Record.objects.get(pk=new.pk).canonical == head


def test_what_changed_since_the_comparison_is_compared_again(review, owner):
    found = compare_new(review, [parsed()])
    stored(review, owner)
    new = stored(review, owner, enters=False)
    assert not still_holds(review, found, before=new.pk)
    assert bring(review, owner, found, new) == {new.pk}


@pytest.mark.parametrize("change", ["record", "judgement", "taken back", "correction"])
def test_a_comparison_holds_until_records_or_judgements_change(review, owner, change):
    first, second = make_record(review, owner), make_record(review, owner)
    judgement = judge(user=owner, review=review, first=first, second=second, verdict="different")
    found = compare_stored(review)
    assert still_holds(review, found)
    if change == "record":
        make_record(review, owner)
    elif change == "judgement":
        judge(user=owner, review=review, first=first, second=make_record(review, owner), verdict="same")
    elif change == "taken back":
        judgement.supersede(user=owner)
    else:
        first.corrections.create(review=review, field="title", before="A", after="B", created_by=owner)
    assert not still_holds(review, found)


def test_a_pair_judged_different_is_neither_joined_nor_proposed(review, owner):
    first, second = stored(review, owner), stored(review, owner)
    judge(user=owner, review=review, first=first, second=second, verdict="different")
    found = compare_stored(review)
    assert (found.matches, found.possible) == ((), ())


def test_a_match_that_would_join_records_judged_different_is_left_out(review, owner):
    first = stored(review, owner)
    second = stored(
        review, owner, title="Entirely other words about spines", doi="10.1000/other", pages="1-2"
    )
    judge(user=owner, review=review, first=first, second=second, verdict="different")
    third = stored(review, owner, enters=False)
    judge(user=owner, review=review, first=second, second=third, verdict="same")
    assert compare_stored(review).matches == ()


def made_up(review: Review, *, matches: Sequence[Match] = (), possible: Sequence[Pair] = ()) -> Comparison:
    return replace(compare_stored(review), matches=tuple(matches), possible=tuple(possible))


def test_pairs_for_people_are_kept_once_with_the_latest_score(review, owner):
    first, second = make_record(review, owner), make_record(review, owner)
    for score, detail in ((0.6, "before"), (0.7, "now")):
        pair = Pair(second.pk, first.pk, score, detail)
        write_findings(user=owner, review=review, comparison=made_up(review, possible=[pair]))
    kept = PossibleDuplicate.objects.get()
    assert (kept.first, kept.second, kept.score, kept.detail) == (first, second, 0.7, "now")


def test_one_judgement_less_than_there_are_records_joins_a_group(review, owner):
    old = [stored(review, owner) for _ in range(2)]
    judge(user=owner, review=review, first=old[0], second=old[1], verdict="same")
    new = [stored(review, owner, enters=False) for _ in range(3)]
    duplicates = bring(review, owner, compare_stored(review, [record.pk for record in new]), *new)
    assert duplicates == {record.pk for record in new}
    assert DuplicateJudgement.objects.exclude(method="person").count() == 3


@pytest.mark.parametrize("rule", list(Rule))
def test_each_rule_is_kept_with_its_score_and_detail(review, owner, rule):
    first, second = make_record(review, owner), make_record(review, owner)
    match = Match(second.pk, first.pk, rule, 0.9, "why")
    write_findings(user=owner, review=review, comparison=made_up(review, matches=[match]))
    kept = DuplicateJudgement.objects.get()
    assert (kept.method, kept.score, kept.note, kept.verdict) == (rule.value, 0.9, "why", "same")


def test_a_new_record_that_joins_two_settled_groups_opens_their_conflict(
    review, owner, reviewer_a, reviewer_b
):
    first, second = make_record(review, owner), make_record(review, owner)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, first, INCLUDE)
        decide(reviewer, second, EXCLUDE)
    before = compare_new(review, [])
    new = make_record(review, owner, enters=False)
    matches = (Match(first.pk, ("new", 0), Rule.DOI), Match(second.pk, ("new", 0), Rule.DOI))
    assert bring(review, owner, replace(before, matches=matches), new) == {new.pk}
    assert [status_of(record) for record in (first, second, new)] == ["conflict", None, None]
    assert differences(review) == []


def test_more_displaced_records_than_one_statement_holds(review, owner):
    """Many records from other methods give way to as many from a database, in one import."""
    lists = make_source(review, "lists", kind="citation_search")
    old = make_record(review, owner, source=lists)
    template = Record.objects.get(pk=old.pk)
    values = {
        field.attname: getattr(template, field.attname)
        for field in Record._meta.concrete_fields
        if field.attname not in ("id", "number", "source_id")
    }
    n = 510
    early = Record.objects.bulk_create(
        Record(**values, number=1 + at, source_id=lists.pk) for at in range(1, n)
    )
    enter_records(user=owner, review=review, records=early)
    found = compare_among(review, [])
    late = Record.objects.bulk_create(
        Record(**values, number=1000 + at, source=make_source(review)) for at in range(1, n)
    )
    matches = tuple(Match(a.pk, b.pk, Rule.DOI) for a, b in zip(early, late, strict=True))
    basis = replace(found, matches=matches, basis=compare_stored(review, []).basis)
    assert (
        write_findings(user=owner, review=review, comparison=basis, new={r.pk for r in late}) == frozenset()
    )
    enter_records(user=owner, review=review, records=late)
    assert differences(review) == []


# Withdrawn batches


def withdraw(review: Review, owner: User, record: Record) -> None:
    """Mark the records of the record's batch, as the withdrawal does before groups are formed again."""
    ImportBatch.objects.filter(pk=record.batch_id).update(state="withdrawn")
    Record.objects.filter(batch=record.batch_id).update(is_withdrawn=True)
    rebuild_after_withdrawal(user=owner, review=review, batch=record.batch)


def test_members_that_match_directly_stay_together_when_the_one_between_is_withdrawn(review, owner):
    first, second = stored(review, owner), stored(review, owner)
    between = stored(review, owner, source=make_source(review, "embase"))
    for other in (first, second):
        judge(user=owner, review=review, first=between, second=other, verdict="same")
    withdraw(review, owner, between)
    assert same_pairs() == {(1, 2)}
    assert [status_of(record) for record in (first, second)] == ["awaiting", None]
    assert differences(review) == []


def test_members_that_only_the_withdrawn_record_joined_are_proposed_to_people(review, owner):
    first, second = (
        stored(review, owner),
        make_record(review, owner, title="Entirely other words about spines"),
    )
    between = stored(review, owner, source=make_source(review, "embase"))
    for other in (first, second):
        judge(user=owner, review=review, first=between, second=other, verdict="same")
    withdraw(review, owner, between)
    assert same_pairs() == set()
    assert [(pair.first, pair.second) for pair in open_pairs(review)] == [(first.pk, second.pk)]
    assert [status_of(record) for record in (first, second, between)] == ["awaiting", "awaiting", None]
    assert Record.everything.get(pk=between.pk).canonical is None
    assert differences(review) == []


def test_a_withdrawn_record_that_stood_for_its_group_gives_way(review, owner):
    head = stored(review, owner, source=make_source(review, "embase"))
    twin = stored(review, owner)
    judge(user=owner, review=review, first=head, second=twin, verdict="same")
    withdraw(review, owner, head)
    assert (Record.objects.get(pk=twin.pk).canonical, status_of(twin), status_of(head)) == (
        None,
        "awaiting",
        None,
    )
    assert differences(review) == []


def test_pairs_with_withdrawn_records_wait_no_longer(review, owner):
    first, second = make_record(review, owner), stored(review, owner, source=make_source(review, "embase"))
    PossibleDuplicate.objects.create(review=review, first=first, second=second, score=0.5)
    withdraw(review, owner, second)
    assert PossibleDuplicate.objects.count() == 0


def test_an_adjudication_against_a_withdrawn_record_is_closed(
    review, owner, reviewer_a, reviewer_b, adjudicator
):
    first, second = stored(review, owner), stored(review, owner, source=make_source(review, "embase"))
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, first, EXCLUDE)
        decide(reviewer, second, INCLUDE)
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    adjudicate(
        user=adjudicator,
        review=review,
        record=first,
        stage="title_abstract",
        verdict=Verdict.INCLUDE,
        rationale="Yes.",
    )
    assert status_of(first) == "included"
    withdraw(review, owner, second)
    assert status_of(first) == "excluded"
    assert differences(review) == []


# All again


@pytest.fixture
def again(review: Review, owner: User, django_capture_on_commit_callbacks: Any) -> Any:
    def run(**options: bool) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            job = compare_again(user=owner, review=review, **options)
        job.refresh_from_db()
        return job

    return run


def test_all_records_are_compared_again_and_what_is_new_is_added(review, owner, again):
    first, second = stored(review, owner), stored(review, owner)
    job = again()
    assert (job.status, job.message) == ("done", "1 new duplicate found, 0 pairs wait to be compared.")
    assert [status_of(record) for record in (first, second)] == ["awaiting", None]
    assert again().message == "0 new duplicates found, 0 pairs wait to be compared."
    assert differences(review) == []


def test_comparing_again_leaves_what_people_judged(review, owner, again):
    records = [stored(review, owner) for _ in range(3)]
    again()
    split(user=owner, review=review, record=records[1])
    assert again().message.startswith("0 new duplicates")
    assert same_pairs() == {(1, 3)}


def test_the_audit_says_how_it_was_compared(review, owner, again):
    again(joins_cochrane_updates=True)
    event = AuditEvent.objects.get(review=review, action="compare_again")
    assert event.detail["joins_cochrane_updates"] is True
    assert event.user == owner


def test_one_comparison_at_a_time_unless_the_first_was_asked_to_stop(review, owner, again):
    job = Job.objects.create(review=review, kind="compare_again", status="running", created_by=owner)
    with pytest.raises(Refused, match="being compared already"):
        again()
    Job.objects.filter(pk=job.pk).update(is_cancel_requested=True)
    assert again().status == "done"


def test_a_cancelled_comparison_changes_nothing(review, owner):

    stored(review, owner), stored(review, owner)
    job = Job.objects.create(
        review=review, kind="compare_again", status="queued", is_cancel_requested=True, created_by=owner
    )
    run_comparison(job.pk, joins_cochrane_updates=False)
    job.refresh_from_db()
    assert (job.status, job.message) == ("cancelled", "Cancelled: nothing was changed.")
    assert same_pairs() == set()


def test_reviewers_do_not_compare_again(review, reviewer_a):
    with pytest.raises(Refused, match="role"):
        compare_again(user=reviewer_a, review=review)
