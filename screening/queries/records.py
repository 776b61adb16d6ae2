"""Records: the list with its filters, one record, and where it stands.

Statuses are safe to show and to filter by: they change only when a record settles under the stage's rules.
Decisions are not read here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage, Status
from screening.models import ImportBatch, Record, Source, StageState


class Standing(StrEnum):
    """Whether a record stands for itself or belongs to a group of duplicates."""

    UNIQUE = "unique"
    DUPLICATE = "duplicate"
    GROUPED = "grouped"


class Order(StrEnum):
    """How the list may be ordered."""

    NUMBER = "number"
    TITLE = "title"
    NEWEST = "newest"
    OLDEST = "oldest"


_ORDERS: dict[Order, tuple[str, ...]] = {
    Order.NUMBER: ("number",),
    Order.TITLE: ("title", "number"),
    Order.NEWEST: ("-year", "number"),
    Order.OLDEST: ("year", "number"),
}


@dataclass(frozen=True)
class RecordFilter:
    """What a list of records is narrowed to; empty fields narrow nothing."""

    text: str = ""
    source: Source | None = None
    batch: ImportBatch | None = None
    standing: Standing | None = None
    title_abstract: Status | None = None
    full_text: Status | None = None
    order: Order = Order.NUMBER


def records_of(review: Review, wanted: RecordFilter | None = None) -> QuerySet[Record]:
    """Return the records that pass the filter, each with its source, its group and its states, for a list."""
    chosen = wanted or RecordFilter()
    records = Record.objects.filter(review=review)
    if chosen.text.strip():
        records = _matching(records, chosen.text.strip())
    if chosen.source:
        records = records.filter(source=chosen.source)
    if chosen.batch:
        records = records.filter(batch=chosen.batch)
    if chosen.standing:
        records = _standing(records, chosen.standing)
    for stage, status in (
        (Stage.TITLE_ABSTRACT, chosen.title_abstract),
        (Stage.FULL_TEXT, chosen.full_text),
    ):
        if status:
            records = records.filter(
                Exists(StageState.objects.filter(record=OuterRef("pk"), stage=stage, status=status))
            )
    return (
        records.select_related("source", "canonical")
        .prefetch_related(_states())
        .defer("raw", "abstract", "keywords", "canonical__raw", "canonical__abstract")
        .order_by(*_ORDERS[chosen.order])
    )


def n_records_by(field: str, **only: object) -> Coalesce:
    """Return a count of the records whose `field` is the outer row, without grouping the outer rows."""
    counted = Record.objects.filter(**{field: OuterRef("pk")}, **only).order_by().values(field)
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)


def record_page(review: Review) -> QuerySet[Record]:
    """Return the records with everything that one record's page shows."""
    return (
        Record.objects.filter(review=review)
        .select_related("source", "batch__file", "batch__search", "canonical")
        .prefetch_related(_states())
        .annotate(n_duplicates=Count("duplicates"))
    )


def _states() -> Prefetch[str, QuerySet[StageState], str]:
    # "title_abstract" is the earlier stage and the later word.
    return Prefetch("stage_states", StageState.objects.select_related("reason").order_by("-stage"))


def _standing(records: QuerySet[Record], standing: Standing) -> QuerySet[Record]:
    if standing is Standing.DUPLICATE:
        return records.filter(canonical__isnull=False)
    if standing is Standing.UNIQUE:
        return records.filter(canonical__isnull=True)
    has_duplicates = Exists(Record.objects.filter(canonical=OuterRef("pk")))
    return records.filter(Q(canonical__isnull=False) | has_duplicates)


def _matching(records: QuerySet[Record], text: str) -> QuerySet[Record]:
    """Find the text in title, authors, DOI and, if it is a number, in the record numbers."""
    number = text.removeprefix("#")
    found = Q(title__icontains=text) | Q(doi__icontains=text) | Q(authors_text__icontains=text)
    # SQLite keeps the list of authors as ASCII with escapes, PostgreSQL as it is.
    found |= Q(authors_text__icontains=json.dumps(text)[1:-1])
    if number.isascii() and number.isdigit() and len(number) < 10:
        found |= Q(number=int(number))
    return records.annotate(authors_text=Cast("authors", TextField())).filter(found)
