"""Hits that a search reported against the records that came in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.models import ImportBatch, Search, Source
from screening.queries.sources import check_of, search_log
from screening.services.imports import confirm, discard
from screening.services.sources import record_search
from tests.screening.importing import Commit, Import, embase, handed_in, imported, medline, ris

__all__ = ["embase", "handed_in", "imported", "medline"]

NOW = datetime(2020, 5, 4, tzinfo=UTC)


def searched(owner: User, review: Review, source: Source, hits: int | None, note: str = "") -> Search:
    return record_search(user=owner, review=review, source=source, n_hits_reported=hits, note=note)


def agreement_of(review: Review) -> tuple[str, tuple[str, ...]]:
    check = search_log(review)[0].searches[0].check
    return check.agreement, tuple(note for _number, note in check.notes)


def test_difference_needs_a_note_before_anything_is_imported(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(
        medline, "a.ris", ris("One"), search=searched(owner, review, medline, 2, "By a librarian")
    )
    with pytest.raises(Refused, match="2 hits, 1 records were read"):
        confirm(user=owner, review=review, batch=batch, difference_note="  ")
    batch.refresh_from_db()
    assert (batch.state, batch.difference_note) == ("preview", "")


def test_note_stands_with_the_batch_and_in_the_search_log(
    imported: Import, owner: User, review: Review, medline: Source
) -> None:
    search = searched(owner, review, medline, 2)
    batch = imported(medline, "a.ris", ris("One"), search=search, note=" One was a letter. ")
    assert batch.difference_note == "One was a letter."
    assert agreement_of(review) == ("explained", ("One was a letter.",))


def test_equal_numbers_need_no_note_and_keep_none(
    imported: Import, owner: User, review: Review, medline: Source
) -> None:
    search = searched(owner, review, medline, 2)
    batch = imported(medline, "a.ris", ris("One", "Two"), search=search, note="Not needed")
    assert (batch.state, batch.difference_note) == ("imported", "")
    assert agreement_of(review) == ("equal", ())


def test_hits_that_are_not_reported_demand_nothing(
    imported: Import, owner: User, review: Review, medline: Source
) -> None:
    assert (
        imported(medline, "a.ris", ris("One"), search=searched(owner, review, medline, None)).state
        == "imported"
    )


def test_zero_hits_reported_and_records_read_are_a_difference(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    check = check_of(handed_in(medline, "a.ris", ris("One"), search=searched(owner, review, medline, 0)))
    assert check is not None
    assert (check.agreement, check.difference) == ("different", 1)


def test_parts_handed_in_together_are_counted_together(
    handed_in: Import,
    owner: User,
    review: Review,
    medline: Source,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    search = searched(owner, review, medline, 3)
    first = handed_in(medline, "a.ris", ris("One"), search=search, handed_in_at=NOW)
    second = handed_in(medline, "b.ris", ris("Two", "Three"), search=search, handed_in_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        confirm(user=owner, review=review, batch=first)
        confirm(user=owner, review=review, batch=second)
    assert ImportBatch.objects.filter(state="imported").count() == 2
    assert agreement_of(review) == ("equal", ())


def test_part_that_waits_from_another_day_is_not_counted(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    search = searched(owner, review, medline, 3)
    handed_in(medline, "a.ris", ris("One"), search=search)
    check = check_of(handed_in(medline, "b.ris", ris("Two"), search=search))
    assert check is not None
    assert (check.n_read, check.difference) == (1, -2)


def test_discarded_batch_is_compared_with_nothing(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "a.ris", ris("One"), search=searched(owner, review, medline, 3))
    assert check_of(discard(user=owner, review=review, batch=batch)) is None
