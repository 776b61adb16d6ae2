"""The list of records, one record and the groups of duplicates."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from screening.domain.vocabulary import Verdict
from screening.services.duplicates import judge
from tests.screening.builders import decide, make_record, make_source

Get = Callable[..., str]


@pytest.fixture
def look(client: Client, viewer: User, review: Review) -> Get:
    """Return the text of a page as a viewer sees it."""

    def get(name: str, *args: object, **query: object) -> str:
        client.force_login(viewer)
        response = client.get(reverse(name, args=[review.slug, *args]), query)
        assert response.status_code == 200
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())

    return get


@pytest.mark.parametrize("text", ["cement", "CEMENT", "südhoff", "10.9999/ex.1", "#1", "1"])
def test_search_finds_title_authors_doi_and_number(owner: User, review: Review, look: Get, text: str) -> None:
    make_record(review, owner, title="Cement for spines", authors=["südhoff, B."], doi="10.9999/ex.1")
    make_record(review, owner, title="Other topic")
    found = look("record-list", q=text)
    assert "Cement for spines" in found
    assert "Other topic" not in found


def test_filters_narrow_by_source_duplicate_and_status(
    owner: User, reviewer_a: User, reviewer_b: User, review: Review, look: Get
) -> None:
    excluded = make_record(review, owner, title="Left out")
    kept = make_record(review, owner, title="Kept", source=make_source(review, "embase"))
    copy = make_record(review, owner, title="A copy")
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, excluded, Verdict.EXCLUDE)
    judge(user=owner, review=review, first=kept, second=copy, verdict="same")
    titles = {"Left out", "Kept", "A copy"}

    def shown(**query: object) -> set[str]:
        return {title for title in titles if title in look("record-list", **query)}

    assert shown() == titles
    assert shown(source=kept.source.pk) == {"Kept"}
    assert shown(standing="duplicate") == {"A copy"}
    assert shown(standing="grouped") == {"Kept", "A copy"}
    assert shown(title_abstract="excluded") == {"Left out"}


def test_values_that_are_not_offered_narrow_nothing(owner: User, review: Review, look: Get) -> None:
    make_record(review, owner, title="Any record")
    assert "Any record" in look(
        "record-list", source="999", standing="x", title_abstract="'; --", order="raw", page="0"
    )


@pytest.mark.parametrize("n_records", [1, 30])
def test_list_costs_the_same_for_one_record_and_for_thirty(
    client: Client,
    owner: User,
    viewer: User,
    review: Review,
    n_records: int,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _ in range(n_records):
        make_record(review, owner)
    client.force_login(viewer)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(reverse("record-list", args=[review.slug]), {"title_abstract": "awaiting", "q": "Record"})


@pytest.mark.parametrize("n_groups", [1, 20])
def test_groups_cost_the_same_for_one_and_for_twenty(
    client: Client,
    owner: User,
    review: Review,
    n_groups: int,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _ in range(n_groups):
        first, second = make_record(review, owner), make_record(review, owner)
        judge(user=owner, review=review, first=first, second=second, verdict="same")
    client.force_login(owner)
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        response = client.get(reverse("duplicate-list", args=[review.slug]))
    assert response.content.decode().count("Not a duplicate") == 2 * n_groups


def test_record_page_shows_the_raw_text_as_text(owner: User, review: Review, look: Get) -> None:
    record = make_record(review, owner, title="<b>Bold</b>", raw="TI  - <script>go()</script>", abstract="")
    text = look("record", record.number)
    assert "&lt;script&gt;go()&lt;/script&gt;" in text
    assert "<b>Bold</b>" not in text
    assert "The source gave no abstract." in text


def test_unsettled_decision_of_another_person_is_not_on_the_page(
    owner: User, reviewer_a: User, reviewer_b: User, review: Review, look: Get
) -> None:
    record = make_record(review, owner)
    before = look("record", record.number)
    decide(reviewer_a, record, Verdict.EXCLUDE, note="only for me")
    assert look("record", record.number) == before
    decide(reviewer_b, record, Verdict.EXCLUDE)
    settled = look("record", record.number)
    assert "Excluded" in settled
    assert "Reviewer a" in settled
    assert "only for me" not in settled


def test_not_a_duplicate_button_splits_the_group(client: Client, owner: User, review: Review) -> None:
    first, second = make_record(review, owner), make_record(review, owner)
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    client.force_login(owner)
    response = client.post(reverse("record-split", args=[review.slug, second.number]), {"back": "duplicates"})
    assert response["Location"] == reverse("duplicate-list", args=[review.slug])
    second.refresh_from_db()
    assert second.canonical is None


def test_record_is_marked_as_a_duplicate_by_its_number(client: Client, owner: User, review: Review) -> None:
    first, second = make_record(review, owner), make_record(review, owner)
    client.force_login(owner)
    address = reverse("record-same", args=[review.slug, second.number])
    assert "no record with this number" in client.post(address, {"number": 99}).content.decode()
    assert "itself" in client.post(address, {"number": second.number}).content.decode()
    assert client.post(address, {"number": first.number}).status_code == 302
    second.refresh_from_db()
    assert second.canonical == first


def test_people_without_the_role_do_not_split(
    client: Client, owner: User, reviewer_a: User, review: Review
) -> None:
    record = make_record(review, owner)
    client.force_login(reviewer_a)
    assert client.post(reverse("record-split", args=[review.slug, record.number])).status_code == 403
    assert client.get(reverse("record", args=[review.slug, 99])).status_code == 404


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("spines cement", True),
        ("Cement SUDHOFF", True),
        ("südhoff bones", True),
        ("sudhoff leak", True),
        ("cement 1", True),
        ("cement kyphoplasty", False),
    ],
)
def test_every_word_of_a_search_must_be_found_whatever_its_case_and_accents(
    owner: User, review: Review, look: Get, text: str, is_found: bool
) -> None:
    make_record(
        review,
        owner,
        title="Cement for spines",
        authors=["Südhoff, B."],
        journal="Bones",
        abstract="Leakage was rare.",
    )
    make_record(review, owner, title="Cement alone")
    found = look("record-list", q=text)
    assert ("Cement for spines" in found) is is_found
    assert "Cement alone" not in found


def test_long_raw_text_is_shown_in_part_and_downloaded_whole(
    client: Client, owner: User, review: Review, look: Get, outsider: User
) -> None:
    raw = "TY  - JOUR\n" + "x" * 150_000
    record = make_record(review, owner, raw=raw, authors=["Autor, A"] * 300)
    page = look("record", record.number)
    assert "The first 100,000 of 150,011 characters are shown; the download has all of them." in page
    assert "and 100 more" in page
    assert len(page) < 130_000
    address = reverse("record-raw", args=[review.slug, record.number])
    response = client.get(address)
    assert response.content.decode() == raw
    assert response["Content-Type"].startswith("text/plain")
    assert response["Content-Disposition"].startswith("attachment")
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_a_pair_of_duplicates_can_be_judged_on_its_page(owner: User, review: Review, look: Get) -> None:
    facts = {"authors": ["Südhoff, B."], "journal": "Bones", "year": 2011}
    first = make_record(review, owner, **facts, abstract="Cement leaked in nine patients. " * 40)
    second = make_record(review, owner, **facts, abstract="")
    judge(user=owner, review=review, first=first, second=second, verdict="same")
    page = look("duplicate-list")
    for text in ("Südhoff, B.", "Bones", "2011"):
        assert page.count(text) == 2
    assert page.count("Cement leaked in nine patients.") == 18
    assert "No abstract." in page
