"""Conflicts: the list, one case, and what resolves it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.domain.abstracts import abstract_sections
from screening.domain.vocabulary import Stage
from screening.forms_screening import ReopenForm, ResolutionForm
from screening.models import ConsensusProposal
from screening.models.choices import STAGE_CHOICES
from screening.queries.conflicts import Case, case_of, conflicts_for, proposal_of, resolved_for
from screening.services.adjudication import (
    adjudicate,
    propose_consensus,
    reopen,
    sign_consensus,
    withdraw_consensus,
)
from screening.views.filled import AT_SCREENING, filled

PER_PAGE = 50
STAGES = [(Stage(value), label) for value, label in STAGE_CHOICES]


@review_view(Capability.VIEW, "GET")
def conflict_list(request: ReviewRequest, stage: Stage) -> HttpResponse:
    """List the conflicts that the person may work on and those that are resolved."""
    _must_take_part(request)
    user, review = request.access.user, request.access.review
    context = {
        "stage": stage,
        "stages": STAGES,
        "page": Paginator(conflicts_for(user, review, stage), PER_PAGE).get_page(request.GET.get("page")),
        "resolved": resolved_for(user, review, stage)[:PER_PAGE],
        "sees_all": request.access.can(Capability.ADJUDICATE),
    }
    return render(request, "screening/conflict_list.html", context)


@review_view(Capability.VIEW, "GET")
def conflict(request: ReviewRequest, stage: Stage, number: int) -> HttpResponse:
    """Show a conflict: the decisions, where the person may see them, beside the record."""
    return _show(request, _case(request, stage, number))


@review_view(Capability.ADJUDICATE, "POST")
def resolve(request: ReviewRequest, stage: Stage, number: int) -> HttpResponse:
    """Resolve the conflict as an adjudicator."""
    case = _case(request, stage, number)
    form = _resolution(request, case, "resolution")
    if _is_done(form, lambda: adjudicate(**_about(request, case), **_resolved(form))):
        messages.success(request, _("The conflict on record %(number)d is resolved.") % {"number": number})
        return redirect("conflict-list", request.access.review.slug, stage)
    return _show(request, case, resolution=form)


@review_view(Capability.SCREEN, "POST")
def propose(request: ReviewRequest, stage: Stage, number: int) -> HttpResponse:
    """Write down a consensus of the deciders and sign it."""
    case = _case(request, stage, number)
    form = _resolution(request, case, "proposal")
    if _is_done(form, lambda: propose_consensus(**_about(request, case), **_resolved(form))):
        messages.success(request, _("Your proposal is signed and waits for the other reviewer."))
        return redirect("conflict", request.access.review.slug, stage, number)
    return _show(request, case, proposing=form)


@review_view(Capability.SCREEN, "POST")
def sign(request: ReviewRequest, stage: Stage, number: int, pk: int) -> HttpResponse:
    """Sign a proposal; the last signature resolves the conflict."""
    sign_consensus(user=request.access.user, proposal=_proposal(request, stage, number, pk))
    messages.success(request, _("You have signed the proposal."))
    return redirect("conflict", request.access.review.slug, stage, number)


@review_view(Capability.SCREEN, "POST")
def withdraw(request: ReviewRequest, stage: Stage, number: int, pk: int) -> HttpResponse:
    """Close a proposal that is not signed by everybody."""
    withdraw_consensus(user=request.access.user, proposal=_proposal(request, stage, number, pk))
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("conflict", request.access.review.slug, stage, number)


@review_view(Capability.ADJUDICATE, "POST")
def reopen_conflict(request: ReviewRequest, stage: Stage, number: int) -> HttpResponse:
    """Open a resolved conflict again."""
    case = _case(request, stage, number)
    form = ReopenForm(request.POST, prefix="reopening")
    if _is_done(form, lambda: reopen(**_about(request, case), rationale=form.cleaned_data["rationale"])):
        messages.success(request, _("The conflict is open again."))
        return redirect("conflict", request.access.review.slug, stage, number)
    return _show(request, case, reopening=form)


def _show(request: ReviewRequest, case: Case, **forms: Form) -> HttpResponse:
    review, stage = request.access.review, Stage(case.state.stage)
    empty = {
        "resolution": ResolutionForm(review=review, stage=stage, prefix="resolution"),
        "proposing": ResolutionForm(review=review, stage=stage, prefix="proposal"),
        "reopening": ReopenForm(prefix="reopening"),
    }
    described = filled(case.state.record, AT_SCREENING)
    context = {
        **empty,
        **forms,
        "case": case,
        **described,
        "sections": abstract_sections(described["record"].abstract),
        "stage": stage,
        "stage_label": dict(STAGES)[stage],
    }
    return render(request, "screening/conflict.html", context, status=422 if forms else 200)


def _is_done(form: Form, write: Any) -> bool:
    """Run the service on a valid form; what it refuses becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        write()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _resolution(request: ReviewRequest, case: Case, prefix: str) -> ResolutionForm:
    stage = Stage(case.state.stage)
    return ResolutionForm(request.POST, review=request.access.review, stage=stage, prefix=prefix)


def _resolved(form: ResolutionForm) -> dict[str, Any]:
    return {**form.outcome(), "rationale": form.cleaned_data["rationale"]}


def _about(request: ReviewRequest, case: Case) -> dict[str, Any]:
    return {
        "user": request.access.user,
        "review": request.access.review,
        "record": case.state.record,
        "stage": Stage(case.state.stage),
    }


def _must_take_part(request: ReviewRequest) -> None:
    if not (request.access.can(Capability.ADJUDICATE) or request.access.can(Capability.SCREEN)):
        raise PermissionDenied


def _case(request: ReviewRequest, stage: Stage, number: int) -> Case:
    _must_take_part(request)
    case = case_of(request.access.user, request.access.review, stage, number)
    if case is None:
        raise Http404
    return case


def _proposal(request: ReviewRequest, stage: Stage, number: int, pk: int) -> ConsensusProposal:
    case = _case(request, stage, number)
    proposal = proposal_of(request.access.review, stage, number, pk)
    if proposal is None or not case.is_decider:
        raise Http404
    return proposal
