"""What is compared, measured and when: groups of arms, outcomes, follow-up intervals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

TIME_UNITS = [("day", _("days")), ("week", _("weeks")), ("month", _("months")), ("year", _("years"))]


class ArmGroup(models.Model):
    """A group whose arms are pooled together, for example one procedure."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="arm_groups")
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=120)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="arm_group_key_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.label


class Outcome(models.Model):
    """What is measured, on which scale, and which direction is better."""

    class Better(models.TextChoices):
        LOWER = "lower", _("Lower is better")
        HIGHER = "higher", _("Higher is better")
        NEITHER = "neither", _("No direction")

    class Pooling(models.TextChoices):
        BY_GROUP = "by_group", _("By group")
        TOGETHER = "together", _("All groups together")
        NONE = "none", _("Not pooled")

    review = models.ForeignKey(
        "workspace.Review", on_delete=models.PROTECT, related_name="extraction_outcomes"
    )
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    scale_min = models.DecimalField(_("lowest score"), max_digits=12, decimal_places=4, null=True, blank=True)
    scale_max = models.DecimalField(
        _("highest score"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    better = models.CharField(_("direction"), max_length=10, choices=Better.choices, default=Better.NEITHER)
    pooling = models.CharField(_("pooled"), max_length=10, choices=Pooling.choices, default=Pooling.BY_GROUP)
    important_change = models.DecimalField(
        _("clinically important change"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    important_change_source = models.CharField(_("source of that change"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="outcome_key_once_per_review"),
            models.CheckConstraint(
                condition=Q(scale_min__isnull=True)
                | Q(scale_max__isnull=True)
                | Q(scale_min__lt=F("scale_max")),
                name="outcome_scale_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class FollowUpInterval(models.Model):
    """A follow-up interval with explicit edges; empty edges mean without bound."""

    class Phase(models.TextChoices):
        PRE = "pre", _("Before the intervention")
        POST = "post", _("After the intervention")

    review = models.ForeignKey(
        "workspace.Review", on_delete=models.PROTECT, related_name="follow_up_intervals"
    )
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=80)
    position = models.PositiveIntegerField(_("order"), default=0)
    phase = models.CharField(_("phase"), max_length=4, choices=Phase.choices)
    lower = models.DecimalField(_("from"), max_digits=8, decimal_places=2, null=True, blank=True)
    lower_unit = models.CharField(_("unit"), max_length=5, choices=TIME_UNITS, blank=True)
    is_lower_inclusive = models.BooleanField(_("lower edge belongs to it"), default=True)
    upper = models.DecimalField(_("to"), max_digits=8, decimal_places=2, null=True, blank=True)
    upper_unit = models.CharField(_("unit"), max_length=5, choices=TIME_UNITS, blank=True)
    is_upper_inclusive = models.BooleanField(_("upper edge belongs to it"), default=False)
    target = models.DecimalField(_("typical time"), max_digits=8, decimal_places=2, null=True, blank=True)
    target_unit = models.CharField(_("unit"), max_length=5, choices=TIME_UNITS, blank=True)

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="interval_key_once_per_review"),
            models.CheckConstraint(condition=Q(phase__in=["pre", "post"]), name="interval_phase_known"),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | ~Q(lower_unit=""), name="interval_lower_has_unit"
            ),
            models.CheckConstraint(
                condition=Q(upper__isnull=True) | ~Q(upper_unit=""), name="interval_upper_has_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.label
