"""Pairs that mislead tools: what differs is never joined, what is the same is found.

All records are invented. The labels follow what a careful person can tell from the records alone; they were
written without looking at the rules of the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from screening.domain.dedup import Candidate, Findings, Settings, clusters, find_duplicates
from tests.screening.domain.dedup import (
    hard_generic,
    hard_notices,
    hard_same,
    hard_same_places,
    hard_versions,
    hard_words,
)
from tests.screening.domain.dedup.hard_bridges import BRIDGES, Bridge
from tests.screening.domain.dedup.hard_pairs import HardPair, Label

PAIRS: list[HardPair] = [
    *hard_same.TITLES,
    *hard_same.AUTHORS,
    *hard_same_places.PLACES,
    *hard_same_places.IDENTIFIERS,
    *hard_notices.NOTICES,
    *hard_notices.FORMS,
    *hard_versions.PARTS,
    *hard_versions.MEETINGS,
    *hard_versions.PLACES,
    *hard_words.WORDS,
    *hard_words.SUPPLEMENTS,
    *hard_generic.GENERIC,
    *hard_generic.IDENTIFIERS,
    *hard_generic.EITHER,
]


def _records(pair: HardPair) -> tuple[Candidate, Candidate]:
    return replace(pair.first, id=f"{pair.name}/1"), replace(pair.second, id=f"{pair.name}/2")


def _pairs(label: Label, *, is_plain: bool | None = None) -> Iterable[object]:
    chosen = [pair for pair in PAIRS if pair.label is label and is_plain in (None, pair.is_plain)]
    return [pytest.param(pair, id=pair.name.replace(" ", "-")) for pair in chosen]


def _found(pair: HardPair) -> Findings:
    return find_duplicates(_records(pair))


@pytest.fixture(scope="module")
def together() -> list[frozenset[str]]:
    """Return the groups that are joined when all records are compared at once."""
    found = find_duplicates([record for pair in PAIRS for record in _records(pair)])
    return [frozenset(map(str, group)) for group in clusters(found.matches).groups]


def test_names_are_unique_and_there_are_enough() -> None:
    assert len({pair.name for pair in PAIRS}) == len(PAIRS) >= 120


@pytest.mark.parametrize("pair", _pairs(Label.DIFFERENT))
def test_two_works_are_never_joined(pair: HardPair) -> None:
    assert _found(pair).matches == (), pair.why


@pytest.mark.parametrize("pair", _pairs(Label.DIFFERENT))
def test_two_works_are_not_joined_through_others(pair: HardPair, together: list[frozenset[str]]) -> None:
    both = {f"{pair.name}/1", f"{pair.name}/2"}
    assert [group for group in together if both <= group] == [], pair.why


@pytest.mark.parametrize("pair", _pairs(Label.SAME))
def test_one_work_is_found(pair: HardPair) -> None:
    found = _found(pair)
    assert len(found.matches) + len(found.possible) == 1, pair.why


@pytest.mark.parametrize("pair", _pairs(Label.SAME, is_plain=True))
def test_one_work_beyond_doubt_is_joined(pair: HardPair) -> None:
    assert len(_found(pair).matches) == 1, pair.why


def test_no_group_holds_records_of_two_pairs(together: list[frozenset[str]]) -> None:
    assert [group for group in together if len({record.partition("/")[0] for record in group}) > 1] == []


@pytest.mark.parametrize("bridge", [pytest.param(each, id=each.name.replace(" ", "-")) for each in BRIDGES])
def test_record_between_two_works_does_not_join_them(bridge: Bridge) -> None:
    works = [replace(work, id=place) for place, work in enumerate(bridge.works)]
    found = find_duplicates([*works, replace(bridge.between, id="between")])
    assert [group for group in clusters(found.matches).groups if {0, 1} <= group] == [], bridge.why


def test_order_of_the_records_does_not_matter() -> None:
    differing = []
    for pair in PAIRS:
        first, second = _records(pair)
        there, back = find_duplicates([first, second]), find_duplicates([second, first])
        if len(there.matches) != len(back.matches):
            differing.append(pair.name)
    assert differing == []


def test_updates_of_a_review_are_one_work_where_the_review_says_so() -> None:
    (pair,) = [pair for pair in PAIRS if pair.name == "versions of a systematic review"]
    found = find_duplicates(_records(pair), settings=Settings(cochrane_updates_are_duplicates=True))
    assert len(found.matches) + len(found.possible) == 1
