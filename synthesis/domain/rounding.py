"""Round half up for display: from the digits a number is written with, never from its binary form."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """Return a number as the fraction that its shortest spelling stands for: 2.675 is 2675/1000.

    Raises ValueError for infinities and for what is not a number.
    """
    if isinstance(number, Fraction):
        return number
    decimal = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not decimal.is_finite():
        raise ValueError(f"{number} cannot be rounded or averaged; it is not a finite number.")
    return Fraction(decimal)


def half_up(number: Number, decimals: int = 0) -> Decimal:
    """Round to a number of decimals, half away from zero, and keep trailing zeros; never minus zero."""
    scaled = exact(number) * 10**decimals
    whole = int(abs(scaled) + Fraction(1, 2))
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((1 if scaled < 0 and whole else 0, digits, -decimals))


def half_unit(decimals: int) -> Fraction:
    """Return the largest distance between a printed number with these decimals and what it stands for."""
    return Fraction(1, 2 * 10**decimals)


def decimals_of(printed: Decimal) -> int:
    """Return how many decimals a printed number shows; none for a whole number."""
    exponent = printed.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def percentage(part: Number, whole: Number, decimals: int = 1) -> Decimal:
    """Return part of whole in per cent, rounded once; raises ValueError when the whole is not above zero."""
    if exact(whole) <= 0:
        raise ValueError(f"There is no percentage of {whole}. Leave the cell empty.")
    return half_up(100 * exact(part) / exact(whole), decimals)
