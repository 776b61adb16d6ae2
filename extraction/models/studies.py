"""Studies, the reports that inform on them, and their arms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import LedgerRow


class Study(models.Model):
    """An investigation; it has one or more reports."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="studies")
    number = models.PositiveIntegerField()
    label = models.CharField(_("label"), max_length=120, help_text=_("For example first author and year."))
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["review", "number"]
        verbose_name_plural = _("studies")
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="study_number_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.label


class StudyReport(LedgerRow):
    """This report informs on this study."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="links")
    report = models.ForeignKey("screening.Report", on_delete=models.PROTECT, related_name="study_links")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "report"],
                condition=Q(superseded_at__isnull=True),
                name="study_report_linked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.report_id}"


class Arm(models.Model):
    """A group of patients within a study; a single-arm series has one arm, the whole cohort."""

    class Allocation(models.TextChoices):
        STATED = "stated", _("Group stated in the report")
        MAJORITY = "majority", _("Mixed; allocated to the more frequent group")
        UNDECIDED = "undecided", _("Mixed; which group is more frequent is not known")
        NONE = "none", _("Not pooled")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="arms")
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=120)
    group = models.ForeignKey(
        "extraction.ArmGroup", on_delete=models.PROTECT, related_name="arms", null=True, blank=True
    )
    allocation = models.CharField(_("allocation"), max_length=10, choices=Allocation.choices)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["study", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "key"], name="arm_key_once_per_study"),
            models.CheckConstraint(
                condition=Q(allocation__in=["stated", "majority"], group__isnull=False)
                | Q(allocation__in=["undecided", "none"], group__isnull=True),
                name="arm_group_iff_allocated",
            ),
        ]

    def __str__(self) -> str:
        return self.label
