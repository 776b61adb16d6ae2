"""Everybody fills an own entry; blank, zero, not reported and not applicable stay four things."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extraction.models import Entry, FormVersion, Study
from extraction.queries.entries import answers_of
from extraction.services.consensus import accept_single_entry
from extraction.services.drafts import InvalidEntry, Stale
from extraction.services.entries import Given, open_entry, save_answers, submit_entry
from extraction.services.studies import form_study
from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import set_roles
from tests.extraction.builders import fill, make_form, make_report


@pytest.fixture
def draft(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return open_entry(user=extractor_a, review=study.review, study=study, version=version)


def save(entry: Entry, *given: Given, user: User | None = None, seen: int | None = None) -> Entry:
    return save_answers(
        user=user or entry.extractor,
        review=entry.review,
        entry=entry,
        seen=entry.edit_count if seen is None else seen,
        given=given,
    )


def test_opening_twice_returns_the_same_draft(draft: Entry) -> None:
    again = open_entry(user=draft.extractor, review=draft.review, study=draft.study, version=draft.version)
    assert again == draft


def test_an_unpublished_form_takes_no_entry(
    review: Review, owner: User, study: Study, extractor_a: User
) -> None:
    version = make_form(review, owner, slug="later", is_published=False)
    with pytest.raises(Refused, match="not published"):
        open_entry(user=extractor_a, review=review, study=study, version=version)


def test_a_study_without_arms_takes_no_entry(
    review: Review, owner: User, extractor_a: User, version: FormVersion
) -> None:
    bare = form_study(user=extractor_a, review=review, label="Bare", reports=[make_report(review, owner)])
    with pytest.raises(Refused, match="arms first"):
        open_entry(user=extractor_a, review=review, study=bare, version=version)


def test_a_third_entry_would_not_count(
    draft: Entry, extractor_b: User, reviewer_a: User, owner: User
) -> None:
    review, study, version = draft.review, draft.study, draft.version
    open_entry(user=extractor_b, review=review, study=study, version=version)
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.EXTRACTOR])
    with pytest.raises(Refused, match="Two people"):
        open_entry(user=reviewer_a, review=review, study=study, version=version)


def test_a_draft_of_somebody_who_left_makes_room(
    draft: Entry, extractor_b: User, reviewer_a: User, owner: User
) -> None:
    review, study, version = draft.review, draft.study, draft.version
    open_entry(user=extractor_b, review=review, study=study, version=version)
    set_roles(user=owner, review=review, member=extractor_b, roles=[Role.VIEWER])
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.EXTRACTOR])
    assert open_entry(user=reviewer_a, review=review, study=study, version=version).is_draft


def test_blank_zero_not_reported_and_not_applicable_are_four_things(draft: Entry) -> None:
    saved = save(
        draft,
        Given("leaks", "0", slot="pvp"),
        Given("leaks", "", slot="kp"),
        Given("age", "", slot="pvp", missing="not_reported"),
        Given("age", "", slot="kp", missing="not_applicable"),
    )
    stored = {
        (value.field.key, value.slot): (value.integer, value.missing)
        for value in saved.values.select_related("field")
    }
    assert stored == {
        ("leaks", "pvp"): (0, None),
        ("age", "pvp"): (None, "not_reported"),
        ("age", "kp"): (None, "not_applicable"),
    }


def test_an_empty_input_makes_a_field_blank_again(draft: Entry) -> None:
    saved = save(save(draft, Given("country", "Denmark")), Given("country", ""))
    assert answers_of(saved) == {}


def test_answers_of_other_fields_stay(draft: Entry) -> None:
    saved = save(save(draft, Given("country", "Denmark")), Given("age", "63,5", slot="pvp"))
    assert {slot.field: answer for slot, answer in answers_of(saved).items()} == {
        "country": "Denmark",
        "age": Decimal("63.5"),
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Given("patients", "many", slot="pvp"), "not a number"),
        (Given("patients", "2.5", slot="pvp"), "whole number"),
        (Given("design", "Case report"), "not among the choices"),
        (Given("age", "n/a", slot="pvp"), "not applicable"),
        (Given("age", "63", slot="pvp", missing="unclear"), "keep one of them"),
        (Given("age", "1.12345678901", slot="pvp"), "at most 10 decimals"),
        (Given("age", "123456789012345", slot="pvp"), "too large"),
        (Given("country", "", quote="in Denmark"), "passage but no answer"),
        (Given("country", "Denmark", page="1" * 41), "Shorten this to 40"),
        (Given("age", "63"), "no such field"),
        (Given("weight", "63"), "no such field"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_nothing_is_stored(
    draft: Entry, given: Given, sentence: str
) -> None:
    with pytest.raises(InvalidEntry, match=sentence) as refusal:
        save(draft, Given("leaks", "0", slot="kp"), given)
    assert list(refusal.value.errors) == [(given.key, given.slot)]
    assert not draft.values.exists()


def test_another_window_is_noticed_and_nothing_is_overwritten(draft: Entry) -> None:
    save(draft, Given("country", "Denmark"), seen=0)
    with pytest.raises(Stale):
        save(draft, Given("country", "Norway"), seen=0)
    assert draft.values.get().text == "Denmark"


def test_nobody_writes_into_another_person_s_entry(draft: Entry, extractor_b: User) -> None:
    with pytest.raises(Refused, match="not your entry"):
        save(draft, Given("country", "Denmark"), user=extractor_b)


def test_a_submitted_entry_is_frozen(study: Study, version: FormVersion, extractor_a: User) -> None:
    entry = fill(extractor_a, study, version, Given("country", "Denmark"))
    with pytest.raises(Refused, match="can no longer be changed"):
        save(entry, Given("country", "Norway"))


def test_an_empty_entry_is_not_submitted(draft: Entry) -> None:
    with pytest.raises(Refused, match="empty"):
        submit_entry(user=draft.extractor, review=draft.review, entry=draft)


def test_submitting_notices_another_window(draft: Entry) -> None:
    save(draft, Given("country", "Denmark"))
    with pytest.raises(Stale):
        submit_entry(user=draft.extractor, review=draft.review, entry=draft, seen=0)


def test_a_draft_rests_once_its_study_is_settled(
    draft: Entry, extractor_b: User, adjudicator: User, owner: User
) -> None:
    other = fill(extractor_b, draft.study, draft.version, Given("country", "Norway"))
    set_roles(user=owner, review=draft.review, member=draft.extractor, roles=[Role.VIEWER])
    accept_single_entry(user=adjudicator, review=draft.review, entry=other, rationale="The other left.")
    set_roles(user=owner, review=draft.review, member=draft.extractor, roles=[Role.EXTRACTOR])
    with pytest.raises(Refused, match="settled already"):
        save(draft, Given("country", "Denmark"))
