"""Background jobs: progress, cancel and a readable end."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.models import Job, Review, User
from reviewsite.workspace.refused import Refused


class Cancelled(Exception):
    """The person who started the job asked for its end."""


def queue_job(*, user: User, review: Review, kind: str) -> Job:
    """Write down that a job waits; the caller enqueues its task on commit."""
    return Job.objects.create(review=review, kind=kind, created_by=user)


def start_job(*, job: Job) -> bool:
    """Mark the job as running; return False if it was finished or cancelled before."""
    return bool(
        Job.objects.filter(pk=job.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).update(
            status=Job.Status.RUNNING, started_at=timezone.now()
        )
    )


def report_progress(*, job: Job, n_done: int, n_total: int | None = None, message: str = "") -> None:
    """Store how far the job is.

    Raises:
        Cancelled: somebody asked for the job's end.
    """
    Job.objects.filter(pk=job.pk).update(n_done=n_done, n_total=n_total, message=message)
    if Job.objects.filter(pk=job.pk, is_cancel_requested=True).exists():
        raise Cancelled


def finish_job(*, job: Job, status: Job.Status, message: str = "") -> Job:
    """Close the job with a sentence for its owner."""
    Job.objects.filter(pk=job.pk).update(status=status, message=message, finished_at=timezone.now())
    job.refresh_from_db()
    return job


def cancel_job(*, user: User, review: Review, job: Job) -> Job:
    """Ask a job to stop; a job that has not started is cancelled at once."""
    locked = Job.objects.filter(pk=job.pk, review=review).first()
    if locked is None or locked.created_by_id != user.pk:
        raise Refused(_("Only the person who started a job can cancel it."))
    if locked.is_finished:
        raise Refused(_("This job has already ended."))
    Job.objects.filter(pk=job.pk).update(is_cancel_requested=True)
    if Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED).exists():
        return finish_job(job=job, status=Job.Status.CANCELLED, message=_("Cancelled before it started."))
    job.refresh_from_db()
    return job
