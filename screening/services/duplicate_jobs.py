"""The comparison of all records of a review as the worker does it."""

from __future__ import annotations

import logging
import time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Job, Review
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.jobs import Cancelled, finish_job, report_progress, start_job
from screening.domain.dedup import METHOD_VERSION, Settings
from screening.queries.comparison import compare_stored, still_holds
from screening.queries.possible_duplicates import n_open_pairs
from screening.services.duplicates import write_findings

N_TRIES = 3
SECONDS_BETWEEN_REPORTS = 0.5

logger = logging.getLogger(__name__)


def run_comparison(job_id: int, *, joins_cochrane_updates: bool) -> None:
    """Do what `compare_again` asked for, and close the job with a sentence, whatever happens."""
    job = Job.objects.select_related("created_by", "review").get(pk=job_id)
    if not start_job(job=job):
        return
    try:
        status, sentence = Job.Status.DONE, _compare(job, Settings(joins_cochrane_updates))
    except Cancelled:
        status, sentence = Job.Status.CANCELLED, _("Cancelled: nothing was changed.")
    except Refused as refusal:
        status, sentence = Job.Status.FAILED, str(refusal)
    except Exception:  # the job's boundary: the person gets a sentence, the operator the traceback
        logger.exception("Job %s failed", job.pk)
        status = Job.Status.FAILED
        sentence = _(
            "Something unexpected happened and nothing was changed. Try again; if it happens again, give "
            "the number of this job (%d) to the person who runs this site."
        ) % (job.pk)
    finish_job(job=job, status=status, message=sentence)


def _compare(job: Job, settings: Settings) -> str:
    for n_tries in range(1, N_TRIES + 1):
        progress = _Progress(job)
        found = compare_stored(job.review, settings=settings, progress=progress)
        # The last place to stop: what follows is one transaction.
        report_progress(job=job, n_done=progress.n_total, n_total=progress.n_total, message=_("Storing"))
        with business(user=job.created_by, review=job.review, needs=Capability.IMPORT):
            review = Review.objects.select_for_update().get(pk=job.review_id)
            if not still_holds(review, found):
                if n_tries < N_TRIES:
                    continue
                found = compare_stored(review, settings=settings)
            write_findings(user=job.created_by, review=review, comparison=found)
            n_open = n_open_pairs(review)
            audit(
                user=job.created_by,
                review=review,
                action="compare_again",
                method_version=METHOD_VERSION,
                joins_cochrane_updates=settings.cochrane_updates_are_duplicates,
                n_matches=len(found.matches),
                n_open=n_open,
            )
        return _sentence(len(found.matches), n_open)
    raise AssertionError("The last try stores what it finds.")


class _Progress:
    """Report how far the comparison is, not more often than a page asks."""

    def __init__(self, job: Job) -> None:
        self.job, self.n_total, self._last = job, 0, 0.0

    def __call__(self, n_done: int, n_total: int) -> None:
        self.n_total = n_total
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_REPORTS:
            self._last = now
            report_progress(job=self.job, n_done=n_done, n_total=n_total, message=_("Comparing the records"))


def _sentence(n_matches: int, n_open: int) -> str:
    found = ngettext("%d new duplicate found", "%d new duplicates found", n_matches) % n_matches
    left = ngettext("%d pair waits to be compared.", "%d pairs wait to be compared.", n_open) % n_open
    return f"{found}, {left}"
