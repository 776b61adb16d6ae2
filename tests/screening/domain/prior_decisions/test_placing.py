"""Each decision finds its record, or a sentence says why not."""

from __future__ import annotations

from typing import Any

import pytest

from screening.domain.prior_decisions import Finding, Layout, PriorFile, PriorVote, RecordKey
from screening.domain.prior_decisions.placing import Known, Placing, Standing, place
from screening.domain.vocabulary import Stage, Verdict

TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
INCLUDE, EXCLUDE, UNSURE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.UNSURE


def known(id: int = 1, **fields: Any) -> Known:
    return Known(**{"id": id, "number": id, "group": id, **fields})


def vote(line: int = 2, *, person: str | None = "A", verdict: Verdict = INCLUDE, **fields: Any) -> PriorVote:
    keys = {name: fields.pop(name) for name in RecordKey.__dataclass_fields__ if name in fields}
    return PriorVote(line=line, key=RecordKey(**keys), person=person, verdict=verdict, **fields)


def placed(*votes: PriorVote, records: list[Known], stage: Stage = TA) -> Placing:
    return place(PriorFile(layout=Layout.TABLE, n_rows=len(votes), votes=votes), records, stage)


def found(one: PriorVote, *records: Known) -> int | None:
    taken = placed(one, records=list(records)).placed
    return taken[0].record.id if taken else None


def why(placing: Placing) -> list[str]:
    return [finding.sentence for finding in placing.left_out]


# By what a record is found


@pytest.mark.parametrize(
    "key",
    [
        {"number": 4},
        {"doi": "10.1000/a"},
        {"pmid": "123456"},
        {"accession": "CN-1"},
        {"title": "Bone <i>cement</i>: A trial.", "year": 2011},
    ],
    ids=lambda key: next(iter(key)),
)
def test_record_is_found_by_each_of_its_keys(key: dict[str, Any]) -> None:
    record = known(
        4, doi="10.1000/a", pmid="123456", accession="CN-1", title="Bone cement: a trial", year=2011
    )
    assert found(vote(**key), known(1, title="Another", year=2011), record) == 4


def test_number_comes_before_doi_and_doi_before_title() -> None:
    records = [known(1, title="Same", year=2000), known(2, doi="10.1/x"), known(3)]
    assert found(vote(number=3, doi="10.1/x", title="Same", year=2000), *records) == 3
    assert found(vote(doi="10.1/x", title="Same", year=2000), *records) == 2


def test_row_of_the_file_of_an_import_is_the_record_of_that_line() -> None:
    assert found(vote(line=9, title="A title", year=2000), known(1), known(2, line=9)) == 2


@pytest.mark.parametrize(
    "key", [{"title": "Bone cement", "year": 2012}, {"title": "Bone cement"}], ids=["other year", "no year"]
)
def test_title_of_another_year_is_no_match(key: dict[str, Any]) -> None:
    assert found(vote(**key), known(1, title="Bone cement", year=2011)) is None


def test_number_of_a_record_with_another_title_is_no_match_and_said() -> None:
    placing = placed(vote(number=1, title="Kyphoplasty in mice"), records=[known(1, title="Bone cement")])
    assert why(placing) == ["Record 1 of this review is another one: its DOI or title differs."]


def test_number_of_another_review_does_not_hide_the_record_with_the_title() -> None:
    records = [known(1, title="Bone cement", year=2011), known(2, title="Kyphoplasty in mice", year=2012)]
    assert found(vote(number=1, title="Kyphoplasty in mice", year=2012), *records) == 2


def test_accession_number_counts_only_where_the_title_does_not_contradict() -> None:
    assert (
        found(vote(accession="17", title="Other words"), known(1, accession="17", title="Bone cement"))
        is None
    )


def test_one_doi_on_several_works_is_ambiguous_and_lists_them() -> None:
    records = [known(1, doi="10.1/x", title="First"), known(2, doi="10.1/x", title="Second")]
    placing = placed(vote(doi="10.1/x"), records=records)
    assert placing.placed == ()
    assert why(placing) == [
        "Several records of this review have the DOI 10.1/x: 1, 2. Give the number of the one that is meant "
        "in a column “record”."
    ]


def test_title_tells_the_works_of_one_doi_apart() -> None:
    records = [known(1, doi="10.1/x", title="First"), known(2, doi="10.1/x", title="Second")]
    assert found(vote(doi="10.1/x", title="second."), *records) == 2


def test_group_of_duplicates_is_one_record_and_its_head_is_taken() -> None:
    records = [
        known(1, group=2, doi="10.1/x", standing=Standing.DUPLICATE),
        known(2, doi="10.1/x"),
    ]
    assert found(vote(doi="10.1/x"), *records) == 2


def test_decision_that_only_a_duplicate_fits_stays_with_the_duplicate() -> None:
    records = [known(1, group=2, doi="10.1/x", standing=Standing.DUPLICATE), known(2)]
    placing = placed(vote(doi="10.1/x"), records=records)
    assert [one.record.id for one in placing.placed] == [1]
    assert [remark.sentence for remark in placing.remarks] == [
        "Record 1 is a duplicate: decisions stay there and count once they settle it."
    ]


def test_row_without_a_record_is_said_with_line_and_key() -> None:
    placing = placed(vote(line=5, doi="10.1/x", title="<b>A</b>", year=2000), records=[known(1)])
    assert [(finding.line, finding.sentence) for finding in placing.left_out] == [
        (5, "No record of this review has the DOI 10.1/x or the title “<b>A</b>” and this year.")
    ]


# What a record takes


@pytest.mark.parametrize(
    "standing", [Standing.SETTLED, Standing.NOT_RETRIEVED, Standing.ELSEWHERE], ids=lambda one: one.value
)
def test_record_that_takes_no_decision_is_said(standing: Standing) -> None:
    placing = placed(vote(number=1), records=[known(1, standing=standing)], stage=FT)
    assert (placing.placed, len(placing.left_out)) == ((), 1)


def test_full_text_offers_no_maybe() -> None:
    placing = placed(vote(number=1, verdict=UNSURE), records=[known(1)], stage=FT)
    assert why(placing) == ["The decision of “A” says “maybe”, which full text does not offer."]


def test_decisions_of_the_other_stage_are_one_remark() -> None:
    votes = [vote(2, number=1, stage=FT), vote(3, number=2, stage=FT), vote(4, number=1, stage=TA)]
    placing = placed(*votes, records=[known(1), known(2)])
    assert [one.vote.line for one in placing.placed] == [4]
    assert placing.left_out == ()
    assert [(remark.line, remark.sentence[:18]) for remark in placing.remarks] == [(2, "2 of the decisions")]


# Several rows about one record


def test_two_people_decide_on_one_record_each_for_themselves() -> None:
    placing = placed(vote(2, number=1), vote(3, number=1, person="B", verdict=EXCLUDE), records=[known(1)])
    assert [(one.vote.person, one.vote.verdict) for one in placing.placed] == [("A", INCLUDE), ("B", EXCLUDE)]


def test_same_decision_twice_is_taken_once_and_remarked() -> None:
    placing = placed(vote(2, number=1), vote(3, number=1), records=[known(1)])
    assert [one.vote.line for one in placing.placed] == [2]
    assert [(r.line, r.sentence) for r in placing.remarks] == [
        (3, "The same decision stands in line 2 already.")
    ]


def test_two_different_decisions_of_one_person_are_both_left_out() -> None:
    placing = placed(vote(2, number=1), vote(3, number=1, verdict=EXCLUDE), records=[known(1)])
    assert placing.placed == ()
    assert [finding.line for finding in placing.left_out] == [2, 3]


def test_problems_of_the_reading_are_among_what_is_left_out() -> None:

    prior = PriorFile(layout=Layout.TABLE, n_rows=1, problems=(Finding(9, "Not understood."),))
    assert why(place(prior, [], TA)) == ["Not understood."]
