"""The list of studies and the page of one study."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import FormVersion, Study
from extraction.services.entries import Given
from reviewsite.workspace.models import Review, User
from tests.extraction.builders import fill, make_report, make_study

SECRET = "Ruritania"


def page(client: Client, user: User, name: str, *args: object) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_study_is_formed_in_one_click(
    client: Client, review: Review, owner: User, extractor_a: User
) -> None:
    report = make_report(review, owner, authors=["Hansen, L."], year=2011)
    assert "Hansen 2011" in page(client, extractor_a, "study-list", review.slug)
    client.post(reverse("study-list", args=[review.slug]), {"single": report.pk})
    study = Study.objects.get()
    assert (study.label, study.links.get().report) == ("Hansen 2011", report)


def test_several_reports_form_one_study(
    client: Client, review: Review, owner: User, extractor_a: User
) -> None:
    reports = [make_report(review, owner), make_report(review, owner)]
    client.force_login(extractor_a)
    data = {"reports": [each.pk for each in reports], "label": "Trial X"}
    client.post(reverse("study-list", args=[review.slug]), data)
    assert [link.report for link in Study.objects.get(label="Trial X").links.all()] == reports


def test_reports_join_an_existing_study(
    client: Client, review: Review, owner: User, extractor_a: User, study: Study
) -> None:
    report = make_report(review, owner)
    client.force_login(extractor_a)
    data = {"reports": [report.pk], "study": study.pk}
    client.post(reverse("study-list", args=[review.slug]), data)
    assert study.links.count() == 2


def test_choosing_nothing_is_said(client: Client, review: Review, owner: User, extractor_a: User) -> None:
    make_report(review, owner)
    client.force_login(extractor_a)
    response = client.post(reverse("study-list", args=[review.slug]), {"label": "X"})
    assert response.status_code == 422
    assert "Choose at least one report." in response.content.decode()


def test_viewers_read_the_list_and_form_nothing(
    client: Client, review: Review, owner: User, viewer: User
) -> None:
    report = make_report(review, owner)
    assert "Form study" not in page(client, viewer, "study-list", review.slug)
    response = client.post(reverse("study-list", args=[review.slug]), {"single": report.pk})
    assert response.status_code == 403
    assert not Study.objects.exists()


def test_outsiders_find_nothing(client: Client, review: Review, study: Study, outsider: User) -> None:
    client.force_login(outsider)
    for url in (
        reverse("study-list", args=[review.slug]),
        reverse("study", args=[review.slug, study.number]),
    ):
        assert client.get(url).status_code == 404


def test_an_unsettled_entry_shows_as_a_state_only(
    client: Client, review: Review, study: Study, version: FormVersion, extractor_a: User,
    extractor_b: User, viewer: User, owner: User,
) -> None:  # fmt: skip
    fill(extractor_a, study, version, Given("country", SECRET))
    for person in (extractor_b, viewer, owner):
        listed = page(client, person, "study-list", review.slug)
        shown = page(client, person, "study", review.slug, study.number)
        assert "Not settled yet" in listed
        assert "Awaiting second entry" not in listed + shown
        assert SECRET not in listed + shown


def test_the_list_can_be_narrowed_to_a_state(
    client: Client, review: Review, owner: User, study: Study, version: FormVersion, extractor_a: User,
    adjudicator: User,
) -> None:  # fmt: skip
    make_study(review, extractor_a, owner, label="Untouched 2012")
    fill(extractor_a, study, version, Given("country", SECRET), is_submitted=False)
    client.force_login(adjudicator)
    shown = client.get(reverse("study-list", args=[review.slug]), {"state": "open"}).content.decode()
    assert "Untouched 2012" in shown
    assert "Hansen 2011" not in shown


def test_arms_are_added_with_errors_beside_the_field(
    client: Client, review: Review, study: Study, extractor_a: User
) -> None:
    client.force_login(extractor_a)
    url = reverse("arm-add", args=[review.slug, study.number])
    response = client.post(url, {"arm-label": "Both", "arm-is_mixed": "on"})
    assert response.status_code == 422
    assert "more frequent treatment" in response.content.decode()
    client.post(url, {"arm-label": "Control"})
    assert study.arms.get(key="control").allocation == "none"


def test_a_report_is_linked_and_unlinked(
    client: Client, review: Review, owner: User, study: Study, extractor_a: User
) -> None:
    report = make_report(review, owner)
    client.force_login(extractor_a)
    client.post(reverse("study-report-link", args=[review.slug, study.number]), {"link-report": report.pk})
    link = study.links.get(report=report)
    client.post(reverse("study-report-unlink", args=[review.slug, study.number, link.pk]))
    link.refresh_from_db()
    assert not link.is_open


@pytest.mark.parametrize("n_more", [1, 4])
def test_the_list_needs_the_same_queries_for_any_number_of_studies(
    client: Client, review: Review, owner: User, study: Study, version: FormVersion, extractor_a: User,
    n_more: int, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for number in range(n_more):
        make_study(review, extractor_a, owner, label=f"More {number}")
        make_report(review, owner)
    client.force_login(extractor_a)
    with django_assert_max_num_queries(18):
        client.get(reverse("study-list", args=[review.slug]))
