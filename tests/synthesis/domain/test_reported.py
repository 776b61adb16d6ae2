"""Printed numbers against computed ones."""

from __future__ import annotations

from decimal import Decimal

from synthesis.domain.reported import Mark, compare_reported


def test_equal_after_rounding_is_reproduced() -> None:
    comparison = compare_reported(Decimal("62.79"), 2, 62.792609)
    assert (comparison.mark, comparison.computed) == (Mark.REPRODUCED, Decimal("62.79"))


def test_a_difference_names_both_numbers_and_its_size() -> None:
    comparison = compare_reported(Decimal(1419), 0, 1363)
    assert (comparison.mark, comparison.difference) == (Mark.DIFFERENT, Decimal(-56))
    assert comparison.sentence == "Printed 1419, computed 1363: a difference of -56."


def test_a_number_cut_off_instead_of_rounded_is_explained() -> None:
    comparison = compare_reported(Decimal("51.1"), 1, 100 * 1753 / 3426)  # 51.17
    assert comparison.mark is Mark.DIFFERENT
    assert "cut off instead of rounded" in comparison.sentence


def test_what_cannot_be_computed_is_not_derivable_and_says_why() -> None:
    comparison = compare_reported(Decimal("66.99"), 2, None, why_not="No study reports a mean KPS.")
    assert (comparison.mark, comparison.computed, comparison.difference) == (Mark.NOT_DERIVABLE, None, None)
    assert comparison.sentence == "Printed 66.99; not derivable. No study reports a mean KPS."


def test_a_computed_zero_is_not_a_missing_number() -> None:
    assert compare_reported(Decimal(0), 0, 0).mark is Mark.REPRODUCED


def test_the_coverage_stands_beside_the_computed_number() -> None:
    comparison = compare_reported(
        Decimal("7.48"), 2, 7.8222, coverage="7 of 87 studies, 333 of 1445 patients"
    )
    assert "computed 7.82 (7 of 87 studies, 333 of 1445 patients)" in comparison.sentence
