"""Studies: formed from included reports, with their arms."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from extraction.models import Arm, ArmGroup, Entry, Study, StudyReport
from extraction.queries.studies import is_included
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.models import Report


def form_study(*, user: User, review: Review, label: str, reports: Sequence[Report], note: str = "") -> Study:
    """Form a study from included reports.

    Refused: no report, a report that is not included, or a blank label.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        if not label.strip():
            raise Refused(_("Give the study a label, for example its first author and year."))
        if not reports:
            raise Refused(_("A study needs at least one included report."))
        Review.objects.filter(pk=review.pk).update(last_study_number=F("last_study_number") + 1)
        number = Review.objects.values_list("last_study_number", flat=True).get(pk=review.pk)
        study = Study.objects.create(
            review=review, number=number, label=label.strip(), note=note, created_by=user
        )
        for report in reports:
            _link(user=user, review=review, study=study, report=report)
        audit(user=user, review=review, action="form_study", subject=f"study:{number}", label=study.label)
        return study


def link_reports(*, user: User, review: Review, study: Study, reports: Sequence[Report]) -> list[StudyReport]:
    """Say that these reports inform on the study too; all are linked or none.

    Refused: a report that is not included, or is linked to the study already.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        links = [_link(user=user, review=review, study=study, report=report) for report in reports]
        audit(
            user=user,
            review=review,
            action="link_reports",
            subject=f"study:{study.number}",
            records=[report.record.number for report in reports],
        )
        return links


def unlink_report(*, user: User, review: Review, link: StudyReport) -> StudyReport:
    """Take a report from a study. Refused: the study's only report while it has entries."""
    with business(user=user, review=review, needs=Capability.EXTRACT):
        others = StudyReport.objects.open().filter(study=link.study_id).exclude(pk=link.pk)
        if not others.exists() and Entry.objects.filter(study=link.study_id).exists():
            raise Refused(
                _("This is the study's only report, and values were extracted from it: link another first.")
            )
        link.supersede(user=user)
        audit(user=user, review=review, action="unlink_report", subject=f"study:{link.study.number}")
        return link


def add_arm(
    *, user: User, review: Review, study: Study, label: str, group: ArmGroup | None, is_mixed: bool = False
) -> Arm:
    """Add an arm to a study.

    A mixed arm is allocated to the group of its more frequent procedure; an arm without group is not pooled.
    Refused: a blank label, an arm of that label, a study with submitted entries.
    """
    with business(user=user, review=review, needs=Capability.EXTRACT):
        if not label.strip():
            raise Refused(_("Give the arm a label, for example its treatment."))
        if study.review_id != review.pk or (group is not None and group.review_id != review.pk):
            raise Refused(_("The study and the group must belong to this review."))
        key = slugify(label)[:40] or "arm"
        if Arm.objects.filter(study=study, key=key).exists():
            raise Refused(_("The study has an arm “%(label)s”: choose another label.") % {"label": label})
        # Not from the first submitted entry on: the refusal would tell that somebody has submitted one.
        if Entry.objects.filter(study=study, kind=Entry.Kind.CONSENSUS).exists():
            raise Refused(_("This study is settled: its arms are fixed now."))
        last = Arm.objects.filter(study=study).aggregate(last=Max("position"))["last"]
        arm = Arm.objects.create(
            study=study,
            key=key,
            label=label.strip(),
            group=group,
            allocation=_allocation(group, is_mixed=is_mixed),
            position=(last or 0) + 1,
        )
        audit(
            user=user,
            review=review,
            action="add_arm",
            subject=f"study:{study.number}",
            arm=key,
            group=group.key if group else "",
            allocation=arm.allocation,
        )
        return arm


def _allocation(group: ArmGroup | None, *, is_mixed: bool) -> Arm.Allocation:
    if group is None:
        return Arm.Allocation.UNDECIDED if is_mixed else Arm.Allocation.NONE
    return Arm.Allocation.MAJORITY if is_mixed else Arm.Allocation.STATED


def _link(*, user: User, review: Review, study: Study, report: Report) -> StudyReport:
    if study.review_id != review.pk or report.review_id != review.pk:
        raise Refused(_("The report and the study must belong to this review."))
    if not is_included(report):
        raise Refused(
            _("Record %(number)s is not included at full text, so it cannot join a study.")
            % {"number": report.record.number}
        )
    if StudyReport.objects.open().filter(study=study, report=report).exists():
        raise Refused(_("This report is linked to the study already."))
    return StudyReport.objects.create(review=review, study=study, report=report, created_by=user)
