"""Join matching prints into clusters in which no pair contradicts another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from screening.domain.dedup.decide import Verdict

_MARGIN = 0.1  # a match so much better than another is kept when the two cannot both hold
_CHECKED = 60  # members of a cluster that are checked against a newcomer


@dataclass(frozen=True, slots=True)
class Edge:
    """Hold the verdict on two prints, named by their position."""

    a: int
    b: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Joined:
    """Hold each print's cluster, the matches that made the clusters, and those that were refused."""

    cluster: Sequence[int]
    kept: tuple[Edge, ...]
    refused: tuple[Edge, ...]


def join(
    edges: Iterable[Edge], n_prints: int, order: Sequence[int], contradict: Callable[[int, int], bool]
) -> Joined:
    """Join the best matches first; a match that would bring contradicting prints together is refused.

    Of two matches of one print whose other ends contradict each other, the weaker is refused, and both if
    they are about equally good. `order` ranks the prints by content, so that equal scores are taken in an
    order that does not depend on the file.
    """
    near: dict[int, dict[int, Edge]] = defaultdict(dict)
    for edge in edges:
        near[edge.a][edge.b] = near[edge.b][edge.a] = edge
    refused = _ambiguous(near, contradict)
    forest = _Forest(n_prints, near, contradict)
    kept = []
    rest = {edge for others in near.values() for edge in others.values()} - refused
    for edge in sorted(rest, key=lambda one: _rank(one, order)):
        if forest.is_joined(edge):
            continue
        if forest.join(edge):
            kept.append(edge)
        else:
            refused.add(edge)
    cluster = [forest.root(number) for number in range(n_prints)]
    return Joined(cluster, tuple(kept), tuple(sorted(refused, key=lambda one: _rank(one, order))))


def _rank(edge: Edge, order: Sequence[int]) -> tuple[float, int, int]:
    first, second = sorted((order[edge.a], order[edge.b]))
    return -edge.verdict.score, first, second


def _ambiguous(near: dict[int, dict[int, Edge]], contradict: Callable[[int, int], bool]) -> set[Edge]:
    """Return the matches of prints that match two others which contradict each other."""
    refused = set()
    for edges in near.values():
        others = list(edges)
        for position, x in enumerate(others):
            for y in others[position + 1 :]:
                if y in near[x] or not contradict(x, y):
                    continue
                gap = edges[x].verdict.score - edges[y].verdict.score
                if gap < _MARGIN:
                    refused.add(edges[x])
                if gap > -_MARGIN:
                    refused.add(edges[y])
    return refused


class _Forest:
    """Hold the clusters while they grow."""

    def __init__(
        self, n_prints: int, near: dict[int, dict[int, Edge]], contradict: Callable[[int, int], bool]
    ) -> None:
        self._parent = list(range(n_prints))
        self._members: dict[int, list[int]] = {}
        self._near = near
        self._contradict = contradict

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def is_joined(self, edge: Edge) -> bool:
        return self.root(edge.a) == self.root(edge.b)

    def join(self, edge: Edge) -> bool:
        """Join two clusters unless a pair across them contradicts; say whether they were joined."""
        a, b = self.root(edge.a), self.root(edge.b)
        mine, theirs = self._members.get(a, [a]), self._members.get(b, [b])
        for x in mine[:_CHECKED]:
            known = self._near[x]
            if any(y not in known and self._contradict(x, y) for y in theirs[:_CHECKED]):
                return False
        self._parent[b] = a
        self._members[a] = mine + theirs
        self._members.pop(b, None)
        return True
