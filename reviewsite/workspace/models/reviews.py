"""The review: the tenant to which everything else belongs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

COUNTERS = ("last_record_number", "last_study_number", "last_audit_sequence")


class Review(models.Model):
    """A systematic review with its question and registration."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    question = models.TextField(_("question"), blank=True)
    population = models.TextField(_("population"), blank=True)
    intervention = models.TextField(_("intervention"), blank=True)
    comparison = models.TextField(_("comparison"), blank=True)
    outcomes = models.TextField(_("outcomes"), blank=True)
    registration = models.CharField(
        _("registration"), max_length=200, blank=True, help_text=_("For example a PROSPERO number.")
    )
    registration_url = models.URLField(_("registration link"), blank=True)
    is_read_only = models.BooleanField(_("read-only"), default=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)
    last_record_number = models.PositiveIntegerField(default=0, editable=False)
    last_study_number = models.PositiveIntegerField(default=0, editable=False)
    last_audit_sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    history = HistoricalRecords(excluded_fields=list(COUNTERS))

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save all but the counters of an existing review; only `update()` under the lock moves them."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name for field in self._meta.concrete_fields if field.name not in {"id", *COUNTERS}
            ]
        super().save(*args, **kwargs)
