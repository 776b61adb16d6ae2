"""How far people got with a record, told by what everybody may know: settled outcomes and retrievals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from reviewsite.workspace.models import Review
from screening.domain.consensus import settle
from screening.domain.vocabulary import Stage, Status
from screening.models import (
    Adjudication,
    Decision,
    ImportedOutcome,
    Report,
    ReportFile,
    RetrievalOutcome,
    StagePolicy,
)
from screening.queries.decisions import ballot_of, rules_of

OF_SCREENING = (RetrievalOutcome, ReportFile)
AT_ONCE = 400


def work_on(review: Review, record_ids: Collection[int]) -> dict[int, int]:
    """Return how far each of these records got: 3 where other work builds on its report, 2 where its report
    was sought or judged, 1 where title and abstract were settled; records without any are left out.

    Decisions count only from the moment at which they settled the record or set it in conflict: that others
    have decided may not show before. What was taken back still counts, so that the answer only ever grows.
    """
    ids = sorted(record_ids)
    level: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        for pk, reached in (*_ruled(part), *_decided(review, part), *_built_upon(part)):
            level[pk] = max(level.get(pk, 0), reached)
    return level


def _ruled(part: Sequence[int]) -> Iterator[tuple[int, int]]:
    for model in (Adjudication, ImportedOutcome):
        for pk, stage in model.objects.filter(record__in=part).values_list("record", "stage"):
            yield pk, _level(stage)


def _decided(review: Review, part: Sequence[int]) -> Iterator[tuple[int, int]]:
    decisions: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for decision in Decision.objects.filter(record__in=part).defer("note"):
        decisions[decision.record_id, decision.stage].append(decision)
    policies = list(StagePolicy.objects.filter(review=review).order_by("pk")) if decisions else []
    for (pk, stage), made in decisions.items():
        rules = [policy for policy in policies if policy.stage == stage]
        if _was_settled(made, rules, Stage(stage), review):
            yield pk, _level(stage)


def _was_settled(made: list[Decision], rules: list[StagePolicy], stage: Stage, review: Review) -> bool:
    """Replay the decisions: was the record ever included, excluded or in conflict by them?"""
    rows: Iterable[Decision | StagePolicy] = [*made, *rules]
    for moment in sorted({row.created_at for row in rows}):
        held = [row for row in made if _holds(row, moment)]
        policy = next((row for row in rules if _holds(row, moment)), StagePolicy(review=review, stage=stage))
        settled = settle([ballot_of(row) for row in held], None, rules_of(policy), stage=stage)
        if settled.status is not Status.AWAITING:
            return True
    return False


def _holds(row: Decision | StagePolicy, moment: datetime) -> bool:
    return row.created_at <= moment and (row.superseded_at is None or row.superseded_at > moment)


def _built_upon(part: Sequence[int]) -> Iterator[tuple[int, int]]:
    # Whatever points to a report builds on it, whichever app it belongs to: screening need not know them.
    for relation in Report._meta.related_objects:
        model, record = relation.related_model, f"{relation.field.name}__record"
        rows = model._default_manager.filter(**{f"{record}__in": part}).values_list(record, flat=True)
        for pk in rows:
            yield pk, 2 if model in OF_SCREENING else 3


def _level(stage: str) -> int:
    return 2 if stage == Stage.FULL_TEXT else 1
