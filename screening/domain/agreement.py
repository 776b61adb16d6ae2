"""Measure how far two reviewers agree on their first independent decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from screening.domain.vocabulary import Verdict

_Z_95 = NormalDist().inv_cdf(0.975)
_NO_PAIRS = "Not estimable: no record has two independent decisions yet."
_ONE_CATEGORY = (
    "Not estimable: both reviewers gave the same verdict to every record, so chance agreement is 1."
)
_NO_SPREAD = "No interval: the reviewers agree on every record, so the large-sample standard error is 0."

Matrix = tuple[tuple[int, ...], ...]


class UnsureCategory(StrEnum):
    """Say how an unsure counts: a category of its own (q = 3), joined to include (q = 2), or not offered (q =
    2)."""

    OWN = "own"
    JOINED_TO_INCLUDE = "joined_to_include"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Hold a coefficient with its 95 % interval; None comes with the reason why it is not estimable."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Hold the agreement of two reviewers on n records; rows of the table are the first reviewer's
    verdicts."""

    n: int
    categories: tuple[Verdict, ...]
    table: Matrix
    percent: Coefficient
    kappa: Coefficient
    pabak: Coefficient
    ac1: Coefficient

    @property
    def q(self) -> int:
        """Return the number of categories."""
        return len(self.categories)


def agreement(
    pairs: Iterable[tuple[Verdict, Verdict]], *, unsure: UnsureCategory = UnsureCategory.OWN
) -> Agreement:
    """Compare pairs of first independent decisions (first reviewer's, second reviewer's), one pair per
    record.

    Percent agreement is in percent, the other coefficients run from -1 to 1. Raises ValueError for an unsure
    where it is not offered.
    """
    categories: tuple[Verdict, ...] = (Verdict.INCLUDE, Verdict.EXCLUDE)
    if unsure is UnsureCategory.OWN:
        categories = (Verdict.INCLUDE, Verdict.UNSURE, Verdict.EXCLUDE)
    place = {verdict: i for i, verdict in enumerate(categories)}
    if unsure is UnsureCategory.JOINED_TO_INCLUDE:
        place[Verdict.UNSURE] = place[Verdict.INCLUDE]
    counts = [[0] * len(categories) for _ in categories]
    for first, second in pairs:
        if first not in place or second not in place:
            raise ValueError("A pair holds an unsure, which this stage does not offer.")
        counts[place[first]][place[second]] += 1
    table = tuple(tuple(row) for row in counts)
    n = sum(map(sum, table))
    if n == 0:
        none = Coefficient(None, why_not=_NO_PAIRS)
        return Agreement(0, categories, table, none, none, none, none)
    po = sum(table[i][i] for i in range(len(table))) / n
    return Agreement(
        n=n,
        categories=categories,
        table=table,
        percent=Coefficient(100 * po),
        kappa=cohen_kappa(table),
        pabak=Coefficient(pabak(po, len(table))),
        ac1=Coefficient(gwet_ac1(table)),
    )


def cohen_kappa(table: Matrix) -> Coefficient:
    """Estimate Cohen's kappa (Cohen 1960) with its 95 % interval from a q × q table of counts.

    The standard error is the non-null large-sample one of Fleiss, Cohen and Everitt (1969), in the form of
    Fleiss, Levin and Paik (2003), eq. 18.12-18.15: se = sqrt(A + B - C) / ((1 - Pe) sqrt(n)). The interval is
    cut at -1 and 1. Not estimable where n = 0 or Pe = 1.
    """
    n = sum(map(sum, table))
    if n == 0:
        return Coefficient(None, why_not=_NO_PAIRS)
    q = range(len(table))
    rows = [sum(table[i]) for i in q]
    columns = [sum(table[i][j] for i in q) for j in q]
    # Integers decide whether Pe is 1, so that rounding cannot.
    chance = sum(rows[i] * columns[i] for i in q)
    if chance == n * n:
        return Coefficient(None, why_not=_ONE_CATEGORY)
    n_agreed = sum(table[i][i] for i in q)
    po, pe = n_agreed / n, chance / n**2
    kappa = (po - pe) / (1 - pe)
    if n_agreed == n:
        return Coefficient(1.0, why_not=_NO_SPREAD)
    a = sum(table[i][i] / n * (1 - (rows[i] + columns[i]) / n * (1 - kappa)) ** 2 for i in q)
    b = (1 - kappa) ** 2 * sum(
        table[i][j] / n * ((columns[i] + rows[j]) / n) ** 2 for i in q for j in q if i != j
    )
    c = (kappa - pe * (1 - kappa)) ** 2
    se = sqrt(max(a + b - c, 0.0)) / ((1 - pe) * sqrt(n))
    return Coefficient(kappa, max(kappa - _Z_95 * se, -1.0), min(kappa + _Z_95 * se, 1.0))


def pabak(po: float, q: int) -> float:
    """Return the prevalence- and bias-adjusted kappa for q categories (Byrt, Bishop and Carlin 1993)."""
    return (q * po - 1) / (q - 1)


def gwet_ac1(table: Matrix) -> float:
    """Return Gwet's AC1 (Gwet 2008, eq. 7 and 8) from a q × q table with n > 0."""
    n = sum(map(sum, table))
    q = range(len(table))
    po = sum(table[i][i] for i in q) / n
    pi = [(sum(table[i]) + sum(table[j][i] for j in q)) / (2 * n) for i in q]
    pe = sum(p * (1 - p) for p in pi) / (len(table) - 1)
    return (po - pe) / (1 - pe)
