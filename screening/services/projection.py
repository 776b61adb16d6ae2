"""The only writer of `StageState`: it stores what the ledger says."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import cast

from django.utils import timezone

from reviewsite.workspace.models import Review, User
from screening.domain.consensus import Settlement
from screening.domain.vocabulary import Stage, Status
from screening.models import ImportBatch, Record, Report, StageState
from screening.queries.projections import Expected, expected_state, expected_states
from screening.services.canonicals import store_canonicals
from screening.services.rows import insert, make_alike

__all__ = ["enter_records", "expected_state", "recompute", "recompute_many"]

BATCH = 500


def recompute(record: Record, stage: Stage) -> StageState | None:
    """Store where the record stands now, at every stage that follows from it, and return its state at this
    one.

    Runs inside the transaction of the change itself. A record that passes title and abstract gets its
    report and its full-text state; one that no longer passes loses the state and keeps its report and its
    evidence.
    """
    store_states(record.review, [record.pk])
    return StageState.objects.filter(record=record, stage=stage).first()


def recompute_many(review: Review, records: Collection[int] | None = None) -> int:
    """Store where all records (or those with these ids) stand; return the number of states that changed.

    What was judged on a duplicate counts for its group: who stands for it is stored again, and where that
    record stands.
    """
    if records is None:
        return store_states(review)
    rows = Record.objects.filter(review=review, canonical__isnull=False)
    if len(records) < BATCH:
        rows = rows.filter(pk__in=records)
    head_of = dict(rows.values_list("pk", "canonical"))
    duplicates = head_of.keys() & set(records)
    changed = store_canonicals(review, duplicates)
    return store_states(review, {*records, *changed, *(head_of[pk] or pk for pk in duplicates)})


def store_states(review: Review, records: Collection[int] | None = None) -> int:
    """Store where exactly these records stand, whose groups are stored; return how many states changed."""
    expected = expected_states(review, records)
    stored = {(state.record_id, state.stage): state for state in _stored(review, records)}
    wanted = {(pk, stage): state for pk, found in expected.items() for stage, state in found.states.items()}
    gone = [state.pk for key, state in stored.items() if key not in wanted]
    changed = [
        _moved(stored[key], state) for key, state in wanted.items() if _differs(stored.get(key), state)
    ]
    new = [
        _new_state(review, pk, expected[pk].number, stage, state)
        for (pk, stage), state in wanted.items()
        if (pk, stage) not in stored
    ]
    for start in range(0, len(gone), BATCH):
        StageState.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    StageState.objects.bulk_update(changed, ["status", "reason", "changed_at"], batch_size=BATCH)
    StageState.objects.bulk_create(new, batch_size=BATCH)
    _seek_reports(review, expected)
    return len(gone) + len(changed) + len(new)


def enter_records(*, user: User, review: Review, records: Sequence[Record]) -> None:
    """Give newly imported records, on which nobody has judged yet, their first state, inside the import's
    transaction.

    Duplicates get none. Records of a batch that enters at full text get their report at once.
    """
    at_full_text = set(
        ImportBatch.objects.filter(review=review, enters_at_full_text=True).values_list("pk", flat=True)
    )
    canonical = [record for record in records if record.canonical_id is None]
    sought = [record for record in canonical if record.batch_id in at_full_text]
    screened = [record for record in canonical if record.batch_id not in at_full_text]
    _enter(review, screened, Stage.TITLE_ABSTRACT, Status.AWAITING)
    _enter(review, sought, Stage.FULL_TEXT, Status.AWAITING_RETRIEVAL)
    Report.objects.bulk_create([Report(review=review, record=record) for record in sought], batch_size=BATCH)


def screening_order(review: Review, number: int) -> int:
    """Return the place of a record in the random order, whose seed is the review and the record's number."""
    digest = hashlib.sha256(f"{review.pk}:{number}".encode()).digest()
    return int.from_bytes(digest[:7], "big")


def _enter(review: Review, records: Sequence[Record], stage: Stage, status: Status) -> None:
    if records:
        states = make_alike(
            _new_state(review, records[0].pk, records[0].number, stage, Settlement(status)),
            record_id=[record.pk for record in records],
            priority=[screening_order(review, record.number) for record in records],
        )
        insert(states)


def _new_state(review: Review, pk: int, number: int, stage: Stage, state: Settlement) -> StageState:
    return StageState(
        review_id=review.pk,
        record_id=pk,
        stage=stage,
        status=state.status,
        reason_id=cast(int | None, state.reason),
        priority=screening_order(review, number),
    )


def _stored(review: Review, records: Collection[int] | None) -> Iterable[StageState]:
    states = StageState.objects.filter(review=review)
    if records is None or len(records) >= BATCH:
        chosen = None if records is None else set(records)
        return [state for state in states if chosen is None or state.record_id in chosen]
    return states.filter(record__in=records)


def _differs(stored: StageState | None, right: Settlement) -> bool:
    return stored is not None and (stored.status, stored.reason_id) != (right.status, right.reason)


def _moved(state: StageState, right: Settlement) -> StageState:
    state.status, state.reason_id, state.changed_at = right.status, right.reason, timezone.now()  # type: ignore[assignment]
    return state


def _seek_reports(review: Review, expected: dict[int, Expected]) -> None:
    sought = {pk for pk, found in expected.items() if Stage.FULL_TEXT in found.states}
    if not sought:
        return
    reports = Report.objects.filter(review=review)
    if len(sought) < BATCH:
        reports = reports.filter(record__in=sought)
    known = set(reports.values_list("record", flat=True))
    Report.objects.bulk_create(
        [Report(review=review, record_id=pk) for pk in sorted(sought - known)], batch_size=BATCH
    )
