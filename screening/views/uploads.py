"""Files that were handed in at once: how far each is, and one confirmation for all."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from screening.forms_imports import DifferenceForm
from screening.models import ImportBatch
from screening.queries.imports import handed_in_with, preview_of
from screening.queries.sources import check_of
from screening.services.uploads import confirm_all, discard_all
from screening.views.imports import batch_of, is_running

State = ImportBatch.State
DISCARDABLE = (State.PREVIEW, State.UNREADABLE)


@review_view(Capability.VIEW)
def import_upload(request: ReviewRequest, pk: int) -> HttpResponse:
    """Show all batches that were handed in together with this one. HTMX gets the part that changes."""
    batch = batch_of(request, pk)
    batches = list(handed_in_with(batch))
    ready = [each for each in batches if each.state == State.PREVIEW and each.n_read]
    check = check_of(ready[0]) if ready else None
    running = any(is_running(each) for each in batches)
    context = {
        "first": batches[0],
        "rows": [(each, preview_of(each) if each.state in DISCARDABLE else None) for each in batches],
        "is_running": running,
        "n_ready": 0 if running else len(ready),
        "n_records": sum(each.n_read or 0 for each in ready),
        "n_discardable": 0 if running else sum(each.state in DISCARDABLE for each in batches),
        "check": check,
        "form": DifferenceForm() if check and check.difference else None,
        "may_change": request.access.can_import,
    }
    is_part = bool(getattr(request, "htmx", False))
    template = "screening/import_upload_part.html" if is_part else "screening/import_upload.html"
    return render(request, template, context)


@review_view(Capability.IMPORT, "POST")
def import_confirm_all(request: ReviewRequest, pk: int) -> HttpResponse:
    """Start storing every batch of the upload that is ready."""
    access = request.access
    refusals = confirm_all(
        user=access.user,
        review=access.review,
        batches=_in_states(request, pk, [State.PREVIEW]),
        difference_note=DifferenceForm(request.POST).note(),
    )
    return _back(request, pk, refusals)


@review_view(Capability.IMPORT, "POST")
def import_discard_all(request: ReviewRequest, pk: int) -> HttpResponse:
    """Set every batch of the upload aside that is not imported."""
    access = request.access
    batches = _in_states(request, pk, DISCARDABLE)
    refusals = discard_all(user=access.user, review=access.review, batches=batches)
    n = len(batches) - len(refusals)
    if n:
        done = ngettext(
            "%d file is discarded; nothing of it was imported.",
            "%d files are discarded; nothing of them was imported.",
            n,
        )
        messages.success(request, done % n)
    return _back(request, pk, refusals)


def _in_states(request: ReviewRequest, pk: int, states: Sequence[str]) -> list[ImportBatch]:
    return list(handed_in_with(batch_of(request, pk)).filter(state__in=states))


def _back(request: ReviewRequest, pk: int, refusals: Sequence[str]) -> HttpResponse:
    for sentence in refusals:
        messages.warning(request, sentence)
    return redirect("import-upload", request.access.review.slug, pk)
