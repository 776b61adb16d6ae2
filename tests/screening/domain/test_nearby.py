"""Comparing with what is near gives what comparing with all gives."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import pytest

from screening.domain.dedup import Candidate, Findings, find_duplicates
from screening.domain.nearby import nearby
from tests.screening.domain.dedup.hard_pairs import paper
from tests.screening.domain.dedup.test_hard_pairs import PAIRS

EVERYBODY = [
    replace(record, id=f"{pair.name}/{place}")
    for pair in PAIRS
    for place, record in enumerate((pair.first, pair.second))
]


@pytest.fixture(scope="module")
def among_all() -> Findings:
    return find_duplicates(EVERYBODY)


def _with(one: Hashable, found: Findings) -> set[frozenset[Hashable]]:
    return {
        frozenset((pair.a, pair.b)) for pair in (*found.matches, *found.possible) if one in (pair.a, pair.b)
    }


@pytest.mark.parametrize("place", range(0, len(EVERYBODY), 5))
def test_nothing_that_the_comparison_finds_is_left_out(place: int, among_all: Findings) -> None:
    one = EVERYBODY[place].id
    near = nearby(EVERYBODY, {one})
    assert _with(one, find_duplicates(near, new={one})) == _with(one, among_all)


def test_records_with_nothing_in_common_are_left_out() -> None:
    near = nearby(EVERYBODY, {EVERYBODY[0].id})
    assert len(near) < len(EVERYBODY) / 3


@pytest.mark.parametrize(
    "other",
    [
        Candidate("b", title="warm SOCKS and Knitting for invented sailors"),
        Candidate("b", authors=("EXEMPLE M",), year=2012),
        Candidate("b", volume="Vol. 9", pages="p. 77-80"),
        Candidate("b", url="https://example.org/NCT90000001"),
        Candidate("b", doi="https://doi.org/10.5555/EX.0001"),
    ],
)
def test_one_thing_in_common_is_enough(other: Candidate) -> None:
    one = paper(
        1,
        "Knitting of warm socks",
        authors=("Éxemple, M.", "Sample, B."),
        year=2010,
        volume="9",
        pages="77",
        doi="10.5555/ex.0001",
        accession="90000001",
    )
    one = replace(one, id="a")
    assert nearby([one, other], {"a"}) == [one, other]
