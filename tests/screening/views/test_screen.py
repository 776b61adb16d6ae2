"""The screening pages: one record at a time, saved once, gone through in order."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from reviewsite.workspace.services.reviews import change_settings, make_read_only
from screening.domain.vocabulary import Stage
from screening.models import Criterion, CriterionWording, Decision, Source, StageState
from screening.queries.queue import next_record
from screening.services.decisions import undo_decision
from tests.screening.builders import (
    EXCLUDE,
    INCLUDE,
    UNSURE,
    decide,
    make_reason,
    make_record,
    make_source,
    retrieve,
)

TITLE_ABSTRACT, FULL_TEXT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
BASE = "/reviews/cement"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def records(review, owner):
    return [make_record(review, owner, title=f"Trial {n}", abstract="AIM: To test.") for n in (1, 2, 3)]


@pytest.fixture
def as_a(client, reviewer_a):
    client.force_login(reviewer_a)
    return client


@pytest.fixture
def at_full_text(review, owner):
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    record = make_record(review, owner, source=listed)
    retrieve(owner, record)
    return record


def order(review, user, stage=TITLE_ABSTRACT):
    states = StageState.objects.filter(review=review, stage=stage).order_by("priority", "record")
    return [state.record.number for state in states]


def vote(client, number, verdict, stage="title-abstract", **fields):
    data = {"verdict": verdict, "token": uuid4(), "note": ""} | fields
    headers = data.pop("headers", None)
    return client.post(f"{BASE}/screen/{stage}/{number}/", data, headers=headers)


def test_the_queue_follows_the_stored_order(as_a, review, reviewer_a, records):
    first = order(review, reviewer_a)[0]
    response = as_a.get(f"{BASE}/screen/title-abstract/")
    assert response.context["record"].number == first
    assert f">Trial {first}</h1>" in response.content.decode()


def test_a_vote_is_saved_and_leads_to_the_next_record(as_a, review, reviewer_a, records):
    first, second, _ = order(review, reviewer_a)
    response = vote(as_a, first, "exclude", note="Wrong population")
    assert response.headers["Location"] == f"{BASE}/screen/title-abstract/?after={first}"
    decision = Decision.objects.get()
    assert (decision.verdict, decision.note, decision.record.number) == ("exclude", "Wrong population", first)
    assert as_a.get(response.headers["Location"]).context["record"].number == second


def test_with_htmx_the_answer_is_the_next_record_alone(as_a, review, reviewer_a, records):
    first, second, _ = order(review, reviewer_a)
    response = vote(as_a, first, "unsure", headers=HTMX)
    page = response.content.decode()
    assert f">Trial {second}</h1>" in page
    assert "Saved: Maybe." in page
    assert "<html" not in page


def test_a_vote_sent_twice_is_one_decision(as_a, records):
    token = uuid4()
    statuses = [vote(as_a, 1, "include", token=token).status_code for _ in range(2)]
    assert (statuses, Decision.objects.count()) == ([302, 302], 1)


def test_a_stale_page_does_not_overwrite_a_decision(as_a, records):
    vote(as_a, 1, "include")
    response = vote(as_a, 1, "exclude")
    assert response.status_code == 422
    assert "change or undo" in response.content.decode()
    assert Decision.objects.get().verdict == "include"


def test_a_decision_is_changed_from_the_page_that_showed_it(as_a, records):
    vote(as_a, 1, "include")
    shown = as_a.get(f"{BASE}/screen/title-abstract/1/").context["form"].initial["replaces"]
    assert vote(as_a, 1, "exclude", replaces=shown).status_code == 302
    assert Decision.objects.open().get().verdict == "exclude"


def test_a_page_older_than_the_last_change_is_refused(as_a, records):
    vote(as_a, 1, "include")
    shown = as_a.get(f"{BASE}/screen/title-abstract/1/").context["form"].initial["replaces"]
    vote(as_a, 1, "exclude", replaces=shown)
    response = vote(as_a, 1, "unsure", replaces=shown)
    assert response.status_code == 422
    assert "another window" in response.content.decode()


def test_a_skipped_record_comes_back_at_the_end(as_a, review, reviewer_a, records):
    first, second, third = order(review, reviewer_a)
    shown = [
        as_a.get(f"{BASE}/screen/title-abstract/?after={n}").context["record"].number for n in (first, third)
    ]
    assert shown == [second, first]


def test_undo_shows_the_record_again(as_a, records):
    vote(as_a, 2, "include")
    response = as_a.post(f"{BASE}/screen/title-abstract/2/undo/", headers=HTMX)
    assert response.context["record"].number == 2
    assert "Your decision is undone." in response.content.decode()
    assert not Decision.objects.open().exists()


def test_own_decisions_are_walked_through_in_order(as_a, records):
    for number in (3, 1, 2):
        vote(as_a, number, "include")
    own = as_a.get(f"{BASE}/screen/title-abstract/1/").context["own"]
    assert (own.earlier, own.later) == (3, 2)
    listed = [row.record.number for row in as_a.get(f"{BASE}/screen/title-abstract/history/").context["page"]]
    assert listed == [2, 1, 3]


def test_the_page_says_when_nothing_is_left(as_a):
    assert "Nothing waits for your decision" in as_a.get(f"{BASE}/screen/title-abstract/").content.decode()


def test_the_criteria_in_force_and_the_question_stand_beside_the_record(as_a, review, owner, records):
    for kind, is_archived in (("inclusion", False), ("exclusion", True)):
        criterion = Criterion.objects.create(review=review, kind=kind, is_archived=is_archived)
        CriterionWording.objects.create(
            review=review, criterion=criterion, text=f"Rule of {kind}", created_by=owner
        )
    change_settings(user=owner, review=review, settings={"population": "Adults with a fracture"})
    page = as_a.get(f"{BASE}/screen/title-abstract/").content.decode()
    assert "Rule of inclusion" in page
    assert "Adults with a fracture" in page
    assert "Rule of exclusion" not in page


def test_labels_of_a_structured_abstract_are_bold(as_a, records):
    assert "<strong>AIM:</strong> To test." in as_a.get(f"{BASE}/screen/title-abstract/1/").content.decode()


def test_a_missing_abstract_and_a_note_are_said(as_a, review, owner):
    make_record(review, owner, note="Our own summary")
    page = as_a.get(f"{BASE}/screen/title-abstract/").content.decode()
    assert "without an abstract" in page
    assert "Our own summary" in page


def test_hostile_text_is_shown_as_text(as_a, review, owner):
    make_record(review, owner, title="<script>alert(1)</script>", doi='10.1/"><img src=x>')
    page = as_a.get(f"{BASE}/screen/title-abstract/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("number", [4, 99])
def test_a_record_that_is_not_there_is_404(as_a, records, number):
    assert as_a.get(f"{BASE}/screen/title-abstract/{number}/").status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "99", "9" * 40, "1'"])
def test_a_strange_place_starts_at_the_head(as_a, review, reviewer_a, records, after):
    response = as_a.get(f"{BASE}/screen/title-abstract/", {"after": after})
    assert response.context["record"].number == order(review, reviewer_a)[0]


@pytest.mark.parametrize("data", [{}, {"verdict": "perhaps"}, {"verdict": "include", "token": "no"}])
def test_a_malformed_vote_is_answered_with_the_form(as_a, records, data):
    response = as_a.post(f"{BASE}/screen/title-abstract/1/", {"token": uuid4()} | data)
    assert (response.status_code, Decision.objects.count()) == (422, 0)


def test_a_reason_button_excludes_for_it(as_a, review, at_full_text):
    reason = make_reason(review)
    vote(as_a, at_full_text.number, "", "full-text", reason=reason.pk)
    decision = Decision.objects.get()
    assert (decision.verdict, decision.reason) == ("exclude", reason)


def test_an_exclusion_at_full_text_without_a_reason_says_so(as_a, at_full_text):
    response = vote(as_a, at_full_text.number, "exclude", "full-text")
    assert response.status_code == 422
    assert "Choose the reason" in response.content.decode()


def test_a_read_only_review_shows_no_buttons_and_takes_no_vote(as_a, owner, review, records):
    make_read_only(user=owner, review=review)
    assert 'id="decide"' not in as_a.get(f"{BASE}/screen/title-abstract/1/").content.decode()
    assert vote(as_a, 1, "include").status_code == 409
    assert as_a.post(f"{BASE}/screen/title-abstract/1/undo/").status_code == 409


@pytest.mark.parametrize(("person", "status"), [("viewer", 403), ("adjudicator", 403), ("outsider", 404)])
def test_only_reviewers_screen(client, request, records, person, status):
    client.force_login(request.getfixturevalue(person))
    assert client.get(f"{BASE}/screen/title-abstract/").status_code == status
    assert vote(client, 1, "include").status_code == status


def test_a_settled_record_leaves_the_queue_of_a_third_reviewer(review, reviewer_a, reviewer_b, join, records):
    from reviewsite.workspace.domain.roles import Role

    reviewer_c = join("reviewer_c", Role.REVIEWER)
    head = next_record(reviewer_c, review, TITLE_ABSTRACT).record
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, head, EXCLUDE)
    assert next_record(reviewer_c, review, TITLE_ABSTRACT).record != head


@pytest.mark.parametrize("n_records", [1, 12])
@pytest.mark.parametrize("address", ["screen/title-abstract/", "screen/title-abstract/1/"])
def test_a_screening_page_takes_twelve_queries_at_most(
    as_a, review, owner, reviewer_a, address, n_records, django_assert_max_num_queries
):
    made = [make_record(review, owner) for _ in range(n_records + 1)]
    for record in made[1:]:
        decide(reviewer_a, record, UNSURE)
    with django_assert_max_num_queries(12):
        assert as_a.get(f"{BASE}/{address}").status_code == 200


@pytest.mark.parametrize("address", ["screen/full-text/", "screen/full-text/{}/"])
def test_a_full_text_page_takes_thirteen_queries_at_most(
    as_a, review, at_full_text, address, django_assert_max_num_queries
):
    make_reason(review)
    with django_assert_max_num_queries(13):
        assert as_a.get(f"{BASE}/{address.format(at_full_text.number)}").status_code == 200


def test_a_vote_takes_a_constant_number_of_queries(
    as_a, review, owner, records, django_assert_max_num_queries
):
    for _ in range(10):
        make_record(review, owner)
    with django_assert_max_num_queries(46):
        vote(as_a, 1, "include", headers=HTMX)


def test_undoing_somebody_elses_decision_is_refused(as_a, reviewer_b, records):
    decide(reviewer_b, records[0], INCLUDE)
    response = as_a.post(f"{BASE}/screen/title-abstract/1/undo/")
    assert (response.status_code, Decision.objects.open().count()) == (409, 1)


def test_a_second_undo_is_refused(review, reviewer_a, records):
    from reviewsite.workspace.refused import Refused

    decide(reviewer_a, records[0], INCLUDE)
    undo = {"user": reviewer_a, "review": review, "record": records[0], "stage": TITLE_ABSTRACT}
    undo_decision(**undo)
    with pytest.raises(Refused):
        undo_decision(**undo)


def test_undo_of_a_change_goes_back_to_the_decision_before(as_a, records):
    vote(as_a, 1, "exclude", note="Animals")
    shown = as_a.get(f"{BASE}/screen/title-abstract/1/").context["form"].initial["replaces"]
    vote(as_a, 1, "include", note="", replaces=shown)
    response = as_a.post(f"{BASE}/screen/title-abstract/1/undo/", headers=HTMX)
    assert "Back to Exclude." in response.content.decode()
    held = Decision.objects.open().get()
    assert (held.verdict, held.note) == ("exclude", "Animals")
    assert response.context["form"].initial["replaces"] == held.token


@pytest.mark.parametrize("address", ["screen/title-abstract/1/", "screen/title-abstract/"])
def test_the_note_of_an_undone_decision_stands_in_the_field_again(as_a, review, owner, address):
    make_record(review, owner)
    vote(as_a, 1, "exclude", note="Wrong population")
    as_a.post(f"{BASE}/screen/title-abstract/1/undo/")
    assert ">\nWrong population</textarea>" in as_a.get(f"{BASE}/{address}").content.decode()


def test_the_note_of_another_persons_undone_decision_stays_theirs(as_a, review, reviewer_b, records):
    decide(reviewer_b, records[0], EXCLUDE, note="B's thought")
    undo_decision(user=reviewer_b, review=review, record=records[0], stage=TITLE_ABSTRACT)
    assert as_a.get(f"{BASE}/screen/title-abstract/1/").context["form"].initial["note"] == ""


def test_a_vote_sent_again_after_its_undo_is_not_answered_as_saved(as_a, records):
    token = uuid4()
    vote(as_a, 1, "include", token=token)
    as_a.post(f"{BASE}/screen/title-abstract/1/undo/")
    response = vote(as_a, 1, "include", token=token)
    assert response.status_code == 422
    assert "changed or taken back since" in response.content.decode()
    assert not Decision.objects.open().exists()


def test_the_address_follows_the_record_that_is_shown(as_a, review, reviewer_a, records):
    first, second, third = order(review, reviewer_a)
    pushed = [
        vote(as_a, number, "include", headers=HTMX).headers["HX-Push-Url"]
        for number in (first, second, third)
    ]
    base = f"{BASE}/screen/title-abstract/"
    assert pushed == [f"{base}{second}/", f"{base}{third}/", base]
    undone = as_a.post(f"{base}{first}/undo/", headers=HTMX)
    assert undone.headers["HX-Push-Url"] == f"{base}{first}/"


def test_ten_reasons_have_keys(as_a, review, at_full_text):
    for n in range(1, 12):
        make_reason(review, f"reason {n}")
    page = as_a.get(f"{BASE}/screen/full-text/{at_full_text.number}/").content.decode()
    assert re.findall(r'data-shortcut="(\d)"', page) == list("1234567890")
