"""Where records come from and what the search log says."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from reviewsite.workspace.models import LedgerRow


class Source(models.Model):
    """A database, a register or another place that records came from."""

    class Kind(models.TextChoices):
        DATABASE = "database", _("Database")
        REGISTER = "register", _("Register")
        WEBSITE = "website", _("Website")
        ORGANISATION = "organisation", _("Organisation")
        CITATION_SEARCH = "citation_search", _("Citation searching, reference lists")
        PREVIOUS_REVIEW = "previous_review", _("Earlier review")
        CONTACT = "contact", _("Contact with experts")
        OTHER = "other", _("Other")

    class Arm(models.TextChoices):
        """The column of the PRISMA 2020 flow."""

        DATABASES = "databases", _("Databases and registers")
        OTHER = "other", _("Other methods")

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="sources")
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    platform = models.CharField(_("platform"), max_length=120, blank=True)
    enters_at_full_text = models.BooleanField(_("records enter at full text"), default=False)
    note = models.TextField(_("note"), blank=True)
    column_mapping = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=_("How the columns of this source's tables are read: header → field."),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["review", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key"], name="source_key_once_per_review"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "database",
                        "register",
                        "website",
                        "organisation",
                        "citation_search",
                        "previous_review",
                        "contact",
                        "other",
                    ]
                ),
                name="source_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def arm(self) -> Source.Arm:
        if self.kind in {self.Kind.DATABASE, self.Kind.REGISTER}:
            return self.Arm.DATABASES
        return self.Arm.OTHER


class Search(models.Model):
    """One run of one strategy in a source; blank hits mean not reported, never zero."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="searches")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="searches")
    searched_on = models.DateField(_("date of the search"), null=True, blank=True)
    covers = models.CharField(_("dates covered"), max_length=200, blank=True)
    limits = models.TextField(_("limits and filters"), blank=True)
    n_hits_reported = models.PositiveIntegerField(
        _("hits reported"), null=True, blank=True, help_text=_("Leave blank if it is not reported.")
    )
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["source", "pk"]
        verbose_name_plural = _("searches")

    def __str__(self) -> str:
        return f"{self.source} {self.searched_on or ''}".strip()


class SearchLine(models.Model):
    """One numbered line of a strategy with its hits."""

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("line"))
    text = models.TextField(_("text"), blank=True)
    n_hits = models.PositiveIntegerField(_("hits"), null=True, blank=True)

    class Meta:
        ordering = ["search", "number"]
        constraints = [
            models.UniqueConstraint(fields=["search", "number"], name="search_line_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class UnlistedGroup(LedgerRow):
    """Records known only as a total: n of one source that end in one box of the flow."""

    class Box(models.TextChoices):
        """The box in which the group ends."""

        DUPLICATES = "duplicates", _("Duplicate records removed")
        AUTOMATION = "excluded_automatic", _("Marked as ineligible by automation tools")
        REMOVED_OTHER = "excluded_other", _("Removed before screening for other reasons")
        EXCLUDED_TITLE_ABSTRACT = "records_excluded", _("Excluded on title and abstract")
        NOT_RETRIEVED = "notretrieved_reports", _("Reports not retrieved")
        EXCLUDED_FULL_TEXT = "reports_excluded", _("Excluded at full text")

    class Provenance(models.TextChoices):
        REPORTED = "reported", _("Reported")
        INFERRED = "inferred", _("Inferred")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="unlisted_groups")
    box = models.CharField(_("ends in"), max_length=30, choices=Box.choices)
    n = models.PositiveIntegerField(_("records"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    provenance = models.CharField(_("provenance"), max_length=10, choices=Provenance.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(n__gte=1), name="unlisted_group_not_empty"),
            models.CheckConstraint(
                condition=Q(provenance__in=["reported", "inferred"]), name="unlisted_group_provenance_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    box__in=[
                        "duplicates",
                        "excluded_automatic",
                        "excluded_other",
                        "records_excluded",
                        "notretrieved_reports",
                        "reports_excluded",
                    ]
                ),
                name="unlisted_group_box_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.get_box_display()}"
