"""Full texts that are sought, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage
from screening.forms_screening import RetrievalForm, UploadForm
from screening.models import Report
from screening.models.choices import STATUS_CHOICES
from screening.queries.reports import (
    Retrieval,
    files_of,
    report_of,
    reports_sought,
    retrieval_counts,
    retrieval_history,
)
from screening.services.fulltext import record_retrieval

PER_PAGE = 50
STATUS_LABELS = dict(STATUS_CHOICES)
RETRIEVAL_LABELS = {
    Retrieval.NONE: gettext_lazy("Nothing noted yet"),
    Retrieval.REQUESTED: gettext_lazy("Requested"),
    Retrieval.RETRIEVED: gettext_lazy("Retrieved"),
    Retrieval.NOT_RETRIEVED: gettext_lazy("Not retrieved"),
}


@review_view(Capability.VIEW, "GET")
def report_list(request: ReviewRequest) -> HttpResponse:
    """List the reports that are sought, all or those with one outcome of the search."""
    review, wanted = request.access.review, request.GET.get("retrieval", "")
    chosen = Retrieval(wanted) if wanted in set(Retrieval) else None
    page = Paginator(reports_sought(review, chosen), PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        _label(row)
    counts = retrieval_counts(review)
    context = {
        "page": page,
        "chosen": chosen,
        "filters": [(retrieval, RETRIEVAL_LABELS[retrieval], n) for retrieval, n in counts.items()],
        "n_reports": sum(counts.values()),
        "stage": Stage.FULL_TEXT,
    }
    return render(request, "screening/report_list.html", context)


@review_view(Capability.VIEW, "GET")
def report(request: ReviewRequest, number: int) -> HttpResponse:
    """Show a report: where its search and its assessment stand, and its files."""
    return show_report(request, sought_report(request, number))


@review_view(Capability.RETRIEVE, "POST")
def retrieval(request: ReviewRequest, number: int) -> HttpResponse:
    """Write down what came of seeking the report."""
    found = sought_report(request, number)
    form = RetrievalForm(request.POST)
    if form.is_valid():
        try:
            record_retrieval(
                user=request.access.user, review=request.access.review, report=found, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The outcome is saved."))
            return redirect("report", request.access.review.slug, number)
    return show_report(request, found, retrieval_form=form)


def sought_report(request: ReviewRequest, number: int) -> Report:
    """Return the review's report of the record with this number, or answer 404."""
    found = report_of(request.access.review, number)
    if found is None:
        raise Http404
    return found


def show_report(request: ReviewRequest, found: Report, **forms: Form) -> HttpResponse:
    """Render the report's page, with the forms that could not be saved."""
    _label(found)
    context = {
        "retrieval_form": RetrievalForm(initial={"status": "retrieved"}),
        "upload_form": UploadForm(),
        **forms,
        "report": found,
        "record": found.record,
        "files": files_of(found),
        "outcomes": retrieval_history(found),
        "stage": Stage.FULL_TEXT,
    }
    return render(request, "screening/report.html", context, status=422 if forms else 200)


def _label(row: Report) -> None:
    row.status_label = STATUS_LABELS[row.status]
    row.retrieval_label = RETRIEVAL_LABELS[Retrieval(row.retrieval)]
