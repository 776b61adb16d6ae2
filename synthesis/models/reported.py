"""Printed numbers and how they must relate, for the page *reported against computed*."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportedCell(models.Model):
    """One printed number with what the workbench would compute for it."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="reported_cells")
    key = models.CharField(max_length=120)
    table = models.CharField(_("table"), max_length=40)
    row = models.CharField(_("row"), max_length=200)
    column = models.CharField(_("column"), max_length=120, blank=True)
    statistic = models.CharField(_("statistic"), max_length=20)
    value = models.DecimalField(_("printed"), max_digits=20, decimal_places=6)
    n_decimals = models.PositiveSmallIntegerField(_("printed decimals"), default=0)
    computes = models.JSONField(_("computed from"), default=dict)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="reported_cell_key_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.key


class ReportedRelation(models.Model):
    """A relation that printed cells must keep, such as parts that make up a whole."""

    review = models.ForeignKey(
        "workspace.Review", on_delete=models.PROTECT, related_name="reported_relations"
    )
    kind = models.CharField(_("kind"), max_length=40)
    cells = models.JSONField(_("cells"), default=dict)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["review", "position", "pk"]

    def __str__(self) -> str:
        return self.kind
