"""Imports as the worker does them: read a file into a preview, store a batch whole or not at all."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
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
from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_bytes, table_columns
from screening.models import ImportBatch, ImportProblem, Record
from screening.queries.comparison import Comparison, Progress, compare_new, compare_stored, still_holds
from screening.queries.imports import ShownColumn
from screening.services.duplicates import apply_comparison, write_findings
from screening.services.previews import drop_preview, keep_comparison, keep_preview, kept_comparison
from screening.services.projection import enter_records
from screening.services.rows import ReadyRows, insert, make_ready

logger = logging.getLogger(__name__)

State = ImportBatch.State
N_PREVIEWED = 10
N_CHARACTERS_PREVIEWED = 300
ROWS_AT_ONCE = 500
SECONDS_BETWEEN_REPORTS = 0.5
N_COMPARISONS = 2  # again, while people change the review meanwhile
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
    "isbn_issn",
    "database",
)


def read_batch(batch_id: int) -> None:
    """Read the file of a batch that waits for it; any other batch is left as it is."""
    batch = _batch(batch_id)
    if batch.state != State.READING or batch.job is None or not start_job(job=batch.job):
        return
    if _run(batch.job, partial(_read, batch, batch.job)) == Job.Status.CANCELLED:
        ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(state=State.DISCARDED)
        drop_preview(batch=batch)


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
    content = content_of(batch.file)
    columns = _columns_of(batch, content)
    mapping = {column.header: column.field for column in columns if column.field != column.recognised}
    try:
        parsed = parse_bytes(content, batch.file.name, columns=mapping or None)
    except UnreadableFile as error:
        drop_preview(batch=batch)
        keep_preview(batch=batch, columns=columns)
        _write_unreadable(batch, str(error), mapping)
        return str(error)
    n_read = len(parsed.records)
    comparison = compare_new(
        batch.review, parsed.records, progress=_reporting(job, _("Looking for duplicates"))
    )
    keep_comparison(batch=batch, comparison=comparison)
    keep_preview(
        batch=batch,
        n_duplicates=comparison.n_duplicates,
        records=[_previewed(record) for record in parsed.records[:N_PREVIEWED]],
        columns=columns,
    )
    report_progress(job=job, n_done=n_read, n_total=parsed.n_in_file)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state == State.READING:
            _write_reading(locked, parsed, mapping)
    return _("Read.")


def _columns_of(batch: ImportBatch, content: bytes) -> list[ShownColumn]:
    """Return a table's columns as a person chose them, else as in the last file of the source; none for
    other files.
    """
    remembered = {} if batch.column_mapping else batch.source.column_mapping
    chosen: Mapping[str, str] = batch.column_mapping or remembered
    by_header = {column.header: column for column in reversed(table_columns(content) or ())}
    return [
        ShownColumn(
            header=column.header,
            recognised=column.field,
            field=chosen.get(column.header, column.field),
            examples=[Truncator(example).chars(N_CHARACTERS_PREVIEWED // 3) for example in column.examples],
            is_remembered=remembered.get(column.header, column.field) != column.field,
        )
        for column in reversed(by_header.values())
    ]


def _reporting(job: Job, message: str) -> Progress:
    """Return what a long comparison calls: it writes the progress down now and then and raises Cancelled."""
    written_at = 0.0

    def report(n_done: int, n_total: int) -> None:
        nonlocal written_at
        if time.monotonic() - written_at >= SECONDS_BETWEEN_REPORTS:
            report_progress(job=job, n_done=n_done, n_total=n_total, message=message)
            written_at = time.monotonic()

    return report


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


def _write_unreadable(batch: ImportBatch, problem: str, mapping: Mapping[str, str]) -> None:
    ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(
        state=State.UNREADABLE, problem=problem, column_mapping=mapping, n_in_file=None, n_read=None
    )


def _write_reading(batch: ImportBatch, parsed: ParsedFile, mapping: Mapping[str, str]) -> None:
    batch.state, batch.format, batch.encoding = State.PREVIEW, parsed.format, parsed.encoding
    batch.n_in_file, batch.n_read = parsed.n_in_file, len(parsed.records)
    batch.column_mapping = dict(mapping)
    batch.save(update_fields=["state", "format", "encoding", "n_in_file", "n_read", "column_mapping"])
    batch.problems.all().delete()
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                batch=batch, line=found.line, reason=found.reason, raw=found.raw, is_lost=found.lost
            )
            for found in parsed.problems
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _store(batch: ImportBatch, job: Job) -> str:
    report_progress(job=job, n_done=0, n_total=batch.n_read, message=_("Reading the file"))
    parsed = parse_bytes(content_of(batch.file), batch.file.name, columns=batch.column_mapping or None)
    if (parsed.n_in_file, len(parsed.records)) != (batch.n_in_file, batch.n_read):
        raise Refused(
            _("The file now reads differently from its preview: discard the batch and upload it again.")
        )
    progress = _reporting(job, _("Looking for duplicates"))
    comparison, n_left = kept_comparison(batch), N_COMPARISONS
    if comparison is None or not still_holds(batch.review, comparison):
        comparison = compare_new(batch.review, parsed.records, progress=progress)
    while (stored := _store_at_once(batch, job, parsed.records, comparison, is_last=not n_left)) is None:
        comparison, n_left = compare_new(batch.review, parsed.records, progress=progress), n_left - 1
    return stored


def _store_at_once(
    batch: ImportBatch,
    job: Job,
    parsed: Sequence[ParsedRecord],
    comparison: Comparison,
    *,
    is_last: bool,
) -> str | None:
    """Store all in one transaction, kept short: the rows are made ready and compared before it.

    None if the review changed since the comparison, so that it is made again; the last one is used all the
    same, and what it lacks is compared inside the transaction.
    """
    review = Review.objects.get(pk=batch.review_id)
    ready = ready_records(batch, parsed, first=review.last_record_number + 1)
    # The last place to stop.
    report_progress(job=job, n_done=0, n_total=len(parsed), message=_("Storing the records"))
    user = job.created_by
    with business(user=user, review=review, needs=Capability.IMPORT):
        now = Review.objects.select_for_update().get(pk=review.pk)
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != State.STORING:
            return _("Nothing to do: this batch was dealt with before.")
        if not is_last and not still_holds(now, comparison):
            return None
        if now.last_record_number != review.last_record_number:
            ready = ready_records(batch, parsed, first=now.last_record_number + 1)
        records = _insert_records(now, ready)
        n_duplicates = place(user, now, records, comparison)
        locked.state, locked.imported_at = State.IMPORTED, timezone.now()
        locked.save(update_fields=["state", "imported_at"])
        audit(
            user=user,
            review=now,
            action="import_batch",
            subject=f"batch:{locked.pk}",
            n_records=len(records),
            n_duplicates=n_duplicates,
        )
        transaction.on_commit(partial(drop_preview, batch=locked))
    Job.objects.filter(pk=job.pk).update(n_done=len(records))
    return _sentence(len(records), n_duplicates)


def create_records(review: Review, batch: ImportBatch, parsed: Sequence[ParsedRecord]) -> list[Record]:
    """Write the records with the next numbers of the review, which the caller has locked."""
    return _insert_records(review, ready_records(batch, parsed, first=review.last_record_number + 1))


def ready_records(batch: ImportBatch, parsed: Sequence[ParsedRecord], *, first: int) -> ReadyRows:
    """Make the records ready for the database, numbered from `first`; nothing is written."""
    return make_ready(
        [
            Record(
                review_id=batch.review_id,
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
    )


def place(user: User, review: Review, records: Sequence[Record], comparison: Comparison | None = None) -> int:
    """Join the new records to their duplicates, let the others enter screening; count the duplicates.

    Without a comparison made before the transaction, the records are compared inside it.
    """
    if comparison is not None:
        duplicate_ids = apply_comparison(user=user, review=review, records=records, comparison=comparison)
    else:
        new = [record.pk for record in records]
        found = compare_stored(review, new)
        duplicate_ids = write_findings(user=user, review=review, comparison=found, new=new)
    enter_records(
        user=user, review=review, records=[record for record in records if record.pk not in duplicate_ids]
    )
    return len(duplicate_ids)


def _insert_records(review: Review, ready: ReadyRows) -> list[Record]:
    """Insert records that are numbered on from the review's last one; return what placing them needs."""
    last = review.last_record_number + len(ready.values)
    insert(ready)
    Review.objects.filter(pk=review.pk).update(last_record_number=last)
    new = Record.objects.filter(review=review, number__gt=review.last_record_number, number__lte=last)
    return list(new.only("number", "review", "batch", "source", "canonical").order_by("number"))


def _sentence(n_records: int, n_duplicates: int) -> str:
    stored = ngettext("%d record imported", "%d records imported", n_records) % n_records
    known = ngettext("%d of them a duplicate.", "%d of them duplicates.", n_duplicates) % n_duplicates
    return f"{stored}, {known}"
