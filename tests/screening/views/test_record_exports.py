"""The page that offers the export, and the files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.vocabulary import Stage
from screening.domain.writing.layouts import Layout
from screening.models import Record
from screening.services.duplicates import judge
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_reason, make_record, make_source, retrieve

Page = Callable[..., str]
Download = Callable[..., bytes]


def body_of(response: Any) -> bytes:
    # The client closes a response once it is read; closing it again would end the database's connection.
    content: bytes = response.getvalue()
    return content


@pytest.fixture
def page(client: Client, review: Review) -> Page:
    def get(user: User, **query: object) -> str:
        client.force_login(user)
        response = client.get(reverse("record-export", args=[review.slug]), query)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return get


@pytest.fixture
def download(client: Client, review: Review) -> Download:
    """Return the bytes of a file as the person gets it."""

    def get(user: User, layout: str = "complete-csv", **query: object) -> bytes:
        client.force_login(user)
        response = client.get(reverse("record-export-file", args=[review.slug]), {"layout": layout, **query})
        assert response.status_code == 200
        return body_of(response)

    return get


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def ids_of(content: bytes) -> list[str]:
    return [row["workbench_id"] for row in rows_of(content)]


@pytest.fixture
def two(review: Review, owner: User) -> tuple[Record, Record]:
    return make_record(review, owner, title="Kept"), make_record(review, owner, title="Other")


# The page


def test_page_says_how_many_records_there_are_and_keeps_the_filter(
    two: object, owner: User, page: Page
) -> None:
    text = page(owner, q="kept", page="3")
    assert "<strong>1 record</strong>" in text
    assert '<input type="hidden" name="q" value="kept">' in text
    assert '<dt>Search</dt><dd dir="auto">kept</dd>' in text


def test_page_offers_every_layout(two: object, owner: User, page: Page) -> None:
    text = page(owner)
    assert [layout for layout in Layout if f'name="layout" value="{layout}"' not in text] == []


def test_page_without_records_offers_nothing(owner: User, page: Page) -> None:
    assert 'name="layout"' not in page(owner)


def test_page_offers_duplicates_only_where_there_are_some(
    two: tuple[Record, Record], review: Review, owner: User, page: Page
) -> None:
    assert 'name="duplicates"' not in page(owner)
    judge(user=owner, review=review, first=two[0], second=two[1], verdict="same")
    assert 'name="duplicates"' in page(owner)
    assert "<strong>1 record</strong>, and 1 duplicate that is left out" in page(owner)
    assert 'name="duplicates"' not in page(owner, standing="grouped")


def test_page_offers_decisions_once_the_person_may_see_one(
    two: tuple[Record, Record], reviewer_a: User, reviewer_b: User, owner: User, page: Page
) -> None:
    decide(reviewer_a, two[0], INCLUDE)
    assert 'name="decisions"' in page(reviewer_a)
    assert 'name="decisions"' not in page(owner)
    assert "Decisions of single reviewers cannot go along yet" in page(owner)
    decide(reviewer_b, two[0], INCLUDE)
    assert 'name="decisions"' in page(owner)


def test_list_links_to_the_export_with_its_filter(
    two: object, client: Client, owner: User, review: Review
) -> None:
    client.force_login(owner)
    text = client.get(reverse("record-list", args=[review.slug]), {"q": "kept"}).content.decode()
    assert f'href="{reverse("record-export", args=[review.slug])}?q=kept"' in text


# The file


def test_file_holds_the_records_of_the_filter_in_its_order(
    two: object, owner: User, download: Download
) -> None:
    assert ids_of(download(owner)) == ["cement-1", "cement-2"]
    assert ids_of(download(owner, q="other")) == ["cement-2"]
    assert ids_of(download(owner, order="title", q="")) == ["cement-1", "cement-2"]


def test_duplicates_come_along_when_ticked_or_filtered_for(
    two: tuple[Record, Record], review: Review, owner: User, download: Download
) -> None:
    judge(user=owner, review=review, first=two[0], second=two[1], verdict="same")
    assert ids_of(download(owner)) == ["cement-1"]
    assert ids_of(download(owner, duplicates="on")) == ["cement-1", "cement-2"]
    assert ids_of(download(owner, standing="duplicate")) == ["cement-2"]


def test_records_that_were_withdrawn_stay_away(
    two: tuple[Record, Record], owner: User, download: Download
) -> None:
    Record.objects.filter(pk=two[0].pk).update(is_withdrawn=True)
    assert ids_of(download(owner)) == ["cement-2"]


@pytest.mark.parametrize("layout", list(Layout))
def test_every_layout_is_a_file_with_a_name_and_a_type(
    layout: Layout, two: object, client: Client, owner: User, review: Review, settings: Any
) -> None:
    client.force_login(owner)
    response = client.get(reverse("record-export-file", args=[review.slug]), {"layout": layout})
    content = body_of(response)
    name = response["Content-Disposition"]
    assert name.startswith(f'attachment; filename="cement-{layout.program}-20')
    assert name.endswith(f'.{layout.extension}"')
    assert b"Kept" in content or layout is Layout.COMPLETE_XLSX


def test_workbook_has_records_codebook_and_what_it_was_made_from(
    two: object, owner: User, download: Download
) -> None:
    book = load_workbook(io.BytesIO(download(owner, "complete-xlsx", q="kept")))
    assert book.sheetnames == ["Records", "Codebook", "Export"]
    assert [row[0] for row in book["Records"].values] == ["workbench_id", "cement-1"]
    assert [row[0] for row in book["Codebook"].values][1:] == list(next(book["Records"].values))
    assert ("Filter: q", "kept") in list(book["Export"].values)


def test_incomplete_choice_leads_back_to_the_page(
    two: object, client: Client, owner: User, review: Review
) -> None:
    client.force_login(owner)
    page_path = reverse("record-export", args=[review.slug])
    for query in ("", "q=kept", "layout=nonsense", "layout=endnote-ris&stage=nonsense"):
        response = client.get(f"{reverse('record-export-file', args=[review.slug])}?{query}")
        assert (response.status_code, response["Location"]) == (
            302,
            f"{page_path}?{query}" if query else page_path,
        )


def test_each_download_is_written_down(
    two: object, client: Client, owner: User, review: Review, download: Download
) -> None:
    download(owner, "asreview-csv", stage="full_text", q="kept", decisions="on")
    event = AuditEvent.objects.get(review=review, action="export_records")
    assert (event.user, event.detail) == (
        owner,
        {
            "layout": "asreview-csv",
            "n_records": 1,
            "has_decisions": False,
            "stage": "full_text",
            "filter": {"q": "kept"},
        },
    )
    client.head(reverse("record-export-file", args=[review.slug]), {"layout": "complete-csv"})
    assert AuditEvent.objects.filter(review=review, action="export_records").count() == 1


def test_read_only_review_can_be_exported(
    two: object, owner: User, review: Review, download: Download
) -> None:
    make_read_only(user=owner, review=review)
    assert ids_of(download(owner)) == ["cement-1", "cement-2"]


@pytest.mark.parametrize("n_records", [2, 30])
@pytest.mark.parametrize("layout", ["complete-json", "complete-xlsx"])
def test_file_costs_the_same_for_two_records_and_for_thirty(
    n_records: int,
    layout: str,
    review: Review,
    owner: User,
    reviewer_a: User,
    download: Download,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for _ in range(n_records):
        decide(reviewer_a, make_record(review, owner), INCLUDE)
    with django_assert_max_num_queries(36):
        download(reviewer_a, layout, decisions="on")


def test_large_list_is_read_in_chunks(
    review: Review, owner: User, download: Download, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.queries.record_exports.AT_ONCE", 3)
    numbers = [make_record(review, owner).number for _ in range(8)]
    assert ids_of(download(owner)) == [f"cement-{number}" for number in numbers]


# What the file says


@pytest.fixture
def judged(review: Review, owner: User, reviewer_a: User, reviewer_b: User) -> Record:
    """A record with a duplicate, included on its title and excluded at full text."""
    record = make_record(review, owner, title="Judged", authors=["Example, A."], database="Ovid MEDLINE")
    copy = make_record(review, owner, source=make_source(review, "embase"), database="Embase", enters=False)
    judge(user=owner, review=review, first=record, second=copy, verdict="same")
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, record, INCLUDE)
    retrieve(owner, record)
    reason = make_reason(review, label="Wrong population")
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, record, EXCLUDE, stage=Stage.FULL_TEXT, reason=reason)
    return record


def test_complete_file_says_where_the_record_stands_and_for_whom(
    judged: Record, owner: User, download: Download
) -> None:
    (record,) = json.loads(download(owner, "complete-json"))["records"]
    assert record == {
        "id": "cement-1",
        "number": 1,
        "title": "Judged",
        "authors": ["Example, A."],
        "year": 2020,
        "database": "Ovid MEDLINE",
        "sources": ["Medline", "Embase"],
        "databases": ["Ovid MEDLINE", "Embase"],
        "duplicates": ["cement-2"],
        "status": {"title_abstract": "included", "full_text": "excluded"},
        "exclusion_reason": "Wrong population",
    }


def test_duplicate_names_the_record_that_stands_for_it(
    judged: Record, owner: User, download: Download
) -> None:
    _, copy = rows_of(download(owner, duplicates="on"))
    assert (copy["duplicate_of"], copy["duplicates"], copy["sources"], copy["full_text_status"]) == (
        "cement-1",
        "",
        "Embase; Medline",
        "",
    )


def test_label_is_the_outcome_of_the_chosen_stage(judged: Record, owner: User, download: Download) -> None:
    def label(stage: str) -> str:
        return rows_of(download(owner, "asreview-csv", stage=stage))[0]["included"]

    assert [label("title_abstract"), label("full_text"), label("")] == ["1", "0", "0"]
    assert b"N1  - ASReview_relevant" in download(owner, "asreview-ris", stage="title_abstract")


def test_programs_in_which_screening_goes_on_get_no_outcome(
    judged: Record, owner: User, download: Download
) -> None:
    for layout in ("rayyan-csv", "rayyan-ris", "covidence-ris", "revman-ris"):
        text = download(owner, layout, decisions="on").decode()
        assert "WORKBENCH-ID: cement-1" in text
        assert [word for word in ("exclude", "Wrong population", "Reviewer a") if word in text] == []


def test_decisions_go_along_when_wanted(judged: Record, owner: User, download: Download) -> None:
    assert "decisions" not in rows_of(download(owner))[0]
    (record,) = json.loads(download(owner, "complete-json", decisions="on"))["records"]
    told = [
        (each["reviewer"], each["stage"], each["verdict"], each["reason"]) for each in record["decisions"]
    ]
    assert told == [
        ("Reviewer a", "title_abstract", "include", ""),
        ("Reviewer b", "title_abstract", "include", ""),
        ("Reviewer a", "full_text", "exclude", "Wrong population"),
        ("Reviewer b", "full_text", "exclude", "Wrong population"),
    ]


def test_two_people_of_one_name_are_told_apart(
    judged: Record, owner: User, reviewer_b: User, download: Download
) -> None:
    User.objects.filter(pk=reviewer_b.pk).update(name="Reviewer a")
    text = rows_of(download(owner, decisions="on"))[0]["decisions"]
    assert "Reviewer a (reviewer-a@example.org) |" in text
    assert "Reviewer a (reviewer-b@example.org) |" in text
