"""Decisions made elsewhere: hand in a file, look at the dry run, take the decisions in or undo it."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.cells import neutralise
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.files import content_of
from screening.domain.vocabulary import Stage
from screening.forms_prior_decisions import DecisionFileForm, DecisionImportForm
from screening.models import DecisionImport
from screening.queries.prior_decisions import decision_imports_for, kept_for, people_of
from screening.queries.protocol import reasons_of
from screening.services import prior_decisions as services
from screening.services.prior_decisions import AlreadyHere
from screening.services.prior_decisions_withdrawal import withdraw

PER_PAGE = 50
N_ROWS_SHOWN = 50
N_KEPT_SHOWN = 50


@review_view(Capability.VIEW)
def decision_import_list(request: ReviewRequest) -> HttpResponse:
    """List the imports of decisions: file, stage, rows, who and when."""
    access = request.access
    rows = decision_imports_for(access.user, access.review).defer("found", "people")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/decision_import_list.html", {"page": page})


@review_view(Capability.IMPORT, "GET", "POST")
def decision_import_new(request: ReviewRequest) -> HttpResponse:
    """Take a file with decisions; what is wrong with it is said at the form."""
    access = request.access
    initial = {"batch": request.GET["batch"]} if "batch" in request.GET else {}
    form = DecisionFileForm(
        request.POST or None, request.FILES or None, review=access.review, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            imported = services.preview(
                user=access.user,
                review=access.review,
                stage=Stage(form.cleaned_data["stage"]),
                whole_list=form.chosen_list(),
                **_content(form),
            )
        except Refused as refusal:
            form.add_error("batch" if form.cleaned_data["batch"] else "file", str(refusal))
        else:
            return redirect("decision-import", access.review.slug, imported.pk)
    return render(
        request, "screening/decision_import_new.html", {"form": form}, status=422 if form.errors else 200
    )


@review_view(Capability.VIEW)
def decision_import(request: ReviewRequest, pk: int) -> HttpResponse:
    """Show an import: to whoever uploaded it all that the file says, to others that it took place."""
    return _page(request, _import(request, pk))


@review_view(Capability.IMPORT, "POST")
def decision_import_confirm(request: ReviewRequest, pk: int) -> HttpResponse:
    """Take the decisions in as the form says whose they are."""
    access, imported = request.access, _reviewed(request, pk)
    services.check_uploader(access.user, imported)
    if imported.state == DecisionImport.State.IMPORTED:
        return redirect("decision-import", access.review.slug, pk)
    form = DecisionImportForm(request.POST, imported=imported)
    if not form.is_valid():
        return _page(request, _import(request, pk), form)
    try:
        services.confirm(
            user=access.user,
            review=access.review,
            imported=imported,
            people=form.people(),
            reasons=form.reasons(),
        )
    except AlreadyHere as known:
        messages.warning(request, str(known))
        return redirect("decision-import", access.review.slug, known.known.pk)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _import(request, pk), form)
    messages.success(request, _("The decisions are in the review, marked as imported."))
    return redirect("decision-import", access.review.slug, pk)


@review_view(Capability.IMPORT, "POST")
def decision_import_discard(request: ReviewRequest, pk: int) -> HttpResponse:
    """Set a dry run aside."""
    access = request.access
    services.discard(user=access.user, review=access.review, imported=_reviewed(request, pk))
    messages.success(request, _("The file is set aside: no decision was taken from it."))
    return redirect("decision-import-list", access.review.slug)


@review_view(Capability.IMPORT, "POST")
def decision_import_withdraw(request: ReviewRequest, pk: int) -> HttpResponse:
    """Undo an import of decisions as a whole."""
    access = request.access
    withdraw(user=access.user, review=access.review, imported=_reviewed(request, pk))
    messages.success(request, _("The import is withdrawn: none of its decisions counts any more."))
    return redirect("decision-import", access.review.slug, pk)


@review_view(Capability.IMPORT)
def decision_import_rows(request: ReviewRequest, pk: int) -> HttpResponse:
    """Download the rows that were left out, with the reasons, as CSV; only for whoever uploaded the file."""
    imported = _import(request, pk)
    if imported.created_by_id != request.access.user.pk:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="decisions-{imported.pk}-left-out.csv"'
    response.write("\ufeff")  # for spreadsheet programs, which otherwise guess the encoding
    rows = csv.writer(response)
    rows.writerow(["line", "what", "sentence"])
    for what in ("left_out", "remarks"):
        rows.writerows(
            [line, what.replace("_", " "), neutralise(sentence)]
            for line, sentence in imported.found.get(what, [])
        )
    return response


def _content(form: DecisionFileForm) -> dict[str, Any]:
    if batch := form.cleaned_data["batch"]:
        return {"name": batch.file.name, "content": content_of(batch.file)}
    file = form.cleaned_data["file"]
    return {"name": file.name or _("file without a name"), "content": file.read()}


def _page(request: ReviewRequest, imported: DecisionImport, form: Any = None) -> HttpResponse:
    access = request.access
    is_uploader = imported.created_by_id == access.user.pk
    is_waiting = is_uploader and imported.state == DecisionImport.State.PREVIEW and access.can_import
    found = imported.found if is_uploader else {}
    kept = kept_for(access.user, imported)
    context = {
        "imported": imported,
        "is_uploader": is_uploader,
        "found": found,
        "people": people_of(imported) if is_uploader else [],
        "form": (form or DecisionImportForm(imported=imported)) if is_waiting else None,
        "needs_reasons": bool(found.get("reasons")) and not reasons_of(access.review).exists(),
        "rows": found.get("left_out", [])[:N_ROWS_SHOWN],
        "remarks": found.get("remarks", [])[:N_ROWS_SHOWN],
        "kept": kept[:N_KEPT_SHOWN],
        "n_more_kept": max(len(kept) - N_KEPT_SHOWN, 0),
        "may_withdraw": access.can_import and imported.state == DecisionImport.State.IMPORTED,
    }
    return render(
        request,
        "screening/decision_import.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


def _import(request: ReviewRequest, pk: int) -> DecisionImport:
    return get_object_or_404(decision_imports_for(request.access.user, request.access.review), pk=pk)


def _reviewed(request: ReviewRequest, pk: int) -> DecisionImport:
    rows = DecisionImport.objects.filter(review=request.access.review).select_related("file", "review")
    return get_object_or_404(rows, pk=pk)
