"""Check agreement coefficients against values worked by hand and published ones."""

from __future__ import annotations

import pytest

from screening.domain.agreement import UnsureCategory, agreement, cohen_kappa, gwet_ac1, pabak
from screening.domain.vocabulary import Verdict

I, E, U = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.UNSURE  # noqa: E741


def test_two_by_two_by_hand() -> None:
    # 20 both include, 5 and 10 disagree, 15 both exclude: Po = 35/50 = 0.7, Pe = (25*30 + 25*20)/2500 = 0.5.
    pairs = [(I, I)] * 20 + [(I, E)] * 5 + [(E, I)] * 10 + [(E, E)] * 15
    result = agreement(pairs, unsure=UnsureCategory.NOT_OFFERED)
    assert (result.n, result.q, result.table) == (50, 2, ((20, 5), (10, 15)))
    assert result.percent.value == pytest.approx(70)
    assert result.kappa.value == pytest.approx(0.4)
    assert result.pabak.value == pytest.approx(0.4)
    # pi = (25 + 30)/100 = 0.55, Pe = 2*0.55*0.45 = 0.495, AC1 = 0.205/0.505.
    assert result.ac1.value == pytest.approx(0.205 / 0.505)
    # Margins: first reviewer 0.5, 0.5; second 0.6, 0.4.
    # A = 0.4*(1-1.1*0.6)^2 + 0.3*(1-0.9*0.6)^2 = 0.04624 + 0.06348,
    # B = 0.36*(0.1*(0.6+0.5)^2 + 0.2*(0.4+0.5)^2) = 0.36*0.283 = 0.10188, C = (0.4-0.5*0.6)^2 = 0.01.
    se = (0.04624 + 0.06348 + 0.10188 - 0.01) ** 0.5 / (0.5 * 50**0.5)
    assert result.kappa.low == pytest.approx(0.4 - 1.959964 * se, abs=1e-6)
    assert result.kappa.high == pytest.approx(0.4 + 1.959964 * se, abs=1e-6)


def test_published_three_by_three_kappa() -> None:
    # Fleiss, Levin and Paik (2003), table 18.1: kappa 0.68.
    # Pe = 0.8*0.8 + 0.1*0.05 + 0.1*0.15 = 0.66, Po = 0.89.
    kappa = cohen_kappa(((75, 1, 4), (5, 4, 1), (0, 0, 10)))
    assert kappa.value == pytest.approx(0.23 / 0.34)
    assert kappa.low == pytest.approx(0.505, abs=0.002)
    assert kappa.high == pytest.approx(0.848, abs=0.002)


def test_ac1_stays_high_where_kappa_collapses() -> None:
    # Po = 118/125 = 0.944, pi = 243/250 = 0.972, Pe = 2*0.972*0.028 = 0.054432.
    table = ((118, 5), (2, 0))
    assert gwet_ac1(table) == pytest.approx((0.944 - 0.054432) / (1 - 0.054432))
    # Chance for kappa: (123*120 + 2*5)/125^2 = 14770/15625 = 0.94528.
    assert cohen_kappa(table).value == pytest.approx((0.944 - 0.94528) / (1 - 0.94528))


@pytest.mark.parametrize(
    ("po", "q", "expected"), [(0.7, 2, 0.4), (0.7, 3, 0.55), (1.0, 3, 1.0), (0.0, 2, -1.0)]
)
def test_pabak_depends_on_the_number_of_categories(po: float, q: int, expected: float) -> None:
    assert pabak(po, q) == pytest.approx(expected)


def test_unsure_is_its_own_category_or_joins_include() -> None:
    pairs = [(I, U), (U, U), (E, E), (E, U)]
    own, joined = agreement(pairs), agreement(pairs, unsure=UnsureCategory.JOINED_TO_INCLUDE)
    assert own.table == ((0, 1, 0), (0, 1, 0), (0, 1, 1))
    assert own.percent.value == pytest.approx(50)
    assert joined.table == ((2, 0), (1, 1))
    assert joined.percent.value == pytest.approx(75)


def test_nothing_is_estimable_without_pairs() -> None:
    result = agreement([])
    assert result.n == 0
    assert (result.percent.value, result.kappa.value, result.ac1.value) == (None, None, None)
    assert "no record" in result.kappa.why_not


def test_kappa_is_not_estimable_with_one_verdict_only() -> None:
    result = agreement([(E, E)] * 7)
    assert result.kappa.value is None
    assert "same verdict" in result.kappa.why_not
    assert result.percent.value == pytest.approx(100)


def test_perfect_agreement_has_no_interval() -> None:
    kappa = agreement([(E, E), (I, I)]).kappa
    assert (kappa.value, kappa.low) == (1.0, None)
    assert "No interval" in kappa.why_not


def test_an_unsure_where_none_is_offered_is_refused() -> None:
    with pytest.raises(ValueError, match="does not offer"):
        agreement([(I, U)], unsure=UnsureCategory.NOT_OFFERED)
