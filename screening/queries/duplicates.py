"""Groups of duplicates as the judgements say, and exact duplicates that nobody has judged yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from reviewsite.workspace.models import Review
from screening.domain.duplicates import Candidate, Match, Method, clusters, find_exact
from screening.domain.parsing import ParsedRecord
from screening.models import DuplicateJudgement, Record, Source

DATABASE_KINDS = (Source.Kind.DATABASE, Source.Kind.REGISTER)
ABSTRACT_SHOWN = 601  # characters; enough to tell two papers apart, and one to see that there is more
KEYS = ("pk", "doi", "pmid", "title", "year", "authors", "journal", "volume", "issue", "pages")


@dataclass(frozen=True)
class Member:
    """A record of a group and the judgements that hold it there."""

    record: Record
    judgements: list[DuplicateJudgement]
    abstract: str  # its beginning


@dataclass(frozen=True)
class Group:
    """Records that are the same: the one that stands for them and its duplicates, by number."""

    canonical: Record
    members: list[Member]

    @property
    def n_records(self) -> int:
        return len(self.members)


def expected_canonicals(review: Review, record_ids: Collection[int] | None = None) -> dict[int, int | None]:
    """Derive from the judgements which record stands for each one; None where it stands for itself.

    With `record_ids`: for these records and all that share a group with them, now or as stored. The lowest
    number among the records from databases and registers stands for its group; without such, the lowest
    number.
    """
    groups = groups_of_ids(review)
    wanted = None if record_ids is None else _with_company(review, record_ids, groups)
    records = Record.objects.filter(review=review)
    if wanted is not None:
        records = records.filter(pk__in=wanted)
        groups = [group for group in groups if not group.isdisjoint(wanted)]
    rank = {
        pk: (kind not in DATABASE_KINDS, number)
        for pk, kind, number in records.values_list("pk", "source__kind", "number")
    }
    canonicals: dict[int, int | None] = dict.fromkeys(sorted(rank), None)
    for group in groups:
        head = min(group, key=lambda pk: rank[pk])
        canonicals |= {pk: head for pk in group if pk != head}
    return canonicals


def groups_of_ids(review: Review) -> list[frozenset[int]]:
    """Return the groups of two and more record ids that the open judgements make."""
    same, different = _judged_pairs(review)
    return _groups(clusters(same, different).groups)


def _judged_pairs(review: Review) -> tuple[list[Match], list[tuple[int, int]]]:
    """Return the pairs judged the same, oldest first, and those judged different."""
    judged = DuplicateJudgement.objects.open().filter(review=review).order_by("pk")
    same: list[Match] = []
    different: list[tuple[int, int]] = []
    for first, second, verdict in judged.values_list("first", "second", "verdict"):
        if verdict == DuplicateJudgement.Verdict.SAME:
            # For joining, only the pair matters, not the rule that found it.
            same.append(Match(first, second, Method.TITLE))
        else:
            different.append((first, second))
    return same, different


def _groups(groups: Iterable[frozenset[Hashable]]) -> list[frozenset[int]]:
    """Say what is true of all groups made here: their members are ids of records."""
    return cast(list[frozenset[int]], list(groups))


def _with_company(
    review: Review, record_ids: Collection[int], groups: Iterable[frozenset[int]]
) -> frozenset[int]:
    ids = set(record_ids)
    named = Record.objects.filter(review=review, pk__in=ids, canonical__isnull=False)
    heads = {head for head in named.values_list("canonical", flat=True) if head is not None} | ids
    stored = Record.objects.filter(review=review, canonical__in=heads).values_list("pk", flat=True)
    company = ids | heads | set(stored)
    for group in groups:
        if not group.isdisjoint(company):
            company |= group
    return frozenset(company)


def matches_among(review: Review, records: Sequence[Record]) -> list[Match]:
    """Find the exact duplicates of newly stored records, among themselves and the review's canonical records.

    What would bring together records that a person judged different is left out.
    """
    new = {record.pk for record in records}
    candidates = [*_known(review, besides=new), *(_candidate(record.pk, record) for record in records)]
    matches = [match for match in find_exact(candidates) if match.a in new or match.b in new]
    same, different = _judged_pairs(review)
    refused = set(clusters([*same, *matches], different).refused)
    return [match for match in matches if match not in refused]


def n_expected_duplicates(review: Review, records: Sequence[ParsedRecord]) -> int:
    """Count the records of a file that are exact duplicates of one of the review or of another in it."""
    read = [_candidate(("file", number), record) for number, record in enumerate(records)]
    in_file = {candidate.id for candidate in read}
    groups = clusters(find_exact([*_known(review), *read])).groups
    n_new = [len(group & in_file) for group in groups]
    # Of a group that lies within the file, one record stands for it.
    return sum(n - (n == len(group)) for n, group in zip(n_new, groups, strict=True))


def _known(review: Review, besides: Collection[int] = ()) -> list[Candidate]:
    rows = Record.objects.filter(review=review, canonical__isnull=True).order_by("pk").only(*KEYS)
    return [_candidate(row.pk, row) for row in rows.iterator(chunk_size=2000) if row.pk not in besides]


def _candidate(pk: Hashable, record: Record | ParsedRecord) -> Candidate:
    return Candidate(
        id=pk,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        doi=record.doi,
        pmid=record.pmid,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
    )


def group_heads(review: Review) -> QuerySet[Record]:
    """Return the records that stand for a group of duplicates, for a paginated list."""
    has_duplicates = Exists(Record.objects.filter(canonical=OuterRef("pk")))
    return (
        Record.objects.filter(review=review, canonical__isnull=True)
        .filter(has_duplicates)
        .select_related("source")
        .defer("raw", "abstract", "keywords")
        .order_by("number")
    )


def groups_with(heads: Sequence[Record]) -> list[Group]:
    """Return the groups of these records with all members and reasons, in three queries."""
    ids = [head.pk for head in heads]
    duplicates = (
        Record.objects.filter(canonical__in=ids)
        .select_related("source")
        .defer("raw", "abstract", "keywords")
        .order_by("number")
    )
    members: dict[int, list[Record]] = {head.pk: [head] for head in heads}
    for record in duplicates:
        members[record.canonical_id or 0].append(record)
    everybody = [record.pk for group in members.values() for record in group]
    reasons = _judgements_of(everybody)
    abstracts = dict(
        Record.objects.filter(pk__in=everybody).values_list("pk", Left("abstract", ABSTRACT_SHOWN))
    )
    return [
        Group(head, [Member(found, reasons[found.pk], abstracts[found.pk]) for found in members[head.pk]])
        for head in heads
    ]


def group_of(record: Record) -> Group | None:
    """Return the group that the record belongs to; None if it has no duplicate."""
    head = record.canonical or record
    group = groups_with([head])[0]
    return group if group.n_records > 1 else None


def kept_apart(record: Record) -> list[DuplicateJudgement]:
    """Return the judgements that the record differs from another one."""
    judged = DuplicateJudgement.objects.open().filter(Q(first=record) | Q(second=record))
    apart = judged.filter(verdict=DuplicateJudgement.Verdict.DIFFERENT)
    return list(apart.select_related("first", "second", "created_by").order_by("pk"))


def _judgements_of(ids: Collection[int]) -> dict[int, list[DuplicateJudgement]]:
    same = DuplicateJudgement.objects.open().filter(verdict=DuplicateJudgement.Verdict.SAME)
    rows = (
        same.filter(Q(first__in=ids) | Q(second__in=ids))
        .select_related("created_by")
        .annotate(first_number=F("first__number"), second_number=F("second__number"))
        .order_by("pk")
    )
    found: dict[int, list[DuplicateJudgement]] = defaultdict(list)
    for judgement in rows:
        found[judgement.first_id].append(judgement)
        found[judgement.second_id].append(judgement)
    return found
