"""A plain table: one decision per row, in plain words, with a line for everything that is not understood."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedRecord
from screening.domain.prior_decisions.model import PriorFile, PriorVote, RecordKey
from screening.domain.prior_decisions.table import (
    has_decision_column,
    read_decision_columns,
    read_plain_table,
)
from screening.domain.vocabulary import Stage, Verdict


def read(text: str) -> PriorFile:
    found = read_plain_table(text)
    assert found is not None
    return found


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_are_read_whatever_separates_them(mark: str) -> None:
    rows = [
        ["record", "reviewer", "decision", "reason", "stage", "labels", "note"],
        ["4", "Reviewer A", "exclude", "Wrong population", "full text", "spine", "see p. 2"],
    ]
    vote = read("\n".join(mark.join(row) for row in rows)).votes[0]
    assert vote == PriorVote(
        line=2,
        key=RecordKey(number=4),
        person="Reviewer A",
        verdict=Verdict.EXCLUDE,
        reasons=("Wrong population",),
        labels=("spine",),
        note="see p. 2",
        stage=Stage.FULL_TEXT,
    )


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("yes", Verdict.INCLUDE),
        ("Include", Verdict.INCLUDE),
        (" INCLUDED ", Verdict.INCLUDE),
        ("1", Verdict.INCLUDE),
        ("no", Verdict.EXCLUDE),
        ("excluded", Verdict.EXCLUDE),
        ("0", Verdict.EXCLUDE),
        ("0.0", Verdict.EXCLUDE),
        ("maybe", Verdict.UNSURE),
        ("Unsure", Verdict.UNSURE),
    ],
)
def test_plain_english_words_and_numbers_are_understood(word: str, verdict: Verdict) -> None:
    assert [vote.verdict for vote in read(f"doi,decision\n10.1000/a,{word}\n").votes] == [verdict]


@pytest.mark.parametrize("word", ["ja", "nein", "oui", "=1+1", "<b>yes</b>", "yes and no", "11"])
def test_other_words_are_problems_with_line_and_accepted_words(word: str) -> None:
    found = read(f'doi,decision\n10.1000/a,yes\n10.1000/b,"{word}"\n')
    assert [vote.line for vote in found.votes] == [2]
    assert [(problem.line, "Write yes, include or 1" in problem.sentence) for problem in found.problems] == [
        (3, True)
    ]


def test_blank_decision_is_no_decision() -> None:
    found = read("doi,decision\n10.1000/a,\n10.1000/b,-1\n")
    assert (found.votes, found.problems, found.n_rows, found.n_undecided) == ((), (), 2, 2)


def test_row_that_names_no_record_is_a_problem() -> None:
    found = read("doi,title,decision\n,,yes\n")
    assert [problem.line for problem in found.problems] == [2]


def test_number_that_is_none_is_a_problem() -> None:
    found = read("record,decision\nfour,yes\n")
    assert found.problems[0].sentence == "“four” is not the number of a record."


@pytest.mark.parametrize(
    "text",
    [
        "title,authors,year\nA,B,2001\n",
        "title,included\nA,1\n",
        "reviewer,decision\nA,yes\n",
        "",
        "one line",
        "TY  - JOUR\n",
    ],
)
def test_what_has_no_decision_and_no_key_is_no_such_table(text: str) -> None:
    assert read_plain_table(text) is None


def test_column_of_labels_beside_a_reviewer_is_the_decision() -> None:
    vote = read("pmid,reviewer,included\n123456,Reviewer A,1\n").votes[0]
    assert (vote.key.pmid, vote.person, vote.verdict) == ("123456", "Reviewer A", Verdict.INCLUDE)


def test_columns_of_a_workbook_are_read_beside_the_record() -> None:
    others = (
        ("Reviewer", "Reviewer A"),
        ("Decision", "no"),
        ("Exclusion reason", "foreign"),
        ("Record", "4"),
    )
    record = ParsedRecord(raw="", line=2, title="Bone cement", notes=("own note",), others=others)
    assert has_decision_column(record)
    assert read_decision_columns([record]).votes == [
        PriorVote(
            line=2,
            key=RecordKey(number=4, title="Bone cement"),
            person="Reviewer A",
            verdict=Verdict.EXCLUDE,
            reasons=("foreign",),
            note="own note",
        )
    ]


def test_line_of_a_row_counts_line_breaks_inside_cells() -> None:
    found = read('title,year,decision,note\n"A\nB",2001,yes,x\nC,2002,no,y\n')
    assert [(vote.line, vote.key.title) for vote in found.votes] == [(2, "A B"), (4, "C")]


def test_row_with_too_many_cells_is_a_problem_and_the_rest_is_read() -> None:
    found = read("title,year,decision\nA, with comma,2001,yes\nB,2002,no\n")
    assert ([problem.line for problem in found.problems], [vote.line for vote in found.votes]) == ([2], [3])


def test_quotation_mark_that_is_never_closed_is_said() -> None:
    found = read('title,year,decision\nA,2001,yes\n"B,2002,no\nC,2003,no\n')
    assert ([vote.line for vote in found.votes], [problem.line for problem in found.problems]) == ([2], [3])


def test_stage_that_is_not_understood_is_a_problem() -> None:
    found = read("doi,decision,stage\n10.1000/a,yes,third round\n")
    assert "title_abstract or full_text" in found.problems[0].sentence


def test_hundred_thousand_rows_are_read() -> None:
    rows = "".join(f"{n},Reviewer {n % 3},{'yes' if n % 2 else 'no'}\n" for n in range(100_000))
    assert len(read(f"record,reviewer,decision\n{rows}").votes) == 100_000
