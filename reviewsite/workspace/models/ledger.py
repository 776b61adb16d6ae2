"""Evidence is a ledger: a row is inserted once and closed once, never edited or deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class LedgerQuerySet(models.QuerySet[Any]):
    """Rows of evidence; the only mutation is `supersede()`."""

    def open(self) -> Self:
        """Return the rows that hold now."""
        return self.filter(superseded_at__isnull=True)

    def as_of(self, moment: datetime) -> Self:
        """Return the rows that held at `moment`."""
        return self.filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment), created_at__lte=moment
        )

    def supersede(self, *, user: Any, at: datetime | None = None) -> int:
        """Close the open rows among these and return how many there were."""
        return models.QuerySet.update(self.open(), superseded_at=at or timezone.now(), superseded_by=user)

    def update(self, **kwargs: Any) -> int:
        raise TypeError("Evidence is never edited: insert a new row and supersede the old one.")

    def delete(self) -> Any:
        raise TypeError("Evidence is never deleted: supersede it.")


class LedgerRow(models.Model):
    """One piece of evidence in a review; `superseded_at` empty means that it holds now."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Evidence is never edited: insert a new row and supersede the old one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Evidence is never deleted: supersede it.")

    @property
    def is_open(self) -> bool:
        return self.superseded_at is None

    def supersede(self, *, user: Any) -> None:
        """Close this row; closing it twice changes nothing."""
        type(self)._default_manager.filter(pk=self.pk).supersede(user=user)
        self.refresh_from_db(fields=["superseded_at", "superseded_by"])
