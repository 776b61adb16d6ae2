"""Pairs of records that may be the same: what waits for people, what they answered, and bands of scores."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from reviewsite.workspace.models import Job, LedgerQuerySet, Review, User
from screening.models import DuplicateJudgement, PossibleDuplicate, Record

JOB_KIND = "compare_again"
N_SAMPLED = 10
STEPS = 20
"""Scores are counted in so many steps of equal width from 0 to 1."""
Method = DuplicateJudgement.Method


@dataclass(frozen=True)
class OpenPair:
    """A pair that nobody has judged and that no other judgement settles; `heads` stand for the two groups."""

    pk: int
    first: int
    second: int
    score: float
    heads: frozenset[int]


@dataclass(frozen=True)
class Beside:
    """The other records of the two groups of a pair, and in how many more open pairs these groups are."""

    first: list[Record]
    second: list[Record]
    n_more: int


@dataclass(frozen=True)
class Bulk:
    """Many pairs judged at once: by whom, when, how, how many of them still hold, and one of the rows."""

    pk: int
    verdict: str
    note: str
    at: datetime
    by: str
    n: int


def open_pairs(review: Review) -> list[OpenPair]:
    """Return the pairs that wait for a person, most alike first, in two queries.

    Left out is what judgements settle: a pair that was judged, two records of one group, and records of two
    groups of which a pair was judged different.
    """
    judged = DuplicateJudgement.objects.open().filter(
        review=review, verdict=DuplicateJudgement.Verdict.DIFFERENT
    )
    heads = ("first", "second", "first__canonical", "second__canonical")
    apart = {frozenset({head_a or a, head_b or b}) for a, b, head_a, head_b in judged.values_list(*heads)}
    rows = PossibleDuplicate.objects.filter(
        review=review, first__is_withdrawn=False, second__is_withdrawn=False
    ).order_by("-score", "pk")
    pairs = [
        OpenPair(pk, a, b, score, frozenset({head_a or a, head_b or b}))
        for pk, score, a, b, head_a, head_b in rows.values_list("pk", "score", *heads)
    ]
    return [pair for pair in pairs if len(pair.heads) == 2 and pair.heads not in apart]


def n_open_pairs(review: Review) -> int:
    """Count the pairs that wait for a person."""
    return len(open_pairs(review))


def next_pair(pairs: Sequence[OpenPair], skipped: Sequence[int]) -> OpenPair | None:
    """Return the pair to show next: the most alike, and those that were skipped last, in their order."""
    fresh = next((pair for pair in pairs if pair.pk not in skipped), None)
    waiting = {pair.pk: pair for pair in pairs}
    return fresh or next((waiting[pk] for pk in skipped if pk in waiting), None)


def pairs_shown(review: Review, ids: Collection[int]) -> list[PossibleDuplicate]:
    """Return these pairs with their records and sources, in the order of the ids."""
    found = (
        PossibleDuplicate.objects.filter(review=review, pk__in=ids)
        .select_related("first__source", "second__source")
        .defer("first__raw", "second__raw")
        .in_bulk()
    )
    return [found[pk] for pk in ids if pk in found]


def beside(pair: PossibleDuplicate, pairs: Sequence[OpenPair]) -> Beside:
    """Return what else belongs to the two groups of a pair."""
    heads = {record.pk: record.canonical_id or record.pk for record in (pair.first, pair.second)}
    company = (
        Record.objects.filter(Q(pk__in=heads.values()) | Q(canonical__in=heads.values()))
        .exclude(pk__in=heads)
        .only("pk", "number", "canonical")
        .order_by("number")
    )
    members: dict[int, list[Record]] = {head: [] for head in heads.values()}
    for record in company:
        members[record.canonical_id or record.pk].append(record)
    more = [one for one in pairs if one.pk != pair.pk and not one.heads.isdisjoint(heads.values())]
    return Beside(members[heads[pair.first_id]], members[heads[pair.second_id]], len(more))


def last_answer(user: User, review: Review) -> DuplicateJudgement | None:
    """Return the person's last answer to a proposed pair that still holds."""
    proposed = PossibleDuplicate.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
    answers = DuplicateJudgement.objects.open().filter(
        Exists(proposed), review=review, created_by=user, method=Method.PERSON
    )
    found: DuplicateJudgement | None = (
        answers.annotate(first_number=F("first__number"), second_number=F("second__number"))
        .order_by("-pk")
        .first()
    )
    return found


def running_comparison(review: Review) -> Job | None:
    """Return the job that compares all records of the review now."""
    unfinished = [Job.Status.QUEUED, Job.Status.RUNNING]
    # A job that was asked to stop may be dead.
    jobs = Job.objects.filter(review=review, kind=JOB_KIND, status__in=unfinished, is_cancel_requested=False)
    return jobs.order_by("-pk").first()


def in_band(pairs: Sequence[OpenPair], low: float, high: float) -> list[OpenPair]:
    """Return the pairs whose score lies in the band, both ends included."""
    return [pair for pair in pairs if low <= pair.score <= high]


def sample_of(pairs: Sequence[OpenPair], seed: int) -> list[int]:
    """Return the ids of up to ten pairs drawn at random; the same pairs and seed give the same sample."""
    ids = sorted(pair.pk for pair in pairs)
    return sorted(random.Random(seed).sample(ids, min(N_SAMPLED, len(ids))))  # noqa: S311 - a sample, no secret


def counts_by_score(pairs: Sequence[OpenPair]) -> list[tuple[float, float, int]]:
    """Count the pairs in steps of the score, the highest first: from, to and how many; empty steps are left
    out.
    """
    steps = Counter(min(int(pair.score * STEPS), STEPS - 1) for pair in pairs)
    return [(step / STEPS, (step + 1) / STEPS, steps[step]) for step in sorted(steps, reverse=True)]


def bulks_of(review: Review) -> list[Bulk]:
    """Return what was judged many at once and still holds, newest first."""
    rows = DuplicateJudgement.objects.open().filter(review=review, method=Method.BULK)
    found = (
        rows.order_by()
        .values("verdict", "note", "created_at", "created_by__name")
        .annotate(n=Count("pk"), pk=Min("pk"))
        .order_by("-created_at")
    )
    return [
        Bulk(row["pk"], row["verdict"], row["note"], row["created_at"], row["created_by__name"], row["n"])
        for row in found
    ]


def rows_of_bulk(review: Review, judgement: DuplicateJudgement) -> LedgerQuerySet:
    """Return the judgements that hold and were made at once with this one."""
    rows: LedgerQuerySet = DuplicateJudgement.objects.open().filter(
        review=review,
        method=Method.BULK,
        created_by=judgement.created_by_id,
        created_at=judgement.created_at,
    )
    return rows
