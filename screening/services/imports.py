"""Imports as people drive them: hand in a file, confirm what was read from it, or discard it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.files import store_file
from reviewsite.workspace.services.jobs import queue_job
from screening import tasks
from screening.domain.parsing.columns import FIELDS
from screening.models import ImportBatch, Search, Source
from screening.queries.imports import preview_of
from screening.queries.sources import check_of
from screening.services.previews import drop_preview
from screening.services.sources import refuse_skipping

State = ImportBatch.State
READ_ONCE = (State.PREVIEW, State.UNREADABLE)
GONE = (State.DISCARDED, State.UNREADABLE, State.WITHDRAWN)


class AlreadyHere(Refused):
    """The same file from the same source is in `batch`, so nothing was stored."""

    def __init__(self, sentence: str, batch: ImportBatch) -> None:
        super().__init__(sentence)
        self.batch = batch


def upload(
    *,
    user: User,
    review: Review,
    source: Source,
    search: Search | None,
    name: str,
    content: bytes,
    enters_at_full_text: bool | None = None,
    handed_in_at: datetime | None = None,
) -> ImportBatch:
    """Keep a file and start reading it; nothing enters the review before `confirm`.

    Where its records enter is the batch's own from now on; None takes it over from the source. Batches that
    one person handed in at the same moment belong together. Refused: an empty file, one over the size limit,
    a search of another source, records of a database or register that skip title and abstract. Raises
    AlreadyHere for a file that the source has.
    """
    name = plain_name(name)
    check_size(name, len(content))
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        origin = Source.objects.get(pk=source.pk, review=review)
        enters = origin.enters_at_full_text if enters_at_full_text is None else enters_at_full_text
        check_origin(origin, search, enters_at_full_text=enters)
        known = batch_with(review=review, source=origin, sha256=hashlib.sha256(content).hexdigest())
        if known:
            raise AlreadyHere(_sentence_of(known), known)
        batch = ImportBatch.objects.create(
            review=review,
            source=origin,
            search=search,
            file=store_file(
                user=user, review=review, name=name, content_type="application/octet-stream", content=content
            ),
            job=queue_job(user=user, review=review, kind="read_import"),
            enters_at_full_text=enters,
            created_at=handed_in_at or timezone.now(),
            created_by=user,
        )
        audit(user=user, review=review, action="upload_import", subject=f"batch:{batch.pk}", name=name)
        transaction.on_commit(partial(tasks.read_batch.enqueue, batch.pk))
        return batch


def read_columns(
    *, user: User, review: Review, batch: ImportBatch, columns: Mapping[str, str]
) -> ImportBatch:
    """Read a table again with other fields for its columns (header → field, "" for none).

    The next file of the source starts with these columns. Refused: a batch that does not wait for
    confirmation, a file that is no table, a header or field that there is not.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = _locked(review, batch)
        shown = preview_of(locked) if locked.state in READ_ONCE else None
        if shown is None or not shown.columns:
            raise Refused(_("Only the columns of a table that waits for confirmation can be chosen."))
        recognised = {column.header: column.recognised for column in shown.columns}
        if not (columns.keys() <= recognised.keys() and set(columns.values()) <= {"", *FIELDS}):
            raise Refused(_("This table has other columns: open the page again and choose."))
        chosen = {**recognised, **columns}
        changed = {header: field for header, field in chosen.items() if field != recognised[header]}
        _remember(locked, recognised, changed)
        locked.column_mapping, locked.state, locked.problem = changed, State.READING, ""
        locked.job = queue_job(user=user, review=review, kind="read_import")
        locked.save(update_fields=["column_mapping", "state", "problem", "job"])
        audit(user=user, review=review, action="read_columns", subject=f"batch:{locked.pk}", columns=changed)
        transaction.on_commit(partial(tasks.read_batch.enqueue, locked.pk))
        return locked


def confirm(*, user: User, review: Review, batch: ImportBatch, difference_note: str = "") -> ImportBatch:
    """Start storing the records of a previewed batch; confirming twice changes nothing.

    Refused: a batch without a record that could be read, one that is not ready, and one whose search reported
    another number of hits than was read while `difference_note` does not say why. Raises AlreadyHere if the
    same file was imported from the same source in the meantime.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = _locked(review, batch)
        if locked.state in {State.STORING, State.IMPORTED}:
            return locked
        _check_ready(locked)
        known = batch_with(review=review, source=locked.source, sha256=locked.file.sha256, besides=locked)
        if known:
            raise AlreadyHere(_sentence_of(known), known)
        locked.difference_note = _explained(locked, difference_note.strip())
        locked.state = State.STORING
        locked.job = queue_job(user=user, review=review, kind="store_import")
        locked.save(update_fields=["state", "job", "difference_note"])
        transaction.on_commit(partial(tasks.store_batch.enqueue, locked.pk))
        return locked


def discard(*, user: User, review: Review, batch: ImportBatch) -> ImportBatch:
    """Set a batch aside without importing anything; its file and problems stay on record.

    Refused: an imported batch, and one that is being worked on by a job that nobody asked to stop.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = _locked(review, batch)
        if locked.state in {State.DISCARDED, State.WITHDRAWN}:
            return locked
        if locked.state == State.IMPORTED:
            raise Refused(_("This batch is imported: it can be withdrawn, not discarded."))
        # A job asked to stop may be dead; one that is not finds the batch discarded and does nothing.
        if locked.job and not locked.job.is_finished and not locked.job.is_cancel_requested:
            raise Refused(_("This batch is being worked on: wait for the end or cancel the job first."))
        locked.state = State.DISCARDED
        locked.save(update_fields=["state"])
        audit(user=user, review=review, action="discard_import", subject=f"batch:{locked.pk}")
        transaction.on_commit(partial(drop_preview, batch=locked))
        return locked


def batch_with(
    *, review: Review, source: Source, sha256: str, besides: ImportBatch | None = None
) -> ImportBatch | None:
    """Return the batch in which this file already came, or is about to come, from the source."""
    same = ImportBatch.objects.select_related("file", "job").filter(
        review=review, source=source, file__sha256=sha256
    )
    if besides:
        same = same.filter(state__in=[State.STORING, State.IMPORTED]).exclude(pk=besides.pk)
    for batch in same.exclude(state__in=GONE):
        is_stuck = batch.state == State.READING and batch.job is not None and batch.job.is_finished
        if not is_stuck:
            return batch
    return None


def plain_name(name: str) -> str:
    """Return a file's name without characters that cannot be seen, which could turn the text around it."""
    return "".join(sign for sign in name if sign.isprintable()).strip() or _("file without a name")


def check_size(name: str, n_bytes: int) -> None:
    """Refuse a file that is empty or over the limit; a view asks before it reads the file into memory."""
    if not n_bytes:
        raise Refused(
            _("The file “%s” is empty: nothing was imported. Export it again and try again.") % name
        )
    if n_bytes > settings.MAX_IMPORT_BYTES:
        raise Refused(
            _(
                "The file “%(name)s” has %(size)s; the limit is %(limit)s. "
                "Split the export and import its parts."
            )
            % {
                "name": name,
                "size": filesizeformat(n_bytes),
                "limit": filesizeformat(settings.MAX_IMPORT_BYTES),
            }
        )


def check_origin(source: Source, search: Search | None, *, enters_at_full_text: bool) -> None:
    """Refuse a search of another source, and records of a database or register that skip title and
    abstract."""
    if search and search.source_id != source.pk:
        raise Refused(_("This search belongs to another source: choose one of %s.") % source.name)
    refuse_skipping(source.kind, enters_at_full_text=enters_at_full_text)


def _locked(review: Review, batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update().get(pk=batch.pk, review=review)


def _check_ready(batch: ImportBatch) -> None:
    if batch.state != State.PREVIEW:
        raise Refused(_("This batch is not ready: only a file that was read can be imported."))
    if not batch.n_read:
        raise Refused(_("No record could be read from this file, so there is nothing to import."))
    refuse_skipping(batch.source.kind, enters_at_full_text=batch.enters_at_full_text)


def _explained(batch: ImportBatch, note: str) -> str:
    """Return the note if there is a difference to explain."""
    check = check_of(batch)
    if check is None or not check.difference:
        return ""
    if not note:
        raise Refused(
            _(
                "The search reported %(hits)d hits, %(read)d records were read. Write down why the numbers "
                "differ: the note is part of the search log."
            )
            % {"hits": check.n_reported, "read": check.n_read}
        )
    return note


def _remember(batch: ImportBatch, recognised: Mapping[str, str], changed: Mapping[str, str]) -> None:
    """Let the source's next table start with these columns; headers that this table lacks keep theirs."""
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    others = {header: field for header, field in source.column_mapping.items() if header not in recognised}
    source.column_mapping = {**others, **changed}
    source.save(update_fields=["column_mapping"])


def _sentence_of(batch: ImportBatch) -> str:
    return _(
        "This file came from this source before, as “%(name)s” in import %(number)d: nothing was stored."
    ) % {
        "name": batch.file.name,
        "number": batch.pk,
    }
