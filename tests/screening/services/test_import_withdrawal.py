"""Withdrawing an import: its records count nowhere, and nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extraction.services.studies import form_study
from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import Stage
from screening.models import (
    Decision,
    DuplicateJudgement,
    ImportBatch,
    ImportedOutcome,
    Record,
    RecordCorrection,
    Report,
    RetrievalOutcome,
    Source,
    StageState,
)
from screening.queries.projections import differences
from screening.queries.withdrawals import going_out
from screening.services.duplicates import judge
from screening.services.withdrawals import withdraw
from tests.screening.builders import EXCLUDE, INCLUDE, decide, retrieve
from tests.screening.importing import Import, embase, handed_in, imported, medline, ris

__all__ = ["embase", "handed_in", "imported", "medline"]

Out = Callable[..., ImportBatch]


@pytest.fixture
def take_out(owner: User, review: Review) -> Out:
    def call(batch: ImportBatch, reason: str = "") -> ImportBatch:
        return withdraw(user=owner, review=review, batch=batch, reason=reason)

    return call


def record(title: str) -> Record:
    return Record.objects.get(title=title)


def include(record: Record, *reviewers: User) -> None:
    """Include on title and abstract, find the full text and include there."""
    for reviewer in reviewers:
        decide(reviewer, record, INCLUDE)
    retrieve(reviewers[0], record)
    for reviewer in reviewers:
        decide(reviewer, record, INCLUDE, stage=Stage.FULL_TEXT)


def test_untouched_import_goes_with_one_confirmation_and_stays_on_record(
    imported: Import, take_out: Out, owner: User, review: Review, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two"))
    take_out(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.withdrawn_by, batch.withdrawal_reason) == ("withdrawn", owner, "")
    assert batch.withdrawn_at is not None
    assert (Record.objects.count(), StageState.objects.count()) == (0, 0)
    assert list(Record.everything.values_list("title", "is_withdrawn")) == [("One", True), ("Two", True)]
    assert differences(review) == []


def test_file_can_be_imported_again_under_new_numbers(
    imported: Import, take_out: Out, review: Review, medline: Source
) -> None:
    take_out(imported(medline, "a.ris", ris("One", "Two")))
    imported(medline, "a.ris", ris("One", "Two"))
    assert list(Record.objects.values_list("number", flat=True)) == [3, 4]
    assert differences(review) == []


def test_withdrawing_twice_changes_nothing(imported: Import, take_out: Out, medline: Source) -> None:
    batch = imported(medline, "a.ris", ris("One"))
    take_out(batch)
    take_out(batch, "another reason")
    batch.refresh_from_db()
    assert batch.withdrawal_reason == ""
    assert AuditEvent.objects.filter(action="withdraw_import").count() == 1


def test_audit_feed_keeps_who_what_and_why(
    imported: Import, take_out: Out, owner: User, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two"))
    take_out(batch, "The export was cut off.")
    event = AuditEvent.objects.get(action="withdraw_import")
    assert (event.user, event.subject) == (owner, f"batch:{batch.pk}")
    assert event.detail == {"n_records": 2, "reason": "The export was cut off."}


def make_decision(one: Record, owner: User, reviewer: User) -> None:
    decide(reviewer, one, EXCLUDE)


def make_outcome(one: Record, owner: User, reviewer: User) -> None:
    ImportedOutcome.objects.create(
        review=one.review,
        record=one,
        stage="title_abstract",
        verdict="exclude",
        stated_by="a",
        created_by=owner,
    )


def make_correction(one: Record, owner: User, reviewer: User) -> None:
    RecordCorrection.objects.create(
        review=one.review, record=one, field="year", before=2015, after=2016, created_by=owner
    )


def make_judgement(one: Record, owner: User, reviewer: User) -> None:
    other = Record.objects.exclude(pk=one.pk).get(title="Two")
    judge(user=owner, review=one.review, first=one, second=other, verdict="different")


@pytest.mark.parametrize("work", [make_decision, make_outcome, make_correction, make_judgement])
def test_work_that_depends_on_a_record_demands_a_reason(
    work: Callable[..., None], imported: Import, take_out: Out, owner: User, reviewer_a: User, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two"))
    work(record("One"), owner, reviewer_a)
    with pytest.raises(Refused, match="write down why"):
        take_out(batch, "  ")
    assert take_out(batch, " Wrong search. ").withdrawal_reason == "Wrong search."


def test_work_that_was_taken_back_demands_nothing(
    imported: Import, take_out: Out, owner: User, reviewer_a: User, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One"))
    decide(reviewer_a, record("One"), EXCLUDE).supersede(user=reviewer_a)
    assert take_out(batch).state == "withdrawn"


def test_evidence_is_closed_and_kept(
    imported: Import, take_out: Out, reviewer_a: User, reviewer_b: User, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One"))
    one = record("One")
    decide(reviewer_a, one, INCLUDE)
    decide(reviewer_b, one, INCLUDE)
    retrieve(reviewer_a, one)
    take_out(batch, "Wrong search.")
    assert (Decision.objects.count(), Decision.objects.open().count()) == (2, 0)
    assert (RetrievalOutcome.objects.count(), RetrievalOutcome.objects.open().count()) == (1, 0)


def test_records_included_at_full_text_keep_their_import(
    imported: Import, take_out: Out, reviewer_a: User, reviewer_b: User, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two", "Three"))
    include(record("Two"), reviewer_a, reviewer_b)
    with pytest.raises(Refused, match="Record 2 of this import is included at full text"):
        take_out(batch, "Wrong search.")
    include(record("Three"), reviewer_a, reviewer_b)
    with pytest.raises(Refused, match="Records 2, 3 of this import are included"):
        take_out(batch, "Wrong search.")


def test_duplicate_whose_decisions_count_for_an_included_record_keeps_its_import(
    imported: Import, take_out: Out, owner: User, reviewer_a: User, reviewer_b: User, review: Review,
    medline: Source, embase: Source,
) -> None:  # fmt: skip
    imported(medline, "a.ris", ris("One"))
    batch = imported(embase, "b.ris", ris("The same under another title"))
    decide(reviewer_a, record("The same under another title"), INCLUDE)
    include(record("One"), reviewer_a, reviewer_b)
    judge(
        user=owner,
        review=review,
        first=record("One"),
        second=record("The same under another title"),
        verdict="same",
    )
    assert record("The same under another title").canonical == record("One")
    with pytest.raises(Refused, match="Record 2 of this import"):
        take_out(batch, "Wrong search.")


def test_record_of_a_study_keeps_its_import(
    imported: Import, take_out: Out, extractor_a: User, reviewer_a: User, reviewer_b: User, review: Review,
    medline: Source,
) -> None:  # fmt: skip
    batch = imported(medline, "a.ris", ris("One"))
    include(record("One"), reviewer_a, reviewer_b)
    form_study(user=extractor_a, review=review, label="Example 2015", reports=[Report.objects.get()])
    StageState.objects.filter(stage="full_text").update(status="conflict")
    with pytest.raises(Refused, match="belongs to a study"):
        take_out(batch, "Wrong search.")


def test_duplicates_in_other_imports_stand_for_themselves_again(
    imported: Import, take_out: Out, review: Review, medline: Source, embase: Source
) -> None:
    first = imported(medline, "a.ris", ris("A rare treatment of a common fracture"))
    imported(embase, "b.ris", ris("A rare treatment of a common fracture", "Two"))
    assert Record.objects.get(number=2).canonical == Record.objects.get(number=1)
    take_out(first)
    assert list(Record.objects.values_list("number", "canonical")) == [(2, None), (3, None)]
    assert list(StageState.objects.order_by("record").values_list("record__number", "status")) == [
        (2, "awaiting"), (3, "awaiting"),
    ]  # fmt: skip
    assert not DuplicateJudgement.objects.open().exists()
    assert differences(review) == []


def test_judgements_of_people_on_withdrawn_records_are_closed(
    imported: Import, take_out: Out, owner: User, review: Review, medline: Source, embase: Source
) -> None:
    imported(medline, "a.ris", ris("One"))
    batch = imported(embase, "b.ris", ris("Two"))
    judge(user=owner, review=review, first=record("One"), second=record("Two"), verdict="different")
    take_out(batch, "Wrong search.")
    assert (DuplicateJudgement.objects.count(), DuplicateJudgement.objects.open().count()) == (1, 0)


def test_withdrawn_record_takes_no_decision(
    imported: Import, take_out: Out, reviewer_a: User, review: Review, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One"))
    one = record("One")
    take_out(batch)
    with pytest.raises(Refused):
        decide(reviewer_a, one, EXCLUDE)
    assert not Decision.objects.exists()


def test_batch_that_is_not_imported_is_not_withdrawn(
    handed_in: Import, take_out: Out, medline: Source
) -> None:
    with pytest.raises(Refused, match="discard this one instead"):
        take_out(handed_in(medline, "a.ris", ris("One")))


def test_reviewers_and_read_only_reviews_withdraw_nothing(
    imported: Import, take_out: Out, owner: User, reviewer_a: User, review: Review, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One"))
    with pytest.raises(Refused, match="role"):
        withdraw(user=reviewer_a, review=review, batch=batch)
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        take_out(batch)


def test_numbers_say_what_goes_out_and_nothing_of_unsettled_decisions(
    imported: Import,
    owner: User,
    reviewer_a: User,
    reviewer_b: User,
    review: Review,
    medline: Source,
    embase: Source,
) -> None:
    batch = imported(medline, "a.ris", ris("A rare treatment of a common fracture", "Two", "Three"))
    imported(embase, "b.ris", ris("A rare treatment of a common fracture"))
    decide(reviewer_a, record("Two"), INCLUDE)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, record("Three"), EXCLUDE)
    seen_by_owner = going_out(owner, review, batch)
    assert (seen_by_owner.n_records, seen_by_owner.n_left_behind, seen_by_owner.n_decisions) == (3, 1, 2)
    assert [(each.stage, each.status, each.n) for each in seen_by_owner.standings] == [
        ("Title and abstract", "awaiting", 2),
        ("Title and abstract", "excluded", 1),
    ]
    assert going_out(reviewer_a, review, batch).n_decisions == 3
    assert seen_by_owner.has_work
