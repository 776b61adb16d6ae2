"""The protocol page and the small pages that change it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review
from reviewsite.workspace.services.reviews import change_settings
from screening.domain.vocabulary import AgreementRule, Stage, UnsurePolicy
from screening.forms_setup import CriterionForm, PolicyForm, ReasonForm, SettingsForm, WordingForm
from screening.models import Criterion, ExclusionReason
from screening.queries.decisions import policy_of
from screening.queries.protocol import criteria_of, reasons_of, stage_rules, wording_of
from screening.services import protocol as services
from screening.services.protocol import Direction
from screening.views.editing import edit_page


@review_view(Capability.VIEW)
def protocol(request: ReviewRequest) -> HttpResponse:
    """Show the question, criteria, exclusion reasons and the rules of each stage."""
    review = request.access.review
    context = {
        "may_change": request.access.can(Capability.CONFIGURE) and not review.is_read_only,
        "criteria": [
            (kind, label, [found for found in criteria_of(review) if found.criterion.kind == kind])
            for kind, label in Criterion.Kind.choices
        ],
        "archived_criteria": criteria_of(review, is_archived=True),
        "reasons": list(reasons_of(review)),
        "archived_reasons": list(reasons_of(review, is_archived=True)),
        "rules": [stage_rules(review, stage) for stage in Stage],
    }
    return render(request, "screening/protocol.html", context)


@review_view(Capability.CONFIGURE, "GET", "POST")
def protocol_settings(request: ReviewRequest) -> HttpResponse:
    """Edit the question, PICO and registration."""
    access = request.access
    # A row of its own: checking the form fills it, and the page's title must not follow.
    form = SettingsForm(request.POST or None, instance=Review.objects.get(pk=access.review.pk))
    return edit_page(
        request,
        form,
        lambda: change_settings(user=access.user, review=access.review, settings=form.cleaned_data),
        heading=_("Question and registration"),
        lead=_("Reviewers see the question beside the criteria."),
        done=_("The question and registration are saved."),
        back=_protocol(request),
    )


@review_view(Capability.CONFIGURE, "GET", "POST")
def criterion_new(request: ReviewRequest) -> HttpResponse:
    """Add a criterion."""
    access = request.access
    form = CriterionForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    return edit_page(
        request,
        form,
        lambda: services.add_criterion(user=access.user, review=access.review, **form.cleaned_data),
        heading=_("New criterion"),
        lead=_("Reviewers see the criteria beside each record."),
        done=_("The criterion is added."),
        back=_protocol(request),
    )


@review_view(Capability.CONFIGURE, "GET", "POST")
def criterion_edit(request: ReviewRequest, pk: int) -> HttpResponse:
    """Change what a criterion says."""
    access = request.access
    criterion = _criterion(request, pk)
    form = WordingForm(request.POST or None, initial={"text": wording_of(criterion)})
    return edit_page(
        request,
        form,
        lambda: services.reword_criterion(
            user=access.user, review=access.review, criterion=criterion, text=form.cleaned_data["text"]
        ),
        heading=_("Change the wording"),
        lead=_("The earlier wording stays on record with its dates."),
        done=_("The new wording holds from now on."),
        back=_protocol(request),
    )


@review_view(Capability.CONFIGURE, "POST")
def criterion_move(request: ReviewRequest, pk: int) -> HttpResponse:
    """Move a criterion up or down."""
    services.move_criterion(
        user=request.access.user,
        review=request.access.review,
        criterion=_criterion(request, pk),
        direction=_direction(request),
    )
    return redirect(_protocol(request) + "#criteria")


@review_view(Capability.CONFIGURE, "POST")
def criterion_archive(request: ReviewRequest, pk: int) -> HttpResponse:
    """Archive or restore a criterion."""
    is_archived = "restore" not in request.POST
    services.archive_criterion(
        user=request.access.user,
        review=request.access.review,
        criterion=_criterion(request, pk),
        is_archived=is_archived,
    )
    messages.success(
        request, _("The criterion is archived.") if is_archived else _("The criterion is restored.")
    )
    return redirect(_protocol(request) + "#criteria")


@review_view(Capability.CONFIGURE, "GET", "POST")
def reason_new(request: ReviewRequest) -> HttpResponse:
    """Add an exclusion reason."""
    access = request.access
    form = ReasonForm(request.POST or None)
    return edit_page(
        request,
        form,
        lambda: services.add_exclusion_reason(
            user=access.user, review=access.review, label=form.cleaned_data["label"]
        ),
        heading=_("New exclusion reason"),
        lead=_("Reasons are given at full text, one per report."),
        done=_("The reason is added."),
        back=_protocol(request),
    )


@review_view(Capability.CONFIGURE, "GET", "POST")
def reason_edit(request: ReviewRequest, pk: int) -> HttpResponse:
    """Rename an exclusion reason."""
    access = request.access
    reason = _reason(request, pk)
    form = ReasonForm(request.POST or None, initial={"label": reason.label})
    return edit_page(
        request,
        form,
        lambda: services.rename_exclusion_reason(
            user=access.user, review=access.review, reason=reason, label=form.cleaned_data["label"]
        ),
        heading=_("Rename the reason"),
        lead=_(
            "What was excluded for it stays excluded for it, under the new name. Its code “%s” stays, too."
        )
        % reason.code,
        done=_("The reason is renamed."),
        back=_protocol(request),
    )


@review_view(Capability.CONFIGURE, "POST")
def reason_move(request: ReviewRequest, pk: int) -> HttpResponse:
    """Move an exclusion reason up or down."""
    services.move_exclusion_reason(
        user=request.access.user,
        review=request.access.review,
        reason=_reason(request, pk),
        direction=_direction(request),
    )
    return redirect(_protocol(request) + "#reasons")


@review_view(Capability.CONFIGURE, "POST")
def reason_archive(request: ReviewRequest, pk: int) -> HttpResponse:
    """Archive or restore an exclusion reason."""
    is_archived = "restore" not in request.POST
    services.archive_exclusion_reason(
        user=request.access.user,
        review=request.access.review,
        reason=_reason(request, pk),
        is_archived=is_archived,
    )
    messages.success(request, _("The reason is archived.") if is_archived else _("The reason is restored."))
    return redirect(_protocol(request) + "#reasons")


@review_view(Capability.CONFIGURE, "GET", "POST")
def policy_edit(request: ReviewRequest, stage: str) -> HttpResponse:
    """Change the rules of a stage, named as in the address: title-abstract or full-text."""
    access = request.access
    chosen = next((known for known in Stage if known.replace("_", "-") == stage), None)
    if chosen is None:
        raise Http404
    policy = policy_of(access.review, chosen)
    policy.note = ""
    label = policy.get_stage_display()
    form = PolicyForm(request.POST or None, instance=policy)
    return edit_page(
        request,
        form,
        lambda: services.set_stage_policy(
            user=access.user,
            review=access.review,
            stage=chosen,
            **form.cleaned_data
            | {
                "unsure": UnsurePolicy(form.cleaned_data["unsure"]),
                "rule": AgreementRule(form.cleaned_data["rule"]),
            },
        ),
        heading=_("Rules: %s") % label,
        lead=_("Saving settles every record of the stage again under the new rules. Decisions stay."),
        done=_("The new rules hold from now on."),
        back=_protocol(request),
    )


def _protocol(request: ReviewRequest) -> str:
    return reverse("protocol", args=[request.access.review.slug])


def _criterion(request: ReviewRequest, pk: int) -> Criterion:
    return get_object_or_404(Criterion, pk=pk, review=request.access.review)


def _reason(request: ReviewRequest, pk: int) -> ExclusionReason:
    return get_object_or_404(ExclusionReason, pk=pk, review=request.access.review)


def _direction(request: ReviewRequest) -> Direction:
    return Direction.UP if request.POST.get("direction") == Direction.UP else Direction.DOWN
