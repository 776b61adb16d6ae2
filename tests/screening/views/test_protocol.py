"""The protocol page and the search log."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from screening.models import Criterion, ExclusionReason, Search, Source, StagePolicy, UnlistedGroup
from screening.services.protocol import add_criterion, add_exclusion_reason
from screening.services.sources import add_source, record_search
from tests.screening.builders import make_record

Send = Callable[..., str]


@pytest.fixture
def send(client: Client, owner: User, review: Review) -> Send:
    """Post to a page as owner and return the text of the page on which that ends."""

    def post(page: str, *args: object, **data: object) -> str:
        client.force_login(owner)
        return client.post(reverse(page, args=[review.slug, *args]), data, follow=True).content.decode()

    return post


def test_criterion_is_added_reworded_moved_and_archived(send: Send) -> None:
    send("criterion-new", kind="inclusion", text="In English")
    page = send("criterion-new", kind="inclusion", text="Full text available")
    assert page.index("In English") < page.index("Full text available")
    first, second = Criterion.objects.all()
    page = send("criterion-move", second.pk, direction="up")
    assert page.index("Full text available") < page.index("In English")
    page = send("criterion-edit", first.pk, text="In English or German")
    assert "1 earlier wording" in page
    assert "1 archived criterion" in send("criterion-archive", first.pk)
    assert "archived" not in send("criterion-archive", first.pk, restore="1")


def test_refused_wording_is_an_error_of_the_form(send: Send, owner: User, review: Review) -> None:
    criterion = add_criterion(user=owner, review=review, kind="exclusion", text="Animal study")
    assert "already says exactly this" in send("criterion-edit", criterion.pk, text="Animal study")


def test_reason_is_added_renamed_and_moved(send: Send) -> None:
    send("reason-new", label="Wrong population")
    send("reason-new", label="Wrong outcome")
    first, second = ExclusionReason.objects.all()
    assert "Other people" in send("reason-edit", first.pk, label="Other people")
    page = send("reason-move", second.pk, direction="up")
    assert page.index("Wrong outcome") < page.index("Other people")


def test_settings_are_saved(send: Send, review: Review) -> None:
    page = send(
        "protocol-settings", title=review.title, question="Does cement help?", registration="PROSPERO 1"
    )
    assert "Does cement help?" in page
    assert "Please mend these fields" in send("protocol-settings", title="", question="x")
    review.refresh_from_db()
    assert (review.title, review.question) == ("Cement for fractures", "Does cement help?")


def test_rules_ask_for_a_note_once_there_are_records(send: Send, owner: User, review: Review) -> None:
    make_record(review, owner)
    data = {"n_reviewers": "1", "unsure": "discuss", "rule": "unanimous", "shows_decisions": "on"}
    assert "write why the rules change" in send("policy-edit", "title-abstract", **data)
    send("policy-edit", "title-abstract", **data, note="One reviewer is enough for the pilot.")
    policy = StagePolicy.objects.open().get()
    assert (policy.n_reviewers, policy.unsure, policy.may_resolve_own) == (1, "discuss", False)


def test_full_text_rules_are_edited_without_maybe(client: Client, send: Send, review: Review) -> None:
    data = {"n_reviewers": "3", "unsure": "advance", "rule": "majority"}
    send("policy-edit", "full-text", **data)
    assert StagePolicy.objects.open().get().rule == "majority"
    assert client.get(reverse("policy-edit", args=[review.slug, "abstracts"])).status_code == 404


def test_reviewers_read_the_protocol_and_do_not_change_it(
    client: Client, reviewer_a: User, review: Review
) -> None:
    client.force_login(reviewer_a)
    page = client.get(reverse("protocol", args=[review.slug]))
    assert page.status_code == 200
    assert "Add a criterion" not in page.content.decode()
    assert client.post(reverse("reason-new", args=[review.slug]), {"label": "x"}).status_code == 403


def test_foreign_criterion_is_not_found(client: Client, owner: User, review: Review) -> None:
    client.force_login(owner)
    assert client.get(reverse("criterion-edit", args=[review.slug, 999])).status_code == 404


def test_search_log_is_built_on_the_pages(send: Send) -> None:
    send("source-new", name="MEDLINE", kind="database", platform="Ovid")
    source = Source.objects.get()
    page = send(
        "search-new",
        source.pk,
        searched_on="2018-01-03",
        strategy="1. cement | 31,439\n2. bone | 0",
        n_hits_reported="243",
    )
    assert "243 hits reported, nothing imported yet" in page
    assert "31,439" in page
    search = Search.objects.get()
    assert "Line 1: “many”" in send("search-edit", search.pk, strategy="1. cement | many")
    assert Search.objects.get().n_hits_reported == 243


def test_total_is_declared_and_withdrawn(send: Send, owner: User, review: Review) -> None:
    source = add_source(user=owner, review=review, name="MEDLINE", kind="database")
    data = {"box": "excluded_other", "n": 114, "provenance": "inferred"}
    assert "known only as a total" in send("unlisted-group-new", source.pk, **data)
    send("unlisted-group-withdraw", UnlistedGroup.objects.get().pk)
    assert not UnlistedGroup.objects.open().exists()


def test_other_methods_are_not_offered_boxes_that_they_lack(
    client: Client, owner: User, review: Review
) -> None:
    source = add_source(user=owner, review=review, name="Lists", kind="citation_search")
    client.force_login(owner)
    page = client.get(reverse("unlisted-group-new", args=[review.slug, source.pk])).content.decode()
    assert "Excluded at full text" in page
    assert "Duplicate records removed" not in page


@pytest.mark.parametrize("n_sources", [1, 10])
def test_pages_cost_the_same_for_few_and_many_rows(
    client: Client,
    owner: User,
    review: Review,
    n_sources: int,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(n_sources):
        source = add_source(user=owner, review=review, name=f"Source {number}", kind="database")
        record_search(user=owner, review=review, source=source, lines=[(1, "cement", 5)])
        add_criterion(user=owner, review=review, kind="inclusion", text=f"Criterion {number}")
        add_exclusion_reason(user=owner, review=review, label=f"Reason {number}")
    client.force_login(owner)
    for name, n_queries in (("source-list", 10), ("protocol", 18)):
        with django_assert_max_num_queries(n_queries):  # type: ignore[attr-defined]
            client.get(reverse(name, args=[review.slug]))


def test_first_does_not_move_up_and_last_not_down(send: Send, client: Client, review: Review) -> None:
    for label in ("Wrong population", "Wrong outcome"):
        page = send("reason-new", label=label)
    buttons = re.findall(r'value="(up|down)"( disabled)?>.*?: (Wrong \w+)', page)
    assert buttons == [
        ("up", " disabled", "Wrong population"),
        ("down", "", "Wrong population"),
        ("up", "", "Wrong outcome"),
        ("down", " disabled", "Wrong outcome"),
    ]


def test_archiving_asks_and_codes_stay_out_of_the_list(send: Send, client: Client, review: Review) -> None:
    page = send("reason-new", label="Wrong population")
    assert "Archive this reason?" in page
    assert "wrong-population" not in page
    edit = client.get(reverse("reason-edit", args=[review.slug, ExclusionReason.objects.get().pk]))
    assert "wrong-population" in edit.content.decode()


def test_the_same_criterion_twice_is_refused(send: Send, owner: User, review: Review) -> None:
    add_criterion(user=owner, review=review, kind="inclusion", text="Adults only")
    other = add_criterion(user=owner, review=review, kind="inclusion", text="In English")
    sentence = "Another criterion of this kind says the same"
    assert sentence in send("criterion-new", kind="inclusion", text="adults  ONLY")
    assert sentence in send("criterion-edit", other.pk, text="Adults only")
    assert sentence not in send("criterion-new", kind="exclusion", text="Adults only")


def test_two_reviewers_must_both_agree(send: Send, client: Client, review: Review) -> None:
    data = {"n_reviewers": "2", "unsure": "discuss", "rule": "majority"}
    assert "Two reviewers must both agree" in send("policy-edit", "title-abstract", **data)
    assert "Both must agree" in send("policy-edit", "title-abstract", **data | {"rule": "unanimous"})
