"""Studies: formed from included reports, with their arms and how far their extraction is."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from extraction.forms import AcceptForm, ArmForm, LinkForm, StudyForm
from extraction.models import StudyReport
from extraction.queries.progress import State, StudyProgress, studies_with_progress
from extraction.queries.settled import settled_values, shown_measurements
from extraction.queries.studies import proposed_label, reports_without_study
from extraction.services.studies import add_arm, form_study, link_reports, unlink_report
from extraction.views.finding import find_study
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.refused import Refused

STUDIES_PER_PAGE = 50


@review_view(Capability.VIEW, "GET", "POST")
def study_list(request: ReviewRequest) -> HttpResponse:
    """List included reports without a study and all studies; form a study on POST."""
    form = StudyForm(request.POST if request.method == "POST" else None, review=request.access.review)
    if request.method == "POST":
        if not request.access.can(Capability.EXTRACT):
            raise PermissionDenied
        try:
            return _form_or_link(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    everything = studies_with_progress(request.access.user, request.access.review)
    wanted = request.GET.get("state", "")
    shown = [each for each in everything if each.has(State(wanted))] if wanted in State.values else everything
    reports = reports_without_study(request.access.review)
    context = {
        "form": form,
        "waiting": [(report, proposed_label(report)) for report in reports],
        "chosen": set(request.POST.getlist("reports")),
        "page": Paginator(shown, STUDIES_PER_PAGE).get_page(request.GET.get("page")),
        "n_studies": len(everything),
        "states": [(state, n) for state in State if (n := _count(everything, state))],
        "wanted": wanted,
    }
    return render(request, "extraction/study_list.html", context, status=422 if form.errors else 200)


def _count(studies: list[StudyProgress], state: State) -> int:
    return sum(each.has(state) for each in studies)


def _form_or_link(request: ReviewRequest, form: StudyForm) -> HttpResponse:
    user, review = request.access.user, request.access.review
    single = request.POST.get("single", "")
    if single:
        report = next((each for each in reports_without_study(review) if str(each.pk) == single), None)
        if report is None:
            raise Refused(_("This report has a study already, or is no longer included."))
        study = form_study(user=user, review=review, label=proposed_label(report), reports=[report])
    elif form.is_valid():
        reports = list(form.cleaned_data["reports"])
        if form.cleaned_data["study"]:
            study = form.cleaned_data["study"]
            link_reports(user=user, review=review, study=study, reports=reports)
        else:
            label = form.cleaned_data["label"] or proposed_label(reports[0])
            study = form_study(user=user, review=review, label=label, reports=reports)
    else:
        raise Refused(_("No study was formed."))
    messages.success(request, _("Study %(n)s: %(label)s.") % {"n": study.number, "label": study.label})
    return redirect("study", review.slug, study.number) if not single else redirect("study-list", review.slug)


@review_view(Capability.VIEW)
def study_page(request: ReviewRequest, number: int) -> HttpResponse:
    """Show one study."""
    return _show_study(request, find_study(request, number))


def _show_study(
    request: ReviewRequest,
    progress: StudyProgress,
    *,
    arm_form: ArmForm | None = None,
    link_form: LinkForm | None = None,
    accept_form: AcceptForm | None = None,
) -> HttpResponse:
    review = request.access.review
    forms = [arm_form, link_form, accept_form]
    settled = [
        (each, settled_values(each.settled), shown_measurements(each.settled))
        for each in progress.forms
        if each.settled
    ]
    context = {
        "progress": progress,
        "study": progress.study,
        "arm_form": arm_form or ArmForm(review=review, prefix="arm"),
        "link_form": link_form or LinkForm(study=progress.study, prefix="link"),
        "settled": settled,
        "are_arms_fixed": any(each.is_settled for each in progress.forms),
    }
    status = 422 if any(form is not None and form.errors for form in forms) else 200
    return render(request, "extraction/study.html", context, status=status)


@review_view(Capability.EXTRACT, "POST")
def report_link(request: ReviewRequest, number: int) -> HttpResponse:
    """Link a further report to the study."""
    progress = find_study(request, number)
    form = LinkForm(request.POST, study=progress.study, prefix="link")
    if not form.is_valid():
        return _show_study(request, progress, link_form=form)
    report = form.cleaned_data["report"]
    review = request.access.review
    link_reports(user=request.access.user, review=review, study=progress.study, reports=[report])
    messages.success(request, _("Record %(n)s is linked.") % {"n": report.record.number})
    return redirect("study", review.slug, number)


@review_view(Capability.EXTRACT, "POST")
def report_unlink(request: ReviewRequest, number: int, link_pk: int) -> HttpResponse:
    """Take a report from the study."""
    review = request.access.review
    link = StudyReport.objects.open().filter(pk=link_pk, study__number=number, review=review).first()
    if link is None:
        raise Http404
    unlink_report(user=request.access.user, review=review, link=link)
    messages.success(request, _("Record %(n)s is no longer linked.") % {"n": link.report.record.number})
    return redirect("study", review.slug, number)


@review_view(Capability.EXTRACT, "POST")
def arm_add(request: ReviewRequest, number: int) -> HttpResponse:
    """Add an arm to the study."""
    progress = find_study(request, number)
    review = request.access.review
    form = ArmForm(request.POST, review=review, prefix="arm")
    if form.is_valid():
        try:
            add_arm(user=request.access.user, review=review, study=progress.study, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The arm is added."))
            return redirect("study", review.slug, number)
    return _show_study(request, progress, arm_form=form)
