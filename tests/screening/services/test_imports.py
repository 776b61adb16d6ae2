"""Imports: read, preview, confirm; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage

from reviewsite.workspace.models import Job, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.jobs import cancel_job
from reviewsite.workspace.services.reviews import make_read_only
from screening import tasks
from screening.models import DuplicateJudgement, ImportBatch, Record, Source, StageState
from screening.queries.comparison import Comparison
from screening.queries.imports import preview_of, preview_path
from screening.queries.projections import differences
from screening.services import import_jobs
from screening.services.imports import AlreadyHere, confirm, discard, upload
from screening.services.rows import ReadyRows
from screening.services.sources import add_source, record_search
from tests.screening.importing import FILES, Commit, embase, handed_in, imported, medline

__all__ = ["embase", "handed_in", "imported", "medline"]

Import = Callable[..., ImportBatch]
RIS = (FILES / "medline.ris").read_bytes()


def test_upload_is_read_into_a_preview_and_stores_no_record(handed_in: Import, medline: Source) -> None:
    batch = handed_in(medline, "medline.ris")
    assert (batch.state, batch.format, batch.n_in_file, batch.n_read) == ("preview", "ris", 4, 4)
    preview = preview_of(batch)
    assert preview is not None
    assert [row["year"] for row in preview.records] == [2011, 2009, 2014, 2016]
    assert not Record.objects.exists()


def test_confirmed_records_are_numbered_kept_verbatim_and_wait_for_screening(
    imported: Import, review: Review, medline: Source
) -> None:
    batch = imported(medline, "medline.ris")
    records = list(Record.objects.filter(review=review))
    assert [record.number for record in records] == [1, 2, 3, 4]
    assert records[0].authors == ["Northgate, A.", "Südhoff, B."]
    assert all(record.raw.strip() in RIS.decode() for record in records)
    assert batch.state == "imported"
    assert batch.imported_at is not None
    assert list(StageState.objects.values_list("stage", "status")) == [("title_abstract", "awaiting")] * 4
    assert differences(review) == []


def test_overlapping_table_finds_its_duplicates(
    imported: Import, handed_in: Import, review: Review, medline: Source, embase: Source
) -> None:
    imported(medline, "medline.ris")
    expected = preview_of(handed_in(embase, "overlap.csv"))
    assert expected is not None
    assert expected.n_duplicates == 2
    batch = ImportBatch.objects.get(source=embase)
    import_again(batch)
    by_number = {record.number: record for record in Record.objects.filter(review=review)}
    assert by_number[5].canonical == by_number[1]
    assert by_number[6].canonical == by_number[2]
    assert by_number[7].canonical is None
    assert DuplicateJudgement.objects.open().count() == 2
    assert StageState.objects.count() == 5
    assert differences(review) == []


def import_again(batch: ImportBatch) -> None:
    """Do what confirmation and its task do, without waiting for a commit."""
    confirm(user=batch.created_by, review=batch.review, batch=batch)
    import_jobs.store_batch(batch.pk)


def test_duplicates_within_one_file_are_found(handed_in: Import, review: Review, medline: Source) -> None:
    batch = handed_in(medline, "twice.ris", RIS + RIS)
    preview = preview_of(batch)
    assert preview is not None
    assert preview.n_duplicates == 4
    import_again(batch)
    assert Record.objects.filter(review=review, canonical__isnull=True).count() == 4
    assert differences(review) == []


def test_record_of_a_database_takes_the_place_of_an_earlier_one_from_other_methods(
    imported: Import, owner: User, review: Review, medline: Source
) -> None:
    lists = add_source(
        user=owner, review=review, name="Reference lists", kind="citation_search", enters_at_full_text=True
    )
    imported(lists, "medline.ris")
    assert set(StageState.objects.values_list("stage", flat=True)) == {"full_text"}
    imported(medline, "overlap.csv")
    by_number = {record.number: record for record in Record.objects.filter(review=review)}
    assert by_number[1].canonical == by_number[5]
    assert not by_number[1].stage_states.exists()
    assert [state.stage for state in by_number[5].stage_states.all()] == ["title_abstract"]
    assert differences(review) == []


def test_same_file_from_the_same_source_is_a_notice_and_stores_nothing(
    imported: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = imported(medline, "medline.ris")
    with pytest.raises(AlreadyHere, match="came from this source before") as known:
        upload(user=owner, review=review, source=medline, search=None, name="again.ris", content=RIS)
    assert known.value.batch == batch
    assert (ImportBatch.objects.count(), Record.objects.count(), Job.objects.count()) == (1, 4, 2)


def test_same_file_from_another_source_is_welcome(
    imported: Import, review: Review, medline: Source, embase: Source
) -> None:
    imported(medline, "medline.ris")
    imported(embase, "medline.ris")
    assert Record.objects.filter(review=review, source=embase, canonical__isnull=False).count() == 4


def test_confirming_twice_and_running_the_task_twice_store_once(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "medline.ris")
    import_again(batch)
    assert confirm(user=owner, review=review, batch=batch).state == "imported"
    tasks.store_batch.call(batch.pk)
    tasks.read_batch.call(batch.pk)
    assert Record.objects.count() == 4


def test_failure_in_the_middle_leaves_no_row(
    handed_in: Import, review: Review, medline: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = handed_in(medline, "medline.ris")
    monkeypatch.setattr(import_jobs, "enter_records", broken)
    import_again(batch)
    batch.refresh_from_db()
    review.refresh_from_db()
    assert (Record.objects.count(), StageState.objects.count(), review.last_record_number) == (0, 0, 0)
    assert batch.state == "preview"
    assert batch.job is not None
    assert (batch.job.status, batch.job.message[:38]) == ("failed", "Something unexpected happened and noth")
    monkeypatch.undo()
    import_again(batch)
    assert Record.objects.count() == 4


def broken(*_given: object, **_named: object) -> None:
    raise RuntimeError("planted")


def test_what_the_preview_found_of_duplicates_is_used_when_storing(
    imported: Import, handed_in: Import, medline: Source, embase: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(medline, "medline.ris")
    batch = handed_in(embase, "overlap.csv")
    monkeypatch.setattr(import_jobs, "compare_new", broken)
    import_again(batch)
    assert Record.objects.filter(source=embase, canonical__isnull=False).count() == 2


def test_duplicates_of_what_came_in_since_the_preview_are_found(
    imported: Import, handed_in: Import, review: Review, medline: Source, embase: Source
) -> None:
    batch = handed_in(embase, "overlap.csv")
    imported(medline, "medline.ris")
    import_again(batch)
    assert Record.objects.filter(source=embase, canonical__isnull=False).count() == 2
    assert differences(review) == []


def test_records_that_come_in_while_others_are_made_ready_keep_their_numbers(
    imported: Import, handed_in: Import, review: Review, medline: Source, embase: Source,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    honest, waiting = import_jobs.ready_records, [lambda: imported(medline, "medline.ris")]

    def overtaken(*given: Any, **named: Any) -> ReadyRows:
        ready = honest(*given, **named)
        if waiting:
            waiting.pop()()
        return ready

    batch = handed_in(embase, "overlap.csv")
    monkeypatch.setattr(import_jobs, "ready_records", overtaken)
    import_again(batch)
    numbers = Record.objects.order_by("number").values_list("number", "source__key")
    assert list(numbers) == [(n, "medline" if n <= 4 else "embase") for n in range(1, 8)]
    assert Record.objects.filter(source=embase, canonical__isnull=False).count() == 2
    assert differences(review) == []


@pytest.mark.parametrize("is_confirmed", [False, True], ids=["while reading", "while storing"])
def test_cancel_asked_during_the_comparison_imports_nothing(
    handed_in: Import, imported: Import, owner: User, review: Review, medline: Source, embase: Source,
    monkeypatch: pytest.MonkeyPatch, is_confirmed: bool,
) -> None:  # fmt: skip
    honest = import_jobs.compare_new

    def cancelled(*given: Any, **named: Any) -> Comparison:
        Job.objects.filter(status="running").update(is_cancel_requested=True)
        return honest(*given, **named)

    batch = handed_in(embase, "overlap.csv") if is_confirmed else None
    imported(medline, "medline.ris")
    monkeypatch.setattr(import_jobs, "compare_new", cancelled)
    if batch:
        import_again(batch)
    else:
        batch = handed_in(embase, "overlap.csv")
    batch.refresh_from_db()
    assert (batch.state, batch.job.status) == ("preview" if is_confirmed else "discarded", "cancelled")
    assert Record.objects.count() == 4


def test_read_and_unreadable_records_add_up_to_those_in_the_file(handed_in: Import, medline: Source) -> None:
    batch = handed_in(medline, "one_bad_row.csv")
    assert (batch.n_in_file, batch.n_read) == (3, 2)
    assert [problem.line for problem in batch.problems.all()] == [3]


def test_file_of_another_kind_is_unreadable_and_stays_so(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "scan.pdf", b"%PDF-1.7\n\x00\x01binary")
    assert batch.state == "unreadable"
    assert "scan.pdf" in batch.problem
    with pytest.raises(Refused, match="not ready"):
        confirm(user=owner, review=review, batch=batch)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"x" * 2001, "the limit is 2.0")],
    ids=["empty", "too large"],
)
def test_file_of_a_bad_size_is_refused(
    settings: object, owner: User, review: Review, medline: Source, content: bytes, sentence: str
) -> None:
    settings.MAX_IMPORT_BYTES = 2000  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=sentence):
        upload(user=owner, review=review, source=medline, search=None, name="a.ris", content=content)
    assert not ImportBatch.objects.exists()


def test_search_of_another_source_is_refused(
    owner: User, review: Review, medline: Source, embase: Source
) -> None:
    search = record_search(user=owner, review=review, source=embase)
    with pytest.raises(Refused, match="another source"):
        upload(user=owner, review=review, source=medline, search=search, name="a.ris", content=RIS)


def test_reading_cancelled_before_it_started_imports_nothing(
    owner: User, review: Review, medline: Source
) -> None:
    batch = upload(user=owner, review=review, source=medline, search=None, name="a.ris", content=RIS)
    assert batch.job is not None
    cancel_job(user=owner, review=review, job=batch.job)
    import_jobs.read_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.n_read is None
    assert (
        upload(user=owner, review=review, source=medline, search=None, name="a.ris", content=RIS).pk
        != batch.pk
    )


def test_cancel_asked_while_storing_starts_leaves_the_preview(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = confirm(user=owner, review=review, batch=handed_in(medline, "medline.ris"))
    Job.objects.filter(pk=batch.job_id).update(is_cancel_requested=True)
    import_jobs.store_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.job is not None
    assert (batch.state, batch.job.status, Record.objects.count()) == ("preview", "cancelled", 0)


def test_discarded_batch_makes_room_for_the_file_again(
    handed_in: Import,
    owner: User,
    review: Review,
    medline: Source,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    batch = handed_in(medline, "medline.ris")
    with django_capture_on_commit_callbacks(execute=True):
        discard(user=owner, review=review, batch=batch)
    assert not default_storage.exists(preview_path(batch))
    with pytest.raises(Refused, match="not ready"):
        confirm(user=owner, review=review, batch=batch)
    assert handed_in(medline, "medline.ris").state == "preview"


def test_batch_whose_job_does_not_stop_is_discarded_and_stays_so(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = confirm(user=owner, review=review, batch=handed_in(medline, "medline.ris"))
    with pytest.raises(Refused, match="being worked on"):
        discard(user=owner, review=review, batch=batch)
    Job.objects.filter(pk=batch.job_id).update(status="running", is_cancel_requested=True)
    discard(user=owner, review=review, batch=batch)
    import_jobs.store_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Record.objects.count()) == ("discarded", 0)


def test_imported_batch_is_not_discarded(
    imported: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = imported(medline, "medline.ris")
    with pytest.raises(Refused, match="is imported"):
        discard(user=owner, review=review, batch=batch)


def test_read_only_review_takes_no_file_and_no_confirmation(
    handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "medline.ris")
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        confirm(user=owner, review=review, batch=batch)
    with pytest.raises(Refused, match="read-only"):
        upload(user=owner, review=review, source=medline, search=None, name="b.ris", content=RIS + b"\n")


def test_reviewer_cannot_import(reviewer_a: User, review: Review, medline: Source) -> None:
    with pytest.raises(Refused, match="role"):
        upload(user=reviewer_a, review=review, source=medline, search=None, name="a.ris", content=RIS)
