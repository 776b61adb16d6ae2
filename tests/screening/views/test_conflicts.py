"""Conflict pages: who sees them, with what, and what they lead to."""

from __future__ import annotations

import pytest

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import Stage
from screening.models import Adjudication, ConsensusProposal, Source, StagePolicy
from screening.queries.conflicts import conflict_count
from tests.screening.builders import (
    EXCLUDE,
    INCLUDE,
    decide,
    make_reason,
    make_record,
    make_source,
    retrieve,
    status_of,
)

BASE = "/reviews/cement/conflicts/title-abstract"
OUTCOME = {"verdict": "exclude", "rationale": "Animals only."}


def prefixed(prefix, fields):
    return {f"{prefix}-{name}": value for name, value in fields.items()}


@pytest.fixture
def record(review, owner, reviewer_a, reviewer_b):
    record = make_record(review, owner, title="A disputed trial")
    decide(reviewer_a, record, INCLUDE, note="A's private thought")
    decide(reviewer_b, record, EXCLUDE, note="B's private thought")
    return record


@pytest.fixture
def log_in(client, request):
    def as_person(name):
        client.force_login(request.getfixturevalue(name))
        return client

    return as_person


@pytest.mark.parametrize("person", ["adjudicator", "reviewer_a", "reviewer_b"])
def test_adjudicators_and_deciders_find_the_conflict(log_in, record, person):
    client = log_in(person)
    assert "A disputed trial" in client.get(f"{BASE}/").content.decode()
    page = client.get(f"{BASE}/1/").content.decode()
    assert ("Include" in page, "Exclude" in page) == (True, True)


def test_another_reviewer_finds_neither_list_entry_nor_page(client, record, join):
    client.force_login(join("reviewer_c", Role.REVIEWER))
    assert "A disputed trial" not in client.get(f"{BASE}/").content.decode()
    assert client.get(f"{BASE}/1/").status_code == 404


@pytest.mark.parametrize(("person", "status"), [("viewer", 403), ("owner", 403), ("outsider", 404)])
def test_who_neither_screens_nor_adjudicates_is_kept_out(log_in, record, person, status):
    client = log_in(person)
    assert [client.get(f"{BASE}/{path}").status_code for path in ("", "1/")] == [status, status]


@pytest.mark.parametrize("person", ["adjudicator", "reviewer_b"])
def test_nobody_reads_anothers_note_or_name(log_in, record, person):
    page = log_in(person).get(f"{BASE}/1/").content.decode()
    assert "A&#x27;s private thought" not in page
    assert "Reviewer a" not in page


def test_the_policy_hides_the_decisions_from_adjudicators(log_in, review, owner, record):
    StagePolicy.objects.create(review=review, stage="title_abstract", shows_decisions=False, created_by=owner)
    case = log_in("adjudicator").get(f"{BASE}/1/").context["case"]
    assert case.sides == []
    assert case.may_adjudicate


def test_an_adjudication_is_saved(log_in, record):
    response = log_in("adjudicator").post(f"{BASE}/1/resolution/", prefixed("resolution", OUTCOME))
    assert response.headers["Location"] == f"{BASE}/"
    assert (status_of(record), Adjudication.objects.get().rationale) == ("excluded", "Animals only.")


def test_an_adjudication_without_a_rationale_is_asked_for_it(log_in, record):
    response = log_in("adjudicator").post(f"{BASE}/1/resolution/", {"resolution-verdict": "exclude"})
    assert response.status_code == 422
    assert not Adjudication.objects.exists()


def test_a_reviewer_may_not_post_an_adjudication(log_in, record):
    client = log_in("reviewer_a")
    assert client.post(f"{BASE}/1/resolution/", prefixed("resolution", OUTCOME)).status_code == 403


def test_a_consensus_goes_from_proposal_to_signature(log_in, record):
    log_in("reviewer_a").post(f"{BASE}/1/proposals/", prefixed("proposal", OUTCOME))
    proposal = ConsensusProposal.objects.get()
    client = log_in("reviewer_b")
    assert "signed by 1 of 2" in client.get(f"{BASE}/1/").content.decode()
    client.post(f"{BASE}/1/proposals/{proposal.pk}/signature/")
    assert (status_of(record), Adjudication.objects.get().mode) == ("excluded", "discussion")
    assert "Consensus · " in client.get(f"{BASE}/1/").content.decode()


def test_a_proposal_is_withdrawn(log_in, record):
    client = log_in("reviewer_a")
    client.post(f"{BASE}/1/proposals/", prefixed("proposal", OUTCOME))
    client.post(f"{BASE}/1/proposals/{ConsensusProposal.objects.get().pk}/withdrawal/")
    assert not ConsensusProposal.objects.open().exists()


def test_an_adjudicator_does_not_see_the_discussion(log_in, record):
    log_in("reviewer_a").post(f"{BASE}/1/proposals/", prefixed("proposal", OUTCOME))
    assert "Animals only." not in log_in("adjudicator").get(f"{BASE}/1/").content.decode()


def test_a_resolved_conflict_is_opened_again(log_in, record):
    client = log_in("adjudicator")
    client.post(f"{BASE}/1/resolution/", prefixed("resolution", OUTCOME))
    client.post(f"{BASE}/1/reopening/", {"reopening-rationale": "A mistake."})
    assert status_of(record) == "conflict"
    assert "Earlier resolutions" in client.get(f"{BASE}/1/").content.decode()


def test_a_record_without_a_conflict_has_no_conflict_page(log_in, review, owner, adjudicator):
    make_record(review, owner)
    assert log_in("adjudicator").get(f"{BASE}/1/").status_code == 404


def test_a_read_only_review_takes_no_resolution(log_in, review, owner, record, adjudicator):
    make_read_only(user=owner, review=review)
    client = log_in("adjudicator")
    assert client.post(f"{BASE}/1/resolution/", prefixed("resolution", OUTCOME)).status_code == 409
    assert "Resolve the conflict" not in client.get(f"{BASE}/1/").content.decode()


def test_conflicts_are_counted_for_those_who_work_on_them(
    review, record, adjudicator, reviewer_a, viewer, join
):
    other = join("reviewer_c", Role.REVIEWER)
    counts = [conflict_count(person, review) for person in (adjudicator, reviewer_a, other, viewer)]
    assert counts == [1, 1, 0, 0]


@pytest.mark.parametrize("n_records", [1, 5])
def test_the_list_takes_a_constant_number_of_queries(
    log_in, review, owner, reviewer_a, reviewer_b, adjudicator, n_records, django_assert_max_num_queries
):
    for _ in range(n_records):
        record = make_record(review, owner)
        decide(reviewer_a, record, INCLUDE)
        decide(reviewer_b, record, EXCLUDE)
    client = log_in("adjudicator")
    with django_assert_max_num_queries(10):
        client.get(f"{BASE}/")
    with django_assert_max_num_queries(18):
        client.get(f"{BASE}/1/")


def test_the_order_of_the_sides_does_not_follow_who_decided_first(
    review, owner, reviewer_a, reviewer_b, adjudicator
):
    from screening.queries.conflicts import case_of

    first_is_a = set()
    for _ in range(12):
        record = make_record(review, owner)
        decide(reviewer_a, record, INCLUDE)
        decide(reviewer_b, record, EXCLUDE)
        sides = case_of(adjudicator, review, Stage.TITLE_ABSTRACT, record.number).sides
        first_is_a.add(sides[0].decision.reviewer == reviewer_a)
    assert first_is_a == {True, False}


def test_a_conflict_without_an_abstract_offers_no_maybe(log_in, record):
    page = log_in("adjudicator").get(f"{BASE}/1/").content.decode()
    assert "without an abstract: resolve the conflict by the title" in page
    assert "choose “Maybe”" not in page


@pytest.fixture
def at_full_text(review, owner, reviewer_a, reviewer_b):
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    record = make_record(review, owner, source=listed)
    retrieve(owner, record)
    decide(reviewer_a, record, INCLUDE, stage=Stage.FULL_TEXT)
    decide(reviewer_b, record, EXCLUDE, stage=Stage.FULL_TEXT, reason=make_reason(review))
    return record


@pytest.mark.parametrize(
    ("person", "path", "prefix"),
    [("adjudicator", "resolution", "resolution"), ("reviewer_a", "proposals", "proposal")],
)
def test_an_exclusion_at_full_text_is_asked_for_its_reason_beside_the_field(
    log_in, at_full_text, person, path, prefix
):
    client = log_in(person)
    address = "/reviews/cement/conflicts/full-text/1/"
    assert "Exclusion reason (needed for Exclude)</legend>" in client.get(address).content.decode()
    response = client.post(f"{address}{path}/", prefixed(prefix, OUTCOME))
    form = response.context["resolution" if prefix == "resolution" else "proposing"]
    assert form.errors == {"reason": ["Choose the reason for the exclusion."]}
    assert f'id="id_{prefix}-reason_error"' in response.content.decode()


def test_an_inclusion_at_full_text_needs_no_reason(log_in, at_full_text):
    client = log_in("adjudicator")
    outcome = prefixed("resolution", OUTCOME | {"verdict": "include"})
    assert client.post("/reviews/cement/conflicts/full-text/1/resolution/", outcome).status_code == 302


def test_the_list_says_how_a_conflict_was_resolved(log_in, review, owner, reviewer_a, reviewer_b, record):
    other = make_record(review, owner)
    decide(reviewer_a, other, INCLUDE)
    decide(reviewer_b, other, EXCLUDE)
    log_in("adjudicator").post(f"{BASE}/1/resolution/", prefixed("resolution", OUTCOME))
    log_in("reviewer_a").post(f"{BASE}/2/proposals/", prefixed("proposal", OUTCOME))
    client = log_in("reviewer_b")
    client.post(f"{BASE}/2/proposals/{ConsensusProposal.objects.get().pk}/signature/")
    page = client.get(f"{BASE}/").content.decode()
    assert page.index("<td>Consensus</td>") < page.index("<td>Adjudication</td>")
