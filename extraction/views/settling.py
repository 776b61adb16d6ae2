"""Settle a study: the consensus grid, or one entry that is enough."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from extraction.forms import AcceptForm
from extraction.models import Entry
from extraction.queries.entries import N_INDEPENDENT, visible_to
from extraction.queries.progress import FormProgress, StudyProgress
from extraction.queries.settled import settled_values, shown_measurements
from extraction.services.consensus import Unsettled, accept_single_entry, findings_of, settle_entries
from extraction.views.finding import find_form_of, find_study
from extraction.views.grid import MARKS, Grid, build_grid, read_choices
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused


@review_view(Capability.ADJUDICATE, "GET", "POST")
def consensus(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Show two submitted entries side by side, or the only one; settle the two on POST."""
    progress = find_study(request, number)
    form_progress = find_form_of(progress, form_slug)
    review = request.access.review
    if form_progress.is_settled and request.method == "GET":
        return redirect("study", review.slug, number)
    entries = _submitted(request, form_progress, progress)
    if len(entries) < N_INDEPENDENT:
        if request.method == "POST":
            raise Refused(_("Two submitted entries are needed to settle this study."))
        return _show_single(request, progress, form_progress, entries, AcceptForm())
    first, second = entries[:N_INDEPENDENT]
    grid = build_grid(first, second, findings_of(first, second), progress.arms)
    if request.method == "POST":
        read_choices(grid, request.POST)
        try:
            return _settle(request, progress, form_progress, grid)
        except Unsettled as unsettled:
            grid.take_errors(unsettled.errors)
            problem = _("Not settled: some differences still need a choice.")
            return _show_grid(request, progress, form_progress, entries, grid, problem=problem)
    return _show_grid(request, progress, form_progress, entries, grid)


def _submitted(request: ReviewRequest, form_progress: FormProgress, progress: StudyProgress) -> list[Entry]:
    """Return the submitted entries that the person may see, in the order of their submission."""
    seen = visible_to(request.access.user, request.access.review)
    return list(
        seen.filter(
            study=progress.study,
            version=form_progress.version,
            kind=Entry.Kind.EXTRACTION,
            submitted_at__isnull=False,
        ).order_by("submitted_at", "pk")
    )


def _settle(
    request: ReviewRequest, progress: StudyProgress, form_progress: FormProgress, grid: Grid
) -> HttpResponse:
    settle_entries(
        user=request.access.user,
        review=request.access.review,
        study=progress.study,
        version=form_progress.version,
        choices=grid.choices(),
    )
    messages.success(request, _("The study is settled."))
    return redirect("study", request.access.review.slug, progress.study.number)


def _show_grid(
    request: ReviewRequest,
    progress: StudyProgress,
    form_progress: FormProgress,
    entries: list[Entry],
    grid: Grid,
    *,
    problem: str = "",
) -> HttpResponse:
    context = {
        "progress": progress,
        "study": progress.study,
        "form_progress": form_progress,
        "first": entries[0],
        "second": entries[1],
        "grid": grid,
        "marks": MARKS,
        "problem": problem,
        "is_own": request.access.user.pk in {entry.extractor_id for entry in entries},
    }
    return render(request, "extraction/consensus.html", context, status=422 if problem else 200)


def _show_single(
    request: ReviewRequest,
    progress: StudyProgress,
    form_progress: FormProgress,
    entries: list[Entry],
    form: AcceptForm,
) -> HttpResponse:
    entry = entries[0] if entries else None
    context = {
        "progress": progress,
        "study": progress.study,
        "form_progress": form_progress,
        "entry": entry,
        "values": settled_values(entry) if entry else [],
        "measurements": shown_measurements(entry) if entry else [],
        "form": form,
        "is_own": entry is not None and entry.extractor_id == request.access.user.pk,
    }
    return render(request, "extraction/single.html", context, status=422 if form.errors else 200)


@review_view(Capability.ADJUDICATE, "POST")
def entry_accept(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Accept the only entry as the settled one."""
    progress = find_study(request, number)
    form_progress = find_form_of(progress, form_slug)
    entries = _submitted(request, form_progress, progress)
    if not entries:
        raise Http404
    form = AcceptForm(request.POST)
    review = request.access.review
    if form.is_valid():
        try:
            accept_single_entry(
                user=request.access.user,
                review=review,
                entry=entries[0],
                rationale=form.cleaned_data["rationale"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The entry is accepted, marked as a single extraction."))
            return redirect("study", review.slug, number)
    return _show_single(request, progress, form_progress, entries, form)
