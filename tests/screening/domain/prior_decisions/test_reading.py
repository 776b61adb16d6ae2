"""A file is recognised by what it holds, and nothing becomes a decision by accident."""

from __future__ import annotations

import pytest

from screening.domain.parsing import UnreadableFile
from screening.domain.prior_decisions import Layout, read_prior, why_none
from screening.domain.prior_decisions.model import NOTE_LIMIT, PriorVote, RecordKey, note_of, reason_of
from screening.domain.vocabulary import Stage, Verdict

RIS = "TY  - JOUR\nTI  - Bone cement\nPY  - 2011\nDO  - 10.1000/a\n{notes}ER  - \n"
RAYYAN = 'RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong population'


def ris(*notes: str) -> bytes:
    return RIS.format(notes="".join(f"N1  - {note}\n" for note in notes)).encode()


def table(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize(
    ("data", "layout", "people"),
    [
        (ris(RAYYAN), Layout.RAYYAN, ("A", "B")),
        (table("title,year,notes", f"Bone cement,2011,{quoted(RAYYAN)}"), Layout.RAYYAN, ("A", "B")),
        (ris("ASReview_relevant"), Layout.ASREVIEW, (None,)),
        (table("title,abstract,included", "Bone cement,Text,1"), Layout.ASREVIEW, (None,)),
        (ris("WORKBENCH-STAGE: full text", "WORKBENCH-DECISION: include"), Layout.WORKBENCH, (None,)),
        (table("record,reviewer,decision", "1,A,yes"), Layout.TABLE, ("A",)),
    ],
    ids=["Rayyan RIS", "Rayyan CSV", "ASReview RIS", "ASReview CSV", "workbench RIS", "table"],
)
def test_layout_is_told_by_the_content(data: bytes, layout: Layout, people: tuple[str | None, ...]) -> None:
    prior = read_prior(data)
    assert (prior.layout, prior.people, prior.problems) == (layout, people, ())


def test_keys_and_lines_come_from_the_record() -> None:
    vote = read_prior(ris("ASReview_irrelevant")).votes[0]
    assert (vote.line, vote.key.doi, vote.key.title, vote.key.year) == (1, "10.1000/a", "Bone cement", 2011)


def test_stage_that_a_file_names_is_its_hint() -> None:
    prior = read_prior(ris("WORKBENCH-STAGE: full text", "WORKBENCH-DECISION: include"))
    assert prior.stage_hint is Stage.FULL_TEXT


def test_other_marks_in_the_file_are_named_and_not_read() -> None:
    prior = read_prior(ris('RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Maybe"}', "ASReview_irrelevant"))
    assert len(prior.votes) == 2
    assert [remark.sentence for remark in prior.remarks] == [
        "The file also holds notes of ASReview: not read."
    ]


def test_list_takes_no_mark_for_a_decision() -> None:
    prior = read_prior(ris(RAYYAN), whole_list=Verdict.EXCLUDE)
    assert [(vote.person, vote.verdict) for vote in prior.votes] == [(None, Verdict.EXCLUDE)]


def test_row_that_could_not_be_read_as_a_record_is_a_problem() -> None:
    prior = read_prior(table("title,year,included", "Bone cement,2011,1", ",,1"))
    assert ([vote.line for vote in prior.votes], [problem.line for problem in prior.problems]) == ([2], [3])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (ris(), "No decision was found in this file"),
        (ris("Exclusion reason: Wrong population; "), "say which list it is"),
        (ris("ASReview_not_seen"), "in no row has somebody decided"),
        (table("title,year,included", "Bone cement,2011,perhaps"), "Line 2: The decision “perhaps”"),
    ],
    ids=["nothing", "Covidence", "nobody decided", "unknown words"],
)
def test_file_without_decisions_says_why(data: bytes, says: str) -> None:
    prior = read_prior(data)
    assert prior.votes == ()
    assert says in why_none(data, "file", prior)


def test_what_is_no_text_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnreadableFile, match="PDF"):
        read_prior(b"%PDF-1.4 and more")


def test_note_holds_everything_beside_the_verdict_up_to_its_limit() -> None:
    vote = PriorVote(
        line=1,
        key=RecordKey(),
        person="A",
        verdict=Verdict.EXCLUDE,
        reasons=("one", "two"),
        labels=("spine",),
        note="x",
    )
    assert note_of(vote) == "Reason: one; two\nLabels: spine\nx"
    long = PriorVote(line=1, key=RecordKey(), person="A", verdict=Verdict.INCLUDE, note="x" * 9_000)
    assert len(note_of(long)) == NOTE_LIMIT


@pytest.mark.parametrize(
    ("reasons", "shared", "label"),
    [(("one", "two"), (), "one"), ((), ("a", "b"), "a; b"), ((), (), "")],
)
def test_reason_to_be_chosen_for_is_the_own_one_or_all_that_stand_there(
    reasons: tuple[str, ...], shared: tuple[str, ...], label: str
) -> None:
    vote = PriorVote(
        line=1,
        key=RecordKey(),
        person="A",
        verdict=Verdict.EXCLUDE,
        reasons=reasons,
        shared_reasons=shared,
    )
    assert reason_of(vote) == label
