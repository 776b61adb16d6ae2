"""Compare records with each other, outside any transaction, and say later whether the outcome still holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from reviewsite.workspace.models import LedgerRow, Review
from screening.domain.dedup import Candidate, Clusters, Match, Pair, Settings, clusters, find_duplicates
from screening.domain.nearby import nearby
from screening.domain.parsing import ParsedRecord
from screening.models import DuplicateJudgement, Record, RecordCorrection
from screening.queries.duplicates import MANY, judged_pairs

COMPARED = (
    "pk",
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "isbn_issn",
    "abstract",
    "url",
    "accession",
    "type",
)
FEW = 3
"""Up to so many new records are compared with what is near them alone: a person waits for the answer."""
Progress = Callable[[int, int], None]
"""Takes how much is done and how much there is; may raise to stop the comparison."""
Numbers = tuple[int | None, ...]


@dataclass(frozen=True)
class Comparison:
    """What a comparison found, for which new records, and on which state of the review it rests.

    New records that are not stored yet have the ids `("new", place)`; all others that of their row. Matches
    and possible pairs that judgements have settled are left out.
    """

    matches: tuple[Match, ...]
    possible: tuple[Pair, ...]
    settings: Settings
    basis: Numbers
    n_new: int
    n_duplicates: int
    """Of the new ones; of a group that lies within them, one record stands for it."""


def compare_new(
    review: Review,
    parsed: Sequence[ParsedRecord],
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare the records of a file with each other and with all of the review; nothing is written.

    Slow on large reviews, so it belongs before the transaction that stores the file; what `progress` raises
    ends it.
    """
    read = [_candidate(("new", place), record) for place, record in enumerate(parsed)]
    return _compare(review, [candidate.id for candidate in read], read, settings, progress)


def compare_stored(
    review: Review,
    new: Collection[int] | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare the stored records with these ids with all others; without ids, all with all."""
    return _compare(review, new, [], settings, progress)


def compare_among(review: Review, ids: Collection[int]) -> Comparison:
    """Compare the stored records with these ids with each other alone."""
    basis = _basis(review)
    candidates = _stored(review, only=frozenset(ids)) if ids else []
    return _found(review, basis, candidates, None, Settings(), None)


def still_holds(review: Review, comparison: Comparison, *, before: int | None = None) -> bool:
    """Say whether neither records nor judgements changed since the comparison.

    `before` is the first id of the records that were stored since on purpose.
    """
    return comparison.basis == _basis(review, before)


def _compare(
    review: Review,
    new: Collection[Hashable] | None,
    read: Iterable[Candidate],
    settings: Settings | None,
    progress: Progress | None,
) -> Comparison:
    # Before anything is read, so that a change in between shows.
    basis = _basis(review)
    candidates = [*_stored(review), *read]
    if new is not None and len(new) <= FEW:
        candidates = nearby(candidates, new)
    return _found(review, basis, candidates, new, settings or Settings(), progress)


def _found(
    review: Review,
    basis: Numbers,
    candidates: Sequence[Candidate],
    new: Collection[Hashable] | None,
    settings: Settings,
    progress: Progress | None,
) -> Comparison:
    same, different = judged_pairs(review)
    found = find_duplicates(candidates, new=new, different=different, settings=settings, progress=progress)
    joined = clusters([*same, *found.matches], different)
    group_of = {pk: place for place, group in enumerate(joined.groups) for pk in group}
    before = {pk: place for place, group in enumerate(clusters(same, different).groups) for pk in group}
    refused = set(joined.refused)
    apart = {_groups_of(a, b, group_of) for a, b in different}
    return Comparison(
        matches=tuple(_joining((match for match in found.matches if match not in refused), before)),
        possible=tuple(pair for pair in found.possible if _is_open(pair, group_of, apart)),
        settings=settings,
        basis=basis,
        n_new=len(candidates if new is None else new),
        n_duplicates=_n_duplicates(joined, new),
    )


def _joining(matches: Iterable[Match], group_of: dict[Hashable, int]) -> Iterator[Match]:
    """Yield the matches that join what nothing has joined before: one less than the records that meet."""
    place: dict[Hashable, frozenset[Hashable]] = {}
    for match in matches:
        groups = _groups_of(match.a, match.b, group_of)
        met = {place.get(group, frozenset({group})) for group in groups}
        if len(met) == 2:
            joined = frozenset().union(*met)
            place |= dict.fromkeys(joined, joined)
            yield match


def _groups_of(a: Hashable, b: Hashable, group_of: dict[Hashable, int]) -> frozenset[Hashable]:
    """Return the groups of two records, as one key; a record without a group is its own."""
    return frozenset({("group", group_of[pk]) if pk in group_of else ("alone", pk) for pk in (a, b)})


def _is_open(pair: Pair, group_of: dict[Hashable, int], apart: Collection[frozenset[Hashable]]) -> bool:
    groups = _groups_of(pair.a, pair.b, group_of)
    return len(groups) == 2 and groups not in apart


def _n_duplicates(joined: Clusters, new: Collection[Hashable] | None) -> int:
    if new is None:
        return sum(len(group) - 1 for group in joined.groups)
    wanted = frozenset(new)
    n_new = [len(group & wanted) for group in joined.groups]
    return sum(n - (n == len(group)) for n, group in zip(n_new, joined.groups, strict=True))


def _stored(review: Review, only: frozenset[int] | None = None) -> list[Candidate]:
    records = Record.objects.filter(review=review)
    if only is not None and len(only) < MANY:
        records = records.filter(pk__in=only)
    rows = records.order_by("pk").only(*COMPARED).iterator(chunk_size=2000)
    return [_candidate(row.pk, row) for row in rows if only is None or row.pk in only]


def _candidate(pk: Hashable, record: Record | ParsedRecord) -> Candidate:
    return Candidate(
        id=pk,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        isbn_issn=getattr(record, "isbn_issn", ""),
        abstract=record.abstract,
        url=record.url,
        accession=record.accession,
        type=record.type,
    )


def _basis(review: Review, before: int | None = None) -> Numbers:
    """Return numbers that differ as soon as a record, a correction or a judgement comes or goes."""
    present = Record.objects.filter(review=review)
    if before is not None:
        present = present.filter(pk__lt=before)
    records = present.aggregate(n=Count("pk"), last=Max("pk"))
    judged, corrected = _ledger(DuplicateJudgement, review), _ledger(RecordCorrection, review)
    return (records["n"], records["last"], *judged, *corrected)


def _ledger(model: type[LedgerRow], review: Review) -> Numbers:
    is_open = Q(superseded_at__isnull=True)
    rows = model.objects.filter(review=review).aggregate(n=Count("pk", filter=is_open), last=Max("pk"))
    return rows["n"], rows["last"]
