"""Independent decisions, what resolves them, and the stored projection of where each record stands."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviewsite.workspace.models import LedgerRow
from screening.models.choices import FINAL_VERDICT_CHOICES, STAGE_CHOICES, STATUS_CHOICES, VERDICT_CHOICES

STAGE_KNOWN = Q(stage__in=["title_abstract", "full_text"])
REASON_IFF_EXCLUDED_AT_FULL_TEXT = Q(stage="full_text", verdict="exclude", reason__isnull=False) | (
    ~Q(stage="full_text", verdict="exclude") & Q(reason__isnull=True)
)


class DecisionImport(models.Model):
    """A file with decisions that were made elsewhere, from its dry run to the decisions it brought.

    `people` maps each name in the file to the id of a member, to "outcome" (nobody's decision) or to ""
    (left out); `found` holds the counts and the rows that could not be placed.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("Ready to confirm")
        IMPORTED = "imported", _("Imported")
        DISCARDED = "discarded", _("Discarded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Layout(models.TextChoices):
        ASREVIEW = "asreview", _("ASReview")
        RAYYAN = "rayyan", _("Rayyan")
        COVIDENCE = "covidence", _("Covidence")
        WORKBENCH = "workbench", _("This workbench")
        TABLE = "table", _("Table with one decision per row")

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("workspace.StoredFile", on_delete=models.PROTECT, related_name="+")
    layout = models.CharField(max_length=12, choices=Layout.choices)
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREVIEW)
    people = models.JSONField(default=dict, blank=True)
    found = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=STAGE_KNOWN, name="decision_import_stage_known")]

    def __str__(self) -> str:
        return self.file.name


class Decision(LedgerRow):
    """One reviewer's judgement of one record at one stage.

    `imported_in` is set where the decision was made elsewhere: agreement statistics leave it out.
    """

    record = models.ForeignKey("screening.Record", on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=VERDICT_CHOICES)
    reason = models.ForeignKey(
        "screening.ExclusionReason", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.TextField(_("private note"), blank=True)
    token = models.UUIDField(unique=True)
    is_blind = models.BooleanField(default=True)
    imported_in = models.ForeignKey(
        DecisionImport, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            # A reviewer's own history and queue.
            models.Index(fields=["review", "stage", "reviewer", "-created_at"], name="decision_own_history"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage", "reviewer"],
                condition=Q(superseded_at__isnull=True),
                name="decision_one_open_per_reviewer",
            ),
            models.CheckConstraint(condition=STAGE_KNOWN, name="decision_stage_known"),
            models.CheckConstraint(
                condition=Q(verdict__in=["include", "exclude"]) | Q(verdict="unsure", stage="title_abstract"),
                name="decision_verdict_known",
            ),
            models.CheckConstraint(
                condition=REASON_IFF_EXCLUDED_AT_FULL_TEXT, name="decision_reason_iff_excluded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"


class ConsensusProposal(LedgerRow):
    """What the reviewers of a conflict agree on once each of them has signed it."""

    record = models.ForeignKey("screening.Record", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    verdict = models.CharField(max_length=10, choices=FINAL_VERDICT_CHOICES)
    reason = models.ForeignKey(
        "screening.ExclusionReason", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    rationale = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage"],
                condition=Q(superseded_at__isnull=True),
                name="consensus_proposal_one_open",
            ),
            models.CheckConstraint(condition=STAGE_KNOWN, name="consensus_proposal_stage_known"),
            models.CheckConstraint(
                condition=Q(verdict__in=["include", "exclude"]), name="consensus_proposal_verdict_known"
            ),
            models.CheckConstraint(
                condition=REASON_IFF_EXCLUDED_AT_FULL_TEXT, name="consensus_proposal_reason_iff_excluded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"


class ConsensusSignature(LedgerRow):
    """One reviewer's signature under a proposal."""

    proposal = models.ForeignKey(ConsensusProposal, on_delete=models.PROTECT, related_name="signatures")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "reviewer"],
                condition=Q(superseded_at__isnull=True),
                name="consensus_signed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.reviewer_id}"


class Adjudication(LedgerRow):
    """The binding judgement on a conflict; it never touches the decisions."""

    class Mode(models.TextChoices):
        THIRD_PERSON = "third_person", _("Adjudicator")
        DISCUSSION = "discussion", _("Discussion consensus")

    record = models.ForeignKey("screening.Record", on_delete=models.PROTECT, related_name="adjudications")
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    verdict = models.CharField(max_length=10, choices=FINAL_VERDICT_CHOICES)
    reason = models.ForeignKey(
        "screening.ExclusionReason", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    mode = models.CharField(max_length=15, choices=Mode.choices)
    proposal = models.ForeignKey(
        ConsensusProposal, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    rationale = models.TextField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage"],
                condition=Q(superseded_at__isnull=True),
                name="adjudication_one_open",
            ),
            models.CheckConstraint(condition=STAGE_KNOWN, name="adjudication_stage_known"),
            models.CheckConstraint(
                condition=Q(verdict__in=["include", "exclude"]), name="adjudication_verdict_known"
            ),
            models.CheckConstraint(
                condition=REASON_IFF_EXCLUDED_AT_FULL_TEXT, name="adjudication_reason_iff_excluded"
            ),
            models.CheckConstraint(
                condition=Q(mode="third_person", proposal__isnull=True)
                | Q(mode="discussion", proposal__isnull=False),
                name="adjudication_proposal_iff_discussion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"


class ImportedOutcome(LedgerRow):
    """An outcome that another document states; nobody's decision, outside agreement statistics."""

    record = models.ForeignKey("screening.Record", on_delete=models.PROTECT, related_name="imported_outcomes")
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    verdict = models.CharField(max_length=10, choices=FINAL_VERDICT_CHOICES)
    reason = models.ForeignKey(
        "screening.ExclusionReason", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    stated_by = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    imported_in = models.ForeignKey(
        DecisionImport, on_delete=models.PROTECT, related_name="outcomes", null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "stage"],
                condition=Q(superseded_at__isnull=True),
                name="imported_outcome_one_open",
            ),
            models.CheckConstraint(condition=STAGE_KNOWN, name="imported_outcome_stage_known"),
            models.CheckConstraint(
                condition=Q(verdict__in=["include", "exclude"]), name="imported_outcome_verdict_known"
            ),
            models.CheckConstraint(
                condition=REASON_IFF_EXCLUDED_AT_FULL_TEXT, name="imported_outcome_reason_iff_excluded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.verdict}"


class StageState(models.Model):
    """Where a canonical record stands at a stage: a projection of the ledger, written by services alone."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="stage_states")
    record = models.ForeignKey("screening.Record", on_delete=models.PROTECT, related_name="stage_states")
    stage = models.CharField(max_length=20, choices=STAGE_CHOICES)
    status = models.CharField(max_length=20, choices=STATUS_CHOICES)
    reason = models.ForeignKey(
        "screening.ExclusionReason", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    priority = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["priority", "record"]
        indexes = [
            # The next record for a reviewer walks this index, one status per query.
            models.Index(
                fields=["review", "stage", "status", "priority", "record"], name="stage_state_queue"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record", "stage"], name="stage_state_once_per_record"),
            models.CheckConstraint(condition=STAGE_KNOWN, name="stage_state_stage_known"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "awaiting",
                        "conflict",
                        "reason_conflict",
                        "included",
                        "excluded",
                        "awaiting_retrieval",
                        "not_retrieved",
                    ]
                ),
                name="stage_state_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage} {self.status}"
