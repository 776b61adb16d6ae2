"""Measurements of the own draft, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from extraction.domain.intervals import Assignment, assign
from extraction.domain.time_points import parse_time
from extraction.forms import MeasurementForm, initial_of
from extraction.models import Entry, Measurement
from extraction.queries.entries import measurements_of
from extraction.queries.progress import FormProgress, StudyProgress
from extraction.queries.protocol import intervals_of
from extraction.services.drafts import InvalidEntry
from extraction.services.measurements import remove_measurement, save_measurement
from extraction.views.finding import find_form_of, find_study
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.posted import whole_number
from reviewsite.workspace.refused import Refused

KEPT_FOR_NEXT = ("arm", "outcome", "page", "source", "scale_min", "scale_max")


@dataclass(frozen=True)
class _Place:
    """Where a measurement belongs: a study, one of its forms, and the own entry."""

    progress: StudyProgress
    form_progress: FormProgress
    entry: Entry


def _find(request: ReviewRequest, number: int, form_slug: str) -> _Place:
    progress = find_study(request, number)
    form_progress = find_form_of(progress, form_slug)
    if form_progress.own is None:
        raise Http404
    return _Place(progress, form_progress, form_progress.own)


def _find_measurement(place: _Place, pk: int) -> Measurement:
    found = measurements_of(place.entry).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@review_view(Capability.EXTRACT, "GET", "POST")
def measurement_add(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Add a measurement; the next one may start with the same arm and outcome."""
    place = _find(request, number, form_slug)
    if request.method == "POST":
        return _save(request, place, None)
    initial = {name: request.GET[name] for name in KEPT_FOR_NEXT if name in request.GET}
    return _show(request, place, MeasurementForm(study=place.progress.study, initial=initial), None)


@review_view(Capability.EXTRACT, "GET", "POST")
def measurement_edit(request: ReviewRequest, number: int, form_slug: str, pk: int) -> HttpResponse:
    """Change a measurement of the own draft."""
    place = _find(request, number, form_slug)
    measurement = _find_measurement(place, pk)
    if request.method == "POST":
        return _save(request, place, measurement)
    form = MeasurementForm(study=place.progress.study, initial=initial_of(measurement))
    return _show(request, place, form, measurement)


@review_view(Capability.EXTRACT, "POST")
def measurement_remove(request: ReviewRequest, number: int, form_slug: str, pk: int) -> HttpResponse:
    """Take a measurement from the own draft."""
    place = _find(request, number, form_slug)
    measurement = _find_measurement(place, pk)
    review = request.access.review
    remove_measurement(user=request.access.user, review=review, measurement=measurement, seen=_seen(request))
    messages.success(request, _("The measurement is removed."))
    return redirect("extract", review.slug, number, form_slug)


@review_view(Capability.EXTRACT)
def time_read(request: ReviewRequest, number: int, form_slug: str) -> HttpResponse:
    """Say how the words of a time are understood, while they are typed."""
    _find(request, number, form_slug)
    label = request.GET.get("time_label", "")
    context = {"reading": _reading(request, label)}
    return render(request, "extraction/_time.html", context)


def _reading(request: ReviewRequest, label: str) -> Assignment | None:
    if not label.strip():
        return None
    return assign(parse_time(label), intervals_of(request.access.review))


def _seen(request: ReviewRequest) -> int:
    return whole_number(request.POST.get("seen", ""), -1)


def _save(request: ReviewRequest, place: _Place, replaced: Measurement | None) -> HttpResponse:
    review, study = request.access.review, place.progress.study
    form = MeasurementForm(request.POST, study=study)
    if not form.is_valid():
        return _show(request, place, form, replaced)
    try:
        save_measurement(
            user=request.access.user,
            review=review,
            entry=place.entry,
            given=form.given(),
            replaces=replaced,
            # A new row cannot overwrite anything, so that it needs no check against other windows.
            seen=_seen(request) if replaced else None,
        )
    except InvalidEntry as invalid:
        form.take_errors(invalid)
        return _show(request, place, form, replaced)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, place, form, replaced)
    messages.success(request, _("The measurement is saved."))
    slug = place.form_progress.form.slug
    if request.POST.get("then") == "another":
        response = redirect("measurement-add", review.slug, study.number, slug)
        kept = {name: form.cleaned_data[name] for name in KEPT_FOR_NEXT if form.cleaned_data[name]}
        return redirect(f"{response.url}?{urlencode(kept)}")
    return redirect("extract", review.slug, study.number, slug)


def _show(
    request: ReviewRequest, place: _Place, form: MeasurementForm, measurement: Measurement | None
) -> HttpResponse:
    context = {
        "progress": place.progress,
        "study": place.progress.study,
        "form_progress": place.form_progress,
        "entry": place.entry,
        "form": form,
        "measurement": measurement,
        "reading": _reading(request, str(form["time_label"].value() or "")),
    }
    status = 422 if form.errors else 200
    return render(request, "extraction/measurement.html", context, status=status)
