"""The overview of a review."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from reviewsite.portal.queries.overview import headline, stage_rows, tasks_for
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from synthesis.queries.flow import count


@review_view(Capability.VIEW)
def review_home(request: ReviewRequest) -> HttpResponse:
    """Show what waits for the person and how far the review is."""
    counted = count(request.access.review)
    return render(
        request,
        "portal/home.html",
        {
            "tasks": tasks_for(request.access),
            "stages": stage_rows(request.access.review),
            "headline": headline(counted),
            "counted": counted,
        },
    )
