"""What was imported in the fields of a record, and who corrected it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Max

from reviewsite.workspace.models import Review
from screening.models import Record, RecordCorrection


@dataclass(frozen=True)
class Imported:
    """The value that a field had when its record was imported."""

    value: Any


@dataclass(frozen=True)
class FieldHistory:
    """One corrected field: what was imported, then its corrections, oldest first."""

    field: str
    imported: Any
    corrections: list[RecordCorrection]

    @property
    def is_as_imported(self) -> bool:
        """Say whether the field holds again what was imported."""
        return bool(self.corrections[-1].after == self.imported)


def version_of(record: Record) -> int:
    """Return the number that changes with every correction of the record; 0 before the first."""
    found = RecordCorrection.objects.filter(record=record).aggregate(last=Max("pk"))
    return found["last"] or 0


def history_of(record: Record) -> list[FieldHistory]:
    """Return the corrected fields in the order of their first correction, in one query."""
    rows = RecordCorrection.objects.filter(record=record).select_related("created_by").order_by("pk")
    by_field: dict[str, list[RecordCorrection]] = {}
    for row in rows:
        by_field.setdefault(row.field, []).append(row)
    return [FieldHistory(field, found[0].before, found) for field, found in by_field.items()]


def imported_value_of(record: Record, field: str) -> Imported | None:
    """Return what was imported in a field that has been corrected; None for any other."""
    first = RecordCorrection.objects.filter(record=record, field=field).order_by("pk").first()
    return Imported(first.before) if first else None


def correction_differences(review: Review) -> list[str]:
    """Compare the corrected fields of all records with the ledger; return a sentence for each difference.

    The open correction of a field holds the record's value, each correction begins where the one before
    ended, and a corrected field has exactly one open correction.
    """
    rows = RecordCorrection.objects.filter(review=review).select_related("record").order_by("record", "pk")
    chains: dict[tuple[int, str], list[RecordCorrection]] = {}
    for row in rows:
        chains.setdefault((row.record_id, row.field), []).append(row)
    return [
        f"Record {chain[0].record.number}, {field}: {sentence}"
        for (_pk, field), chain in chains.items()
        for sentence in _faults(field, chain)
    ]


def _faults(field: str, chain: list[RecordCorrection]) -> Iterable[str]:
    if getattr(chain[0].record, field, None) != chain[-1].after:
        yield "the stored value is not that of the last correction."
    if [row.is_open for row in chain] != [False] * (len(chain) - 1) + [True]:
        yield "not the last correction alone is open."
    if any(later.before != earlier.after for earlier, later in pairwise(chain)):
        yield "a correction does not begin where the one before it ended."
