"""Derive where a group of duplicates stands when several of its records were settled before they met."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from screening.domain.consensus import Settlement
from screening.domain.vocabulary import Stage, Status

SETTLED = (Status.INCLUDED, Status.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Member:
    """Hold what one record's own evidence says at a stage, None where it never reached it.

    `covers` names the records that were in one group with it when its adjudication was given, at `ruled_at`.
    """

    id: Hashable
    own: Settlement | None
    ruled_at: datetime | None = None
    covers: frozenset[Hashable] = frozenset()

    @property
    def is_settled(self) -> bool:
        """Tell whether its own evidence includes or excludes it."""
        return self.own is not None and self.own.status in SETTLED


def settle_group(head: Member, others: Sequence[Member], *, stage: Stage) -> Settlement | None:
    """Settle the record that stands for a group; None where its own evidence does not bring it to the stage.

    1. What the head's own decisions leave open stays open: decisions on duplicates do not count.
    2. Settled duplicates that agree with the head change nothing.
    3. Where included stands against excluded, the group is in conflict; two exclusions for different reasons
    are a reason conflict at full text.
    4. An adjudication overrules the verdicts of all records that were in the group when it was given, so it
    resolves such a conflict; a record that joins later can open a new one.
    """
    members = [head, *others]
    if not head.is_settled and not _is_overruled(head, members):
        return head.own
    against = clashing(head, others)
    if not against:
        return _standing(members)[0].own
    if len({member.own.status for member in against if member.own}) > 1:
        return Settlement(Status.CONFLICT)
    return Settlement(Status.REASON_CONFLICT) if stage is Stage.FULL_TEXT else Settlement(Status.EXCLUDED)


def clashing(head: Member, others: Sequence[Member]) -> list[Member]:
    """Return the members whose verdicts stand against each other, the head first if it is one of them.

    None while the head's own decisions leave it open, and none where all verdicts agree.
    """
    members = [head, *others]
    if not head.is_settled and not _is_overruled(head, members):
        return []
    standing = _standing(members)
    return standing if len({member.own for member in standing}) > 1 else []


def _standing(members: Sequence[Member]) -> list[Member]:
    """Return the members whose own verdict counts: settled, and overruled by no adjudication."""
    return [member for member in members if member.is_settled and not _is_overruled(member, members)]


def _is_overruled(member: Member, members: Sequence[Member]) -> bool:
    return any(
        other.ruled_at is not None
        and member.id in other.covers
        and (member.ruled_at is None or member.ruled_at < other.ruled_at)
        for other in members
        if other is not member
    )
