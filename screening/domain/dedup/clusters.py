"""Join matches into groups without ever bringing together what people judged different."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

from screening.domain.dedup.model import Clusters, Match


def clusters(matches: Iterable[Match], different_pairs: Iterable[tuple[Hashable, Hashable]] = ()) -> Clusters:
    """Join matches, in their order, into groups; a match that would bring a different pair together is
    refused."""
    parent: dict[Hashable, Hashable] = {}
    members: dict[Hashable, set[Hashable]] = {}
    foes: dict[Hashable, set[Hashable]] = defaultdict(set)
    for a, b in different_pairs:
        foes[a].add(b)
        foes[b].add(a)

    def root(node: Hashable) -> Hashable:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    refused = []
    for match in matches:
        a, b = root(match.a), root(match.b)
        if a == b:
            continue
        small, large = sorted((a, b), key=lambda r: len(members.get(r, ())))
        inside_small, inside_large = members.get(small, {small}), members.get(large, {large})
        if any(not foes[one].isdisjoint(inside_large) for one in inside_small if one in foes):
            refused.append(match)
            continue
        parent[small] = large
        members[large] = inside_large
        inside_large |= inside_small
        members.pop(small, None)
    return Clusters(tuple(frozenset(group) for group in members.values()), tuple(refused))
