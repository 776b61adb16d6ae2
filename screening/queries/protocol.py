"""What the protocol says now and what it said before."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage
from screening.models import Criterion, CriterionWording, ExclusionReason, StagePolicy
from screening.queries.decisions import policy_of


@dataclass(frozen=True)
class WordedCriterion:
    """A criterion, what it says and what it said before, newest first."""

    criterion: Criterion
    wording: CriterionWording | None
    earlier: list[CriterionWording]


@dataclass(frozen=True)
class StageRules:
    """The rules of a stage now (unsaved defaults where none were set) and the earlier ones, newest first."""

    stage: Stage
    policy: StagePolicy
    is_default: bool
    earlier: list[StagePolicy]

    @property
    def needs_both(self) -> bool:
        """Tell whether there are two reviewers, of whom both must agree whatever the rule."""
        return self.policy.n_reviewers == 2


def criteria_of(review: Review, *, is_archived: bool = False) -> list[WordedCriterion]:
    """Return the criteria, inclusion first, in their order with all their wordings."""
    wordings = Prefetch(
        "wordings", CriterionWording.objects.select_related("created_by").order_by("-pk"), to_attr="said"
    )
    criteria = Criterion.objects.filter(review=review, is_archived=is_archived).prefetch_related(wordings)
    return [_worded(criterion) for criterion in criteria.order_by("-kind", "position", "pk")]


def _worded(criterion: Criterion) -> WordedCriterion:
    said: list[CriterionWording] = criterion.said  # type: ignore[attr-defined]
    wording = next((row for row in said if row.is_open), None)
    return WordedCriterion(criterion, wording, [row for row in said if not row.is_open])


def wording_of(criterion: Criterion) -> str:
    """Return what the criterion says now."""
    held: CriterionWording | None = CriterionWording.objects.open().filter(criterion=criterion).first()
    return held.text if held else ""


def reasons_of(review: Review, *, is_archived: bool = False) -> QuerySet[ExclusionReason]:
    """Return the exclusion reasons in their order."""
    return ExclusionReason.objects.filter(review=review, is_archived=is_archived).order_by("position", "pk")


def stage_rules(review: Review, stage: Stage) -> StageRules:
    """Return the rules of a stage and the earlier ones."""
    policy = policy_of(review, stage)
    earlier = StagePolicy.objects.filter(review=review, stage=stage, superseded_at__isnull=False)
    return StageRules(
        stage=stage,
        policy=policy,
        is_default=policy.pk is None,
        earlier=list(earlier.select_related("created_by").order_by("-pk")),
    )
