"""The files of reports: kept by upload, served to members only."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.forms_screening import UploadForm
from screening.queries.reports import file_of
from screening.services.fulltext import add_file, check_size
from screening.views.reports import show_report, sought_report


@review_view(Capability.RETRIEVE, "POST")
def upload(request: ReviewRequest, number: int) -> HttpResponse:
    """Keep a PDF of the report."""
    found = sought_report(request, number)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            check_size(file.size)
            add_file(
                user=request.access.user,
                review=request.access.review,
                report=found,
                name=file.name,
                content=file.read(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The full text is kept and the report counts as retrieved."))
            return redirect("report", request.access.review.slug, number)
    return show_report(request, found, upload_form=form)


@review_view(Capability.VIEW, "GET")
def report_file(request: ReviewRequest, number: int, pk: int) -> HttpResponseBase:
    """Send a PDF, which may do nothing in the browser but be shown."""
    kept = file_of(request.access.review, number, pk)
    if kept is None:
        raise Http404
    response = FileResponse(kept.file.content.open("rb"), content_type="application/pdf")
    response["Content-Length"] = str(kept.file.size)
    # A PDF comes from the internet: no script, no plug-in, no guessing of its type, no shared cache.
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(kept.file.name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response
