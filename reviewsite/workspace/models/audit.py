"""The audit feed: who did what, when, in gap-free order per review."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    """Audit events are appended and read, nothing else."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The audit feed is append-only.")

    def delete(self) -> Any:
        raise TypeError("The audit feed is append-only.")


class AuditEvent(models.Model):
    """One change, written in the transaction of the change itself."""

    review = models.ForeignKey(
        "workspace.Review", on_delete=models.PROTECT, related_name="audit_events", null=True
    )
    sequence = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = [F("review").asc(), "sequence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "sequence"],
                condition=Q(review__isnull=False),
                name="audit_sequence_once_per_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"
