"""What the overview of a review shows: work waiting for the person, and how far the review is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from extraction.models import Entry
from extraction.queries.progress import studies_with_progress
from extraction.queries.studies import included_studies, reports_without_study
from reviewsite.portal.queries.steps import Task, setup_steps
from reviewsite.workspace.access import Access
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage
from screening.models import ImportBatch
from screening.models.choices import STAGE_CHOICES, STATUS_CHOICES
from screening.queries import progress
from screening.queries.conflicts import conflicts_for
from synthesis.queries.flow import Counted


@dataclass(frozen=True)
class StageRow:
    """One stage with its counts by status; the counts add up to the total."""

    stage: str
    label: str
    counts: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        return sum(n for _status, _label, n in self.counts)


def tasks_for(access: Access) -> list[Task]:
    """Return the work that waits for the person: missing set-up first, then the most pressing."""
    if access.review.is_read_only:
        return []
    tasks = setup_steps(access)
    if access.can(Capability.ADJUDICATE) or access.can(Capability.SCREEN):
        tasks += _conflicts(access)
    if access.can(Capability.SCREEN):
        tasks += _screening(access)
    if access.can(Capability.IMPORT):
        tasks += _imports(access)
    if access.can(Capability.EXTRACT):
        tasks += _extraction(access)
    if access.can(Capability.ADJUDICATE):
        tasks += _settling(access)
    return tasks


def stage_rows(review: Review) -> list[StageRow]:
    """Return both stages with the statuses that occur in them."""
    labels = dict(STATUS_CHOICES)
    rows = []
    for stage, label in STAGE_CHOICES:
        counts = progress.stage_counts(review, Stage(stage))
        named = tuple((status.value, str(labels[status.value]), n) for status, n in counts.items() if n)
        rows.append(StageRow(stage, str(label), named))
    return rows


def headline(counted: Counted) -> list[tuple[str, str, int | None]]:
    """Return the boxes of the flow that sum the review up: key, title and number."""
    flow = counted.flow
    identified = sum(
        flow.number(key) or 0
        for key in (
            "database_results",
            "register_results",
            "website_results",
            "organisation_results",
            "citations_results",
            "other_specific_results",
        )
    )
    assessed = (flow.dbr_assessed or 0) + (flow.other_assessed or 0)
    return [
        ("", _("Records identified"), identified),
        ("records_screened", _("Records screened"), flow.records_screened),
        ("", _("Reports assessed"), assessed),
        ("new_studies", _("Studies included"), flow.new_studies),
    ]


def _conflicts(access: Access) -> list[Task]:
    tasks = []
    for stage in Stage:
        n = conflicts_for(access.user, access.review, stage).count()
        if n:
            text = ngettext("%(n)s conflict waits (%(stage)s).", "%(n)s conflicts wait (%(stage)s).", n)
            tasks.append(
                Task(
                    text % {"n": n, "stage": dict(STAGE_CHOICES)[stage.value]},
                    reverse("conflict-list", args=[access.review.slug, _slug(stage)]),
                    _("Resolve"),
                )
            )
    return tasks


def _screening(access: Access) -> list[Task]:
    tasks = []
    for stage in Stage:
        own = progress.own(access.user, access.review, stage)
        if own.remaining:
            text = ngettext(
                "%(n)s record awaits your decision (%(stage)s).",
                "%(n)s records await your decision (%(stage)s).",
                own.remaining,
            )
            tasks.append(
                Task(
                    text % {"n": own.remaining, "stage": dict(STAGE_CHOICES)[stage.value]},
                    reverse("screen", args=[access.review.slug, _slug(stage)]),
                    _("Screen"),
                )
            )
    return tasks


def _imports(access: Access) -> list[Task]:
    waiting = ImportBatch.objects.filter(review=access.review, state=ImportBatch.State.PREVIEW)
    return [
        Task(
            _("The file %(name)s is read and waits for your confirmation.") % {"name": batch.file.name},
            reverse("import", args=[access.review.slug, batch.pk]),
            _("Look and confirm"),
        )
        for batch in waiting.select_related("file")
    ]


def _extraction(access: Access) -> list[Task]:
    tasks = []
    n = reports_without_study(access.review).count()
    if n:
        text = ngettext(
            "%(n)s included report belongs to no study yet.",
            "%(n)s included reports belong to no study yet.",
            n,
        )
        tasks.append(
            Task(text % {"n": n}, reverse("study-list", args=[access.review.slug]), _("Form studies"))
        )
    drafts = Entry.objects.filter(
        review=access.review,
        extractor=access.user,
        kind=Entry.Kind.EXTRACTION,
        submitted_at__isnull=True,
    ).count()
    if drafts:
        text = ngettext("%(n)s of your entries is a draft.", "%(n)s of your entries are drafts.", drafts)
        tasks.append(Task(text % {"n": drafts}, reverse("study-list", args=[access.review.slug]), _("Go on")))
    waiting = n_studies_to_enter(access)
    if waiting:
        text = ngettext("%(n)s study waits for your entry.", "%(n)s studies wait for your entry.", waiting)
        tasks.append(
            Task(text % {"n": waiting}, reverse("study-list", args=[access.review.slug]), _("Extract"))
        )
    return tasks


def n_studies_to_enter(access: Access) -> int:
    """Count the studies that have no entry of the person in a form and are not settled in it.

    Whether others have entered them plays no part, so that the number tells nothing of their work.
    """
    return sum(
        any(form.own is None and not form.is_settled for form in study.forms)
        for study in studies_with_progress(access.user, access.review)
    )


def _settling(access: Access) -> list[Task]:
    submitted = Entry.objects.filter(
        study=OuterRef("pk"), kind=Entry.Kind.EXTRACTION, submitted_at__isnull=False
    )
    settled = Entry.objects.filter(study=OuterRef("pk"), kind=Entry.Kind.CONSENSUS)
    ready = included_studies(access.review).filter(Exists(submitted), ~Exists(settled))
    n = sum(
        1
        for study in ready.prefetch_related("entries")
        if sum(entry.submitted_at is not None for entry in study.entries.all()) > 1
    )
    if not n:
        return []
    text = ngettext(
        "%(n)s study has two entries to compare.", "%(n)s studies have two entries to compare.", n
    )
    return [Task(text % {"n": n}, reverse("study-list", args=[access.review.slug]), _("Settle"))]


def _slug(stage: Stage) -> str:
    return stage.value.replace("_", "-")
