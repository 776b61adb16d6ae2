"""The search log: sources, searches and records known only as a total."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from screening.forms_setup import SearchForm, SourceForm, UnlistedGroupForm
from screening.models import Source, UnlistedGroup
from screening.queries.sources import search_log, searches_of, sources_of
from screening.services import sources as services
from screening.views.editing import edit_page


@review_view(Capability.VIEW)
def source_list(request: ReviewRequest) -> HttpResponse:
    """Show every source with its searches, its counts and what is known of it only as a total."""
    review = request.access.review
    return render(
        request,
        "screening/source_list.html",
        {
            "entries": search_log(review),
            "may_change": request.access.can(Capability.IMPORT) and not review.is_read_only,
        },
    )


@review_view(Capability.IMPORT, "GET", "POST")
def source_new(request: ReviewRequest) -> HttpResponse:
    """Add a source."""
    access = request.access
    form = SourceForm(request.POST or None)
    return edit_page(
        request,
        form,
        lambda: services.add_source(user=access.user, review=access.review, **form.cleaned_data),
        heading=_("New source"),
        lead=_("A database, a register or another place that records come from."),
        done=_("The source is added."),
        back=_sources(request),
    )


@review_view(Capability.IMPORT, "GET", "POST")
def source_edit(request: ReviewRequest, pk: int) -> HttpResponse:
    """Change what is written about a source."""
    access = request.access
    source = _source(request, pk)
    form = SourceForm(request.POST or None, instance=source)
    return edit_page(
        request,
        form,
        lambda: services.edit_source(
            user=access.user, review=access.review, source=source, **form.cleaned_data
        ),
        heading=_("Edit the source"),
        done=_("The source is saved."),
        back=_sources(request),
    )


@review_view(Capability.IMPORT, "GET", "POST")
def search_new(request: ReviewRequest, pk: int) -> HttpResponse:
    """Write down a search in a source."""
    access = request.access
    source = _source(request, pk)
    form = SearchForm(request.POST or None)
    return edit_page(
        request,
        form,
        lambda: services.record_search(
            user=access.user, review=access.review, source=source, **_search_data(form)
        ),
        heading=_("New search in %s") % source.name,
        lead=_("One run of one strategy, as PRISMA-S asks for it."),
        done=_("The search is saved."),
        back=_sources(request),
    )


@review_view(Capability.IMPORT, "GET", "POST")
def search_edit(request: ReviewRequest, pk: int) -> HttpResponse:
    """Change what is written about a search."""
    access = request.access
    search = get_object_or_404(searches_of(access.review), pk=pk)
    form = SearchForm(request.POST or None, instance=search)
    return edit_page(
        request,
        form,
        lambda: services.edit_search(
            user=access.user, review=access.review, search=search, **_search_data(form)
        ),
        heading=_("Edit the search in %s") % search.source.name,
        done=_("The search is saved."),
        back=_sources(request),
    )


@review_view(Capability.IMPORT, "GET", "POST")
def unlisted_group_new(request: ReviewRequest, pk: int) -> HttpResponse:
    """State that records of a source, known only as a total, end in a box of the flow."""
    access = request.access
    source = _source(request, pk)
    form = UnlistedGroupForm(request.POST or None)
    if source.arm == Source.Arm.OTHER:
        form.fields["box"].choices = [  # type: ignore[attr-defined]
            (code, label)
            for code, label in UnlistedGroup.Box.choices
            if code not in services.BOXES_OF_DATABASES_ALONE
        ]
    return edit_page(
        request,
        form,
        lambda: services.declare_unlisted_group(
            user=access.user, review=access.review, source=source, **form.cleaned_data
        ),
        heading=_("Records of %s known only as a total") % source.name,
        lead=_(
            "They count in every box on their way and show as a line of their own; no listed record changes."
        ),
        done=_("The group counts in the flow from now on."),
        back=_sources(request),
    )


@review_view(Capability.IMPORT, "POST")
def unlisted_group_withdraw(request: ReviewRequest, pk: int) -> HttpResponse:
    """Take a group out of the flow."""
    access = request.access
    group = get_object_or_404(UnlistedGroup, pk=pk, review=access.review)
    services.withdraw_unlisted_group(user=access.user, review=access.review, group=group)
    messages.success(request, _("The group is withdrawn; its row stays on record."))
    return redirect(_sources(request))


def _search_data(form: SearchForm) -> dict[str, object]:
    data = dict(form.cleaned_data)
    data["lines"] = data.pop("strategy")
    return data


def _sources(request: ReviewRequest) -> str:
    return reverse("source-list", args=[request.access.review.slug])


def _source(request: ReviewRequest, pk: int) -> Source:
    return get_object_or_404(sources_of(request.access.review), pk=pk)
