"""What is extracted: forms with their fields, outcomes, groups and follow-up intervals."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from extraction.domain.intervals import gaps, overlaps
from extraction.forms import FieldForm, GroupForm, NewFormForm, OutcomeForm
from extraction.models import Form
from extraction.queries.forms import draft_version, fields_of, forms_of, published_version
from extraction.queries.protocol import groups_of, interval_in_words, intervals_of, outcomes_of
from extraction.services.forms import add_field, open_form, publish_version, remove_field, revise_form
from extraction.services.protocol import add_arm_group, add_outcome, set_intervals
from extraction.views.finding import find_form
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused


def _needs_configure(request: ReviewRequest) -> None:
    """Let everybody read the page, and only those who may configure post to it."""
    if request.method == "POST" and not request.access.can(Capability.CONFIGURE):
        raise PermissionDenied


@review_view(Capability.VIEW, "GET", "POST")
def form_list(request: ReviewRequest) -> HttpResponse:
    """List the extraction forms; start one on POST."""
    _needs_configure(request)
    review = request.access.review
    form = NewFormForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            version = open_form(user=request.access.user, review=review, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The form is started. Add its fields, then publish it."))
            return redirect("form", review.slug, version.form.slug)
    context = {"forms": [_summary(each) for each in forms_of(review)], "form": form}
    return render(request, "extraction/form_list.html", context, status=422 if form.errors else 200)


def _summary(form: Form) -> dict[str, object]:
    versions = list(form.versions.all())
    published = [each for each in versions if each.published_at]
    newest = versions[-1] if versions else None
    return {
        "form": form,
        "published": published[-1] if published else None,
        "has_draft": newest is not None and newest.published_at is None,
        "n_fields": len(newest.fields.all()) if newest else 0,
    }


@review_view(Capability.VIEW, "GET", "POST")
def form_page(request: ReviewRequest, form_slug: str) -> HttpResponse:
    """Show a form's fields: the draft's if there is one, else the published ones; add a field on POST."""
    _needs_configure(request)
    review = request.access.review
    extraction_form = find_form(request, form_slug)
    draft, published = draft_version(extraction_form), published_version(extraction_form)
    version = draft or published
    form = FieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if draft is None:
            raise Refused(_("This version of the form is published and can no longer be changed."))
        try:
            add_field(user=request.access.user, review=review, version=draft, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The field is added."))
            return redirect("form", review.slug, form_slug)
    context = {
        "extraction_form": extraction_form,
        "version": version,
        "draft": draft,
        "published": published,
        "fields": fields_of(version) if version else [],
        "form": form,
    }
    return render(request, "extraction/form.html", context, status=422 if form.errors else 200)


@review_view(Capability.CONFIGURE, "POST")
def field_remove(request: ReviewRequest, form_slug: str, key: str) -> HttpResponse:
    """Take a field from the draft."""
    draft = draft_version(find_form(request, form_slug))
    field = draft.fields.filter(key=key).first() if draft else None
    if field is None:
        raise Http404
    remove_field(user=request.access.user, review=request.access.review, field=field)
    messages.success(request, _("The field is removed."))
    return redirect("form", request.access.review.slug, form_slug)


@review_view(Capability.CONFIGURE, "POST")
def form_publish(request: ReviewRequest, form_slug: str) -> HttpResponse:
    """Freeze the draft, so that entries can use it."""
    draft = draft_version(find_form(request, form_slug))
    if draft is None:
        raise Refused(_("This form has no draft to publish."))
    publish_version(user=request.access.user, review=request.access.review, version=draft)
    messages.success(request, _("The form is published. Entries can use it now."))
    return redirect("form", request.access.review.slug, form_slug)


@review_view(Capability.CONFIGURE, "POST")
def form_revise(request: ReviewRequest, form_slug: str) -> HttpResponse:
    """Start the next version from the published one."""
    review = request.access.review
    revise_form(user=request.access.user, review=review, form=find_form(request, form_slug))
    messages.success(request, _("A new version is started. Studies already begun stay with theirs."))
    return redirect("form", review.slug, form_slug)


@review_view(Capability.VIEW, "GET", "POST")
def outcome_list(request: ReviewRequest) -> HttpResponse:
    """List outcomes, groups and follow-up intervals; add an outcome on POST."""
    _needs_configure(request)
    form = OutcomeForm(request.POST if request.method == "POST" else None, prefix="outcome")
    if request.method == "POST" and form.is_valid():
        try:
            add_outcome(user=request.access.user, review=request.access.review, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The outcome is added."))
            return redirect("outcome-list", request.access.review.slug)
    return _show_outcomes(request, form, GroupForm(prefix="group"))


@review_view(Capability.CONFIGURE, "POST")
def group_add(request: ReviewRequest) -> HttpResponse:
    """Add a group of arms."""
    form = GroupForm(request.POST, prefix="group")
    if form.is_valid():
        try:
            add_arm_group(user=request.access.user, review=request.access.review, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The group is added."))
            return redirect("outcome-list", request.access.review.slug)
    return _show_outcomes(request, OutcomeForm(prefix="outcome"), form)


@review_view(Capability.CONFIGURE, "POST")
def interval_set(request: ReviewRequest) -> HttpResponse:
    """Set the six standard follow-up intervals."""
    set_intervals(user=request.access.user, review=request.access.review)
    messages.success(request, _("The six standard intervals are set."))
    return redirect("outcome-list", request.access.review.slug)


def _show_outcomes(request: ReviewRequest, form: OutcomeForm, group_form: GroupForm) -> HttpResponse:
    review = request.access.review
    intervals = intervals_of(review)
    context = {
        "outcomes": outcomes_of(review),
        "groups": groups_of(review),
        "intervals": [(interval, interval_in_words(interval)) for interval in intervals],
        "warnings": [*overlaps(intervals), *gaps(intervals)] if intervals else [],
        "form": form,
        "group_form": group_form,
    }
    status = 422 if form.errors or group_form.errors else 200
    return render(request, "extraction/outcome_list.html", context, status=status)
