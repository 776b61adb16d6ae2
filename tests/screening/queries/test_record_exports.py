"""What an export says of a record, and whose decisions go along for whom."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from reviewsite.workspace.domain.roles import Capability, Role, capabilities_of
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.domain.writing.layouts import HOLD_DECISIONS, Layout, write
from screening.domain.writing.model import ExportFacts, ExportRecord
from screening.models import Decision, DecisionImport
from screening.queries.record_exports import count_of, export_of, has_visible_decisions
from screening.queries.records import RecordFilter, Standing
from screening.render.workbook import write_workbook
from screening.services.duplicates import judge
from screening.services.record_exports import note_export
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record, make_source

ROLES = ("owner", "admin", "reviewer_a", "adjudicator", "extractor_a")
EVERYTHING = RecordFilter()


def exported(
    review: Review, user: User | None = None, wanted: RecordFilter = EVERYTHING
) -> list[ExportRecord]:
    return list(export_of(review, wanted, with_duplicates=True, decisions_for=user))


def deciders(record: ExportRecord) -> list[tuple[str, Verdict]]:
    return [(decision.reviewer, decision.verdict) for decision in record.decisions]


# Which records


def test_duplicates_are_left_out_unless_wanted(review: Review, owner: User) -> None:
    first, second = make_record(review, owner), make_record(review, owner)
    judge(user=owner, review=review, first=first, second=second, verdict="same")

    def numbers(wanted: RecordFilter, *, with_duplicates: bool) -> list[int]:
        return [each.number for each in export_of(review, wanted, with_duplicates=with_duplicates)]

    assert numbers(EVERYTHING, with_duplicates=False) == [1]
    assert numbers(EVERYTHING, with_duplicates=True) == [1, 2]
    assert numbers(RecordFilter(standing=Standing.GROUPED), with_duplicates=False) == [1, 2]
    assert count_of(review, EVERYTHING) == (1, 1)
    assert count_of(review, RecordFilter(standing=Standing.DUPLICATE)) == (1, 0)


def test_as_many_records_come_out_as_the_export_says(review: Review, owner: User) -> None:
    for _ in range(7):
        make_record(review, owner)
    export = export_of(review, EVERYTHING, with_duplicates=False)
    assert len(export) == len(list(export)) == count_of(review, EVERYTHING)[0] == 7


def test_record_of_another_review_never_comes_along(
    review: Review, owner: User, outsider: User, make_user: Callable[[str], User]
) -> None:
    from reviewsite.workspace.services.reviews import open_review

    other = open_review(user=outsider, title="Other", slug="other")
    make_record(other, outsider, title="Foreign")
    make_record(review, owner, title="Own")
    assert [record.title for record in exported(review)] == ["Own"]


def test_group_brings_its_sources_and_databases_together(review: Review, owner: User) -> None:
    first = make_record(review, owner, database="MEDLINE")
    second = make_record(review, owner, database="", source=make_source(review, "embase"))
    third = make_record(review, owner, database="CENTRAL", source=make_source(review, "embase"))
    for other in (second, third):
        judge(user=owner, review=review, first=first, second=other, verdict="same")
    head, copy, _ = exported(review)
    assert (head.id, head.duplicates, head.duplicate_of) == ("cement-1", ("cement-2", "cement-3"), "")
    assert (head.sources, head.databases) == (("Medline", "Embase"), ("MEDLINE", "CENTRAL"))
    assert (copy.duplicates, copy.duplicate_of, copy.sources) == ((), "cement-1", ("Embase", "Medline"))


# Decisions


def test_decision_says_when_and_how_it_was_made(review: Review, owner: User, reviewer_a: User) -> None:
    record = make_record(review, owner)
    file = record.batch.file
    brought = DecisionImport.objects.create(
        review=review, file=file, layout="table", stage="title_abstract", created_by=owner
    )
    Decision.objects.create(
        review=review,
        record=record,
        stage="title_abstract",
        reviewer=reviewer_a,
        verdict="include",
        token=uuid4(),
        is_blind=False,
        imported_in=brought,
        created_by=owner,
    )
    (decision,) = exported(review, reviewer_a)[0].decisions
    assert (decision.stage, decision.is_blind, decision.is_imported) == (Stage.TITLE_ABSTRACT, False, True)
    assert len(decision.on) == len("2026-01-05")


def test_superseded_decision_stays_away(review: Review, owner: User, reviewer_a: User) -> None:
    from screening.services.decisions import change_decision

    record = make_record(review, owner)
    decide(reviewer_a, record, EXCLUDE)
    change_decision(
        user=reviewer_a,
        review=review,
        record=record,
        stage=Stage.TITLE_ABSTRACT,
        verdict=INCLUDE,
        reason=None,
        note="",
        token=uuid4(),
    )
    assert deciders(exported(review, reviewer_a)[0]) == [("Reviewer a", Verdict.INCLUDE)]


def test_without_a_person_no_decision_goes_along(
    review: Review, owner: User, reviewer_a: User, reviewer_b: User
) -> None:
    record = make_record(review, owner)
    decide(reviewer_a, record, EXCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    (found,) = exported(review)
    assert (found.decisions, found.at(None).status) == ((), Status.EXCLUDED)  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [*ROLES, "viewer", "outsider"])
def test_unsettled_decision_of_another_goes_along_for_nobody(
    role: str, review: Review, owner: User, reviewer_b: User, request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(role)
    decide(reviewer_b, make_record(review, owner), INCLUDE)
    assert [deciders(record) for record in exported(review, person)] == [[]]
    assert not has_visible_decisions(person, review)


@pytest.mark.parametrize("role", ROLES)
def test_settled_decisions_go_along_for_every_member(
    role: str,
    review: Review,
    owner: User,
    reviewer_a: User,
    reviewer_b: User,
    request: pytest.FixtureRequest,
) -> None:
    record = make_record(review, owner)
    decide(reviewer_a, record, EXCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    (found,) = exported(review, request.getfixturevalue(role))
    assert deciders(found) == [("Reviewer a", Verdict.EXCLUDE), ("Reviewer b", Verdict.EXCLUDE)]


def test_own_decision_goes_along_before_the_record_settles(
    review: Review, owner: User, reviewer_a: User, reviewer_b: User
) -> None:
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    (found,) = exported(review, reviewer_a)
    assert deciders(found) == [("Reviewer a", Verdict.INCLUDE)]
    assert deciders(exported(review, reviewer_b)[0]) == []


def test_conflict_is_told_to_its_deciders_and_to_adjudicators_alone(
    review: Review, owner: User, reviewer_a: User, reviewer_b: User, adjudicator: User, extractor_a: User
) -> None:
    record = make_record(review, owner)
    decide(reviewer_a, record, INCLUDE)
    decide(reviewer_b, record, EXCLUDE)
    told = {
        person.name: len(exported(review, person)[0].decisions)
        for person in (reviewer_a, reviewer_b, adjudicator, owner, extractor_a)
    }
    assert told == {"Reviewer a": 2, "Reviewer b": 2, "Adjudicator": 2, "Owner": 0, "Extractor a": 0}


def in_words(layout: Layout, records: list[ExportRecord]) -> str:
    facts = ExportFacts(review="cement", title="Cement", made_at="", n_records=1, has_decisions=True)
    if layout is not Layout.COMPLETE_XLSX:
        return "".join(write(layout, records, facts))
    file = io.BytesIO()
    write_workbook(records, facts, file)
    sheet = load_workbook(file)["Records"]
    return "\n".join(str(cell) for row in sheet.values for cell in row)


@pytest.mark.parametrize("layout", list(Layout))
def test_no_format_tells_the_unsettled_decision_of_another(
    layout: Layout, review: Review, owner: User, reviewer_a: User, reviewer_b: User
) -> None:
    open_to_b, settled = make_record(review, owner), make_record(review, owner)
    decide(reviewer_b, open_to_b, EXCLUDE, note="secret thought")
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, settled, INCLUDE)
    first, second = exported(review, reviewer_a)
    text = in_words(layout, [first])
    assert [word for word in ("Reviewer b", "exclude |", "secret thought") if word in text] == []
    # The same format does tell what may be told.
    assert ("Reviewer b" in in_words(layout, [second])) is (layout in HOLD_DECISIONS)


def test_private_note_never_leaves(review: Review, owner: User, reviewer_a: User) -> None:
    decide(reviewer_a, make_record(review, owner), INCLUDE, note="my own thought")
    assert "my own thought" not in in_words(Layout.COMPLETE_JSON, exported(review, reviewer_a))


# Writing down


def test_only_those_who_may_export_are_written_down_as_exporting(
    review: Review, viewer: User, owner: User
) -> None:
    facts = ExportFacts(review="cement", title="Cement", made_at="", n_records=3)
    with pytest.raises(Refused):
        note_export(user=viewer, review=review, layout=Layout.COMPLETE_CSV, facts=facts)
    assert (
        note_export(user=owner, review=review, layout=Layout.COMPLETE_CSV, facts=facts).detail["n_records"]
        == 3
    )


def test_roles_of_this_file_are_those_that_may_export() -> None:
    assert {role.value for role in Role if Capability.EXPORT in capabilities_of([role])} == {
        role.removesuffix("_a") for role in ROLES
    }
