"""How far a background job is, and its cancel button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Job
from reviewsite.workspace.services.jobs import cancel_job


@review_view(Capability.VIEW)
def job(request: ReviewRequest, pk: int) -> HttpResponse:
    """Show a job's progress; the fragment asks for itself again until the job has ended."""
    found = get_object_or_404(Job, pk=pk, review=request.access.review)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "screening/job.html" if is_fragment else "screening/job_page.html"
    return render(request, template, {"job": found})


@review_view(Capability.IMPORT, "POST")
def job_cancel(request: ReviewRequest, pk: int) -> HttpResponse:
    """Ask a job to stop and go back to the page that it belongs to."""
    access = request.access
    found = get_object_or_404(Job, pk=pk, review=access.review)
    cancel_job(user=access.user, review=access.review, job=found)
    messages.info(request, _("The job was asked to stop."))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("import-list", access.review.slug)
