"""What the report on de-duplication says: the method, counts per source, their overlap, and the groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min

from reviewsite.workspace.models import Review
from screening.domain.upset import Overlap, overlaps
from screening.models import DuplicateJudgement, PossibleDuplicate, Record, Source
from screening.queries.possible_duplicates import n_open_pairs

Method = DuplicateJudgement.Method
Verdict = DuplicateJudgement.Verdict
AUTOMATIC = (Method.DOI, Method.PMID, Method.CITATION, Method.SIMILAR)


@dataclass(frozen=True)
class SourceCount:
    """What one source brought: records, duplicates among them, works, and works that no other source has."""

    source: Source
    n_records: int
    n_duplicates: int
    n_works: int
    n_unique: int


@dataclass(frozen=True)
class DedupReport:
    """The numbers of the report. A work is a record that stands for itself or for its group."""

    n_records: int
    n_works: int
    n_groups: int
    n_duplicates: int
    n_judged: Mapping[tuple[str, str], int]
    """Judgements that hold, by method and verdict."""
    n_open: int
    lowest_score: float | None
    """Of the pairs that were proposed to people."""
    sources: list[SourceCount]
    overlaps: list[Overlap[int]]
    """By ids of sources."""

    def n_automatic(self) -> int:
        """Return how many pairs the rules joined."""
        return sum(self.n_judged.get((method, Verdict.SAME), 0) for method in AUTOMATIC)

    def n_by(self, method: str, verdict: str) -> int:
        """Return how many judgements of this method say this."""
        return self.n_judged.get((method, verdict), 0)


@dataclass(frozen=True)
class GroupRow:
    """One record of a group, and what joined it to the group; nothing for the one that stands for it."""

    group: int
    number: int
    is_primary: bool
    source: str
    title: str
    year: int | None
    doi: str
    pmid: str
    joined_with: int | None = None
    rule: str = ""
    score: float | None = None
    judged_by: str = ""
    judged_at: datetime | None = None


def report_of(review: Review) -> DedupReport:
    """Count everything that the report shows, in six queries."""
    sources = {source.pk: source for source in Source.objects.filter(review=review).order_by("pk")}
    held: dict[int, set[int]] = defaultdict(set)
    n_records: dict[int, int] = defaultdict(int)
    n_duplicates: dict[int, int] = defaultdict(int)
    heads_of_groups = set()
    rows = Record.objects.filter(review=review).order_by().values_list("pk", "canonical", "source")
    for pk, head, source in rows.iterator(chunk_size=5000):
        held[head or pk].add(source)
        n_records[source] += 1
        if head:
            n_duplicates[source] += 1
            heads_of_groups.add(head)
    return DedupReport(
        n_records=sum(n_records.values()),
        n_works=len(held),
        n_groups=len(heads_of_groups),
        n_duplicates=sum(n_duplicates.values()),
        n_judged=_n_judged(review),
        n_open=n_open_pairs(review),
        lowest_score=PossibleDuplicate.objects.filter(review=review).aggregate(low=Min("score"))["low"],
        sources=[
            SourceCount(
                source,
                n_records[pk],
                n_duplicates[pk],
                sum(pk in found for found in held.values()),
                sum(found == {pk} for found in held.values()),
            )
            for pk, source in sources.items()
            if n_records[pk]
        ],
        overlaps=overlaps(held.values(), list(sources)),
    )


def group_rows(review: Review) -> Iterator[GroupRow]:
    """Yield every record of every group, the one that stands for it first, for a table."""
    duplicates = Record.objects.filter(review=review, canonical__isnull=False)
    shown = ("pk", "number", "source__name", "title", "year", "doi", "pmid")
    members: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    for head, *values in duplicates.order_by("number").values_list("canonical", *shown):
        members[head].append(tuple(values))
    joined = _joined(review)
    heads = Record.objects.filter(review=review, canonical__isnull=True).order_by("number")
    for pk, number, *values in heads.values_list(*shown):
        if pk not in members:
            continue
        yield GroupRow(number, number, True, *values)
        inside = {pk, *(member[0] for member in members[pk])}
        for member, *described in members[pk]:
            found = next((row for row in joined[member] if row[0] in inside), None)
            yield GroupRow(number, described[0], False, *described[1:], *(found[1:] if found else ()))  # type: ignore[arg-type]


def _joined(review: Review) -> dict[object, list[tuple[object, ...]]]:
    """Return for each record the judgements that join it to others: the other's id, then what a row says."""
    same = DuplicateJudgement.objects.open().filter(review=review, verdict=Verdict.SAME).order_by("pk")
    found: dict[object, list[tuple[object, ...]]] = defaultdict(list)
    rows = same.annotate(a=F("first__number"), b=F("second__number"), by=F("created_by__name"))
    for first, second, a, b, method, score, by, at in rows.values_list(
        "first", "second", "a", "b", "method", "score", "by", "created_at"
    ):
        judged_by = "automatic" if method in AUTOMATIC else by
        found[first].append((second, b, method, score, judged_by, at))
        found[second].append((first, a, method, score, judged_by, at))
    return found


def _n_judged(review: Review) -> dict[tuple[str, str], int]:
    rows = DuplicateJudgement.objects.open().filter(review=review).order_by()
    counted = rows.values_list("method", "verdict").annotate(n=Count("pk"))
    return {(method, verdict): n for method, verdict, n in counted}


def names_of(overlap: Overlap[int], sources: Collection[SourceCount]) -> list[str]:
    """Return the names of the sources of an overlap, in the order of the report."""
    return [each.source.name for each in sources if each.source.pk in overlap.sets]
