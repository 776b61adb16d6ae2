"""Final labels: ASReview's notes and columns, this workbench's marks, and lists that are one decision."""

from __future__ import annotations

from typing import Any

import pytest

from screening.domain.parsing import ParsedRecord
from screening.domain.prior_decisions.labels import read_asreview_columns, read_asreview_notes, read_list
from screening.domain.prior_decisions.workbench import has_workbench_marks, read_workbench
from screening.domain.vocabulary import Stage, Verdict

INCLUDE, EXCLUDE = Verdict.INCLUDE, Verdict.EXCLUDE


def record(line: int = 2, **fields: Any) -> ParsedRecord:
    return ParsedRecord(raw="", line=line, title="A title", **fields)


def labelled(*values: str, header: str = "included") -> list[ParsedRecord]:
    return [
        record(line, others=((header, value),) if value else ()) for line, value in enumerate(values, start=2)
    ]


@pytest.mark.parametrize(
    "header", ["included", "label", "label_included", "asreview_label", "final_included", "Included"]
)
def test_asreview_column_is_read_under_each_of_its_names(header: str) -> None:
    found = read_asreview_columns(labelled("1", "0", header=header))
    assert [(vote.person, vote.verdict) for vote in found.votes] == [(None, INCLUDE), (None, EXCLUDE)]


def test_record_that_asreview_did_not_show_has_no_decision() -> None:
    found = read_asreview_columns(labelled("-1", "", "1.0", "0.0", "-1.0"))
    assert [vote.verdict for vote in found.votes] == [INCLUDE, EXCLUDE]
    assert found.n_undecided == 3


def test_other_number_is_a_problem_with_the_accepted_words() -> None:
    found = read_asreview_columns(labelled("2"))
    assert found.votes == []
    assert (found.problems[0].line, "“2” is not understood. Write yes" in found.problems[0].sentence) == (
        2,
        True,
    )


def test_label_given_in_asreview_comes_before_one_of_the_data_set() -> None:
    rows = [record(others=(("included", "1"), ("asreview_label", "0"), ("asreview_note", "no adults")))]
    found = read_asreview_columns(rows)
    assert [(vote.verdict, vote.note) for vote in found.votes] == [(EXCLUDE, "no adults")]
    assert [remark.sentence for remark in found.remarks] == [
        "The column “asreview_label” is read; not read: “included”."
    ]


def test_notes_of_asreview_are_labels() -> None:
    rows = [
        record(1, notes=("ASReview_relevant", "own note")),
        record(2, notes=("ASReview_irrelevant",)),
        record(3, notes=("ASReview_not_seen",)),
        record(4, notes=("ASReview_relevant", "ASReview_irrelevant")),
    ]
    found = read_asreview_notes(rows)
    assert [(vote.line, vote.verdict) for vote in found.votes] == [(1, INCLUDE), (2, EXCLUDE)]
    assert [problem.line for problem in found.problems] == [4]
    assert found.n_undecided == 1


def test_list_gives_every_record_the_same_decision_with_reasons_and_tags() -> None:
    rows = [
        record(notes=("Exclusion reason: Wrong population; ",), others=(("Tags", "spine; RCT"),)),
        record(3, others=(("included", "1"),)),
    ]
    found = read_list(rows, EXCLUDE)
    assert [(vote.verdict, vote.reasons, vote.labels) for vote in found.votes] == [
        (EXCLUDE, ("Wrong population",), ("spine", "RCT")),
        (EXCLUDE, (), ()),
    ]


def test_outcome_of_a_workbench_is_a_final_label_with_its_stage() -> None:
    notes = (
        "WORKBENCH-ID: cement-12",
        "WORKBENCH-STAGE: full text",
        "WORKBENCH-STATUS: excluded",
        "WORKBENCH-DECISION: exclude",
        "WORKBENCH-REASON: Wrong population",
    )
    vote = read_workbench([record(notes=notes)]).votes[0]
    assert (vote.person, vote.verdict, vote.reasons, vote.stage, vote.key.number) == (
        None,
        EXCLUDE,
        ("Wrong population",),
        Stage.FULL_TEXT,
        12,
    )


def test_single_decisions_of_a_workbench_are_those_of_their_reviewers() -> None:
    notes = (
        "WORKBENCH-REVIEWER: Reviewer A | title and abstract | include |  | 2026-01-05 | blind",
        "WORKBENCH-REVIEWER: Reviewer B | full text | exclude | No outcome | 2026-01-06 | not blind",
    )
    votes = read_workbench([record(notes=notes)]).votes
    assert [(vote.person, vote.stage, vote.verdict, vote.reasons) for vote in votes] == [
        ("Reviewer A", Stage.TITLE_ABSTRACT, INCLUDE, ()),
        ("Reviewer B", Stage.FULL_TEXT, EXCLUDE, ("No outcome",)),
    ]
    assert votes[1].note == "Decided on 2026-01-06, not blind."


def test_table_of_a_workbench_gives_statuses_and_decisions() -> None:
    others = (
        ("workbench_id", "cement-3"),
        ("record_number", "3"),
        ("title_abstract_status", "included"),
        ("full_text_status", "awaiting"),
        ("decisions", "Reviewer A | title and abstract | include |  | 2026-01-05 | imported"),
    )
    assert has_workbench_marks(record(others=others))
    votes = read_workbench([record(others=others)]).votes
    assert [(vote.person, vote.stage, vote.verdict, vote.key.number) for vote in votes] == [
        (None, Stage.TITLE_ABSTRACT, INCLUDE, 3),
        ("Reviewer A", Stage.TITLE_ABSTRACT, INCLUDE, 3),
    ]


def test_decision_of_a_workbench_with_a_part_missing_is_a_problem() -> None:
    found = read_workbench([record(notes=("WORKBENCH-REVIEWER: Reviewer A | include",))])
    assert (found.votes, [problem.line for problem in found.problems]) == ([], [2])
