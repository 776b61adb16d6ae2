"""Check that joining matches respects what people judged."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from screening.domain.dedup import Match, Rule, clusters


def test_a_pair_judged_different_never_shares_a_cluster() -> None:
    matches = [Match(1, 2, Rule.DOI), Match(2, 3, Rule.CITATION), Match(3, 4, Rule.DOI)]
    joined = clusters(matches, [(1, 3)])
    assert set(joined.groups) == {frozenset({1, 2}), frozenset({3, 4})}
    assert joined.refused == (matches[1],)


_pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] != p[1]), max_size=25)


@given(_pairs, _pairs)
def test_clusters_partition_and_respect_different_pairs(
    edges: list[tuple[int, int]], foes: list[tuple[int, int]]
) -> None:
    joined = clusters([Match(a, b, Rule.DOI) for a, b in edges], foes)
    for a, b in combinations(joined.groups, 2):
        assert a.isdisjoint(b)
    for group in joined.groups:
        assert len(group) > 1
        assert not any(a in group and b in group for a, b in foes)
    refused = {(match.a, match.b) for match in joined.refused}
    for a, b in set(edges) - refused:
        assert any(a in group and b in group for group in joined.groups)
