"""The overview: missing steps of the set-up and what waits for each person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from extraction.services.entries import open_entry
from reviewsite.workspace.models import Review, User
from screening.services.protocol import add_criterion, add_exclusion_reason
from screening.services.sources import add_source
from tests.extraction.builders import make_form, make_protocol, make_study
from tests.screening.builders import make_record

Tasks = Callable[[User], list[str]]


@pytest.fixture
def buttons(client: Client, review: Review) -> Tasks:
    """Return the buttons of the tasks that a person sees, in their order."""

    def look(user: User) -> list[str]:
        client.force_login(user)
        response = client.get(reverse("review-home", args=[review.slug]))
        assert response.status_code == 200
        return [str(task.button) for task in response.context["tasks"]]

    return look


def test_an_empty_review_lists_its_set_up_in_order(buttons: Tasks, owner: User, admin: User) -> None:
    protocol = ["Write the question", "Add a criterion", "Add a reason"]
    assert buttons(owner) == [*protocol, "Add a source", "Import a file", "Invite a reviewer"]
    assert buttons(admin) == [*protocol, "Add a source", "Import a file"]


def test_people_who_may_not_set_up_see_no_steps(buttons: Tasks, reviewer_a: User, viewer: User) -> None:
    assert buttons(reviewer_a) == buttons(viewer) == []


def test_steps_go_when_they_are_done(
    buttons: Tasks, owner: User, review: Review, reviewer_a: User, reviewer_b: User
) -> None:
    Review.objects.filter(pk=review.pk).update(question="Does cement help?")
    add_criterion(user=owner, review=review, kind="inclusion", text="Adults")
    add_exclusion_reason(user=owner, review=review, label="Wrong population")
    add_source(user=owner, review=review, name="MEDLINE", kind="database")
    assert buttons(owner) == ["Import a file"]
    make_record(review, owner)
    assert buttons(owner) == []


def test_one_reviewer_of_two_is_missing(
    client: Client, buttons: Tasks, owner: User, review: Review, reviewer_a: User
) -> None:
    buttons(owner)
    page = client.get(reverse("review-home", args=[review.slug])).content.decode()
    assert "1 reviewer is missing: the rules ask for 2 per record." in page


def test_studies_wait_for_an_own_entry_whatever_others_entered(
    client: Client, owner: User, review: Review, extractor_a: User, extractor_b: User
) -> None:
    version = make_form(review, owner)
    make_protocol(review, owner)
    study = make_study(review, extractor_a, owner)

    def page(user: User) -> str:
        client.force_login(user)
        return client.get(reverse("review-home", args=[review.slug])).content.decode()

    assert "1 study waits for your entry." in page(extractor_b)
    open_entry(user=extractor_a, review=review, study=study, version=version)
    assert "waits for your entry" not in page(extractor_a)
    assert "1 study waits for your entry." in page(extractor_b)


def test_a_form_that_is_a_draft_asks_for_no_entry(
    buttons: Tasks, owner: User, review: Review, extractor_a: User
) -> None:
    make_form(review, owner, is_published=False)
    make_protocol(review, owner)
    make_study(review, extractor_a, owner)
    assert buttons(extractor_a) == []
