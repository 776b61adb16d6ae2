"""Adjudications in the place of others: for a group of duplicates, and back when the group falls apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from reviewsite.workspace.models import Review, User
from screening.domain.groups import settle_group
from screening.domain.vocabulary import Stage
from screening.models import Adjudication, Record
from screening.queries.decisions import IN_CONFLICT
from screening.queries.duplicates import groups_around, stored_groups
from screening.queries.projections import members_at


class _StillNeeded(Exception):
    """Without the adjudication the record would be in conflict."""


def make_room(*, user: User, record: Record, stage: Stage) -> datetime:
    """Close the open adjudication of the record, if there is one, for another to be given at the moment that
    is returned; this common moment is what links the two.

    Only a conflict between duplicates asks for a second adjudication of one record.
    """
    now = timezone.now()
    Adjudication.objects.filter(record=record, stage=stage).supersede(user=user, at=now)
    return now


def _bring_back_replaced(adjudication: Adjudication) -> None:
    """Let the adjudication in whose place this one, closed now, was given hold again, as a new row."""
    replaced = (
        Adjudication.objects.filter(
            record=adjudication.record_id, stage=adjudication.stage, superseded_at=adjudication.created_at
        )
        .select_related("reason", "proposal")
        .first()
    )
    if replaced:
        Adjudication.objects.create(
            review=replaced.review,
            record=replaced.record,
            stage=replaced.stage,
            verdict=replaced.verdict,
            reason=replaced.reason,
            mode=replaced.mode,
            proposal=replaced.proposal,
            rationale=replaced.rationale,
            created_by=replaced.created_by,
        )


def close_outdated_rulings(*, user: User, review: Review, before: Mapping[int, frozenset[int]]) -> None:
    """Close each adjudication that was given for a group which a record has left and that nothing else needs.

    `before` gives the groups as they were; the new ones are stored already.
    """
    rulings = Adjudication.objects.open().filter(review=review).order_by("pk")
    touched = [pk for pk, record in rulings.values_list("pk", "record") if record in before]
    after = stored_groups(review, before) if touched else {}
    for ruling in rulings.filter(pk__in=touched).select_related("record", "review"):
        left = before[ruling.record_id] - after[ruling.record_id]
        covered = frozenset().union(*groups_around(review, [ruling.record_id], at=ruling.created_at))
        if left & covered:
            head = ruling.record.canonical_id or ruling.record_id
            _close_if_idle(user, ruling, Record.objects.get(pk=head))


def _close_if_idle(user: User, ruling: Adjudication, head: Record) -> None:
    stage = Stage(ruling.stage)
    try:
        with transaction.atomic():
            ruling.supersede(user=user)
            _bring_back_replaced(ruling)
            # What is brought back was given before the group formed, so it overrules nobody.
            own, *others = [
                replace(member, ruled_at=None) if member.id == ruling.record_id else member
                for member in members_at(ruling.review, head, stage)
            ]
            state = settle_group(own, others, stage=stage)
            if state and state.status in IN_CONFLICT:
                raise _StillNeeded
    except _StillNeeded:
        return
