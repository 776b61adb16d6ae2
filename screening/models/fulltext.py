"""Reports, whether their full text was retrieved, and the files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import LedgerRow


class Report(models.Model):
    """A document about a study, sought because its record passed title and abstract or entered at full text.

    Whether it takes part now follows from its record: it does while the record has a full-text stage state.
    """

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="reports")
    record = models.OneToOneField("screening.Record", on_delete=models.PROTECT, related_name="report")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["review", "record"]

    def __str__(self) -> str:
        return str(self.record)


class RetrievalOutcome(LedgerRow):
    """What came of seeking a report's full text."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        RETRIEVED = "retrieved", _("Retrieved")
        NOT_RETRIEVED = "not_retrieved", _("Not retrieved")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="retrieval_outcomes")
    status = models.CharField(_("status"), max_length=15, choices=Status.choices)
    on = models.DateField(_("date"), default=timezone.localdate)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(superseded_at__isnull=True), name="retrieval_outcome_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "retrieved", "not_retrieved"]),
                name="retrieval_outcome_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.status}"


class ReportFile(models.Model):
    """A full text (PDF) of a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("workspace.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "file"], name="report_file_once"),
        ]

    def __str__(self) -> str:
        return self.file.name
