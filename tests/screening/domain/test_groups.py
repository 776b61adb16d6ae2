"""Groups of duplicates whose records were settled apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest

from screening.domain.consensus import Settlement
from screening.domain.groups import Member, clashing, settle_group
from screening.domain.vocabulary import Stage, Status

TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
IN, OUT, OPEN = Settlement(Status.INCLUDED), Settlement(Status.EXCLUDED), Settlement(Status.AWAITING)
CONFLICT = Settlement(Status.CONFLICT)


def member(name: str, own: Settlement | None, *, hour: int = -1, covers: str = "") -> Member:
    """A record; with an hour, one that was adjudicated then while it stood in a group with `covers`."""
    at = NOON + timedelta(hours=hour) if hour >= 0 else None
    return Member(name, own, at, frozenset(covers))


@pytest.mark.parametrize("own", [IN, OUT, OPEN, CONFLICT, None])
def test_a_record_alone_stands_where_its_own_evidence_says(own: Settlement | None) -> None:
    assert settle_group(member("a", own), [], stage=TA) == own


@pytest.mark.parametrize("own", [IN, OUT])
def test_duplicates_that_agree_or_are_open_change_nothing(own: Settlement) -> None:
    others = [member("b", own), member("c", OPEN), member("d", CONFLICT), member("e", None)]
    assert settle_group(member("a", own), others, stage=TA) == own


@pytest.mark.parametrize("own", [OPEN, CONFLICT, None])
def test_what_the_heads_own_decisions_leave_open_stays_open(own: Settlement | None) -> None:
    others = [member("b", IN), member("c", OUT)]
    assert settle_group(member("a", own), others, stage=TA) == own
    assert clashing(member("a", own), others) == []


def test_included_against_excluded_is_a_conflict_whoever_stands_for_the_group() -> None:
    everybody = [member("a", IN), member("b", OUT), member("c", IN), member("d", OPEN)]
    for head, *others in permutations(everybody):
        expected = OPEN if head.id == "d" else CONFLICT
        assert settle_group(head, others, stage=TA) == expected


def test_exclusions_for_different_reasons_are_a_reason_conflict_at_full_text() -> None:
    first, second = Settlement(Status.EXCLUDED, 1), Settlement(Status.EXCLUDED, 2)
    assert settle_group(member("a", first), [member("b", second)], stage=FT) == Settlement(
        Status.REASON_CONFLICT
    )
    assert settle_group(member("a", first), [member("b", first)], stage=FT) == first


def test_included_against_excluded_is_a_conflict_at_full_text_whatever_the_reasons() -> None:
    others = [member("b", Settlement(Status.EXCLUDED, 1)), member("c", Settlement(Status.EXCLUDED, 2))]
    assert settle_group(member("a", IN), others, stage=FT) == CONFLICT


@pytest.mark.parametrize(("verdict", "other"), list(product([IN, OUT], repeat=2)))
def test_an_adjudication_given_in_the_group_holds_for_all_of_it(
    verdict: Settlement, other: Settlement
) -> None:
    head = member("a", verdict, hour=1, covers="ab")
    assert settle_group(head, [member("b", other)], stage=TA) == verdict
    assert settle_group(member("b", other), [head], stage=TA) == verdict
    assert settle_group(member("b", CONFLICT), [head], stage=TA) == verdict


def test_an_adjudication_given_before_they_met_is_one_verdict_among_others() -> None:
    assert settle_group(member("a", IN, hour=1, covers="a"), [member("b", OUT)], stage=TA) == CONFLICT


def test_a_record_that_joins_after_the_adjudication_can_open_a_new_conflict() -> None:
    head = member("a", IN, hour=1, covers="ab")
    assert settle_group(head, [member("b", OUT), member("c", OUT)], stage=TA) == CONFLICT
    assert [found.id for found in clashing(head, [member("b", OUT), member("c", OUT)])] == ["a", "c"]


def test_of_two_adjudications_the_later_one_holds() -> None:
    early = member("a", IN, hour=1, covers="ab")
    late = member("b", OUT, hour=2, covers="ab")
    assert settle_group(early, [late], stage=TA) == OUT
    assert settle_group(late, [early], stage=TA) == OUT
