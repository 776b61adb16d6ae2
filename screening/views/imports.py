"""Import batches: hand in files, watch one being read, look at its preview, confirm or discard."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.forms_imports import ColumnsForm, DifferenceForm, ImportForm
from screening.models import ImportBatch
from screening.queries.imports import (
    Preview,
    batches_of,
    handed_in_with,
    preview_of,
    same_file_elsewhere,
    shown_problems,
)
from screening.queries.sources import check_of, sources_of
from screening.services import imports as services
from screening.services.imports import READ_ONCE, AlreadyHere
from screening.services.uploads import GivenFile, HandedIn, upload_files

PER_PAGE = 50
N_PROBLEMS_SHOWN = 50
N_REFUSALS_SHOWN = 20


@review_view(Capability.VIEW)
def import_list(request: ReviewRequest) -> HttpResponse:
    """Show the batches with their states and counts."""
    review = request.access.review
    page = Paginator(batches_of(review), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "screening/import_list.html", {"page": page, "may_change": request.access.can_import}
    )


@review_view(Capability.IMPORT, "GET", "POST")
def import_new(request: ReviewRequest) -> HttpResponse:
    """Take files; what is wrong with all of them is said at the form."""
    access = request.access
    form = ImportForm(
        request.POST or None, request.FILES or None, review=access.review, initial=_initial(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            handed_in = upload_files(
                user=access.user,
                review=access.review,
                source=form.cleaned_data["source"],
                search=form.cleaned_data["search"],
                files=[_given(file) for file in form.cleaned_data["file"]],
                enters_at_full_text=form.enters_at_full_text(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if handed_in.batches or handed_in.known:
                return _to_batches(request, handed_in)
            for sentence in handed_in.refusals:
                form.add_error("file", sentence)
    context = {"form": form, "has_sources": sources_of(access.review).exists()}
    return render(request, "screening/import_new.html", context, status=422 if form.errors else 200)


@review_view(Capability.VIEW)
def import_batch(request: ReviewRequest, pk: int) -> HttpResponse:
    """Show a batch: its progress, its preview or what became of it. HTMX gets the part that changes."""
    return show_batch(request, batch_of(request, pk))


@review_view(Capability.IMPORT, "POST")
def import_confirm(request: ReviewRequest, pk: int) -> HttpResponse:
    """Start storing the records of a previewed batch."""
    access, batch = request.access, batch_of(request, pk)
    form = DifferenceForm(request.POST)
    try:
        batch = services.confirm(
            user=access.user, review=access.review, batch=batch, difference_note=form.note()
        )
    except AlreadyHere as known:
        messages.warning(request, str(known))
        batch = known.batch
    except Refused as refusal:
        if batch.state != ImportBatch.State.PREVIEW or not _needs_note(batch):
            raise
        form.add_error(None, str(refusal))
        return show_batch(request, batch, difference_form=form)
    return redirect("import", access.review.slug, batch.pk)


@review_view(Capability.IMPORT, "POST")
def import_discard(request: ReviewRequest, pk: int) -> HttpResponse:
    """Set a batch aside without importing anything."""
    access = request.access
    services.discard(user=access.user, review=access.review, batch=batch_of(request, pk))
    messages.success(request, _("The batch is discarded: nothing of it was imported."))
    return redirect("import-list", access.review.slug)


@review_view(Capability.IMPORT, "POST")
def import_columns(request: ReviewRequest, pk: int) -> HttpResponse:
    """Read a table again with the fields that were chosen for its columns."""
    access, batch = request.access, batch_of(request, pk)
    shown = preview_of(batch)
    form = ColumnsForm(request.POST, columns=shown.columns if shown else [])
    if not form.is_valid():
        return show_batch(request, batch, columns_form=form)
    services.read_columns(user=access.user, review=access.review, batch=batch, columns=form.chosen())
    return redirect("import", access.review.slug, batch.pk)


def batch_of(request: ReviewRequest, pk: int) -> ImportBatch:
    """Return a batch of the review with its counts, or 404."""
    return get_object_or_404(batches_of(request.access.review), pk=pk)


def is_running(batch: ImportBatch) -> bool:
    """Say whether a job works on the batch, so that its page should ask again."""
    is_in_work = batch.state in {ImportBatch.State.READING, ImportBatch.State.STORING}
    return is_in_work and batch.job is not None and not batch.job.is_finished


def show_batch(
    request: ReviewRequest,
    batch: ImportBatch,
    *,
    difference_form: DifferenceForm | None = None,
    columns_form: ColumnsForm | None = None,
) -> HttpResponse:
    """Answer with the page of a batch, or with its part that changes."""
    preview = preview_of(batch) if batch.state in READ_ONCE else None
    context: dict[str, Any] = {
        "batch": batch,
        "is_running": is_running(batch),
        "has_failed": batch.job is not None and batch.job.status == "failed",
        "preview": preview,
        "check": check_of(batch),
        "lost": shown_problems(batch, N_PROBLEMS_SHOWN, is_lost=True),
        "remarks": shown_problems(batch, N_PROBLEMS_SHOWN, is_lost=False),
        "n_together": handed_in_with(batch).count(),
        "elsewhere": same_file_elsewhere(batch) if batch.state == ImportBatch.State.PREVIEW else None,
        "may_change": request.access.can_import,
        "difference_form": difference_form or (DifferenceForm() if _needs_note(batch) else None),
        "columns_form": columns_form or _columns_form(preview),
    }
    is_part = bool(getattr(request, "htmx", False))
    has_errors = any(form is not None and form.errors for form in (difference_form, columns_form))
    template = "screening/import_part.html" if is_part else "screening/import.html"
    return render(request, template, context, status=422 if has_errors else 200)


def _needs_note(batch: ImportBatch) -> bool:
    check = check_of(batch)
    return batch.state == ImportBatch.State.PREVIEW and check is not None and check.difference != 0


def _columns_form(preview: Preview | None) -> ColumnsForm | None:
    return ColumnsForm(columns=preview.columns) if preview and preview.columns else None


def _to_batches(request: ReviewRequest, handed_in: HandedIn) -> HttpResponse:
    """Lead to the one batch, or to the page of them all, with a sentence for each file that made none."""
    for sentence in handed_in.refusals[:N_REFUSALS_SHOWN]:
        messages.warning(request, sentence)
    n_more = len(handed_in.refusals) - N_REFUSALS_SHOWN
    if n_more > 0:
        more = ngettext("%d more file made no import.", "%d more files made no import.", n_more)
        messages.warning(request, more % n_more)
    batches = handed_in.batches or handed_in.known
    page = "import" if len(batches) == 1 or not handed_in.batches else "import-upload"
    return redirect(page, request.access.review.slug, batches[0].pk)


def _given(file: UploadedFile[Any]) -> GivenFile:
    return GivenFile(name=services.plain_name(file.name or ""), n_bytes=file.size or 0, read=file.read)


def _initial(request: ReviewRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("source", "search") if name in request.GET}
