"""Overlap counts of sources."""

from __future__ import annotations

import pytest

from screening.domain.upset import Overlap, overlaps, totals

WORKS = [["a"], ["a", "b"], ["b", "a"], ["a", "b", "c"], ["c"], ["b"], []]


def test_works_are_counted_in_exactly_one_combination_largest_first() -> None:
    found = overlaps(WORKS, order=["a", "b", "c"])
    assert [("".join(sorted(one.sets)), one.n) for one in found] == [
        ("ab", 2),
        ("a", 1),
        ("b", 1),
        ("c", 1),
        ("abc", 1),
    ]


def test_sets_hold_the_works_of_all_their_combinations() -> None:
    assert totals(overlaps(WORKS, order=["a", "b", "c"])) == {"a": 4, "b": 4, "c": 2}


def test_ties_follow_the_given_order() -> None:
    assert overlaps([["x"], ["y"]], order=["y", "x"]) == [
        Overlap(frozenset({"y"}), 1),
        Overlap(frozenset({"x"}), 1),
    ]


def test_nothing_gives_nothing() -> None:
    assert overlaps([], order=["a"]) == []


def test_a_set_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="b"):
        overlaps([["b"]], order=["a"])
