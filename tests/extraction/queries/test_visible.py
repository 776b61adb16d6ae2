"""Nobody sees another person's entry before the rules allow."""

from __future__ import annotations

import pytest

from extraction.domain.compare import Slot
from extraction.models import Entry, FormVersion, Study
from extraction.queries.entries import visible_to
from extraction.queries.progress import State, studies_with_progress
from extraction.services.consensus import GivenChoice, settle_entries
from extraction.services.entries import Given
from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.people import set_roles
from tests.extraction.builders import fill, make_study


def seen(user: User, review: Review) -> set[tuple[str, str]]:
    return {(entry.kind, entry.extractor.name) for entry in visible_to(user, review)}


A, B = ("extraction", "Extractor a"), ("extraction", "Extractor b")


@pytest.fixture
def draft_a(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return fill(extractor_a, study, version, Given("country", "Denmark"), is_submitted=False)


@pytest.fixture
def entry_a(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return fill(extractor_a, study, version, Given("country", "Denmark"))


@pytest.fixture
def entry_b(study: Study, version: FormVersion, extractor_b: User) -> Entry:
    return fill(extractor_b, study, version, Given("country", "Norway"))


def test_a_draft_is_seen_by_its_extractor_alone(
    draft_a: Entry, review: Review, owner: User, extractor_b: User, adjudicator: User, viewer: User
) -> None:
    assert seen(draft_a.extractor, review) == {A}
    assert [seen(each, review) for each in (owner, extractor_b, adjudicator, viewer)] == [set()] * 4


def test_a_submitted_entry_stays_hidden_from_the_second_extractor(
    entry_a: Entry, review: Review, owner: User, extractor_b: User, viewer: User
) -> None:
    assert [seen(each, review) for each in (owner, extractor_b, viewer)] == [set()] * 3


def test_an_adjudicator_who_does_not_extract_sees_submitted_entries(
    entry_a: Entry, review: Review, adjudicator: User
) -> None:
    assert seen(adjudicator, review) == {A}


def test_an_adjudicator_who_extracts_waits_for_both(
    entry_a: Entry, review: Review, owner: User, adjudicator: User, study: Study,
    version: FormVersion, extractor_b: User,
) -> None:  # fmt: skip
    set_roles(user=owner, review=review, member=adjudicator, roles=[Role.ADJUDICATOR, Role.EXTRACTOR])
    assert seen(adjudicator, review) == set()
    fill(extractor_b, study, version, Given("country", "Norway"))
    assert seen(adjudicator, review) == {A, B}


def test_two_submitted_entries_stay_hidden_from_each_other(
    entry_a: Entry, entry_b: Entry, review: Review
) -> None:
    assert seen(entry_a.extractor, review) == {A}
    assert seen(entry_b.extractor, review) == {B}


def test_settled_entries_are_seen_by_members_and_not_by_outsiders(
    entry_a: Entry, entry_b: Entry, review: Review, adjudicator: User, viewer: User, outsider: User
) -> None:
    settle_entries(
        user=adjudicator, review=review, study=entry_a.study, version=entry_a.version,
        choices=[GivenChoice(Slot("country"), "a")],
    )  # fmt: skip
    assert seen(viewer, review) == {A, B, ("consensus", "Adjudicator")}
    assert seen(outsider, review) == set()


def test_progress_tells_who_settles_what_waits_and_others_no_more_than_their_own(
    entry_a: Entry, review: Review, extractor_b: User, adjudicator: User
) -> None:
    [progress] = studies_with_progress(extractor_b, review)
    form = progress.forms[0]
    assert (form.state, form.own, form.n_entries, form.can_start) == (State.UNSETTLED, None, 0, True)
    [progress] = studies_with_progress(adjudicator, review)
    assert progress.forms[0].state is State.AWAITING_SECOND


@pytest.mark.parametrize("n_more", [0, 3])
def test_progress_needs_the_same_queries_for_any_number_of_studies(
    entry_a: Entry, review: Review, owner: User, extractor_a: User, n_more: int,
    django_assert_num_queries,
) -> None:  # fmt: skip
    for number in range(n_more):
        make_study(review, extractor_a, owner, label=f"More {number}")
    with django_assert_num_queries(7):
        studies_with_progress(extractor_a, review)
