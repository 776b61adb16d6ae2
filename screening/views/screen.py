"""Screen one record at a time."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django_htmx.http import push_url

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused
from screening.domain.abstracts import abstract_sections
from screening.domain.vocabulary import Stage, Verdict
from screening.forms_screening import DecisionForm
from screening.models import StageState
from screening.models.choices import STAGE_CHOICES, VERDICT_CHOICES
from screening.queries import progress, queue
from screening.queries.decisions import IN_CONFLICT
from screening.services.decisions import change_decision, record_decision, undo_decision
from screening.views.filled import AT_SCREENING, filled

PAGE = "screening/screen.html"
PART = "screening/screen_part.html"
STAGE_LABELS = {Stage(value): label for value, label in STAGE_CHOICES}
VERDICT_LABELS = dict(VERDICT_CHOICES)
PER_PAGE = 50


@review_view(Capability.SCREEN, "GET")
def screen(request: ReviewRequest, stage: Stage) -> HttpResponse:
    """Show the next record that awaits the person's decision; `after` names the record that was skipped."""
    return _show_next(request, stage, _place(request, stage))


@sensitive_post_parameters("verdict", "reason", "note")
@review_view(Capability.SCREEN, "GET", "POST")
def screen_record(request: ReviewRequest, stage: Stage, number: int) -> HttpResponse:
    """Show one record; POST records the person's decision on it, or changes it."""
    state = _state(request, stage, number)
    own = queue.own_decision_on(request.access.user, state)
    if request.method != "POST":
        return _show(request, stage, state, own)
    form = DecisionForm(request.POST, review=request.access.review, stage=stage)
    if not form.is_valid():
        return _show(request, stage, state, own, form)
    try:
        _decide(request, stage, state, own, form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, stage, state, own, form)
    return _go_on(request, stage, state, form.outcome()["verdict"])


@review_view(Capability.SCREEN, "POST")
def undo(request: ReviewRequest, stage: Stage, number: int) -> HttpResponse:
    """Take the person's decision back and show the record again."""
    state = _state(request, stage, number)
    user, review = request.access.user, request.access.review
    undo_decision(user=user, review=review, record=state.record, stage=stage)
    state = _state(request, stage, number)
    own = queue.own_decision_on(user, state)
    said = _("Your decision is undone.")
    if own.decision:
        said = _("Back to %(verdict)s.") % {"verdict": VERDICT_LABELS[own.decision.verdict]}
    if not request.htmx:
        messages.success(request, said)
        return redirect("screen-record", review.slug, stage, number)
    return _show(request, stage, state, own, saved=said)


@review_view(Capability.SCREEN, "GET")
def history(request: ReviewRequest, stage: Stage) -> HttpResponse:
    """List the person's own decisions at the stage, newest first."""
    own = queue.own_history(request.access.user, request.access.review, stage)
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/screen_history.html", {**_stage(stage), "page": page})


def _decide(
    request: ReviewRequest, stage: Stage, state: StageState, own: queue.OwnDecision, form: DecisionForm
) -> None:
    token, replaces = form.cleaned_data["token"], form.cleaned_data["replaces"]
    held = own.decision.token if own.decision else None
    if replaces and held not in (replaces, token):
        raise Refused(_("You changed this decision in another window. Reload the page to see it."))
    write = change_decision if replaces else record_decision
    write(
        user=request.access.user,
        review=request.access.review,
        record=state.record,
        stage=stage,
        note=form.cleaned_data["note"],
        token=token,
        **form.outcome(),
    )


def _go_on(request: ReviewRequest, stage: Stage, state: StageState, verdict: Verdict) -> HttpResponse:
    saved = _("Saved: %(verdict)s.") % {"verdict": VERDICT_LABELS[verdict.value]}
    if request.htmx:
        return _show_next(request, stage, state, saved=saved)
    messages.success(request, saved)
    address = reverse("screen", args=(request.access.review.slug, stage))
    return redirect(f"{address}?after={state.record.number}")


def _show_next(request: ReviewRequest, stage: Stage, after: StageState | None, **said: Any) -> HttpResponse:
    user, review = request.access.user, request.access.review
    state = queue.next_record(user, review, stage, after=after)
    if state is None:
        return _render(request, {**_stage(stage), **said, "own_progress": progress.own(user, review, stage)})
    return _show(request, stage, state, queue.undecided(user, state), **said)


def _show(
    request: ReviewRequest,
    stage: Stage,
    state: StageState,
    own: queue.OwnDecision,
    form: DecisionForm | None = None,
    **said: Any,
) -> HttpResponse:
    user, review = request.access.user, request.access.review
    if form is None:
        replaces = own.decision.token if own.decision else None
        start = {"token": uuid4(), "replaces": replaces, "note": own.note}
        form = DecisionForm(review=review, stage=stage, initial=start)
    described = filled(state.record, AT_SCREENING)
    context = {
        **_stage(stage),
        **said,
        **described,
        "state": state,
        "sections": abstract_sections(described["record"].abstract),
        "form": form,
        "own": own,
        "may_decide": state.status == "awaiting" or own.decision is not None,
        "is_in_conflict": state.status in IN_CONFLICT,
        "wordings": list(queue.wordings_in_force(review)),
        "own_progress": progress.own(user, review, stage),
        "files": list(queue.files_of(state)) if stage is Stage.FULL_TEXT else [],
    }
    return _render(request, context, status=422 if form.errors else 200)


def _render(request: ReviewRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    if not request.htmx:
        return render(request, PAGE, context, status=status)
    response = render(request, PART, context, status=status)
    # The address follows what is shown: a reload must not put another record under the keys.
    address = [request.access.review.slug, context["stage"]]
    if "record" in context:
        return push_url(response, reverse("screen-record", args=[*address, context["record"].number]))
    return push_url(response, reverse("screen", args=address))


def _stage(stage: Stage) -> dict[str, Any]:
    return {"stage": stage, "stage_label": STAGE_LABELS[stage], "is_full_text": stage is Stage.FULL_TEXT}


def _state(request: ReviewRequest, stage: Stage, number: int) -> StageState:
    state = queue.state_of(request.access.review, stage, number)
    if state is None:
        raise Http404
    return state


def _place(request: ReviewRequest, stage: Stage) -> StageState | None:
    after = request.GET.get("after", "")
    if not after.isdecimal() or len(after) > 9:
        return None
    return queue.state_of(request.access.review, stage, int(after))
