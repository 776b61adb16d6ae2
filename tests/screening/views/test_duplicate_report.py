"""The report on duplicates and its downloads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from screening.models import DuplicateJudgement, Record
from screening.services.duplicates import judge, rebuild_canonicals, split
from synthesis.queries.flow import count
from tests.screening.builders import make_record, make_source

Page = Callable[..., str]


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def look(as_owner: Client, review: Review) -> Page:
    """Return the text of a page as the owner sees it."""

    def get(name: str, *args: object, status: int = 200, **query: object) -> str:
        response = as_owner.get(reverse(name, args=[review.slug, *args]), query, follow=True)
        assert response.status_code == status
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())

    return get


@pytest.fixture
def overlapping(review: Review, owner: User) -> list[Record]:
    """Five records from two databases and a list: a work in all, one pair, one in a database alone."""
    embase, lists = make_source(review, "embase"), make_source(review, "lists", kind="citation_search")
    records = [
        make_record(review, owner),
        make_record(review, owner, source=embase),
        make_record(review, owner, source=lists, title='=HYPERLINK("x")'),
        make_record(review, owner, source=embase),
        make_record(review, owner, source=lists),
    ]
    for other in records[1:3]:
        judge(user=owner, review=review, first=records[0], second=other, verdict="same")
    return records


def rows_of(as_owner: Client, review: Review, name: str) -> list[dict[str, str]]:
    response = as_owner.get(reverse(name, args=[review.slug]))
    assert response["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_report_counts_each_source(overlapping, look):
    shown = look("dedup-report")
    body = re.search(r"What each source brought</h2>.*?<tbody>(.*?)</tbody>", shown, re.S)[1]
    numbers = [re.findall(r">(\w[\w ]*)<", row) for row in body.split("</tr>")[:-1]]
    assert numbers == [
        ["Embase", "2", "1", "2", "1"],
        ["Lists", "2", "1", "2", "1"],
        ["Medline", "1", "0", "1", "0"],
    ]
    assert "Of 5 records, 3 remained after 2 duplicates were set aside." in shown
    assert "People judged single pairs: 2 the same, 0 different." in shown


def test_the_duplicates_of_the_report_are_those_of_the_flow(review, overlapping, look):
    flow = count(review).flow
    shown = look("dedup-report")
    n = int(re.search(r"<dt>Duplicates</dt><dd><a[^>]*>(\d+)<", shown)[1])
    assert n == (flow.duplicates or 0) + (flow.other_duplicates or 0) == 2


def test_the_overlaps_are_downloaded(as_owner, review, overlapping):
    assert rows_of(as_owner, review, "dedup-overlaps-csv") == [
        {"Medline": "no", "Embase": "yes", "Lists": "no", "works": "1"},
        {"Medline": "no", "Embase": "no", "Lists": "yes", "works": "1"},
        {"Medline": "yes", "Embase": "yes", "Lists": "yes", "works": "1"},
    ]


def test_the_groups_are_downloaded_with_what_joined_them_and_no_formula(as_owner, review, overlapping):
    rows = rows_of(as_owner, review, "dedup-groups-csv")
    assert [(row["group"], row["record"], row["primary"], row["source"]) for row in rows] == [
        ("1", "1", "yes", "Medline"),
        ("1", "2", "no", "Embase"),
        ("1", "3", "no", "Lists"),
    ]
    assert [(row["joined_with"], row["rule"], row["judged_by"]) for row in rows] == [
        ("", "", ""),
        ("1", "person", "Owner"),
        ("1", "person", "Owner"),
    ]
    assert rows[2]["title"] == '\'=HYPERLINK("x")'


def test_who_judged_is_automatic_for_the_rules(as_owner, review, owner):
    first, second = make_record(review, owner), make_record(review, owner)
    DuplicateJudgement.objects.create(
        review=review, first=first, second=second, verdict="same", method="doi", score=0.95, created_by=owner
    )
    rebuild_canonicals(user=owner, review=review, record_ids=[first.pk])
    row = rows_of(as_owner, review, "dedup-groups-csv")[1]
    assert (row["rule"], row["score"], row["judged_by"]) == ("doi", "0.950", "automatic")


def test_the_figure_is_well_formed_and_says_what_it_shows(as_owner, review, overlapping):
    response = as_owner.get(reverse("dedup-upset-svg", args=[review.slug]))
    root = ElementTree.fromstring(response.content)
    title, desc = (root.find(f"{{http://www.w3.org/2000/svg}}{name}").text for name in ("title", "desc"))
    assert title == "Overlap of the sources"
    assert "3 works from 3 sources: 3 of 3 combinations" in desc


def test_a_review_without_records_has_a_report_and_no_figure(look, as_owner, review):
    assert "No records yet" in look("dedup-report")
    assert as_owner.get(reverse("dedup-upset-svg", args=[review.slug])).status_code == 404


@pytest.mark.parametrize("n_groups", [1, 20])
def test_the_report_costs_the_same_for_one_group_and_for_many(
    review, owner, as_owner, n_groups, django_assert_max_num_queries
):
    for _ in range(n_groups):
        first, second = make_record(review, owner), make_record(review, owner)
        judge(user=owner, review=review, first=first, second=second, verdict="same")
    with django_assert_max_num_queries(10):
        as_owner.get(reverse("dedup-report", args=[review.slug]))
    with django_assert_max_num_queries(7):
        as_owner.get(reverse("dedup-groups-csv", args=[review.slug]))


def test_a_split_record_leaves_the_report(review, owner, overlapping, look):
    split(user=owner, review=review, record=overlapping[2])
    assert "Of 5 records, 4 remained after 1 duplicate was set aside." in look("dedup-report")
