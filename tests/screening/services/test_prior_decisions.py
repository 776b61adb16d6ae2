"""Decisions made elsewhere: what a file brings in, what it never touches, and what it leaves out."""

from __future__ import annotations

from uuid import uuid4

import pytest

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import AuditEvent
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import set_roles
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import Stage, Verdict
from screening.models import Decision, DecisionImport, ImportedOutcome
from screening.queries.projections import differences
from screening.services import prior_decision_files
from screening.services.decisions import change_decision, undo_decision
from screening.services.duplicates import judge
from screening.services.prior_decisions import AlreadyHere, confirm, discard
from tests.screening.builders import (
    EXCLUDE,
    INCLUDE,
    UNSURE,
    decide,
    make_reason,
    make_record,
    retrieve,
    status_of,
)
from tests.screening.prior import bring, look_at, table

FT = Stage.FULL_TEXT


@pytest.fixture
def records(review, owner):
    return [make_record(review, owner) for _ in range(3)]


@pytest.fixture
def both(reviewer_a, reviewer_b):
    return {"A": reviewer_a, "B": reviewer_b}


@pytest.fixture
def at_full_text(records, reviewer_a, reviewer_b, owner):
    for record in records[:2]:
        for reviewer in (reviewer_a, reviewer_b):
            decide(reviewer, record, INCLUDE)
    retrieve(owner, records[0])
    return records[0]


def held(reviewer, record, stage=Stage.TITLE_ABSTRACT):
    return Decision.objects.open().get(reviewer=reviewer, record=record, stage=stage)


def lines(imported, what="left_out"):
    return [line for line, _sentence in imported.found[what]]


# The dry run


def test_dry_run_makes_no_decision_and_counts_what_the_file_would_bring(owner, review, records):
    imported = look_at(owner, review, table("1,A,yes", "2,A,maybe", "9,A,no", "3,B,no", "3,B,"))
    assert not Decision.objects.exists()
    assert imported.state == "preview"
    assert imported.found["people"] == [
        {"name": "A", "n": 3, "n_placed": 2, "include": 1, "exclude": 0, "unsure": 1},
        {"name": "B", "n": 1, "n_placed": 1, "include": 0, "exclude": 1, "unsure": 0},
    ]
    assert (imported.found["n_rows"], imported.found["n_undecided"], lines(imported)) == (5, 1, [4])


def test_second_dry_run_of_a_file_takes_the_place_of_the_first(owner, review, records):
    first = look_at(owner, review, table("1,A,yes", "9,A,no"))
    for number in range(4, 10):
        make_record(review, owner, number=number)
    second = look_at(owner, review, table("1,A,yes", "9,A,no"))
    assert (second.pk, lines(first), lines(second)) == (first.pk, [3], [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4", "PDF"),
        (b"\x00\x01", "binary"),
        (b"title,year\nBone cement,2011\n", "No decision was found"),
        (b"record,reviewer,decision\n1,A,perhaps\n", "Line 2: The decision “perhaps” is not understood"),
    ],
    ids=["empty", "PDF", "binary", "no decision", "unknown word"],
)
def test_file_that_brings_nothing_is_refused_in_a_sentence(owner, review, content, says):
    with pytest.raises(Refused, match=says):
        look_at(owner, review, content)
    assert not DecisionImport.objects.exists()


def test_file_over_the_limit_is_refused(owner, review, settings):
    settings.MAX_IMPORT_BYTES = 10
    with pytest.raises(Refused, match="the limit is"):
        look_at(owner, review, table("1,A,yes"))


def test_more_names_than_a_person_can_sort_out_are_refused(owner, review, records, monkeypatch):
    monkeypatch.setattr(prior_decision_files, "MAX_PEOPLE", 2)
    with pytest.raises(Refused, match="names 3 people"):
        look_at(owner, review, table("1,A,yes", "1,B,yes", "1,C,yes"))


def test_reviewer_may_not_import(reviewer_a, review, records):
    with pytest.raises(Refused, match="role"):
        look_at(reviewer_a, review, table("1,A,yes"))


# What comes in


def test_decisions_are_those_of_the_member_marked_as_imported_and_not_blind(owner, review, records, both):
    imported = bring(owner, review, table("1,A,yes", "2,A,maybe", "3,A,no,too old"), both)
    found = Decision.objects.open().order_by("record__number")
    assert [(one.reviewer, one.verdict, one.is_blind, one.imported_in, one.created_by) for one in found] == [
        (both["A"], verdict, False, imported, owner) for verdict in ("include", "unsure", "exclude")
    ]
    assert [one.note for one in found] == ["", "", "Reason: too old"]
    assert imported.state == "imported"
    assert imported.people == {"A": str(both["A"].pk)}


def test_two_members_settle_a_record_and_differing_ones_open_a_conflict(owner, review, records, both):
    bring(owner, review, table("1,A,yes", "1,B,yes", "2,A,no", "2,B,yes", "3,A,yes"), both)
    assert [status_of(record) for record in records] == ["included", "conflict", "awaiting"]
    assert differences(review) == []


def test_name_that_is_left_out_brings_nothing(owner, review, records, reviewer_a):
    bring(owner, review, table("1,A,yes", "1,B,no"), {"A": reviewer_a})
    assert [decision.reviewer for decision in Decision.objects.all()] == [reviewer_a]


def test_import_is_in_the_audit_feed_without_what_the_file_says(owner, review, records, both):
    bring(owner, review, table("1,A,yes"), both)
    event = AuditEvent.objects.get(review=review, action="import_decisions")
    assert event.detail == {"name": "votes.csv", "stage": "title_abstract", "n_rows": 1}


def test_confirming_twice_changes_nothing(owner, review, records, both):
    imported = bring(owner, review, table("1,A,yes"), both)
    again = confirm(user=owner, review=review, imported=imported, people={"A": str(both["A"].pk)}, reasons={})
    assert (again.pk, Decision.objects.count()) == (imported.pk, 1)


def test_formulas_and_markup_are_kept_as_text(owner, review, records, reviewer_a):
    bring(owner, review, table('1,=cmd|x,yes,"=HYPERLINK(""x"")"'), {"=cmd|x": reviewer_a})
    assert held(reviewer_a, records[0]).note == 'Reason: =HYPERLINK("x")'


# Whose they are


def test_two_names_for_one_member_are_refused(owner, review, records, reviewer_a):
    with pytest.raises(Refused, match="Two names"):
        bring(owner, review, table("1,A,yes", "2,B,no"), {"A": reviewer_a, "B": reviewer_a})
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["owner", "adjudicator", "outsider"])
def test_only_a_member_who_screens_can_be_the_reviewer(owner, review, records, who, request):
    with pytest.raises(Refused, match="Choose a member who screens"):
        bring(owner, review, table("1,A,yes"), {"A": request.getfixturevalue(who)})


def test_nobody_chosen_is_refused(owner, review, records):
    with pytest.raises(Refused, match="every name is left out"):
        bring(owner, review, table("1,A,yes"), {})


def test_only_who_uploaded_the_file_can_confirm_or_discard_it(owner, admin, review, records, reviewer_a):
    imported = look_at(owner, review, table("1,A,yes"))
    people = {"A": str(reviewer_a.pk)}
    with pytest.raises(Refused, match="Only the person who uploaded"):
        confirm(user=admin, review=review, imported=imported, people=people, reasons={})
    with pytest.raises(Refused, match="Only the person who uploaded"):
        discard(user=admin, review=review, imported=imported)


def test_discarded_file_brings_nothing_any_more(owner, review, records, both):
    imported = look_at(owner, review, table("1,A,yes"))
    discard(user=owner, review=review, imported=imported)
    with pytest.raises(Refused, match="not waiting for a confirmation"):
        confirm(user=owner, review=review, imported=imported, people={"A": str(both["A"].pk)}, reasons={})


def test_read_only_review_takes_nothing(owner, review, records, both):
    imported = look_at(owner, review, table("1,A,yes"))
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        confirm(user=owner, review=review, imported=imported, people={"A": str(both["A"].pk)}, reasons={})


# What is here already


def test_own_decision_is_kept_and_never_superseded(owner, review, records, both):
    own = decide(both["A"], records[0], EXCLUDE)
    imported = bring(owner, review, table("1,A,yes", "2,A,yes"), both)
    assert held(both["A"], records[0]) == own
    assert imported.found["kept"] == [[2, 1, both["A"].pk]]
    assert Decision.objects.count() == 2


def test_settled_record_takes_no_further_decision(owner, review, records, both, join):
    for reviewer in both.values():
        decide(reviewer, records[0], INCLUDE)
    third = join("reviewer_c", Role.REVIEWER)
    with pytest.raises(Refused, match="Nothing of this file can be taken"):
        bring(owner, review, table("1,C,no"), {"C": third})
    assert status_of(records[0]) == "included"


def test_record_that_settles_after_the_dry_run_is_left_out_and_said(owner, review, records, both, join):
    third = join("reviewer_c", Role.REVIEWER)
    imported = look_at(owner, review, table("1,C,no", "2,C,no"))
    for reviewer in both.values():
        decide(reviewer, records[0], INCLUDE)
    done = confirm(user=owner, review=review, imported=imported, people={"C": str(third.pk)}, reasons={})
    assert [decision.record for decision in Decision.objects.filter(reviewer=third)] == [records[1]]
    assert lines(done) == [2]


def test_same_file_again_for_the_same_people_is_a_notice(owner, review, records, both):
    first = bring(owner, review, table("1,A,yes"), both)
    with pytest.raises(AlreadyHere) as notice:
        bring(owner, review, table("1,A,yes"), both)
    assert notice.value.known == first
    assert [one.state for one in DecisionImport.objects.order_by("pk")] == ["imported", "discarded"]


def test_same_file_again_brings_what_could_not_come_before(owner, review, records, both):
    bring(owner, review, table("1,A,yes", "4,A,no"), both)
    late = make_record(review, owner)
    bring(owner, review, table("1,A,yes", "4,A,no"), both)
    assert held(both["A"], late).verdict == "exclude"
    assert Decision.objects.count() == 2


def test_decision_that_the_member_took_back_does_not_come_again(owner, review, records, both):
    bring(owner, review, table("1,A,yes", "4,A,no"), both)
    undo_decision(user=both["A"], review=review, record=records[0], stage=Stage.TITLE_ABSTRACT)
    make_record(review, owner)
    bring(owner, review, table("1,A,yes", "4,A,no"), both)
    assert not Decision.objects.open().filter(record=records[0]).exists()


def test_same_file_for_another_member_is_another_import(owner, review, records, both):
    bring(owner, review, table("1,A,yes"), {"A": both["A"]})
    bring(owner, review, table("1,A,yes"), {"A": both["B"]})
    assert status_of(records[0]) == "included"


# A member's imported decision is theirs to change


def test_member_replaces_an_imported_decision_by_one_made_here(owner, review, records, both):
    bring(owner, review, table("1,A,yes"), both)
    change_decision(
        user=both["A"],
        review=review,
        record=records[0],
        stage=Stage.TITLE_ABSTRACT,
        verdict=EXCLUDE,
        token=uuid4(),
    )
    now = held(both["A"], records[0])
    assert (now.verdict, now.imported_in, now.is_blind) == ("exclude", None, True)


def test_undoing_the_change_brings_the_imported_decision_back_as_imported(owner, review, records, both):
    imported = bring(owner, review, table("1,A,yes"), both)
    at = {"user": both["A"], "review": review, "record": records[0], "stage": Stage.TITLE_ABSTRACT}
    change_decision(**at, verdict=EXCLUDE, token=uuid4())
    undo_decision(**at)
    now = held(both["A"], records[0])
    assert (now.verdict, now.imported_in, now.is_blind) == ("include", imported, False)


def test_uploader_who_screens_decides_no_longer_blind_on_these_records(owner, review, records, reviewer_b):
    set_roles(user=owner, review=review, member=owner, roles=[Role.OWNER, Role.REVIEWER])
    bring(owner, review, table("1,B,yes"), {"B": reviewer_b})
    assert [decide(owner, record, INCLUDE).is_blind for record in records[:2]] == [False, True]


def test_uploader_is_not_blind_where_the_decision_of_the_file_was_left_out(owner, review, records, both):
    set_roles(user=owner, review=review, member=owner, roles=[Role.OWNER, Role.REVIEWER])
    decide(both["B"], records[0], INCLUDE)
    bring(owner, review, table("1,B,yes"), {"B": both["B"]})
    assert not decide(owner, records[0], INCLUDE).is_blind


# Outcomes that nobody here decided


def test_final_label_can_be_an_outcome_that_nobody_here_decided(owner, review, records):
    content = b"record,included\n1,1\n2,0\n3,-1\n"
    imported = bring(
        owner, review, content.replace(b"included", b"decision"), {"": "outcome"}, name="asreview.csv"
    )
    outcomes = ImportedOutcome.objects.open().order_by("record")
    assert [(one.verdict, one.stated_by, one.imported_in) for one in outcomes] == [
        ("include", "asreview.csv", imported),
        ("exclude", "asreview.csv", imported),
    ]
    assert [status_of(record) for record in records] == ["included", "excluded", "awaiting"]
    assert not Decision.objects.exists()


def test_outcome_never_replaces_what_people_here_decided(owner, review, records, reviewer_a):
    decide(reviewer_a, records[0], INCLUDE)
    imported = bring(owner, review, table("1,,no", "2,,no"), {"": "outcome"})
    assert [status_of(record) for record in records[:2]] == ["awaiting", "excluded"]
    assert imported.found["kept"] == [[2, 1, None]]


def test_maybe_is_no_outcome_and_said(owner, review, records):
    imported = bring(owner, review, table("1,,maybe", "2,,no"), {"": "outcome"})
    assert (lines(imported), ImportedOutcome.objects.count()) == ([2], 1)


def test_outcomes_and_decisions_of_members_do_not_come_together(owner, review, records, reviewer_a):
    with pytest.raises(Refused, match="cannot come in one import"):
        bring(owner, review, table("1,A,yes", "2,,no"), {"A": reviewer_a, "": "outcome"})


# Full text


def test_exclusion_at_full_text_takes_the_reason_that_was_chosen(owner, review, at_full_text, both):
    reason = make_reason(review)
    bring(
        owner,
        review,
        table("1,A,no,no adults", "1,B,no,no adults"),
        both,
        stage=FT,
        reasons={"no adults": reason},
    )
    assert held(both["A"], at_full_text, FT).reason == reason
    assert status_of(at_full_text, FT) == "excluded"


def test_exclusion_at_full_text_without_a_reason_is_refused(owner, review, at_full_text, both):
    make_reason(review)
    with pytest.raises(Refused, match="reasons for “no adults”"):
        bring(owner, review, table("1,A,no,no adults"), both, stage=FT)
    assert not Decision.objects.filter(stage=FT).exists()


def test_archived_reason_is_refused(owner, review, at_full_text, both):
    archived = make_reason(review, is_archived=True)
    with pytest.raises(Refused, match="no reason given"):
        bring(owner, review, table("1,A,no"), both, stage=FT, reasons={"": archived})


def test_reasons_that_rayyan_gives_without_a_name_are_chosen_for_together(owner, review, at_full_text, both):
    reason = make_reason(review)
    content = (
        b'title,year,notes\nRecord 1,2020,"RAYYAN-INCLUSION: {""A""=>""Excluded"", ""B""=>""Excluded""} | '
        b'RAYYAN-EXCLUSION-REASONS: foreign,too old"\n'
    )
    imported = look_at(owner, review, content, stage=FT)
    assert imported.found["reasons"] == [{"label": "foreign; too old", "n": 2}]
    bring(owner, review, content, both, stage=FT, reasons={"foreign; too old": reason})
    decisions = Decision.objects.filter(stage=FT)
    assert [(decision.reason, decision.note) for decision in decisions] == [(reason, "")] * 2
    assert status_of(at_full_text, FT) == "excluded"


def test_report_that_was_not_retrieved_takes_no_decision_until_it_was(
    owner, review, at_full_text, records, both
):
    content = table("1,A,yes", "2,A,yes", "3,A,yes")
    imported = bring(owner, review, content, both, stage=FT)
    assert lines(imported) == [3, 4]
    retrieve(owner, records[1])
    bring(owner, review, content, both, stage=FT)
    assert Decision.objects.filter(stage=FT).count() == 2


# Duplicates


def test_decision_on_a_duplicate_stays_with_it_and_settles_nothing_alone(owner, review, records, both):
    judge(user=owner, review=review, first=records[0], second=records[1], verdict="same")
    imported = bring(owner, review, table("2,A,no"), both)
    assert held(both["A"], records[1]).imported_in == imported
    assert status_of(records[0]) == "awaiting"
    assert lines(imported, "remarks") == [2]
    assert differences(review) == []


def test_decisions_that_settle_a_duplicate_count_for_the_group(owner, review, records, both):
    judge(user=owner, review=review, first=records[0], second=records[1], verdict="same")
    bring(owner, review, table("2,A,no", "2,B,no"), both)
    assert status_of(records[1]) == "excluded"
    assert differences(review) == []


def test_group_whose_record_is_settled_takes_no_decision_on_its_duplicate(owner, review, records, both):
    judge(user=owner, review=review, first=records[0], second=records[1], verdict="same")
    for reviewer in both.values():
        decide(reviewer, records[0], INCLUDE)
    with pytest.raises(Refused, match="Nothing of this file can be taken"):
        bring(owner, review, table("2,A,no", "2,B,no"), both)


def test_unsure_of_the_file_follows_the_rule_of_the_stage(owner, review, records, both):
    bring(owner, review, table("1,A,maybe", "1,B,maybe"), both)
    assert held(both["A"], records[0]).verdict == UNSURE
    assert status_of(records[0]) == "included"


# Whole lists


def test_list_of_covidence_is_the_decision_that_the_person_names(owner, review, reviewer_a):
    record = make_record(review, owner, title="Bone cement", year=2011)
    content = (
        b"Title,Published Year,Notes,Tags\nBone cement,2011,Exclusion reason: Wrong population; ,spine\n"
    )
    bring(owner, review, content, {"": reviewer_a}, whole_list=Verdict.EXCLUDE)
    decision = held(reviewer_a, record)
    assert (decision.verdict, decision.note) == ("exclude", "Reason: Wrong population\nLabels: spine")
