"""The only writer of `Record.canonical`: it stores which record stands for its group."""

from __future__ import annotations

from collections.abc import Collection

from reviewsite.workspace.models import Review
from screening.models import Record
from screening.queries.duplicates import expected_canonicals

ROWS_AT_ONCE = 500


def store_canonicals(review: Review, record_ids: Collection[int]) -> list[int]:
    """Store who stands for the groups of these records; return the ids of all whose place changed.

    Runs inside the transaction of the change itself; the caller stores the states again.
    """
    if not record_ids:
        return []
    expected = expected_canonicals(review, record_ids)
    records = Record.objects.filter(review=review)
    if len(expected) < ROWS_AT_ONCE:
        records = records.filter(pk__in=expected)
    stored = dict(records.values_list("pk", "canonical_id"))
    changed = sorted(pk for pk, head in expected.items() if stored[pk] != head)
    by_head: dict[int | None, list[int]] = {}
    for pk in changed:
        by_head.setdefault(expected[pk], []).append(pk)
    for head, ids in by_head.items():
        for start in range(0, len(ids), ROWS_AT_ONCE):
            Record.objects.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).update(canonical=head)
    return changed
