"""The groups of duplicates as the pages show them, with what holds their members together or apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from reviewsite.workspace.models import Review
from screening.models import DuplicateJudgement, Record

ABSTRACT_SHOWN = 601  # characters; enough to tell two papers apart, and one to see that there is more


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
