"""Rounding half up from the digits as written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.domain.rounding import Number, decimals_of, half_up, percentage


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (2.675, 2, "2.68"),  # the binary value lies below the half
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),  # half even would give 2
        (-2.5, 0, "-3"),
        (-0.004, 2, "0.00"),
        (7, 2, "7.00"),
        (Decimal("62.345"), 2, "62.35"),
        (Fraction(2, 3), 3, "0.667"),
        (0.0, 1, "0.0"),
        (1e22, 0, "10000000000000000000000"),
    ],
)
def test_halves_round_away_from_zero(number: Number, decimals: int, text: str) -> None:
    assert str(half_up(number, decimals)) == text


@given(st.decimals(min_value=-10000, max_value=10000, places=4), st.integers(0, 4))
def test_rounding_moves_by_half_a_unit_at_most(number: Decimal, decimals: int) -> None:
    assert abs(half_up(number, decimals) - number) * 2 * 10**decimals <= 1


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1753, 3426, "51.2"), (2091, 3426, "61.0"), (1, 8, "12.5"), (0, 5, "0.0"), (1, 3, "33.3")],
)
def test_percentages(part: int, whole: int, text: str) -> None:
    assert str(percentage(part, whole)) == text


def test_a_percentage_is_rounded_once() -> None:
    assert str(percentage(2449, 100000, 0)) == "2"  # 2.449 is not 2.45 and then 2.5


def test_a_percentage_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="Leave the cell empty"):
        percentage(0, 0)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_not_finite_is_refused(number: Number) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        half_up(number, 1)


@pytest.mark.parametrize(("text", "decimals"), [("51.10", 2), ("51", 0), ("1E+2", 0)])
def test_decimals_as_printed(text: str, decimals: int) -> None:
    assert decimals_of(Decimal(text)) == decimals
