"""The PRISMA flow and the list behind each of its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from synthesis.domain.prisma import Arm, Kind, Severity
from synthesis.domain.prisma.boxes import Unit
from synthesis.forms import BoxFilterForm
from synthesis.queries.boxes import (
    OPENABLE,
    BoxRow,
    box_rows,
    counts_by_source,
    named_findings,
    open_box,
    reasons_of,
)
from synthesis.queries.flow import count, is_reported
from synthesis.views.figures import flow_figure

PER_PAGE = 50
ARM_LABELS = {
    Arm.PREVIOUS: _("Previous version of the review"),
    Arm.DBR: _("Databases and registers"),
    Arm.OTHER: _("Other methods"),
    Arm.ALL: _("Included"),
}
WHY = {
    Unit.RECORD: _("Each record below is in this box now because of where it came from and how it settled."),
    Unit.REPORT: _(
        "Each record below stands for its report, which is in this box now because of how it settled."
    ),
    Unit.STUDY: _("Each study below has at least one report that is included at full text."),
}


@dataclass(frozen=True)
class Column:
    """The boxes of one column of the diagram."""

    label: str | Promise
    rows: list[BoxRow]


@review_view(Capability.VIEW)
def flow(request: ReviewRequest) -> HttpResponse:
    """Show the figure, its numbers as a table, what does not add up and what is known only as a total."""
    review = request.access.review
    counted = count(review)
    as_of = timezone.localtime()
    rows = box_rows(review, counted)
    columns = [
        Column(label, [row for row in rows if row.box.arm is arm]) for arm, label in ARM_LABELS.items()
    ]
    context = {
        "counted": counted,
        "as_of": as_of,
        "figure": flow_figure(counted, as_of.strftime("%Y-%m-%d %H:%M"), review),
        "columns": [column for column in columns if column.rows],
        "findings": named_findings(counted.findings),
        "n_errors": sum(finding.severity is Severity.ERROR for finding in counted.findings),
        "has_numbers": any(row.n for row in rows),
    }
    return render(request, "synthesis/flow.html", context)


@review_view(Capability.VIEW)
def flow_box(request: ReviewRequest, box: str) -> HttpResponse:
    """List what one number of the flow counts, narrowed to a source or a reason if asked."""
    review = request.access.review
    if box not in OPENABLE:
        raise Http404
    wanted = BoxFilterForm(request.GET, review=review, box=box).chosen()
    if wanted is None:
        raise Http404
    opened = open_box(review, box, wanted)
    paginator = Paginator(opened.items, PER_PAGE)
    n = paginator.count + opened.n_unlisted
    context = {
        "opened": opened,
        "wanted": wanted,
        "why": WHY[opened.box.unit],
        "arm": ARM_LABELS[opened.box.arm],
        "is_pending": opened.box.kind is Kind.PENDING,
        "page": paginator.get_page(request.GET.get("page")),
        "n_listed": paginator.count,
        "n": n if n or is_reported(review, box) else None,
        "sources": counts_by_source(opened) if opened.studies is None else [],
        "reasons": reasons_of(review, box),
    }
    return render(request, "synthesis/flow_box.html", context)
