"""Check `settle` against the tables of the screening rules, written out by hand."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.consensus import Ballot, Policy, Ruling, Settlement, settle
from screening.domain.vocabulary import AgreementRule, Stage, Status, UnsurePolicy, Verdict

_VERDICT = {"I": Verdict.INCLUDE, "E": Verdict.EXCLUDE, "U": Verdict.UNSURE}
_STATUS = {"+": Status.INCLUDED, "-": Status.EXCLUDED, "!": Status.CONFLICT, "?": Status.AWAITING}
_POLICIES = (UnsurePolicy.ADVANCE, UnsurePolicy.DISCUSS, UnsurePolicy.NEUTRAL)
_UNANIMOUS, _MAJORITY, _ANY = AgreementRule.UNANIMOUS, AgreementRule.MAJORITY, AgreementRule.ANY_INCLUDE

# One mark per unsure policy, in the order advance, discuss, neutral.
# + advance, - exclude, ! conflict, ? awaiting.
_ONE = {"I": "+++", "E": "---", "U": "+!?"}
_TWO = {"II": "+++", "IU": "+!?", "UU": "+!?", "EE": "---", "IE": "!!!", "EU": "!!?"}
_THREE = {
    _UNANIMOUS: {
        "III": "+++",
        "IIE": "!!!",
        "IEE": "!!!",
        "EEE": "---",
        "IIU": "+!?",
        "IUU": "+!?",
        "UUU": "+!?",
        "EEU": "!!?",
        "EUU": "!!?",
        "IEU": "!!!",
    },
    _MAJORITY: {
        "III": "+++",
        "IIE": "+++",
        "IEE": "---",
        "EEE": "---",
        "IIU": "+++",
        "IUU": "+!?",
        "UUU": "+!?",
        "EEU": "---",
        "EUU": "+!?",
        "IEU": "+!?",
    },
    _ANY: {
        "III": "+++",
        "IIE": "+++",
        "IEE": "+++",
        "EEE": "---",
        "IIU": "+++",
        "IUU": "+++",
        "UUU": "+!?",
        "EEU": "+!?",
        "EUU": "+!?",
        "IEU": "+++",
    },
}


def _ballots(letters: str | tuple[str, ...]) -> list[Ballot]:
    return [Ballot(f"reviewer_{number}", _VERDICT[letter]) for number, letter in enumerate(letters)]


def _full_text(*decisions: tuple[str, str | None]) -> Settlement:
    ballots = [Ballot(n, _VERDICT[letter], reason) for n, (letter, reason) in enumerate(decisions)]
    return settle(ballots, None, Policy(len(ballots)), stage=Stage.FULL_TEXT)


@pytest.mark.parametrize("rule", list(AgreementRule))
@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_combination_of_verdicts_follows_the_table(n: int, rule: AgreementRule) -> None:
    table = {1: _ONE, 2: _TWO, 3: _THREE[rule]}[n]
    for letters in product("IEU", repeat=n):
        row = next(outcome for key, outcome in table.items() if sorted(key) == sorted(letters))
        for unsure, mark in zip(_POLICIES, row, strict=True):
            assert settle(_ballots(letters), None, Policy(n, unsure, rule)).status is _STATUS[mark], (
                letters,
                unsure,
            )


@pytest.mark.parametrize("rule", list(AgreementRule))
@pytest.mark.parametrize("unsure", _POLICIES)
def test_fewer_decisions_than_required_reveal_nothing(unsure: UnsurePolicy, rule: AgreementRule) -> None:
    for required in (1, 2, 3):
        for letters in (c for n in range(required) for c in product("IEU", repeat=n)):
            assert settle(_ballots(letters), None, Policy(required, unsure, rule)) == Settlement(
                Status.AWAITING
            )


@pytest.mark.parametrize("letters", ["", "I", "IE", "EE", "UU"])
def test_an_adjudication_wins_over_any_decisions(letters: str) -> None:
    assert settle(_ballots(letters), Ruling(Verdict.INCLUDE), Policy()).status is Status.INCLUDED
    assert settle(_ballots(letters), Ruling(Verdict.EXCLUDE, 4), Policy()) == Settlement(Status.EXCLUDED, 4)


def test_a_third_reviewer_resolves_a_neutral_unsure() -> None:
    assert settle(_ballots("IUI"), None, Policy(2, UnsurePolicy.NEUTRAL)).status is Status.INCLUDED
    assert settle(_ballots("IUE"), None, Policy(2, UnsurePolicy.NEUTRAL)).status is Status.CONFLICT


def test_an_unsure_to_discuss_stays_open_after_a_third_decision() -> None:
    assert settle(_ballots("IUI"), None, Policy(2, UnsurePolicy.DISCUSS)).status is Status.CONFLICT


def test_full_text_includes_when_both_include() -> None:
    assert _full_text(("I", None), ("I", None)) == Settlement(Status.INCLUDED)


def test_full_text_excludes_for_the_shared_reason() -> None:
    assert _full_text(("E", "population"), ("E", "population")) == Settlement(Status.EXCLUDED, "population")


def test_full_text_different_reasons_are_a_reason_conflict() -> None:
    assert _full_text(("E", "population"), ("E", "outcome")) == Settlement(Status.REASON_CONFLICT)


def test_full_text_include_against_exclude_is_a_conflict() -> None:
    assert _full_text(("I", None), ("E", "outcome")) == Settlement(Status.CONFLICT)


def test_full_text_takes_no_unsure() -> None:
    with pytest.raises(ValueError, match="unsure is not offered"):
        _full_text(("U", None), ("I", None))


def test_an_adjudication_cannot_be_unsure() -> None:
    with pytest.raises(ValueError, match="cannot be unsure"):
        settle([], Ruling(Verdict.UNSURE), Policy())


def test_one_reviewer_cannot_decide_twice() -> None:
    with pytest.raises(ValueError, match="two open decisions"):
        settle([Ballot(1, Verdict.INCLUDE), Ballot(1, Verdict.EXCLUDE)], None, Policy())


@given(
    st.lists(st.tuples(st.sampled_from(list(Verdict)), st.sampled_from([None, 1, 2])), max_size=4),
    st.builds(Policy, st.integers(1, 3), st.sampled_from(UnsurePolicy), st.sampled_from(AgreementRule)),
)
def test_the_order_of_decisions_does_not_matter(
    decisions: list[tuple[Verdict, int | None]], policy: Policy
) -> None:
    ballots = [Ballot(n, verdict, reason) for n, (verdict, reason) in enumerate(decisions)]
    assert len({settle(order, None, policy) for order in permutations(ballots)}) == 1
