"""What the protocol fixes: criteria, exclusion reasons and the rules of each stage."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from reviewsite.workspace.models import LedgerRow
from screening.domain.vocabulary import AgreementRule, UnsurePolicy
from screening.models.choices import RULE_CHOICES, STAGE_CHOICES, UNSURE_CHOICES


class Criterion(models.Model):
    """An eligibility rule; what it says stands in its wordings."""

    class Kind(models.TextChoices):
        INCLUSION = "inclusion", _("Inclusion")
        EXCLUSION = "exclusion", _("Exclusion")

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="criteria")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField(_("order"), default=0)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["review", "-kind", "position", "pk"]
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["inclusion", "exclusion"]), name="criterion_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"


class CriterionWording(LedgerRow):
    """What a criterion said from one day to another."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="wordings")
    text = models.TextField(_("wording"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion"],
                condition=Q(superseded_at__isnull=True),
                name="criterion_one_open_wording",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="criterion_wording_not_blank"),
        ]

    def __str__(self) -> str:
        return self.text


class ExclusionReason(models.Model):
    """Why a report leaves at full text; renaming keeps its identity, a used one is archived."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="exclusion_reasons")
    code = models.SlugField(_("code"), max_length=20)
    label = models.CharField(_("label"), max_length=200)
    position = models.PositiveIntegerField(_("order"), default=0)
    is_archived = models.BooleanField(_("archived"), default=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["review", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "code"], name="exclusion_reason_code_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.label


class StagePolicy(LedgerRow):
    """How many reviewers a stage needs and how their decisions settle."""

    stage = models.CharField(_("stage"), max_length=20, choices=STAGE_CHOICES)
    n_reviewers = models.PositiveSmallIntegerField(_("reviewers per record"), default=2)
    unsure = models.CharField(
        _("policy for “maybe”"), max_length=10, choices=UNSURE_CHOICES, default=UnsurePolicy.ADVANCE.value
    )
    rule = models.CharField(
        _("agreement"), max_length=12, choices=RULE_CHOICES, default=AgreementRule.UNANIMOUS.value
    )
    shows_decisions = models.BooleanField(_("adjudicators see the decisions"), default=True)
    may_resolve_own = models.BooleanField(_("reviewers may adjudicate their own conflicts"), default=False)
    note = models.TextField(_("reason for this rule or change"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "stage"],
                condition=Q(superseded_at__isnull=True),
                name="stage_policy_one_open",
            ),
            models.CheckConstraint(
                condition=Q(n_reviewers__gte=1, n_reviewers__lte=3), name="stage_policy_reviewers_1_to_3"
            ),
            models.CheckConstraint(
                condition=Q(unsure__in=["advance", "discuss", "neutral"]), name="stage_policy_unsure_known"
            ),
            models.CheckConstraint(
                condition=Q(rule__in=["unanimous", "majority", "any_include"]), name="stage_policy_rule_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.n_reviewers}"
