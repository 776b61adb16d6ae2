"""Enter a record by hand, correct the fields of a record, and bring back what was imported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.forms_records import CorrectionForm, NewRecordForm, RestoreForm
from screening.models import Record
from screening.queries.alike import Alike, alike
from screening.queries.comparison import Comparison, compare_new
from screening.queries.record_history import FieldHistory, version_of
from screening.queries.records import record_page
from screening.queries.sources import sources_of
from screening.services.imports import AlreadyHere
from screening.services.record_fields import LABELS, remark_on, text_of
from screening.services.records import (
    Corrected,
    add_record,
    correct_record,
    read_by_hand,
    restore_field,
)
from screening.views.editing import is_saved


@review_view(Capability.IMPORT, "GET", "POST")
def record_new(request: ReviewRequest) -> HttpResponse:
    """Take a record that is typed; what it may repeat is shown once before it is stored."""
    access = request.access
    form = NewRecordForm(request.POST or None, review=access.review, initial=_initial(request))
    resembling: list[Alike] = []
    if request.method == "POST" and form.is_valid():
        try:
            typed = read_by_hand(form.texts())
            comparison = compare_new(access.review, [typed])
            resembling = alike(comparison)
            if form.has_been_shown({one.record.number for one in resembling}):
                return _store(request, form, comparison)
        except AlreadyHere as known:
            messages.warning(request, str(known))
            return redirect("import", access.review.slug, known.batch.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "alike": [] if form.errors else resembling,
        "shown": " ".join(str(one.record.number) for one in resembling),
        "has_sources": sources_of(access.review).exists(),
    }
    is_open = form.is_bound and (form.errors or resembling)
    return render(request, "screening/record_new.html", context, status=422 if is_open else 200)


@review_view(Capability.IMPORT, "GET", "POST")
def record_edit(request: ReviewRequest, number: int) -> HttpResponse:
    """Correct the fields of a record; the form carries the version that the person saw."""
    access = request.access
    found = _record(request, number)
    form = CorrectionForm(request.POST or None, record=found, initial={"seen": version_of(found)})
    saved: list[Corrected] = []
    if request.method == "POST" and is_saved(
        form,
        lambda: saved.append(
            correct_record(
                user=access.user,
                review=access.review,
                record=found,
                texts=form.texts(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
        ),
    ):
        _tell(request, saved[0])
        return redirect("record", access.review.slug, number)
    context = {"form": form, "record": found}
    return render(request, "screening/record_edit.html", context, status=422 if form.errors else 200)


@review_view(Capability.IMPORT, "POST")
def record_restore(request: ReviewRequest, number: int) -> HttpResponse:
    """Bring back what was imported in one field."""
    access = request.access
    found = _record(request, number)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Name the field to bring back, from the record's page."))
    saved = restore_field(
        user=access.user,
        review=access.review,
        record=found,
        field=form.cleaned_data["field"],
        seen=form.cleaned_data["seen"],
    )
    _tell(request, saved)
    return redirect("record", access.review.slug, number)


def history_rows(history: Iterable[FieldHistory]) -> list[dict[str, Any]]:
    """Return the histories of fields with their values as texts, for the record's page."""
    return [
        {
            "field": one.field,
            "label": LABELS.get(one.field, one.field),
            "imported": text_of(one.imported),
            "steps": [(text_of(correction.after), correction) for correction in one.corrections],
            "is_as_imported": one.is_as_imported,
        }
        for one in history
    ]


def _store(request: ReviewRequest, form: NewRecordForm, comparison: Comparison) -> HttpResponse:
    access = request.access
    given = form.cleaned_data
    stored = add_record(
        user=access.user,
        review=access.review,
        source=given["source"],
        search=given["search"],
        texts=form.texts(),
        enters_at_full_text=given["enters_at_full_text"],
        comparison=comparison,
    )
    sentence = _("Record %d is added.") % stored.number
    if stored.canonical:
        sentence += " " + _("It is a duplicate of record %d, which is screened for both.") % (
            stored.canonical.number
        )
    remarks = [remark_on(name, text, getattr(stored, name)) for name, text in form.texts().items()]
    messages.success(request, " ".join(filter(None, [sentence, *remarks])))
    return redirect("record", access.review.slug, stored.number)


def _tell(request: ReviewRequest, saved: Corrected) -> None:
    if not saved.corrections:
        messages.info(request, _("Nothing was changed: the record says all of this already."))
        return
    n_fields = len(saved.corrections)
    done = ngettext("%d field is corrected.", "%d fields are corrected.", n_fields) % n_fields
    messages.success(request, " ".join([done, *saved.remarks]))
    if saved.possible:
        number = saved.corrections[0].record.number
        found = {one for pair in saved.possible for one in (pair.first.number, pair.second.number)}
        numbers = ", ".join(map(str, sorted(found - {number})))
        sentence = ngettext(
            "As corrected, it may be the same as record %s. Nothing was joined:",
            "As corrected, it may be the same as records %s. Nothing was joined:",
            len(saved.possible),
        )
        url = reverse("pair", args=[request.access.review.slug, saved.possible[0].pk])
        link = format_html('<a href="{}">{}</a>', url, _("compare them"))
        messages.warning(request, format_html("{} {}.", sentence % numbers, link))


def _initial(request: ReviewRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("source", "search") if name in request.GET}


def _record(request: ReviewRequest, number: int) -> Record:
    found = get_object_or_404(record_page(request.access.review), number=number)
    if found.is_withdrawn:
        raise Http404
    return found
