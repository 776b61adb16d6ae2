"""Rayyan's marks: each person's decision, and nobody's reason where it is not said whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.parsing import ParsedRecord
from screening.domain.prior_decisions.model import Gathered, PriorVote, note_of
from screening.domain.prior_decisions.rayyan import read_rayyan
from screening.domain.vocabulary import Verdict


def read(*notes: str) -> Gathered:
    return read_rayyan([ParsedRecord(raw="", line=7, title="A title", notes=notes)])


def said(*notes: str) -> list[tuple[str | None, Verdict]]:
    return [(vote.person, vote.verdict) for vote in read(*notes).votes]


def only(votes: list[PriorVote], person: str) -> PriorVote:
    return next(vote for vote in votes if vote.person == person)


def test_each_person_has_a_decision_of_their_own() -> None:
    note = 'RAYYAN-INCLUSION: {"reviewer A"=>"Included", "reviewer B"=>"Maybe", "reviewer C"=>"Excluded"}'
    assert said(note) == [
        ("reviewer A", Verdict.INCLUDE),
        ("reviewer B", Verdict.UNSURE),
        ("reviewer C", Verdict.EXCLUDE),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Ärztin “A”",
        "a=>b",
        'with \\"quotes\\"',
        "<script>alert(1)</script>",
        "a | RAYYAN-LABELS: b",
        "审阅者",
    ],
)
def test_names_may_hold_anything(name: str) -> None:
    plain = name.replace("\\", "")
    assert said(f'RAYYAN-INCLUSION: {{"{name}"=>"Included"}}') == [(plain, Verdict.INCLUDE)]


def test_text_before_the_marks_is_no_mark() -> None:
    assert said('Published online | RAYYAN-INCLUSION: {"A"=>"Included"}') == [("A", Verdict.INCLUDE)]


def test_reasons_stand_beside_each_exclusion_and_are_nobodys_in_particular() -> None:
    votes = read(
        'RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Excluded", "C"=>"Excluded"} | '
        "RAYYAN-EXCLUSION-REASONS: wrong population,foreign"
    ).votes
    assert only(votes, "A").shared_reasons == ()
    for name in "BC":
        assert only(votes, name).shared_reasons == ("wrong population", "foreign")
        assert only(votes, name).reasons == ()


def test_reasons_and_labels_are_remarks_for_whoever_reads_the_file() -> None:
    found = read(
        'RAYYAN-INCLUSION: {"A"=>"Excluded"} | RAYYAN-LABELS: spine,RCT | RAYYAN-EXCLUSION-REASONS: foreign'
    )
    assert [(remark.line, remark.sentence) for remark in found.remarks] == [
        (7, "Reasons and labels of the record, by whom is not said: foreign; spine; RCT.")
    ]


@pytest.mark.parametrize(
    "others",
    ['"B"=>"Included"', '"B"=>"Excluded"', '"B"=>"Maybe", "C"=>"Excluded"'],
)
def test_note_of_a_person_does_not_depend_on_what_others_decided(others: str) -> None:
    alone = 'RAYYAN-INCLUSION: {"A"=>"Excluded"} | RAYYAN-LABELS: x | USER-NOTES: {"A"=>["mine"]}'
    among = (
        f'RAYYAN-INCLUSION: {{"A"=>"Excluded", {others}}} | RAYYAN-LABELS: x,y | '
        'RAYYAN-EXCLUSION-REASONS: foreign | USER-NOTES: {"A"=>["mine"], "B"=>["theirs"]}'
    )
    assert note_of(only(read(among).votes, "A")) == note_of(only(read(alone).votes, "A")) == "mine"


def test_notes_stand_with_their_writer() -> None:
    votes = read(
        'RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Excluded"} | '
        'USER-NOTES: {"B"=>["only\\nan abstract", "see Table 1"]}'
    ).votes
    assert only(votes, "A").note == ""
    assert only(votes, "B").note == "only\nan abstract\nsee Table 1"


def test_marks_may_stand_in_notes_of_their_own() -> None:
    votes = read('RAYYAN-INCLUSION: {"A"=>"Excluded"}', "RAYYAN-EXCLUSION-REASONS: no outcome").votes
    assert votes[0].shared_reasons == ("no outcome",)


@pytest.mark.parametrize(
    "note",
    [
        "RAYYAN-INCLUSION: {}",
        "RAYYAN-INCLUSION: ",
        'RAYYAN-INCLUSION: {"A"=>"Undecided"}',
        "RAYYAN-LABELS: a",
    ],
)
def test_record_on_which_nobody_decided_brings_no_decision_and_no_problem(note: str) -> None:
    found = read(note)
    assert (found.votes, found.problems, found.n_undecided) == ([], [], 1)


def test_broken_marks_are_a_problem_with_their_line_and_place() -> None:
    found = read('RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Exclu')
    assert found.votes == []
    assert [(problem.line, '“"Exclu”' in problem.sentence) for problem in found.problems] == [(7, True)]


def test_word_that_rayyan_does_not_write_is_a_problem() -> None:
    found = read('RAYYAN-INCLUSION: {"A"=>"Perhaps", "B"=>"Included"}')
    assert [vote.person for vote in found.votes] == ["B"]
    assert "“Perhaps” of “A”" in found.problems[0].sentence


def test_person_with_two_different_decisions_has_none() -> None:
    found = read('RAYYAN-INCLUSION: {"A"=>"Included", "A"=>"Excluded", "B"=>"Included"}')
    assert [vote.person for vote in found.votes] == ["B"]
    assert "two different decisions" in found.problems[0].sentence


@given(text=st.text('RAYYAN-INCLUSION: {"A"=>"Included"}|,\\\n[]nil USER-NOTES', max_size=300))
def test_no_text_stops_the_reading(text: str) -> None:
    found: Any = read(f"RAYYAN-INCLUSION:{text}")
    assert all(vote.person and vote.line == 7 for vote in found.votes)
    assert len(found.votes) + len(found.problems) + found.n_undecided >= 1
