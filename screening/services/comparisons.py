"""Compare all records of a review again, as a job that people can watch and cancel."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Job, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import business
from reviewsite.workspace.services.jobs import queue_job
from screening import tasks
from screening.queries.possible_duplicates import JOB_KIND, running_comparison


def compare_again(*, user: User, review: Review, joins_cochrane_updates: bool = False) -> Job:
    """Start comparing all records of the review with each other; judgements of people are never changed.

    `joins_cochrane_updates` counts the updates of a Cochrane review as one publication, in this run. Refused:
    while such a job is running.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        if running_comparison(review):
            raise Refused(_("The records are being compared already: wait for the end or cancel that job."))
        job = queue_job(user=user, review=review, kind=JOB_KIND)
        transaction.on_commit(partial(tasks.compare_again.enqueue, job.pk, joins_cochrane_updates))
        return job
