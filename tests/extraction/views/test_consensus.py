"""The consensus grid, and accepting one entry."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Entry, FormVersion, Study
from extraction.services.entries import Given
from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import User
from reviewsite.workspace.services.people import set_roles
from tests.extraction.builders import fill, pain


@pytest.fixture
def entry_a(study: Study, version: FormVersion, extractor_a: User) -> Entry:
    return fill(
        extractor_a, study, version,
        Given("country", "Ruritania"), Given("patients", "20", slot="pvp"),
        measurements=(pain("pvp", "6 weeks", n="20", mean="2.5"),),
    )  # fmt: skip


@pytest.fixture
def entry_b(study: Study, version: FormVersion, extractor_b: User) -> Entry:
    return fill(
        extractor_b, study, version, Given("country", "Ruritania"), Given("patients", "22", slot="pvp")
    )


@pytest.fixture
def judge(client: Client, adjudicator: User) -> Client:
    client.force_login(adjudicator)
    return client


def url(entry: Entry, name: str = "consensus") -> str:
    return reverse(name, args=[entry.review.slug, entry.study.number, entry.version.form.slug])


def names(shown: str) -> tuple[str, str]:
    """Return the names of the controls of the differing cell and of the lone measurement."""
    cell = re.search(r'name="(c\d+)" value="a"', shown)
    row = re.search(r'name="(r\d+)"', shown)
    assert cell
    assert row
    return cell[1], row[1]


def test_agreement_is_quiet_and_differences_are_counted(
    judge: Client, entry_a: Entry, entry_b: Entry
) -> None:
    shown = judge.get(url(entry_a)).content.decode()
    assert "Entry A (Extractor a)" in shown
    assert "Entry B (Extractor b)" in shown
    assert "1 answer agrees." in shown
    assert "The values differ" in shown
    assert "Only in entry A" in shown
    assert 'data-open-count="2"' in shown


def test_choices_settle_the_study(judge: Client, entry_a: Entry, entry_b: Entry) -> None:
    cell, row = names(judge.get(url(entry_a)).content.decode())
    response = judge.post(url(entry_a), {cell: "b", row: "keep"})
    assert response["Location"] == reverse("study", args=[entry_a.review.slug, entry_a.study.number])
    settled = Entry.objects.get(kind="consensus")
    assert settled.values.get(field__key="patients").integer == 22
    assert float(settled.measurements.get().mean) == 2.5
    assert "Ruritania" in judge.get(response["Location"]).content.decode()


def test_a_lone_measurement_may_be_left_out(judge: Client, entry_a: Entry, entry_b: Entry) -> None:
    cell, row = names(judge.get(url(entry_a)).content.decode())
    judge.post(url(entry_a), {cell: "a", row: "leave"})
    assert not Entry.objects.get(kind="consensus").measurements.exists()


def test_a_number_of_a_lone_measurement_may_be_corrected(
    judge: Client, entry_a: Entry, entry_b: Entry
) -> None:
    shown = judge.get(url(entry_a)).content.decode()
    cell, row = names(shown)
    mean = re.search(r"Correct it<span[^>]*>: Mean</span></summary>\s*<label for=\"(c\d+)-text\"", shown)
    assert mean
    correction = {f"{mean[1]}-text": "2.7", f"{mean[1]}-reason": "Misread from the figure."}
    judge.post(url(entry_a), {cell: "a", row: "keep"} | correction)
    measurement = Entry.objects.get(kind="consensus").measurements.get()
    assert (float(measurement.mean), measurement.n, measurement.origin) == (2.7, 20, "third")


def test_missing_choices_are_said_beside_their_cells_and_others_are_kept(
    judge: Client, entry_a: Entry, entry_b: Entry
) -> None:
    cell, _row = names(judge.get(url(entry_a)).content.decode())
    response = judge.post(url(entry_a), {cell: "b"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert shown.count("Keep this measurement or leave it out.") == 2  # in the summary and in its place
    assert re.search(rf'name="{cell}" value="b"[^>]*checked', shown)
    assert not Entry.objects.filter(kind="consensus").exists()


def test_a_third_value_without_reason_is_kept_on_the_page(
    judge: Client, entry_a: Entry, entry_b: Entry
) -> None:
    cell, row = names(judge.get(url(entry_a)).content.decode())
    response = judge.post(url(entry_a), {cell: "third", f"{cell}-text": "21", row: "keep"})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "say why neither entry is right" in shown
    assert 'value="21"' in shown


def test_a_settled_study_leads_to_its_page(judge: Client, entry_a: Entry, entry_b: Entry) -> None:
    cell, row = names(judge.get(url(entry_a)).content.decode())
    judge.post(url(entry_a), {cell: "a", row: "keep"})
    assert judge.get(url(entry_a)).status_code == 302
    assert judge.post(url(entry_a), {cell: "b", row: "keep"}).status_code == 409


def test_extractors_and_viewers_do_not_see_the_grid(
    client: Client, entry_a: Entry, entry_b: Entry, viewer: User, owner: User
) -> None:
    for person in (entry_a.extractor, entry_b.extractor, viewer, owner):
        client.force_login(person)
        assert client.get(url(entry_a)).status_code == 403


def test_an_adjudicator_who_extracts_sees_no_entry_before_both_are_submitted(
    judge: Client, adjudicator: User, owner: User, entry_a: Entry
) -> None:
    assert "Ruritania" in judge.get(url(entry_a)).content.decode()
    set_roles(user=owner, review=entry_a.review, member=adjudicator, roles=[Role.ADJUDICATOR, Role.EXTRACTOR])
    assert "Ruritania" not in judge.get(url(entry_a)).content.decode()
    assert judge.post(url(entry_a, "entry-accept"), {"rationale": "x"}).status_code == 404


def test_one_entry_is_accepted_with_a_reason(judge: Client, entry_a: Entry) -> None:
    response = judge.post(url(entry_a, "entry-accept"), {"rationale": " "})
    assert response.status_code == 422
    judge.post(url(entry_a, "entry-accept"), {"rationale": "The second person left."})
    assert Entry.objects.get(kind="consensus").basis == "single"


@pytest.mark.parametrize("n_measurements", [1, 4])
def test_the_grid_needs_the_same_queries_for_any_number_of_rows(
    judge: Client, study: Study, version: FormVersion, extractor_a: User, extractor_b: User,
    n_measurements: int, django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    times = tuple(pain("pvp", f"{week} weeks", mean="2") for week in range(1, 1 + n_measurements))
    entry = fill(extractor_a, study, version, measurements=times)
    fill(extractor_b, study, version, measurements=times)
    with django_assert_max_num_queries(27):
        judge.get(url(entry))
