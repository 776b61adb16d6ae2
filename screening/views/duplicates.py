"""The groups of duplicates with the reason for each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from screening.queries.duplicates import group_heads, groups_with

PER_PAGE = 25


@review_view(Capability.VIEW)
def duplicate_list(request: ReviewRequest) -> HttpResponse:
    """Show the groups of duplicates, each with the rule that found it."""
    access = request.access
    page = Paginator(group_heads(access.review), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": groups_with(list(page)),
        "may_judge": access.can(Capability.IMPORT) and not access.review.is_read_only,
    }
    return render(request, "screening/duplicate_list.html", context)
