"""Groups of duplicates as the judgements say, and which record stands for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from datetime import datetime
from itertools import islice
from typing import cast

from django.db.models import Q
from django.db.models.functions import Length

from reviewsite.workspace.models import Review
from screening.domain.dedup import Match, Rule, clusters
from screening.models import (
    DuplicateJudgement,
    ImportBatch,
    PrimaryChoice,
    Record,
    RecordCorrection,
    Source,
)
from screening.queries.decisions import screening_began
from screening.queries.work import work_on

DATABASE_KINDS = (Source.Kind.DATABASE, Source.Kind.REGISTER)
MANY = 400
"""From this many ids on, the rows of the whole review are read rather than an IN list."""
COMPLETENESS = ("doi", "pmid", "year", "journal", "volume", "pages")
Pairs = list[tuple[int, int]]


def expected_canonicals(review: Review, record_ids: Collection[int] | None = None) -> dict[int, int | None]:
    """Derive from the ledger which record stands for each one; None where it stands for itself.

    With `record_ids`: for these records and all that share a group with them, now or as stored. Of a group's
    records, the first of these stands for it:

    1. the one with which people got furthest (`work_on`), so that no outcome is lost;
    2. the one that a person chose last (`PrimaryChoice`);
    3. one that was imported before the review's first decision, later ones in the order of their imports:
       once screening has begun, no import puts another record under the eyes of those who screen;
    4. one from a database or register;
    5. one with an abstract, then the one with most of DOI, PMID, year, journal, volume and pages, then the
       one with the longest abstract, each as imported, so that a correction displaces no record;
    6. the lowest number.
    """
    if record_ids is None:
        groups = groups_of_ids(review)
        records = Record.objects.filter(review=review)
    else:
        wanted = _with_company(review, record_ids)
        groups = groups_around(review, wanted)
        wanted = wanted.union(*groups)
        records = Record.objects.filter(review=review)
        records = records.filter(pk__in=wanted) if len(wanted) < MANY else records
    canonicals: dict[int, int | None] = dict.fromkeys(records.order_by("pk").values_list("pk", flat=True))
    if record_ids is not None:
        canonicals = {pk: None for pk in canonicals if pk in wanted}
    rank = _ranks(review, {pk for group in groups for pk in group})
    for group in groups:
        present = group & rank.keys()
        head = min(present, key=lambda pk: rank[pk], default=None)
        canonicals |= {pk: head for pk in present if pk != head}
    return canonicals


def groups_of_ids(review: Review) -> list[frozenset[int]]:
    """Return the groups of two and more record ids that the open judgements make."""
    return groups_by(*judged_pairs(review))


def groups_around(
    review: Review, record_ids: Collection[int], *, at: datetime | None = None
) -> list[frozenset[int]]:
    """Return the groups to which these records belong, or belonged at a moment; reads no other group unless
    they are many."""
    if len(record_ids) >= MANY and at is None:
        return [group for group in groups_of_ids(review) if not group.isdisjoint(record_ids)]
    judged = DuplicateJudgement.objects.filter(review=review)
    judged = judged.open() if at is None else judged.as_of(at)
    same = judged.filter(verdict=DuplicateJudgement.Verdict.SAME)
    found: dict[int, tuple[int, int]] = {}
    known, frontier = set(record_ids), set(record_ids)
    while frontier:
        part = set(islice(frontier, MANY))
        frontier -= part
        for pk, *pair in same.filter(Q(first__in=part) | Q(second__in=part)).values_list(
            "pk", "first", "second"
        ):
            found[pk] = (pair[0], pair[1])
            frontier |= set(pair) - known
            known |= set(pair)
    if not found:
        return []
    apart = judged.filter(verdict=DuplicateJudgement.Verdict.DIFFERENT)
    if len(known) < MANY:
        apart = apart.filter(first__in=known, second__in=known)
    different = list(apart.values_list("first", "second"))
    groups = groups_by(as_matches(found[pk] for pk in sorted(found)), different)
    return [group for group in groups if not group.isdisjoint(record_ids)]


def stored_groups(review: Review, record_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return for these records and their company the group in which each is stored, itself included."""
    company = _with_company(review, record_ids)
    rows = Record.everything.filter(review=review)
    if len(company) < MANY:
        rows = rows.filter(pk__in=company)
    members: dict[int, set[int]] = defaultdict(set)
    for pk, head in rows.values_list("pk", "canonical"):
        members[head or pk].add(pk)
    return {pk: frozenset(group) for group in members.values() for pk in group if pk in company}


def groups_by(same: Iterable[Match], different: Iterable[tuple[Hashable, Hashable]]) -> list[frozenset[int]]:
    """Return the groups that these judgements make, the oldest first."""
    return cast(list[frozenset[int]], list(clusters(same, different).groups))


def judged_pairs(review: Review) -> tuple[list[Match], Pairs]:
    """Return the pairs judged the same, oldest first, and those judged different."""
    judged = DuplicateJudgement.objects.open().filter(review=review).order_by("pk")
    same: Pairs = []
    different: Pairs = []
    for first, second, verdict in judged.values_list("first", "second", "verdict"):
        (same if verdict == DuplicateJudgement.Verdict.SAME else different).append((first, second))
    return as_matches(same), different


def as_matches(pairs: Iterable[tuple[int, int]]) -> list[Match]:
    """Return judged pairs as matches: for joining, only the pair matters, not the rule that found it."""
    return [Match(first, second, Rule.CITATION) for first, second in pairs]


def _ranks(review: Review, ids: Collection[int]) -> dict[int, tuple[int | bool, ...]]:
    """Return the keys by which `expected_canonicals` sorts the records of groups."""
    if not ids:
        return {}
    level = work_on(review, ids)
    chosen = dict(PrimaryChoice.objects.open().filter(review=review).values_list("record", "pk"))
    records = Record.objects.filter(review=review)
    if len(ids) < MANY:
        records = records.filter(pk__in=ids)
    described = records.annotate(n_abstract=Length("abstract")).values_list(
        "pk", "number", "batch", "source__kind", "n_abstract", *COMPLETENESS
    )
    late, imported = _late_batches(review), _values_before_corrections(review)
    ranks: dict[int, tuple[int | bool, ...]] = {}
    for pk, number, batch, kind, n_abstract, *values in described:
        before = imported.get(pk, {})
        if "abstract" in before:
            n_abstract = len(str(before["abstract"] or ""))
        filled = [before.get(name, value) for name, value in zip(COMPLETENESS, values, strict=True)]
        ranks[pk] = (
            -level.get(pk, 0),
            -chosen.get(pk, 0),
            batch if batch in late else 0,
            kind not in DATABASE_KINDS,
            n_abstract == 0,
            -sum(map(bool, filled)),
            -n_abstract,
            number,
        )
    return ranks


def _values_before_corrections(review: Review) -> dict[int, dict[str, object]]:
    """Return for each corrected record what was imported in the corrected fields."""
    found: dict[int, dict[str, object]] = defaultdict(dict)
    rows = RecordCorrection.objects.filter(review=review).order_by("pk")
    for pk, name, before in rows.values_list("record", "field", "before"):
        found[pk].setdefault(name, before)
    return found


def _late_batches(review: Review) -> frozenset[int]:
    """Return the batches that came after the first decision; one that is being stored comes now."""
    first = screening_began(review)
    if first is None:
        return frozenset()
    batches = ImportBatch.objects.filter(review=review)
    storing = Q(imported_at__isnull=True, state=ImportBatch.State.STORING)
    return frozenset(batches.filter(Q(imported_at__gt=first) | storing).values_list("pk", flat=True))


def _with_company(review: Review, record_ids: Collection[int]) -> frozenset[int]:
    """Return the ids and those that are stored in one group with them."""
    rows = Record.everything.filter(review=review)
    if len(record_ids) < MANY:
        heads = rows.filter(pk__in=record_ids, canonical__isnull=False).values_list("canonical", flat=True)
        known = {*record_ids, *(head for head in heads if head is not None)}
        return frozenset(known.union(rows.filter(canonical__in=known).values_list("pk", flat=True)))
    members: dict[int, set[int]] = defaultdict(set)
    for pk, head in rows.filter(canonical__isnull=False).values_list("pk", "canonical"):
        members[head or 0].add(pk)
    wanted = set(record_ids)
    for head, others in members.items():
        if head in wanted or not others.isdisjoint(wanted):
            wanted |= {head, *others}
    return frozenset(wanted)
