"""Run the search for duplicates: prints, blocks, verdicts on pairs, and clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

from screening.domain.dedup.blocks import Blocks
from screening.domain.dedup.clusters import clusters
from screening.domain.dedup.contradict import contradiction
from screening.domain.dedup.decide import Level, Verdict, decide
from screening.domain.dedup.evidence import compare
from screening.domain.dedup.join import Edge, Joined, join
from screening.domain.dedup.likeness import Likeness, compare_titles
from screening.domain.dedup.model import Candidate, Findings, Match, Pair, Settings
from screening.domain.dedup.prints import Print, content_of, mark_serial_titles, print_of

_STEP = 500  # records between two calls of `progress`
_DEFAULT = Settings()
Progress = Callable[[int, int], None]
Foes = dict[Hashable, set[Hashable]]


def find_duplicates(
    candidates: Iterable[Candidate],
    *,
    new: Collection[Hashable] | None = None,
    different: Iterable[tuple[Hashable, Hashable]] = (),
    settings: Settings = _DEFAULT,
    progress: Progress | None = None,
) -> Findings:
    """Find the records that describe one publication, and the pairs that a person should look at.

    The matches join the records of one publication as a tree: n records, n − 1 matches. No two records of a
    group contradict each other. `new`: only matches and pairs with at least one of these ids are returned;
    they are what the search among all would find. `different`: pairs of ids that are never brought together,
    directly or through others, and never proposed. `progress` is called with the steps done and in all, and
    may raise to stop. Neither the order of the records nor their ids change what is found; ids are unique.
    """
    records = list(candidates)
    foes: Foes = defaultdict(set)
    apart = list(different)
    for a, b in apart:
        foes[a].add(b)
        foes[b].add(a)
    wanted = None if new is None else frozenset(new)
    prints = _collect(records, foes, progress)
    search = _Search(prints, foes, settings)
    search.run(wanted, progress, len(records))
    found = search.findings()
    if foes:
        refused = set(clusters(found.matches, apart).refused)
        found = Findings(tuple(match for match in found.matches if match not in refused), found.possible)
    if wanted is None:
        return found
    return Findings(
        tuple(match for match in found.matches if match.a in wanted or match.b in wanted),
        tuple(pair for pair in found.possible if pair.a in wanted or pair.b in wanted),
    )


def _collect(records: Sequence[Candidate], foes: Foes, progress: Progress | None) -> list[Print]:
    """Return a print for each different content; records judged different from others keep their own."""
    by_content: dict[tuple[object, ...], Print] = {}
    prints: list[Print] = []
    for number, record in enumerate(records):
        if progress and number % _STEP == 0:
            progress(number, 2 * len(records))
        content = content_of(record)
        known = by_content.get(content) if record.id not in foes else None
        if known is not None:
            known.ids.append(record.id)
            continue
        one = print_of(record)
        one.ids.append(record.id)
        prints.append(one)
        if record.id not in foes:
            by_content[content] = one
    mark_serial_titles(prints)
    for one in prints:
        one.ids.sort(key=_id_rank)
    return prints


def _id_rank(record_id: Hashable) -> tuple[int, int, str]:
    return (0, record_id, "") if isinstance(record_id, int) else (1, 0, repr(record_id))


def _content_order(prints: Sequence[Print]) -> list[int]:
    """Return each print's rank by content, so that the order of the file plays no part."""
    ranked = sorted(range(len(prints)), key=lambda n: (prints[n].sort_key, _id_rank(prints[n].ids[0])))
    order = [0] * len(prints)
    for rank, number in enumerate(ranked):
        order[number] = rank
    return order


class _Search:
    """Hold the state of one search."""

    def __init__(self, prints: Sequence[Print], foes: Foes, settings: Settings) -> None:
        self._prints = prints
        self._foes = foes
        self._settings = settings
        self._order = _content_order(prints)
        self._yes: list[Edge] = []
        self._perhaps: list[Edge] = []
        self._alike = [self._within(one) for one in prints]

    def _within(self, one: Print) -> Verdict | None:
        """Return the verdict on the records of one print with each other; None for a single record."""
        return decide(compare(one, one), self._settings) if len(one.ids) > 1 else None

    def run(self, new: frozenset[Hashable] | None, progress: Progress | None, n_records: int) -> None:
        """Compare each record with those of its blocks; with `new`, only what these reach."""
        blocks = Blocks(self._prints, self._order)
        numbers = range(len(self._prints))
        queue = [n for n in numbers if new is None or not new.isdisjoint(self._prints[n].ids)]
        is_queued = [False] * len(self._prints)
        for number in queue:
            is_queued[number] = True
        is_done = [False] * len(self._prints)
        for at, i in enumerate(queue):  # the queue grows on the way
            if progress and at % _STEP == 0:
                progress(n_records + min(at, n_records), 2 * n_records)
            is_done[i] = True
            for j in blocks.mates(i):
                if not is_done[j] and self._note(i, j) and not is_queued[j]:
                    is_queued[j] = True
                    queue.append(j)
        if progress:
            progress(2 * n_records, 2 * n_records)

    def _note(self, i: int, j: int) -> bool:
        """Decide on a pair, note the verdict, and say whether the two have anything to do with each other."""
        a, b = self._in_order(i, j)
        if not _is_worth_comparing(a, b) or self._are_foes(a, b):
            return False
        verdict = decide(compare(a, b), self._settings)
        if verdict.level is Level.NO:
            return False
        # Records that cannot be told apart although they are not surely one: no other can be joined to them.
        is_clear = all(
            within is None or within.level is Level.YES for within in (self._alike[i], self._alike[j])
        )
        (self._yes if verdict.level is Level.YES and is_clear else self._perhaps).append(Edge(i, j, verdict))
        return True

    def _are_foes(self, a: Print, b: Print) -> bool:
        return any(not self._foes[one].isdisjoint(b.ids) for one in a.ids if one in self._foes)

    def _in_order(self, i: int, j: int) -> tuple[Print, Print]:
        """Return two prints in the order of their content, so that none is compared in two ways."""
        first, second = sorted((i, j), key=self._order.__getitem__)
        return self._prints[first], self._prints[second]

    def _contradict(self, i: int, j: int) -> bool:
        a, b = self._in_order(i, j)
        return self._are_foes(a, b) or bool(contradiction(compare(a, b), self._settings))

    def findings(self) -> Findings:
        """Join what matches and return the outcome."""
        joined = join(self._yes, len(self._prints), self._order, self._contradict)
        matches = [self._match(edge) for edge in joined.kept]
        possible = list(self._possible(joined))
        for one, verdict in zip(self._prints, self._alike, strict=True):
            if verdict is None or verdict.level is Level.NO:
                continue
            for other in one.ids[1:]:
                if verdict.level is Level.YES:
                    matches.append(Match(one.ids[0], other, verdict.rule, verdict.score, verdict.detail))
                else:
                    possible.append(Pair(one.ids[0], other, verdict.score, verdict.detail))
        matches.sort(key=lambda match: (-match.score, _id_rank(match.a), _id_rank(match.b)))
        possible.sort(key=lambda pair: (-pair.score, _id_rank(pair.a), _id_rank(pair.b)))
        return Findings(tuple(matches), tuple(possible))

    def _match(self, edge: Edge) -> Match:
        a, b = sorted((self._prints[edge.a].ids[0], self._prints[edge.b].ids[0]), key=_id_rank)
        return Match(a, b, edge.verdict.rule, edge.verdict.score, edge.verdict.detail)

    def _possible(self, joined: Joined) -> Iterator[Pair]:
        """Yield the best pair between two clusters, but none between clusters that were judged different."""
        seen = self._clusters_of_foes(joined)
        edges = [*self._perhaps, *joined.refused]
        edges.sort(key=lambda e: (-e.verdict.score, *sorted((self._order[e.a], self._order[e.b]))))
        for edge in edges:
            ends = frozenset((joined.cluster[edge.a], joined.cluster[edge.b]))
            if len(ends) == 2 and ends not in seen:
                seen.add(ends)
                match = self._match(edge)
                yield Pair(match.a, match.b, match.score, match.detail)

    def _clusters_of_foes(self, joined: Joined) -> set[frozenset[int]]:
        where = {
            record_id: cluster
            for one, cluster in zip(self._prints, joined.cluster, strict=True)
            for record_id in one.ids
            if record_id in self._foes
        }
        return {
            frozenset((where[a], where[b]))
            for a, others in self._foes.items()
            for b in others
            if a in where and b in where
        }


def _is_worth_comparing(a: Print, b: Print) -> bool:
    """Say whether two records have enough in common for a full comparison."""
    if a.title.compact == b.title.compact or not a.title.compact or not b.title.compact:
        return True
    if a.abstract and a.abstract[:100] == b.abstract[:100]:
        return True
    if (a.doi and a.doi == b.doi) or (a.pmid and a.pmid == b.pmid):
        return True
    is_one_page = not a.place.volume.isdisjoint(b.place.volume) and a.place.first_page == b.place.first_page
    if is_one_page and a.place.first_page is not None:
        return True
    shared = len(a.title.words & b.title.words)
    if shared * 2 < min(len(a.title.words), len(b.title.words)) and not (a.title.others or b.title.others):
        return False
    return compare_titles(a.title, b.title)[0] is not Likeness.DIFFERENT
