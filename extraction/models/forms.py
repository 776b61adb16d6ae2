"""Extraction forms: versions that are published and then frozen, with typed fields."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Form(models.Model):
    """A form of a review; its fields stand in its versions."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="forms")
    slug = models.SlugField(_("address"), max_length=40)
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        ordering = ["review", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "slug"], name="form_slug_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.title


class FormVersion(models.Model):
    """One edition of a form; frozen from its publication on."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["form", "number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class Field(models.Model):
    """One question of a form with its type, scope and how it is summarised."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        INTEGER = "integer", _("Whole number")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of a list")

    class Scope(models.TextChoices):
        STUDY = "study", _("Once per study")
        ARM = "arm", _("Once per arm")

    class Summary(models.TextChoices):
        NONE = "none", _("Not summarised")
        SUM = "sum", _("Sum")
        WEIGHTED_MEAN = "weighted_mean", _("Mean weighted by arm size")
        RATIO = "ratio", _("Sum divided by the sum of the denominator")
        COUNT = "count", _("Count and per cent of the denominator")

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="fields")
    key = models.SlugField(_("key"), max_length=60)
    section = models.CharField(_("section"), max_length=120, blank=True)
    label = models.CharField(_("label"), max_length=200)
    help = models.CharField(_("help"), max_length=400, blank=True)
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.STUDY)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    choices = models.JSONField(_("list"), default=list, blank=True)
    minimum = models.DecimalField(_("lowest value"), max_digits=14, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("highest value"), max_digits=14, decimal_places=4, null=True, blank=True)
    summary = models.CharField(_("summary"), max_length=15, choices=Summary.choices, default=Summary.NONE)
    is_arm_size = models.BooleanField(_("is the size of the arm"), default=False)
    denominator_key = models.SlugField(_("denominator field"), max_length=60, blank=True)
    denominator_unit = models.CharField(_("denominator counts"), max_length=40, blank=True)
    partition = models.CharField(
        _("part of"),
        max_length=60,
        blank=True,
        help_text=_(
            "Counts with the same word here, such as “sex”, add up to the whole; the rest is “unknown”."
        ),
    )
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="field_key_once_per_version"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(is_arm_size=True), name="field_one_arm_size_per_version"
            ),
            models.CheckConstraint(
                condition=~Q(summary__in=["ratio", "count"])
                | (~Q(denominator_key="") & ~Q(denominator_unit="")),
                name="field_share_has_denominator",
            ),
        ]

    def __str__(self) -> str:
        return self.label
