"""Forms, outcomes, groups and intervals: everybody reads, owners change."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import ArmGroup, Form, FormVersion, Outcome
from reviewsite.workspace.models import Review, User
from tests.extraction.builders import make_form

NEW_FIELD = {"label": "Mean age", "kind": "number", "scope": "arm", "summary": "none"}


@pytest.fixture
def owning(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_a_form_is_started_filled_and_published(owning: Client, review: Review) -> None:
    response = owning.post(reverse("form-list", args=[review.slug]), {"title": "Risk of bias"})
    assert response["Location"] == reverse("form", args=[review.slug, "risk-of-bias"])
    owning.post(response["Location"], NEW_FIELD)
    owning.post(reverse("form-publish", args=[review.slug, "risk-of-bias"]))
    version = Form.objects.get().versions.get()
    assert version.published_at is not None
    assert [field.key for field in version.fields.all()] == ["mean_age"]


def test_a_list_takes_one_choice_per_line(owning: Client, review: Review, owner: User) -> None:
    version = make_form(review, owner, is_published=False)
    field = NEW_FIELD | {"kind": "choice", "choices": "Low\r\n\r\nHigh\r\nLow"}
    owning.post(reverse("form", args=[review.slug, version.form.slug]), field)
    assert version.fields.get(key="mean_age").choices == ["Low", "High"]


def test_what_the_service_refuses_stands_on_the_page(owning: Client, review: Review, owner: User) -> None:
    version = make_form(review, owner, is_published=False)
    url = reverse("form", args=[review.slug, version.form.slug])
    response = owning.post(url, NEW_FIELD | {"key": "country"})
    assert response.status_code == 422
    assert "The form has a field “country”" in response.content.decode()


def test_a_field_of_a_draft_is_removed(owning: Client, review: Review, owner: User) -> None:
    version = make_form(review, owner, is_published=False)
    owning.post(reverse("field-remove", args=[review.slug, version.form.slug, "country"]))
    assert not version.fields.filter(key="country").exists()


def test_a_published_form_offers_a_new_version(owning: Client, review: Review, version: FormVersion) -> None:
    url = reverse("form", args=[review.slug, version.form.slug])
    shown = owning.get(url).content.decode()
    assert "Start a new version" in shown
    assert "Add a field" not in shown
    assert owning.post(url, NEW_FIELD).status_code == 409
    owning.post(reverse("form-revise", args=[review.slug, version.form.slug]))
    assert version.form.versions.count() == 2


def test_outcomes_groups_and_intervals_are_set_up(owning: Client, review: Review) -> None:
    url = reverse("outcome-list", args=[review.slug])
    outcome = {"outcome-label": "Pain", "outcome-key": "VAS", "outcome-better": "lower"}
    outcome["outcome-pooling"] = "by_group"
    owning.post(url, outcome | {"outcome-scale_min": "0", "outcome-scale_max": "10"})
    owning.post(reverse("group-add", args=[review.slug]), {"group-label": "Kyphoplasty"})
    owning.post(reverse("interval-set", args=[review.slug]))
    shown = owning.get(url).content.decode()
    assert Outcome.objects.get().key == "VAS"
    assert ArmGroup.objects.get().key == "kyphoplasty"
    assert "28 days ≤ t ≤ 42 days" in shown
    assert "overlap" not in shown


def test_gaps_between_intervals_are_said(owning: Client, review: Review) -> None:
    owning.post(reverse("interval-set", args=[review.slug]))
    review.follow_up_intervals.filter(key="lt_6mo").delete()
    shown = owning.get(reverse("outcome-list", args=[review.slug])).content.decode()
    assert "there are times in no interval" in shown


def test_a_wrong_scale_is_said(owning: Client, review: Review) -> None:
    data = {"outcome-label": "Pain", "outcome-better": "lower", "outcome-scale_min": "10"}
    data["outcome-pooling"] = "by_group"
    response = owning.post(reverse("outcome-list", args=[review.slug]), data | {"outcome-scale_max": "0"})
    assert response.status_code == 422
    assert "below its highest score" in response.content.decode()


def test_extractors_read_and_change_nothing(
    client: Client, review: Review, version: FormVersion, extractor_a: User
) -> None:
    client.force_login(extractor_a)
    form = [review.slug, version.form.slug]
    for url in (
        reverse("form-list", args=form[:1]),
        reverse("form", args=form),
        reverse("outcome-list", args=form[:1]),
    ):
        assert client.get(url).status_code == 200
        assert client.post(url, NEW_FIELD).status_code == 403
    for name, place in (("form-publish", form), ("form-revise", form), ("interval-set", form[:1])):
        assert client.post(reverse(name, args=place)).status_code == 403
