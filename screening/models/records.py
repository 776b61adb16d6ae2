"""Import batches, the records read from them, and judgements about duplicates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import LedgerRow


class ImportBatch(models.Model):
    """One file from one source, from its preview to its records."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEW = "preview", _("Ready to confirm")
        UNREADABLE = "unreadable", _("Could not be read")
        STORING = "storing", _("Being imported")
        IMPORTED = "imported", _("Imported")
        DISCARDED = "discarded", _("Discarded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="import_batches")
    source = models.ForeignKey("screening.Source", on_delete=models.PROTECT, related_name="batches")
    search = models.ForeignKey(
        "screening.Search", on_delete=models.PROTECT, related_name="batches", null=True, blank=True
    )
    file = models.ForeignKey("workspace.StoredFile", on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(
        "workspace.Job", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.READING)
    format = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    n_in_file = models.PositiveIntegerField(null=True, blank=True)
    n_read = models.PositiveIntegerField(null=True, blank=True)
    problem = models.TextField(blank=True)
    column_mapping = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Columns of a table that were read otherwise than recognised: header → field."),
    )
    enters_at_full_text = models.BooleanField(_("records enter at full text"), default=False)
    difference_note = models.TextField(
        _("why the file holds another number than the hits reported"), blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = _("import batches")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "source", "file"],
                condition=Q(state="imported"),
                name="import_batch_same_file_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return self.file.name


class ImportProblem(models.Model):
    """What could not be read or deserves a remark, where, why, and the text itself.

    `is_lost` is true where a record of the file could not be read, false for a remark.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="problems")
    line = models.PositiveIntegerField()
    reason = models.TextField()
    raw = models.TextField(blank=True)
    is_lost = models.BooleanField(default=True)

    class Meta:
        ordering = ["batch", "line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class PresentRecords(models.Manager["Record"]):
    """The records that take part in the review: all but those of withdrawn batches."""

    def get_queryset(self) -> models.QuerySet[Record]:
        return super().get_queryset().filter(is_withdrawn=False)


class Record(models.Model):
    """A title/abstract entry from a source, with its raw text kept verbatim.

    `canonical` is empty on the record that stands for its group of duplicates; it is a projection of the
    duplicate judgements and is written by services alone. The other fields hold what was imported until a
    `RecordCorrection` says otherwise. `objects` leaves out the records of withdrawn batches; `everything`
    does not.
    """

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="records")
    source = models.ForeignKey("screening.Source", on_delete=models.PROTECT, related_name="records")
    line = models.PositiveIntegerField(default=0)
    raw = models.TextField()
    title = models.TextField(blank=True)
    authors = models.JSONField(default=list)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    journal = models.TextField(blank=True)
    volume = models.CharField(max_length=200, blank=True)
    issue = models.CharField(max_length=200, blank=True)
    pages = models.CharField(max_length=200, blank=True)
    doi = models.CharField(max_length=300, blank=True)
    pmid = models.CharField(max_length=20, blank=True)
    abstract = models.TextField(blank=True)
    keywords = models.JSONField(default=list)
    url = models.TextField(blank=True)
    type = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=100, blank=True)
    accession = models.CharField(max_length=200, blank=True)
    isbn_issn = models.CharField(_("ISSN or ISBN"), max_length=200, blank=True)
    database = models.CharField(
        max_length=200, blank=True, help_text=_("The database that the record itself names.")
    )
    note = models.TextField(blank=True, help_text=_("For example where the shown text comes from."))
    canonical = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="duplicates", null=True, blank=True, editable=False
    )
    is_withdrawn = models.BooleanField(default=False, editable=False)

    objects = PresentRecords()
    everything = models.Manager["Record"]()

    class Meta:
        ordering = ["review", "number"]
        base_manager_name = "everything"
        indexes = [
            # Exact duplicates of a new batch are looked up by identifier.
            models.Index(fields=["review", "doi"], name="record_doi"),
            models.Index(fields=["review", "pmid"], name="record_pmid"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="record_number_once_per_review"),
            models.CheckConstraint(
                condition=Q(canonical__isnull=True) | ~Q(canonical=F("id")),
                name="record_not_its_own_duplicate",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.number}"


class DuplicateJudgement(LedgerRow):
    """Two records are the same, or they are not; the first of the pair has the lower id."""

    class Verdict(models.TextChoices):
        SAME = "same", _("Same")
        DIFFERENT = "different", _("Different")

    class Method(models.TextChoices):
        DOI = "doi", _("Same DOI and compatible titles")
        PMID = "pmid", _("Same PMID and compatible titles")
        CITATION = "citation", _("Same citation")
        SIMILAR = "similar", _("Nearly the same citation")
        PERSON = "person", _("Judged by a person")
        BULK = "bulk", _("Judged by a person, many at once")

    first = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    score = models.FloatField(null=True, blank=True, help_text=_("From 0 to 1, of the comparison."))
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(superseded_at__isnull=True),
                name="duplicate_judgement_one_open_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="duplicate_judgement_pair_in_order"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["same", "different"]), name="duplicate_judgement_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.verdict} {self.second_id}"


class PrimaryChoice(LedgerRow):
    """A person chose the record that stands for its group; of several in one group the latest counts."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(superseded_at__isnull=True),
                name="primary_choice_one_open_per_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}"


class PossibleDuplicate(models.Model):
    """Two records that a person should compare; settled as soon as the pair is judged.

    A worklist, not evidence: the comparison can make it again at any time. `score` runs from 0 to 1.
    """

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-score", "pk"]
        indexes = [
            # The queue of pairs, most alike first.
            models.Index(fields=["review", "-score", "id"], name="possible_duplicate_queue"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="possible_duplicate_pair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="possible_duplicate_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ? {self.second_id}"


class RecordCorrection(LedgerRow):
    """A person corrected one field of a record; the oldest `before` of a field is what was imported."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=30)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "field"],
                condition=Q(superseded_at__isnull=True),
                name="record_correction_one_open_per_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}"
