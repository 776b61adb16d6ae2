"""What a reviewer judges next, what they judged before, and the rules beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from reviewsite.workspace.models import LedgerQuerySet, Review, User
from screening.domain.vocabulary import Stage, Status
from screening.models import CriterionWording, Decision, ReportFile, StageState
from screening.queries.decisions import own_decisions


@dataclass(frozen=True)
class OwnDecision:
    """A reviewer's open decision on a record and the numbers of the records they judged before and after
    it; without a decision, the note of the one that they took back.
    """

    decision: Decision | None
    earlier: int | None
    later: int | None
    note: str


def open_queue(user: User, review: Review, stage: Stage) -> QuerySet[StageState]:
    """Return the states that await the person's decision, in screening order; one status, so that the index
    serves.
    """
    decided = Decision.objects.open().filter(record=OuterRef("record"), stage=stage, reviewer=user)
    return (
        StageState.objects.filter(review=review, stage=stage, status=Status.AWAITING)
        .filter(~Exists(decided))
        .select_related("record", "record__source")
        .order_by("priority", "record")
    )


def next_record(
    user: User, review: Review, stage: Stage, *, after: StageState | None = None
) -> StageState | None:
    """Return the next record to judge with its state; behind the last one the queue starts again from its
    head.

    `after` is the place at which the person is, so that a record that was skipped comes back only at the
    end.
    """
    queue = open_queue(user, review, stage)
    if after is not None:
        ahead = Q(priority__gt=after.priority) | Q(priority=after.priority, record__gt=after.record_id)
        found = queue.filter(ahead).first()
        if found:
            return found
    return queue.first()


def state_of(review: Review, stage: Stage, number: int) -> StageState | None:
    """Return the state of the record with this number at the stage, if it has reached it."""
    # Asked through the record's own review, so that the index of its numbers serves.
    states = StageState.objects.filter(stage=stage, record__review=review, record__number=number)
    return states.select_related("record", "record__source").first()


def own_history(user: User, review: Review, stage: Stage) -> LedgerQuerySet:
    """Return the person's own open decisions, newest first."""
    own = own_decisions(user, review, stage).open().order_by("-pk")
    return own.select_related("record", "reason", "imported_in__file").defer("imported_in__found")


def own_decision_on(user: User, state: StageState) -> OwnDecision:
    """Return the person's open decision on the record, with its neighbours in the person's history."""
    own = Decision.objects.open().filter(review=state.review_id, stage=state.stage, reviewer=user)
    before = own.filter(pk__lt=OuterRef("pk")).order_by("-pk").values("record__number")[:1]
    behind = own.filter(pk__gt=OuterRef("pk")).order_by("pk").values("record__number")[:1]
    decision = (
        own.filter(record=state.record_id)
        .select_related("reason")
        .annotate(earlier=Subquery(before), later=Subquery(behind))
        .first()
    )
    if decision:
        return OwnDecision(decision, decision.earlier, decision.later, decision.note)
    return undecided(user, state)


def undecided(user: User, state: StageState) -> OwnDecision:
    """Return the person's place at a record on which they have no open decision: the record that they judged
    last, and the note of the decision on this one that they took back.
    """
    own = Decision.objects.filter(review=state.review_id, stage=state.stage, reviewer=user).order_by("-pk")
    last = own.open().values("record__number")[:1]
    taken_back = own.filter(record=state.record_id).exclude(imported_in__state="withdrawn")
    note = taken_back.values("note")[:1]
    here = StageState.objects.filter(pk=state.pk).annotate(last=Subquery(last), note=Subquery(note))
    found = here.values_list("last", "note").first()
    number, kept = found or (None, None)
    return OwnDecision(None, number, None, kept or "")


def wordings_in_force(review: Review) -> QuerySet[CriterionWording]:
    """Return what the criteria say now, inclusion first."""
    wordings: QuerySet[CriterionWording] = (
        CriterionWording.objects.open()
        .filter(review=review, criterion__is_archived=False)
        .annotate(kind=F("criterion__kind"))
        .order_by("-criterion__kind", "criterion__position", "criterion")
    )
    return wordings


def files_of(state: StageState) -> QuerySet[ReportFile]:
    """Return the full texts of the record's report, newest first."""
    files = ReportFile.objects.filter(report__record=state.record_id)
    return files.select_related("file", "report").order_by("-pk")
