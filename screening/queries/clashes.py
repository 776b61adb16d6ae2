"""Conflicts between duplicates that were settled apart: which records stand against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from reviewsite.workspace.models import Review
from screening.domain.groups import clashing
from screening.domain.vocabulary import Stage
from screening.models import ExclusionReason, Record
from screening.models.choices import STATUS_CHOICES
from screening.queries.projections import members_at

_LABELS = dict(STATUS_CHOICES)


@dataclass(frozen=True)
class Standing:
    """A record of a group, and how it was settled by itself; no decision of anybody."""

    record: Record
    status: str
    reason: str

    @property
    def label(self) -> str:
        """Return the status in the reader's language."""
        return str(_LABELS[self.status])


def clash_of(review: Review, head: Record, stage: Stage) -> list[Standing]:
    """Return the records of a group whose settled outcomes stand against each other, the one that stands for
    it first; none where they agree or where the record's own decisions leave it open.
    """
    if not Record.objects.filter(canonical=head).exists():
        return []
    own, *others = members_at(review, head, stage)
    against = clashing(own, others)
    records = Record.objects.in_bulk([member.id for member in against])
    reasons = dict(ExclusionReason.objects.filter(review=review).values_list("pk", "label"))
    settled = [(cast(int, member.id), member.own) for member in against if member.own]
    return [Standing(records[pk], own.status, reasons.get(cast(int, own.reason), "")) for pk, own in settled]
