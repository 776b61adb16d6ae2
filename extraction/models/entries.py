"""Entries: what an extractor read in the reports, and what was settled from two of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from extraction.models.protocol import TIME_UNITS

MISSING_CHOICES = [
    ("not_reported", _("Not reported")),
    ("not_applicable", _("Not applicable")),
    ("unclear", _("Unclear")),
]
ORIGIN_CHOICES = [
    ("", _("Extracted")),
    ("both", _("Both entries agree")),
    ("a", _("Taken from entry A")),
    ("b", _("Taken from entry B")),
    ("third", _("Another value, with a reason")),
    ("mixed", _("Combined from both entries")),
]


class Entry(models.Model):
    """One filled form for one study; editable while a draft, frozen when submitted.

    A consensus entry is settled from two entries (`basis` double) or accepted from one (single).
    """

    class Kind(models.TextChoices):
        EXTRACTION = "extraction", _("Extraction")
        CONSENSUS = "consensus", _("Consensus")

    class Basis(models.TextChoices):
        NONE = "", _("–")
        DOUBLE = "double", _("Two independent entries")
        SINGLE = "single", _("One entry")

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="entries")
    study = models.ForeignKey("extraction.Study", on_delete=models.PROTECT, related_name="entries")
    version = models.ForeignKey("extraction.FormVersion", on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.EXTRACTION)
    basis = models.CharField(max_length=6, choices=Basis.choices, blank=True, default=Basis.NONE)
    extractor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    source_note = models.TextField(_("where the values come from"), blank=True)
    edit_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["study", "pk"]
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(
                fields=["study", "version", "extractor"],
                condition=Q(kind="extraction"),
                name="entry_one_per_extractor",
            ),
            models.UniqueConstraint(
                fields=["study", "version"], condition=Q(kind="consensus"), name="entry_one_consensus"
            ),
            models.CheckConstraint(
                condition=Q(kind="extraction", basis="")
                | Q(kind="consensus", basis__in=["double", "single"]),
                name="entry_basis_iff_consensus",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study} {self.kind}"

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None


class Value(models.Model):
    """One answer: exactly one typed column is filled; a field without a row is still blank."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="values")
    field = models.ForeignKey("extraction.Field", on_delete=models.PROTECT, related_name="+")
    slot = models.CharField(max_length=40, blank=True, default="", help_text=_("The arm's key, or empty."))
    text = models.TextField(null=True, blank=True)  # noqa: DJ001 - null is blank, "" never stands here
    integer = models.BigIntegerField(null=True, blank=True)
    number = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    choice = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001
    missing = models.CharField(max_length=15, choices=MISSING_CHOICES, null=True, blank=True)  # noqa: DJ001
    quote = models.TextField(_("quote"), blank=True)
    page = models.CharField(_("page"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)
    origin = models.CharField(max_length=5, choices=ORIGIN_CHOICES, blank=True, default="")
    rationale = models.TextField(blank=True)

    class Meta:
        ordering = ["entry", "field", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "field", "slot"], name="value_one_per_field_and_slot"),
            models.CheckConstraint(
                condition=Q(
                    text__isnull=False,
                    integer__isnull=True,
                    number__isnull=True,
                    date__isnull=True,
                    choice__isnull=True,
                    missing__isnull=True,
                )
                | Q(
                    text__isnull=True,
                    integer__isnull=False,
                    number__isnull=True,
                    date__isnull=True,
                    choice__isnull=True,
                    missing__isnull=True,
                )
                | Q(
                    text__isnull=True,
                    integer__isnull=True,
                    number__isnull=False,
                    date__isnull=True,
                    choice__isnull=True,
                    missing__isnull=True,
                )
                | Q(
                    text__isnull=True,
                    integer__isnull=True,
                    number__isnull=True,
                    date__isnull=False,
                    choice__isnull=True,
                    missing__isnull=True,
                )
                | Q(
                    text__isnull=True,
                    integer__isnull=True,
                    number__isnull=True,
                    date__isnull=True,
                    choice__isnull=False,
                    missing__isnull=True,
                )
                | Q(
                    text__isnull=True,
                    integer__isnull=True,
                    number__isnull=True,
                    date__isnull=True,
                    choice__isnull=True,
                    missing__isnull=False,
                ),
                name="value_exactly_one_typed_column",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} {self.slot}"


def _number(label: str) -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(label, max_digits=24, decimal_places=10, null=True, blank=True)


class Measurement(models.Model):
    """An outcome of one arm at one time, as the report states it; empty columns are not stated."""

    class Phase(models.TextChoices):
        PRE = "pre", _("Before the intervention")
        POST = "post", _("After the intervention")
        UNKNOWN = "unknown", _("Time not stated")

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="measurements")
    arm = models.ForeignKey("extraction.Arm", on_delete=models.PROTECT, related_name="+")
    outcome = models.ForeignKey("extraction.Outcome", on_delete=models.PROTECT, related_name="+")
    detail = models.CharField(_("detail"), max_length=120, blank=True, default="")
    time_label = models.CharField(_("time as stated"), max_length=120)
    phase = models.CharField(_("phase"), max_length=7, choices=Phase.choices)
    time = _number(_("time"))
    time_until = _number(_("until"))
    time_unit = models.CharField(_("unit of time"), max_length=5, choices=TIME_UNITS, blank=True)
    is_last_follow_up = models.BooleanField(_("last follow-up"), default=False)
    is_change = models.BooleanField(_("change from baseline"), default=False)
    is_subset = models.BooleanField(_("only part of the arm was measured"), default=False)
    n = models.PositiveIntegerField(_("patients analysed"), null=True, blank=True)
    mean = _number(_("mean"))
    sd = _number(_("standard deviation"))
    se = _number(_("standard error"))
    ci_low = _number(_("CI, lower"))
    ci_high = _number(_("CI, upper"))
    median = _number(_("median"))
    q1 = _number(_("first quartile"))
    q3 = _number(_("third quartile"))
    minimum = _number(_("lowest"))
    maximum = _number(_("highest"))
    events = models.PositiveIntegerField(_("events"), null=True, blank=True)
    total = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    scale_min = _number(_("scale used, lowest"))
    scale_max = _number(_("scale used, highest"))
    as_reported = models.CharField(_("as reported"), max_length=300, blank=True)
    quote = models.TextField(_("quote"), blank=True)
    page = models.CharField(_("page"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)
    note = models.TextField(_("note"), blank=True)
    origin = models.CharField(max_length=5, choices=ORIGIN_CHOICES, blank=True, default="")
    rationale = models.TextField(blank=True)

    class Meta:
        ordering = ["entry", "outcome", "arm", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "arm", "outcome", "detail", "time_label", "is_change"],
                name="measurement_once_per_entry",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["pre", "post", "unknown"]), name="measurement_phase_known"
            ),
            models.CheckConstraint(
                condition=Q(time__isnull=True) | ~Q(time_unit=""), name="measurement_time_has_unit"
            ),
            models.CheckConstraint(
                condition=Q(sd__isnull=True) | Q(sd__gte=0), name="measurement_sd_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(se__isnull=True) | Q(se__gte=0), name="measurement_se_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(ci_low__isnull=True) | Q(ci_high__isnull=True) | Q(ci_low__lte=F("ci_high")),
                name="measurement_ci_in_order",
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="measurement_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(events__isnull=True) | Q(total__isnull=True) | Q(events__lte=F("total")),
                name="measurement_events_within_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.time_label}"
