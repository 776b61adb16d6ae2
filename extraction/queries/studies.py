"""Studies, their reports, and included reports that no study has yet."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from extraction.models import Study, StudyReport
from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage, Status
from screening.models import Report, StageState

MAX_INITIALS = 3


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


def proposed_label(report: Report) -> str:
    """Return “First author year” for a study formed from this report, from what its record gives."""
    record = report.record
    author = str(record.authors[0]) if record.authors else ""
    family = author.split(",")[0].strip() if "," in author else _family_name(author)
    year = str(record.year) if record.year else ""
    return " ".join(part for part in (family, year) if part)[:120] or f"{record.number}"


def _family_name(author: str) -> str:
    """Take initials from “Hausmann ON”; of a name in full, keep the last word."""
    words = author.split()
    without_initials = [word for word in words if not (word.isupper() and len(word) <= MAX_INITIALS)]
    if len(without_initials) < len(words):
        return " ".join(without_initials) or author
    return words[-1] if words else ""
