"""Import batches: hand in a file, watch it being read, look at the preview, confirm or discard."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.forms_setup import ImportForm
from screening.models import ImportBatch
from screening.queries.imports import batches_of, preview_of, problems_of, shown_problems
from screening.queries.sources import check_of, sources_of
from screening.services import imports as services
from screening.services.imports import AlreadyHere

PER_PAGE = 50
N_PROBLEMS_SHOWN = 50
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@review_view(Capability.VIEW)
def import_list(request: ReviewRequest) -> HttpResponse:
    """Show the batches with their states and counts."""
    review = request.access.review
    page = Paginator(batches_of(review), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "screening/import_list.html",
        {"page": page, "may_change": request.access.can(Capability.IMPORT) and not review.is_read_only},
    )


@review_view(Capability.IMPORT, "GET", "POST")
def import_new(request: ReviewRequest) -> HttpResponse:
    """Take a file; what is wrong with it as a whole is said at the form."""
    access = request.access
    form = ImportForm(
        request.POST or None, request.FILES or None, review=access.review, initial=_initial(request)
    )
    if request.method == "POST" and form.is_valid():
        file: UploadedFile = form.cleaned_data["file"]
        try:
            batch = services.upload(
                user=access.user,
                review=access.review,
                source=form.cleaned_data["source"],
                search=form.cleaned_data["search"],
                name=file.name or _("file without a name"),
                content=file.read(),
            )
        except AlreadyHere as known:
            messages.warning(request, str(known))
            return redirect("import", access.review.slug, known.batch.pk)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("import", access.review.slug, batch.pk)
    context = {"form": form, "has_sources": sources_of(access.review).exists()}
    return render(request, "screening/import_new.html", context, status=422 if form.errors else 200)


@review_view(Capability.VIEW)
def import_batch(request: ReviewRequest, pk: int) -> HttpResponse:
    """Show a batch: its progress, its preview or what became of it. HTMX gets the part that changes."""
    batch = _batch(request, pk)
    n_problems = problems_of(batch).count()
    context = {
        "batch": batch,
        "is_running": _is_running(batch),
        "has_failed": batch.job is not None and batch.job.status == "failed",
        "preview": preview_of(batch) if batch.state == ImportBatch.State.PREVIEW else None,
        "check": check_of(batch),
        "problems": shown_problems(batch, N_PROBLEMS_SHOWN),
        "n_problems": n_problems,
        "n_remarks": n_problems - (batch.n_lost or 0),  # type: ignore[attr-defined]
        "n_more_problems": max(n_problems - N_PROBLEMS_SHOWN, 0),
        "may_change": request.access.can(Capability.IMPORT) and not request.access.review.is_read_only,
    }
    is_part = bool(getattr(request, "htmx", False))
    return render(request, "screening/import_part.html" if is_part else "screening/import.html", context)


@review_view(Capability.IMPORT, "POST")
def import_confirm(request: ReviewRequest, pk: int) -> HttpResponse:
    """Start storing the records of a previewed batch."""
    access = request.access
    try:
        batch = services.confirm(user=access.user, review=access.review, batch=_batch(request, pk))
    except AlreadyHere as known:
        messages.warning(request, str(known))
        batch = known.batch
    return redirect("import", access.review.slug, batch.pk)


@review_view(Capability.IMPORT, "POST")
def import_discard(request: ReviewRequest, pk: int) -> HttpResponse:
    """Set a batch aside without importing anything."""
    access = request.access
    services.discard(user=access.user, review=access.review, batch=_batch(request, pk))
    messages.success(request, _("The batch is discarded: nothing of it was imported."))
    return redirect("import-list", access.review.slug)


@review_view(Capability.VIEW)
def import_problems(request: ReviewRequest, pk: int) -> HttpResponse:
    """Download the problems of a batch as CSV."""
    batch = _batch(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-problems.csv"'
    response.write("\ufeff")  # for spreadsheet programs, which otherwise guess the encoding
    rows = csv.writer(response)
    rows.writerow(["line", "problem", "text"])
    for problem in problems_of(batch):
        rows.writerow([problem.line, problem.reason, _as_text(problem.raw)])
    return response


def _as_text(cell: str) -> str:
    """Keep a spreadsheet program from taking the text of a file for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _initial(request: ReviewRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("source", "search") if name in request.GET}


def _is_running(batch: ImportBatch) -> bool:
    is_in_work = batch.state in {ImportBatch.State.READING, ImportBatch.State.STORING}
    return is_in_work and batch.job is not None and not batch.job.is_finished


def _batch(request: ReviewRequest, pk: int) -> ImportBatch:
    return get_object_or_404(batches_of(request.access.review), pk=pk)
