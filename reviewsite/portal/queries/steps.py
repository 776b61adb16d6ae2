"""The steps of setting a review up that are still missing, as tasks."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.access import Access
from reviewsite.workspace.domain.roles import Capability, Role
from reviewsite.workspace.models import Membership
from screening.domain.vocabulary import Stage
from screening.models import Criterion, ExclusionReason, ImportBatch, Record, Source
from screening.queries.decisions import policy_of


@dataclass(frozen=True)
class Task:
    """One kind of work that waits for the person, with the page to do it on."""

    text: str
    url: str
    button: str


def setup_steps(access: Access) -> list[Task]:
    """Return the steps without which screening cannot begin, in their order."""
    tasks = []
    if access.can(Capability.CONFIGURE):
        tasks += _protocol_steps(access)
    if access.can(Capability.IMPORT):
        tasks += _import_steps(access)
    if access.can(Capability.MANAGE_PEOPLE):
        tasks += _people_steps(access)
    return tasks


def _protocol_steps(access: Access) -> list[Task]:
    review = access.review
    tasks = []
    if not review.question.strip():
        text = _("The review has no question yet.")
        tasks.append(Task(text, reverse("protocol-settings", args=[review.slug]), _("Write the question")))
    if not Criterion.objects.filter(review=review, is_archived=False).exists():
        text = _("The protocol has no eligibility criteria yet.")
        tasks.append(Task(text, reverse("criterion-new", args=[review.slug]), _("Add a criterion")))
    if not ExclusionReason.objects.filter(review=review, is_archived=False).exists():
        text = _("There is no exclusion reason yet: full-text screening needs at least one.")
        tasks.append(Task(text, reverse("reason-new", args=[review.slug]), _("Add a reason")))
    return tasks


def _import_steps(access: Access) -> list[Task]:
    review = access.review
    tasks = []
    if not Source.objects.filter(review=review).exists():
        text = _("The review has no source yet: add the databases that you searched.")
        tasks.append(Task(text, reverse("source-new", args=[review.slug]), _("Add a source")))
    waiting = {ImportBatch.State.READING, ImportBatch.State.PREVIEW, ImportBatch.State.STORING}
    if (
        Record.objects.filter(review=review).exists()
        or ImportBatch.objects.filter(review=review, state__in=waiting).exists()
    ):
        return tasks
    text = _("Nothing is imported yet.")
    return [*tasks, Task(text, reverse("import-new", args=[review.slug]), _("Import a file"))]


def _people_steps(access: Access) -> list[Task]:
    review = access.review
    screeners = Membership.objects.open().filter(review=review, role=Role.REVIEWER, user__is_active=True)
    n = screeners.values("user").distinct().count()
    needed = max(policy_of(review, stage).n_reviewers for stage in Stage)
    if n >= needed:
        return []
    missing = needed - n
    text = ngettext(
        "%(missing)s reviewer is missing: the rules ask for %(needed)s per record.",
        "%(missing)s reviewers are missing: the rules ask for %(needed)s per record.",
        missing,
    ) % {"missing": missing, "needed": needed}
    return [Task(text, reverse("member-list", args=[review.slug]), _("Invite a reviewer"))]
