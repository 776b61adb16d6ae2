"""The own entry of a study: fill it, save it, submit it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from extraction.models import Entry
from extraction.queries.progress import FormProgress, StudyProgress
from extraction.queries.settled import shown_measurements
from extraction.services.drafts import InvalidEntry, Stale
from extraction.services.entries import open_entry, save_answers, submit_entry
from extraction.views.finding import find_form_of, find_study
from extraction.views.sheet import MARKS, Sheet, saved_sheet, typed_sheet
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.posted import whole_number


@review_view(Capability.EXTRACT, "POST")
def entry_open(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Start the person's own entry, or go on with it."""
    progress = find_study(request, number)
    version = find_form_of(progress, form_slug).version
    review = request.access.review
    open_entry(user=request.access.user, review=review, study=progress.study, version=version)
    return redirect("extract", review.slug, number, form_slug)


@review_view(Capability.EXTRACT, "GET", "POST")
def extract(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Show the own entry, saved or as typed; save its answers on POST."""
    progress = find_study(request, number)
    form_progress = find_form_of(progress, form_slug)
    entry = form_progress.own
    if entry is None:
        return redirect("study", request.access.review.slug, number)
    if request.method == "POST":
        return _save(request, progress, form_progress, entry)
    return _show(request, progress, form_progress, entry, saved_sheet(entry, progress.arms))


def _save(
    request: ReviewRequest, progress: StudyProgress, form_progress: FormProgress, entry: Entry
) -> HttpResponse:
    sheet = typed_sheet(entry, progress.arms, request.POST)
    note = request.POST.get("source_note", "")
    review = request.access.review
    try:
        saved = save_answers(
            user=request.access.user,
            review=review,
            entry=entry,
            seen=_seen(request),
            given=sheet.given(),
            source_note=note,
        )
    except InvalidEntry as invalid:
        entry.source_note = note
        sheet = sheet.with_errors(invalid.errors)
        return _show(request, progress, form_progress, entry, sheet, seen=_seen(request), status=422)
    except Stale as stale:
        sheet = sheet.beside(saved_sheet(entry, progress.arms))
        entry.source_note = note
        return _show(request, progress, form_progress, entry, sheet, problem=str(stale), status=409)
    then = request.POST.get("then", "")
    if then in {"measurement-add", "entry-submit"}:
        onward = redirect(then, review.slug, progress.study.number, form_progress.form.slug)
        # A fragment is swapped into the page, so that a script has to be told to leave it.
        return HttpResponseClientRedirect(onward.url) if request.htmx else onward  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        fresh = saved_sheet(saved, progress.arms)
        return _show(request, progress, form_progress, saved, fresh, is_saved=True)
    messages.success(request, _("Your entry is saved as a draft."))
    return redirect("extract", review.slug, progress.study.number, form_progress.form.slug)


def _seen(request: ReviewRequest) -> int:
    """Return the edit count that the page showed; nonsense never matches one."""
    return whole_number(request.POST.get("seen", ""), -1)


def _show(
    request: ReviewRequest,
    progress: StudyProgress,
    form_progress: FormProgress,
    entry: Entry,
    sheet: Sheet,
    *,
    problem: str = "",
    seen: int | None = None,
    is_saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    context = {
        "progress": progress,
        "study": progress.study,
        "form_progress": form_progress,
        "entry": entry,
        "sheet": sheet,
        "marks": MARKS,
        "problem": problem,
        "seen": entry.edit_count if seen is None else seen,
        "is_saved": is_saved,
        "measurements": [] if is_fragment else shown_measurements(entry),
    }
    template = "extraction/_sheet.html" if is_fragment else "extraction/extract.html"
    if is_fragment and status == 409:
        status = 422  # the page is swapped whole; a 409 would put it among the messages
    return render(request, template, context, status=status)


@review_view(Capability.EXTRACT, "GET", "POST")
def entry_submit(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Say what submitting means and what is still blank; submit on POST."""
    progress = find_study(request, number)
    form_progress = find_form_of(progress, form_slug)
    entry = form_progress.own
    if entry is None:
        raise Http404
    review = request.access.review
    if request.method == "POST":
        submit_entry(user=request.access.user, review=review, entry=entry, seen=_seen(request))
        messages.success(request, _("Your entry is submitted. It can no longer be changed."))
        return redirect("study", review.slug, number)
    sheet = saved_sheet(entry, progress.arms)
    n_measurements = entry.measurements.count()
    context = {
        "progress": progress,
        "study": progress.study,
        "form_progress": form_progress,
        "entry": entry,
        "sheet": sheet,
        "n_measurements": n_measurements,
        "measurement_words": ngettext("%(n)s measurement", "%(n)s measurements", n_measurements)
        % {"n": n_measurements},
    }
    return render(request, "extraction/entry_submit.html", context)
