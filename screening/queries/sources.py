"""The search log: sources, searches and how the hits reported compare with the records read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Prefetch, Q, QuerySet, Sum

from reviewsite.workspace.models import Review
from screening.models import ImportBatch, Search, Source, UnlistedGroup
from screening.queries.records import n_records_by

State = ImportBatch.State
COUNTING = (State.PREVIEW, State.STORING, State.IMPORTED)


class Agreement(StrEnum):
    """How the hits that a platform reported compare with what came in."""

    NOT_REPORTED = "not_reported"
    NOT_IMPORTED = "not_imported"
    EQUAL = "equal"
    EXPLAINED = "explained"
    DIFFERENT = "different"


@dataclass(frozen=True)
class HitCheck:
    """Hits reported against records read and records known only as a total, for one search."""

    n_reported: int | None
    n_read: int | None
    n_lost: int
    has_note: bool
    notes: tuple[tuple[int, str], ...] = ()
    """Why the numbers differ, as written when an import was confirmed; with the number of the import."""

    @property
    def difference(self) -> int:
        """Return records read minus hits reported; 0 where one of the two is missing."""
        if self.n_reported is None or self.n_read is None:
            return 0
        return self.n_read - self.n_reported

    @property
    def size(self) -> int:
        """Return by how many the two numbers differ."""
        return abs(self.difference)

    @property
    def agreement(self) -> Agreement:
        if self.n_reported is None:
            return Agreement.NOT_REPORTED
        if self.n_read is None:
            return Agreement.NOT_IMPORTED
        if self.difference == 0:
            return Agreement.EQUAL
        return Agreement.EXPLAINED if self.has_note or self.notes else Agreement.DIFFERENT


@dataclass(frozen=True)
class LoggedSearch:
    """A search with its comparison."""

    search: Search
    check: HitCheck


@dataclass(frozen=True)
class SourceEntry:
    """A source with its searches, its records and what is known of it only as a total."""

    source: Source
    searches: list[LoggedSearch]
    n_records: int
    n_duplicates: int
    groups: list[UnlistedGroup]

    @property
    def n_unlisted(self) -> int:
        return sum(group.n for group in self.groups)


def sources_of(review: Review) -> QuerySet[Source]:
    """Return the sources in the order in which they were added."""
    return Source.objects.filter(review=review).order_by("pk")


def searches_of(review: Review) -> QuerySet[Search]:
    """Return the searches with their sources, for choosing one."""
    return Search.objects.filter(review=review).select_related("source").order_by("source", "pk")


def search_log(review: Review) -> list[SourceEntry]:
    """Return every source with searches, counts and open unlisted groups, in a fixed number of queries."""
    imported = Q(batches__state=State.IMPORTED)
    explained = ImportBatch.objects.filter(state=State.IMPORTED).exclude(difference_note="")
    searches = (
        searches_of(review)
        .prefetch_related("lines", Prefetch("batches", explained.order_by("pk"), to_attr="explained"))
        .annotate(
            n_read=Sum("batches__n_read", filter=imported),
            n_in_file=Sum("batches__n_in_file", filter=imported),
        )
    )
    groups = Prefetch("unlisted_groups", UnlistedGroup.objects.open().order_by("pk"), to_attr="open_groups")
    sources = (
        sources_of(review)
        .annotate(
            n_records=n_records_by("source"),
            n_duplicates=n_records_by("source", canonical__isnull=False),
        )
        .prefetch_related(groups, Prefetch("searches", searches, to_attr="logged"))
    )
    return [
        SourceEntry(
            source=source,
            searches=[LoggedSearch(search, _check(search)) for search in source.logged],
            n_records=source.n_records,
            n_duplicates=source.n_duplicates,
            groups=source.open_groups,
        )
        for source in sources
    ]


def check_of(batch: ImportBatch) -> HitCheck | None:
    """Compare one batch with the hits of its search; None without a search or for a batch that never counts.

    Other batches of the same search count as read too, where they are imported or were handed in together
    with this one and wait: a long export comes in parts.
    """
    if batch.search is None or batch.state not in COUNTING:
        return None
    parts = ImportBatch.objects.filter(search=batch.search).filter(
        Q(state__in=[State.STORING, State.IMPORTED])
        | Q(state=State.PREVIEW, created_at=batch.created_at, created_by=batch.created_by_id)
        | Q(pk=batch.pk)
    )
    read = parts.aggregate(n_read=Sum("n_read"), n_in_file=Sum("n_in_file"))
    n_read, n_in_file = (read["n_read"] or 0), (read["n_in_file"] or 0)
    return HitCheck(
        n_reported=batch.search.n_hits_reported,
        n_read=None if batch.n_read is None else n_read,
        n_lost=n_in_file - n_read,
        has_note=bool(batch.search.note),
        notes=_notes(parts),
    )


def _check(search: Search) -> HitCheck:
    n_read: int | None = search.n_read  # type: ignore[attr-defined]
    n_in_file: int | None = search.n_in_file  # type: ignore[attr-defined]
    return HitCheck(
        n_reported=search.n_hits_reported,
        n_read=n_read,
        n_lost=(n_in_file or 0) - (n_read or 0),
        has_note=bool(search.note),
        notes=_notes(search.explained),  # type: ignore[attr-defined]
    )


def _notes(batches: Iterable[ImportBatch]) -> tuple[tuple[int, str], ...]:
    return tuple((batch.pk, batch.difference_note) for batch in batches if batch.difference_note)
