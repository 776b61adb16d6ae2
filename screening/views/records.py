"""The list of records and the page of one record."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage
from screening.forms_setup import RecordFilterForm, SameRecordForm
from screening.models import Record
from screening.queries.decisions import visible_to
from screening.queries.duplicate_groups import group_of, kept_apart
from screening.queries.prior_decisions import hides_text
from screening.queries.record_history import history_of, version_of
from screening.queries.records import N_LISTED, RAW_SHOWN, raw_of, record_page, records_of
from screening.services.duplicates import judge, split
from screening.services.possible_duplicates import choose_primary
from screening.views.editing import is_saved
from screening.views.filled import filled
from screening.views.record_edit import history_rows

PER_PAGE = 50


@review_view(Capability.VIEW)
def record_list(request: ReviewRequest) -> HttpResponse:
    """Show the records, searched, filtered and in pages."""
    review = request.access.review
    form = RecordFilterForm(request.GET or None, review=review)
    records = records_of(review, form.chosen() if form.is_bound else None)
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/record_list.html", {"form": form, "page": page})


@review_view(Capability.VIEW)
def record(request: ReviewRequest, number: int) -> HttpResponse:
    """Show everything about a record that the person may see."""
    return _page(request, _record(request, number), SameRecordForm())


@review_view(Capability.VIEW)
def record_raw(request: ReviewRequest, number: int) -> HttpResponse:
    """Download the text of a record as it stood in its file."""
    raw = raw_of(request.access.review, number)
    if raw is None:
        raise Http404
    if hides_text(_record(request, number)):
        raise Refused(_("This text may tell a decision made elsewhere: it is shown once screening is over."))
    response = HttpResponse(raw, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="record-{number}.txt"'
    return response


@review_view(Capability.IMPORT, "POST")
def record_split(request: ReviewRequest, number: int) -> HttpResponse:
    """Take a record out of its group of duplicates."""
    access = request.access
    split(user=access.user, review=access.review, record=_record(request, number))
    messages.success(
        request, _("Record %d counts for itself again and will not be proposed as a duplicate.") % number
    )
    back = request.POST.get("back")
    return (
        redirect("duplicate-list", access.review.slug)
        if back == "duplicates"
        else redirect("record", access.review.slug, number)
    )


@review_view(Capability.IMPORT, "POST")
def record_primary(request: ReviewRequest, number: int) -> HttpResponse:
    """Let a record stand for its group of duplicates."""
    access = request.access
    choose_primary(user=access.user, review=access.review, record=_record(request, number))
    messages.success(request, _("Record %d stands for its group now.") % number)
    if request.POST.get("back") == "duplicates":
        return redirect("duplicate-list", access.review.slug)
    return redirect("record", access.review.slug, number)


@review_view(Capability.IMPORT, "POST")
def record_same(request: ReviewRequest, number: int) -> HttpResponse:
    """Judge that another record is the same as this one."""
    access = request.access
    found = _record(request, number)
    form = SameRecordForm(request.POST)
    other = None
    if form.is_valid():
        other = record_page(access.review).filter(number=form.cleaned_data["number"]).first()
        if other is None:
            form.add_error("number", _("There is no record with this number in the review."))
    if other is not None and is_saved(
        form,
        lambda: judge(
            user=access.user,
            review=access.review,
            first=found,
            second=other,
            verdict="same",
            note=form.cleaned_data["note"],
        ),
    ):
        messages.success(request, _("The two records form a group now."))
        return redirect("record", access.review.slug, number)
    return _page(request, found, form)


def _page(request: ReviewRequest, found: Record, form: SameRecordForm) -> HttpResponse:
    access = request.access
    decisions = [
        decision
        for stage in Stage
        for decision in visible_to(access.user, access.review, stage)
        .open()
        .filter(record=found)
        .select_related("reviewer", "reason", "imported_in__file")
        .defer("imported_in__found")
    ]
    described = filled(found)
    shown: Record = described["record"]
    context = {
        **described,
        "n_raw_shown": RAW_SHOWN,
        "authors": shown.authors[:N_LISTED],
        "n_more_authors": max(len(shown.authors) - N_LISTED, 0),
        "keywords": shown.keywords[:N_LISTED],
        "n_more_keywords": max(len(shown.keywords) - N_LISTED, 0),
        "decisions": decisions,
        "hides_text": hides_text(found),
        "group": group_of(found),
        "apart": kept_apart(found),
        "form": form,
        "history": history_rows(history_of(found)),
        "version": version_of(found),
        "may_judge": access.can(Capability.IMPORT) and not access.review.is_read_only,
    }
    return render(request, "screening/record.html", context, status=422 if form.errors else 200)


def _record(request: ReviewRequest, number: int) -> Record:
    return get_object_or_404(record_page(request.access.review), number=number)
