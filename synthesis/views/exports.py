"""Downloads: the flow figure and its numbers, the pooled tables."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from synthesis.queries.boxes import box_rows
from synthesis.queries.exports import POOLED_CODEBOOK, flow_table, pooled_table
from synthesis.queries.flow import count
from synthesis.queries.tables import characteristics, coverage, outcome_tables
from synthesis.render.tables import Table, to_csv, to_xlsx
from synthesis.views.figures import flow_svg_text
from synthesis.views.tables import scheme_of

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@review_view(Capability.EXPORT)
def flow_svg(request: ReviewRequest) -> HttpResponse:
    """Download the figure without links, ready to submit; an unfinished one says that it is interim."""
    counted = count(request.access.review)
    text = flow_svg_text(counted, timezone.localtime().strftime("%Y-%m-%d %H:%M"))
    return _download(request, text.encode(), "image/svg+xml", "prisma-flow.svg")


@review_view(Capability.EXPORT)
def flow_csv(request: ReviewRequest) -> HttpResponse:
    """Download the numbers of the boxes."""
    review = request.access.review
    table = flow_table(box_rows(review, count(review)))
    return _download(request, to_csv(table), CSV, "prisma-flow.csv")


@review_view(Capability.EXPORT)
def pooled_csv(request: ReviewRequest) -> HttpResponse:
    """Download every cell of the pooled tables as one plain table."""
    return _download(request, to_csv(_pooled(request)), CSV, "pooled-tables.csv")


@review_view(Capability.EXPORT)
def pooled_xlsx(request: ReviewRequest) -> HttpResponse:
    """Download every cell of the pooled tables with a codebook of the columns."""
    return _download(request, to_xlsx(_pooled(request), POOLED_CODEBOOK), XLSX, "pooled-tables.xlsx")


def _pooled(request: ReviewRequest) -> Table:
    review, scheme = request.access.review, scheme_of(request)
    return pooled_table(
        characteristics(review), outcome_tables(review, scheme), scheme=scheme, coverage=coverage(review)
    )


def _download(request: ReviewRequest, content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{request.access.review.slug}-{name}"'
    return response
