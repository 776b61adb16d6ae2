"""Imports as the worker does them: read a file into a preview, store a batch whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Job, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.files import content_of
from reviewsite.workspace.services.jobs import Cancelled, finish_job, report_progress, start_job
from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_bytes
from screening.domain.parsing.model import Problem
from screening.models import ImportBatch, ImportProblem, Record
from screening.queries.duplicates import matches_among, n_expected_duplicates
from screening.services.duplicates import link_new_records
from screening.services.previews import drop_preview, keep_preview
from screening.services.projection import enter_records

logger = logging.getLogger(__name__)

State = ImportBatch.State
N_PREVIEWED = 10
N_CHARACTERS_PREVIEWED = 300
ROWS_AT_ONCE = 500
TEXT_FIELDS = (
    "title",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "abstract",
    "url",
    "type",
    "language",
    "accession",
)


def read_batch(batch_id: int) -> None:
    """Read the file of a batch that waits for it; any other batch is left as it is."""
    batch = _batch(batch_id)
    if batch.state != State.READING or batch.job is None or not start_job(job=batch.job):
        return
    if _run(batch.job, partial(_read, batch, batch.job)) == Job.Status.CANCELLED:
        ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(state=State.DISCARDED)


def store_batch(batch_id: int) -> None:
    """Store the records of a confirmed batch; when that fails the batch is ready to confirm again."""
    batch = _batch(batch_id)
    if batch.state != State.STORING or batch.job is None or not start_job(job=batch.job):
        return
    if _run(batch.job, partial(_store, batch, batch.job)) != Job.Status.DONE:
        ImportBatch.objects.filter(pk=batch.pk, state=State.STORING).update(state=State.PREVIEW)


def _batch(batch_id: int) -> ImportBatch:
    return ImportBatch.objects.select_related("file", "job__created_by", "review", "source").get(pk=batch_id)


def _run(job: Job, work: Callable[[], str]) -> Job.Status:
    """Do the work and close the job with a sentence, whatever happens."""
    try:
        status, sentence = Job.Status.DONE, work()
    except Cancelled:
        status, sentence = Job.Status.CANCELLED, _("Cancelled: nothing was imported.")
    except Refused as refusal:
        status, sentence = Job.Status.FAILED, str(refusal)
    except Exception:  # the job's boundary: the person gets a sentence, the operator the traceback
        logger.exception("Job %s failed", job.pk)
        status = Job.Status.FAILED
        sentence = _(
            "Something unexpected happened and nothing was imported. Try again; if it happens again, give "
            "the number of this job (%d) to the person who runs this site."
        ) % (job.pk)
    finish_job(job=job, status=status, message=sentence)
    return status


def _read(batch: ImportBatch, job: Job) -> str:
    report_progress(job=job, n_done=0, message=_("Reading the file"))
    try:
        parsed = parse_bytes(content_of(batch.file), batch.file.name)
    except UnreadableFile as error:
        ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(
            state=State.UNREADABLE, problem=str(error)
        )
        return str(error)
    report_progress(
        job=job, n_done=len(parsed.records), n_total=parsed.n_in_file, message=_("Looking for duplicates")
    )
    keep_preview(
        batch=batch,
        n_duplicates=n_expected_duplicates(batch.review, parsed.records),
        records=[_previewed(record) for record in parsed.records[:N_PREVIEWED]],
    )
    report_progress(job=job, n_done=len(parsed.records), n_total=parsed.n_in_file)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state == State.READING:
            _write_reading(locked, parsed)
    return _("Read.")


def _previewed(record: ParsedRecord) -> dict[str, object]:
    """Return what the preview's table shows of a record, short whatever the file holds."""
    return {
        "line": record.line,
        "title": Truncator(record.title).chars(N_CHARACTERS_PREVIEWED),
        "authors": [Truncator(name).chars(N_CHARACTERS_PREVIEWED // 3) for name in record.authors[:4]],
        "year": record.year,
        "journal": Truncator(record.journal).chars(N_CHARACTERS_PREVIEWED),
        "doi": record.doi,
    }


def _write_reading(batch: ImportBatch, parsed: ParsedFile) -> None:
    batch.state, batch.format, batch.encoding = State.PREVIEW, parsed.format, parsed.encoding
    batch.n_in_file, batch.n_read = parsed.n_in_file, len(parsed.records)
    batch.save(update_fields=["state", "format", "encoding", "n_in_file", "n_read"])
    batch.problems.all().delete()
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(batch=batch, line=found.line, reason=_reason(found), raw=found.raw)
            for found in parsed.problems
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _reason(problem: Problem) -> str:
    return problem.reason if problem.lost else _("Remark: %s") % problem.reason


def _store(batch: ImportBatch, job: Job) -> str:
    report_progress(job=job, n_done=0, n_total=batch.n_read, message=_("Reading the file"))
    parsed = parse_bytes(content_of(batch.file), batch.file.name)
    if (parsed.n_in_file, len(parsed.records)) != (batch.n_in_file, batch.n_read):
        raise Refused(
            _("The file now reads differently from its preview: discard the batch and upload it again.")
        )
    # The last place to stop: what follows is one transaction.
    report_progress(job=job, n_done=0, n_total=batch.n_read, message=_("Storing the records"))
    user = job.created_by
    with business(user=user, review=batch.review, needs=Capability.IMPORT):
        review = Review.objects.select_for_update().get(pk=batch.review_id)
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != State.STORING:
            return _("Nothing to do: this batch was dealt with before.")
        records = _create_records(review, locked, parsed.records)
        n_duplicates = _place(user, review, records)
        locked.state, locked.imported_at = State.IMPORTED, timezone.now()
        locked.save(update_fields=["state", "imported_at"])
        audit(
            user=user,
            review=review,
            action="import_batch",
            subject=f"batch:{locked.pk}",
            n_records=len(records),
            n_duplicates=n_duplicates,
        )
        transaction.on_commit(partial(drop_preview, batch=locked))
    Job.objects.filter(pk=job.pk).update(n_done=len(records))
    return _sentence(len(records), n_duplicates)


def _create_records(review: Review, batch: ImportBatch, parsed: Sequence[ParsedRecord]) -> list[Record]:
    """Write the records with the next numbers of the review, which the caller has locked."""
    first = review.last_record_number + 1
    Review.objects.filter(pk=review.pk).update(last_record_number=review.last_record_number + len(parsed))
    rows = [
        Record(
            review=review,
            number=number,
            batch=batch,
            source_id=batch.source_id,
            line=found.line,
            raw=found.raw,
            authors=list(found.authors),
            year=found.year,
            keywords=list(found.keywords),
            note=found.note,
            **{name: getattr(found, name) for name in TEXT_FIELDS},
        )
        for number, found in enumerate(parsed, start=first)
    ]
    return Record.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _place(user: User, review: Review, records: Sequence[Record]) -> int:
    """Join the new records to their duplicates, let the others enter screening; count the duplicates."""
    matches = matches_among(review, records)
    duplicate_ids = link_new_records(user=user, review=review, records=records, matches=matches)
    enter_records(
        user=user, review=review, records=[record for record in records if record.pk not in duplicate_ids]
    )
    return len(duplicate_ids)


def _sentence(n_records: int, n_duplicates: int) -> str:
    stored = ngettext("%d record imported", "%d records imported", n_records) % n_records
    known = ngettext("%d of them a duplicate.", "%d of them duplicates.", n_duplicates) % n_duplicates
    return f"{stored}, {known}"
