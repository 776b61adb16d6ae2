"""Reports: which full texts are sought and what came of it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage
from screening.models import Report, ReportFile, RetrievalOutcome


class Retrieval(StrEnum):
    """Where the search for a full text stands; `none` means that nobody has written anything down."""

    NONE = "none"
    REQUESTED = "requested"
    RETRIEVED = "retrieved"
    NOT_RETRIEVED = "not_retrieved"


def reports_sought(review: Review, retrieval: Retrieval | None = None) -> QuerySet[Report]:
    """Return the reports that take part now, with `status`, `retrieval`, `retrieved_on` and `n_files`."""
    held = RetrievalOutcome.objects.open().filter(report=OuterRef("pk"))
    wanted = Q() if retrieval is None else Q(retrieval=retrieval.value)
    reports: QuerySet[Report] = (
        Report.objects.filter(review=review, record__stage_states__stage=Stage.FULL_TEXT)
        .annotate(
            status=F("record__stage_states__status"),
            reason=F("record__stage_states__reason__label"),
            retrieval=Coalesce(Subquery(held.values("status")[:1]), Value(Retrieval.NONE.value)),
            n_files=Subquery(
                ReportFile.objects.filter(report=OuterRef("pk"))
                .order_by()
                .values("report")
                .annotate(n=Count("pk"))
                .values("n")
            ),
            retrieved_on=Subquery(held.values("on")[:1]),
        )
        .filter(wanted)
        .select_related("record")
        .order_by("record__number")
    )
    return reports


def retrieval_counts(review: Review) -> dict[Retrieval, int]:
    """Count the reports that take part by what came of seeking them."""
    by_outcome = reports_sought(review).order_by().values_list("retrieval")  # type: ignore[misc]
    counted = dict(by_outcome.annotate(n=Count("pk")))
    return {retrieval: counted.get(retrieval.value, 0) for retrieval in Retrieval}


def report_of(review: Review, number: int) -> Report | None:
    """Return the report of the record with this number, if it takes part."""
    return (
        reports_sought(review)
        .filter(record__review=review, record__number=number)
        .select_related("record__source")
        .first()
    )


def retrieval_history(report: Report) -> list[RetrievalOutcome]:
    """Return what came of seeking the report, newest first; the open row is what holds."""
    return list(RetrievalOutcome.objects.filter(report=report).order_by("-pk"))


def files_of(report: Report) -> QuerySet[ReportFile]:
    """Return the report's files, newest first."""
    return ReportFile.objects.filter(report=report).select_related("file").order_by("-pk")


def file_of(review: Review, number: int, pk: int) -> ReportFile | None:
    """Return a file of the report with this number."""
    files = ReportFile.objects.filter(
        pk=pk, report__review=review, report__record__number=number, report__record__is_withdrawn=False
    )
    return files.select_related("file").first()
