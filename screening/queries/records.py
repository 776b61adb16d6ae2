"""Records: the list with its filters, one record, and where it stands.

Statuses are safe to show and to filter by: they change only when a record settles under the stage's rules.
Decisions are not read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, Left, Length

from reviewsite.workspace.models import Review
from screening.domain.search import pattern_of, words_of
from screening.domain.vocabulary import Stage, Status
from screening.models import ImportBatch, Record, Source, StageState

RAW_SHOWN = 100_000  # characters; more would make the page of the record too large to use
N_LISTED = 200  # authors and keywords that the page of a record lists


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
        .defer("raw", "canonical__raw", "canonical__abstract")
        .annotate(
            n_duplicates=n_records_by("canonical"),
            raw_shown=Left("raw", RAW_SHOWN),
            n_raw=Length("raw"),
        )
    )


def raw_of(review: Review, number: int) -> str | None:
    """Return the text of a record as it stood in its file; None for an unknown number."""
    return Record.objects.filter(review=review, number=number).values_list("raw", flat=True).first()


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
    """Keep the records that hold every word in title, authors, journal, abstract, DOI or number."""
    records = records.annotate(authors_text=Cast("authors", TextField()))
    for word in words_of(text):
        pattern = pattern_of(word)
        # SQLite keeps the list of authors as ASCII with escapes, PostgreSQL as it is.
        found = Q(authors_text__iregex=pattern_of(word, is_escaped=True))
        for field in ("title", "journal", "abstract", "doi"):
            found |= Q(**{f"{field}__iregex": pattern})
        number = word.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(number=int(number))
        records = records.filter(found)
    return records
