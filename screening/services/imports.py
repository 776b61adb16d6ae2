"""Imports as people drive them: hand in a file, confirm what was read from it, or discard it."""

from __future__ import annotations

import hashlib
from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.files import store_file
from reviewsite.workspace.services.jobs import queue_job
from screening import tasks
from screening.models import ImportBatch, Search, Source
from screening.services.previews import drop_preview

State = ImportBatch.State


class AlreadyHere(Refused):
    """The same file from the same source is in `batch`, so nothing was stored."""

    def __init__(self, sentence: str, batch: ImportBatch) -> None:
        super().__init__(sentence)
        self.batch = batch


def upload(
    *, user: User, review: Review, source: Source, search: Search | None, name: str, content: bytes
) -> ImportBatch:
    """Keep a file and start reading it; nothing enters the review before `confirm`.

    Refused: an empty file, one over the size limit, a search of another source. Raises AlreadyHere for a file
    that the source has.
    """
    _check_size(name, content)
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        origin = Source.objects.get(pk=source.pk, review=review)
        if search and search.source_id != origin.pk:
            raise Refused(_("This search belongs to another source: choose one of %s.") % origin.name)
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
            created_by=user,
        )
        audit(user=user, review=review, action="upload_import", subject=f"batch:{batch.pk}", name=name)
        transaction.on_commit(partial(tasks.read_batch.enqueue, batch.pk))
        return batch


def confirm(*, user: User, review: Review, batch: ImportBatch) -> ImportBatch:
    """Start storing the records of a previewed batch; confirming twice changes nothing.

    Refused: a batch without a record that could be read, and one that is not ready. Raises AlreadyHere if the
    same file was imported from the same source in the meantime.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk, review=review)
        if locked.state in {State.STORING, State.IMPORTED}:
            return locked
        if locked.state != State.PREVIEW:
            raise Refused(_("This batch is not ready: only a file that was read can be imported."))
        if not locked.n_read:
            raise Refused(_("No record could be read from this file, so there is nothing to import."))
        known = batch_with(review=review, source=locked.source, sha256=locked.file.sha256, besides=locked)
        if known:
            raise AlreadyHere(_sentence_of(known), known)
        locked.state = State.STORING
        locked.job = queue_job(user=user, review=review, kind="store_import")
        locked.save(update_fields=["state", "job"])
        transaction.on_commit(partial(tasks.store_batch.enqueue, locked.pk))
        return locked


def discard(*, user: User, review: Review, batch: ImportBatch) -> ImportBatch:
    """Set a batch aside without importing anything; its file and problems stay on record.

    Refused: an imported batch, and one that is being worked on by a job that nobody asked to stop.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk, review=review)
        if locked.state == State.DISCARDED:
            return locked
        if locked.state == State.IMPORTED:
            raise Refused(_("This batch is imported: its records stay. Exclude them with a reason instead."))
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
    for batch in same.exclude(state__in=[State.DISCARDED, State.UNREADABLE]):
        is_stuck = batch.state == State.READING and batch.job is not None and batch.job.is_finished
        if not is_stuck:
            return batch
    return None


def _check_size(name: str, content: bytes) -> None:
    if not content:
        raise Refused(
            _("The file “%s” is empty: nothing was imported. Export it again and try again.") % name
        )
    if len(content) > settings.MAX_IMPORT_BYTES:
        raise Refused(
            _(
                "The file “%(name)s” has %(size)s; the limit is %(limit)s. "
                "Split the export and import its parts."
            )
            % {
                "name": name,
                "size": filesizeformat(len(content)),
                "limit": filesizeformat(settings.MAX_IMPORT_BYTES),
            }
        )


def _sentence_of(batch: ImportBatch) -> str:
    return _(
        "This file came from this source before, as “%(name)s” in import %(number)d: nothing was stored."
    ) % {
        "name": batch.file.name,
        "number": batch.pk,
    }
