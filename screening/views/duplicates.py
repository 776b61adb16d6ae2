"""The groups of duplicates: what joined them, which record stands for them, and comparing all again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Job
from screening.forms_duplicates import CompareAgainForm
from screening.queries.duplicate_groups import group_heads, groups_with
from screening.queries.possible_duplicates import JOB_KIND, n_open_pairs, running_comparison
from screening.services.comparisons import compare_again

PER_PAGE = 25


@review_view(Capability.VIEW)
def duplicate_list(request: ReviewRequest) -> HttpResponse:
    """Show the groups of duplicates, each with the rule that found it."""
    access = request.access
    page = Paginator(group_heads(access.review), PER_PAGE).get_page(request.GET.get("page"))
    running = running_comparison(access.review)
    context = {
        "page": page,
        "groups": groups_with(list(page)),
        "n_open": n_open_pairs(access.review),
        "may_judge": access.can(Capability.IMPORT) and not access.review.is_read_only,
        "job": running or _finished(request),
        "is_comparing": running is not None,
        "compare_form": CompareAgainForm(),
    }
    return render(request, "screening/duplicate_list.html", context)


def _finished(request: ReviewRequest) -> Job | None:
    """Return the job whose end the page shows."""
    asked = request.GET.get("job", "")
    if not asked.isdecimal() or len(asked) > 12:
        return None
    return Job.objects.filter(pk=int(asked), review=request.access.review, kind=JOB_KIND).first()


@review_view(Capability.IMPORT, "POST")
def duplicate_compare_all(request: ReviewRequest) -> HttpResponse:
    """Start comparing all records of the review again."""
    access = request.access
    form = CompareAgainForm(request.POST)
    form.full_clean()
    job = compare_again(
        user=access.user,
        review=access.review,
        joins_cochrane_updates=form.cleaned_data["joins_cochrane_updates"],
    )
    messages.info(request, _("The records are being compared. You can leave this page."))
    return redirect(f"{reverse('duplicate-list', args=[access.review.slug])}?job={job.pk}")
