"""How far screening is, in numbers that tell nothing of another person's unsettled decisions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from reviewsite.workspace.models import Review, User
from screening.domain.vocabulary import Stage, Status
from screening.models import StageState
from screening.queries.decisions import own_decisions
from screening.queries.queue import open_queue


@dataclass(frozen=True)
class OwnProgress:
    """How many records the person has decided and how many wait for them."""

    done: int
    remaining: int

    @property
    def total(self) -> int:
        return self.done + self.remaining


def own(user: User, review: Review, stage: Stage) -> OwnProgress:
    """Count the person's own open decisions and the records that await one of them."""
    done = own_decisions(user, review, stage).open().count()
    return OwnProgress(done, open_queue(user, review, stage).count())


def stage_counts(review: Review, stage: Stage) -> dict[Status, int]:
    """Count the records at the stage by status, each status named.

    A status changes only when a record settles, so that everybody may see these numbers: records without a
    decision and records with some of their decisions are both "awaiting".
    """
    rows = StageState.objects.filter(review=review, stage=stage).order_by().values_list("status")
    counted = dict(rows.annotate(n=Count("pk")))
    return {status: counted.get(status.value, 0) for status in Status}
