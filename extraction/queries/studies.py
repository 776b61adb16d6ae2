"""Studies, their reports, and included reports that no study has yet."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from extraction.models import Arm, Study, StudyReport
from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage, Status
from screening.models import Report, StageState


def included_reports(review: Review) -> QuerySet[Report]:
    """Return the reports that are included at full text."""
    included = StageState.objects.filter(
        record=OuterRef("record"), stage=Stage.FULL_TEXT, status=Status.INCLUDED
    )
    return Report.objects.filter(Exists(included), review=review).select_related("record")


def is_included(report: Report) -> bool:
    """Say whether the report is included at full text."""
    return StageState.objects.filter(
        record=report.record_id, stage=Stage.FULL_TEXT, status=Status.INCLUDED
    ).exists()


def reports_without_study(review: Review) -> QuerySet[Report]:
    """Return the included reports that belong to no study yet, in order of their records."""
    linked = StudyReport.objects.open().filter(report=OuterRef("pk"))
    return included_reports(review).exclude(Exists(linked)).order_by("record__number")


def included_studies(review: Review) -> QuerySet[Study]:
    """Return the studies with at least one included report."""
    links = StudyReport.objects.open().filter(
        study=OuterRef("pk"), report__in=included_reports(review).values("pk")
    )
    return Study.objects.filter(Exists(links), review=review)


def study_list(review: Review) -> QuerySet[Study]:
    """Return the review's studies with `n_reports`, `n_submitted` and `n_consensus`."""
    return Study.objects.filter(review=review).annotate(
        n_reports=Count("links", filter=Q(links__superseded_at__isnull=True), distinct=True),
        n_consensus=Count("entries", filter=Q(entries__kind="consensus"), distinct=True),
    )


def study_with_reports(review: Review, number: int) -> Study | None:
    """Return one study with its open links (`open_links`) and arms."""
    links = StudyReport.objects.open().select_related("report__record")
    return (
        Study.objects.filter(review=review, number=number)
        .prefetch_related(
            Prefetch("links", queryset=links, to_attr="open_links"),
            Prefetch("arms", queryset=Arm.objects.select_related("group")),
        )
        .first()
    )
