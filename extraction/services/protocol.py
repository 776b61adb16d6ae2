"""Set up what is extracted: groups of arms, outcomes and follow-up intervals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from extraction.domain.intervals import Interval, standard_six
from extraction.models import ArmGroup, FollowUpInterval, Outcome
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business


def add_arm_group(*, user: User, review: Review, key: str, label: str) -> ArmGroup:
    """Add a group whose arms are pooled together. Refused: a key that is taken."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        if ArmGroup.objects.filter(review=review, key=key).exists():
            raise Refused(_("There is a group with the key “%(key)s”: choose another one.") % {"key": key})
        group = ArmGroup.objects.create(review=review, key=key, label=label, position=_next(ArmGroup, review))
        audit(user=user, review=review, action="add_arm_group", subject=f"group:{key}", label=label)
        return group


def add_outcome(
    *,
    user: User,
    review: Review,
    key: str,
    label: str,
    unit: str = "",
    scale_min: Decimal | None = None,
    scale_max: Decimal | None = None,
    better: str = Outcome.Better.NEITHER,
    pooling: str = Outcome.Pooling.BY_GROUP,
    important_change: Decimal | None = None,
    important_change_source: str = "",
) -> Outcome:
    """Add an outcome. Refused: a key that is taken, or a scale whose ends are not in order."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        if Outcome.objects.filter(review=review, key=key).exists():
            raise Refused(_("There is an outcome with the key “%(key)s”: choose another one.") % {"key": key})
        if scale_min is not None and scale_max is not None and scale_min >= scale_max:
            raise Refused(_("The lowest score of the scale must be below its highest score."))
        outcome = Outcome.objects.create(
            review=review,
            key=key,
            label=label,
            unit=unit,
            scale_min=scale_min,
            scale_max=scale_max,
            better=better,
            pooling=pooling,
            important_change=important_change,
            important_change_source=important_change_source,
            position=_next(Outcome, review),
        )
        audit(user=user, review=review, action="add_outcome", subject=f"outcome:{key}", label=label)
        return outcome


def set_intervals(
    *, user: User, review: Review, intervals: Sequence[Interval] | None = None
) -> list[FollowUpInterval]:
    """Replace the review's follow-up intervals; without a list, by the six standard ones.

    Intervals carry no evidence: measurements keep their own time and find their interval anew.
    """
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        FollowUpInterval.objects.filter(review=review).delete()
        rows = [
            _interval_row(review, position, interval)
            for position, interval in enumerate(intervals or standard_six(), start=1)
        ]
        stored = FollowUpInterval.objects.bulk_create(rows)
        audit(user=user, review=review, action="set_intervals", intervals=[row.label for row in stored])
        return stored


def _interval_row(review: Review, position: int, interval: Interval) -> FollowUpInterval:
    def parts(edge: object) -> tuple[Decimal | None, str]:
        return (edge.value, edge.unit.value) if edge is not None else (None, "")  # type: ignore[attr-defined]

    lower, lower_unit = parts(interval.lower)
    upper, upper_unit = parts(interval.upper)
    target, target_unit = parts(interval.target)
    return FollowUpInterval(
        review=review,
        key=interval.key,
        label=interval.label,
        position=position,
        phase=interval.phase.value,
        lower=lower,
        lower_unit=lower_unit,
        is_lower_inclusive=interval.lower_inclusive,
        upper=upper,
        upper_unit=upper_unit,
        is_upper_inclusive=interval.upper_inclusive,
        target=target,
        target_unit=target_unit,
    )


def _next(model: type[ArmGroup] | type[Outcome], review: Review) -> int:
    last: int | None = model.objects.filter(review=review).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
