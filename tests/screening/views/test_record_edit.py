"""The pages on which records are entered and corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from screening.models import PossibleDuplicate, Record, RecordCorrection, Source
from screening.services.records import correct_record
from tests.screening.builders import make_record, make_source

Send = Callable[..., HttpResponse]
TYPED = {
    "title": "Cement or rest for broken vertebrae",
    "authors": "Example, A.",
    "year": "2019",
    "journal": "Journal of Examples",
    "type": "JOUR",
}


@pytest.fixture
def send(client: Client, owner: User, review: Review) -> Send:
    """Post a form as the owner and follow to the next page."""

    def post(name: str, *args: object, **data: object) -> HttpResponse:
        client.force_login(owner)
        return client.post(reverse(name, args=[review.slug, *args]), data, follow=True)

    return post


@pytest.fixture
def look(client: Client, review: Review) -> Callable[..., str]:
    def get(user: User, name: str, *args: object) -> str:
        client.force_login(user)
        return client.get(reverse(name, args=[review.slug, *args])).content.decode()

    return get


@pytest.fixture
def expert(review: Review) -> Source:
    return make_source(review, "expert", kind=Source.Kind.CONTACT)


@pytest.fixture
def texts(owner: User, review: Review) -> Callable[[Record], dict[str, str]]:
    """Return what the form of a record sends when nothing was typed."""

    def unchanged(record: Record) -> dict[str, str]:
        return {
            "title": record.title,
            "authors": "\n".join(record.authors),
            "year": str(record.year),
            "seen": "0",
        }

    return unchanged


def test_new_record_is_stored_and_shown(review: Review, expert: Source, send: Send) -> None:
    response = send("record-new", source=expert.pk, **TYPED)
    assert Record.objects.get(review=review).title == TYPED["title"]
    assert response.redirect_chain == [(reverse("record", args=[review.slug, 1]), 302)]
    assert "Record 1 is added." in response.content.decode()


def test_doi_in_another_form_is_told(expert: Source, send: Send) -> None:
    page = send("record-new", source=expert.pk, doi="https://doi.org/10.1000/ABC", **TYPED).content.decode()
    assert "The DOI is kept in its plain form, 10.1000/abc." in page


def test_form_offers_what_the_address_names(owner: User, expert: Source, look: Callable[..., str]) -> None:
    assert f'<option value="{expert.pk}">Expert</option>' in look(owner, "record-new")


def test_form_without_sources_leads_to_them(owner: User, review: Review, look: Callable[..., str]) -> None:
    assert reverse("source-new", args=[review.slug]) in look(owner, "record-new")


def test_likely_duplicate_is_shown_before_anything_is_stored(
    owner: User, review: Review, expert: Source, send: Send
) -> None:
    make_record(
        review, owner, title=TYPED["title"], authors=["Example, A."], year=2019, journal="Journal of Examples"
    )
    response = send("record-new", source=expert.pk, **TYPED)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Nothing is stored yet" in page
    assert "record 1" in page
    assert '<input type="hidden" name="shown" value="1">' in page
    assert Record.objects.filter(review=review).count() == 1


def test_shown_duplicate_is_stored_when_the_person_goes_on(
    owner: User, review: Review, expert: Source, send: Send
) -> None:
    make_record(
        review, owner, title=TYPED["title"], authors=["Example, A."], year=2019, journal="Journal of Examples"
    )
    send("record-new", source=expert.pk, shown="1", **TYPED)
    assert Record.objects.get(review=review, number=2).source == expert


def test_sent_twice_leads_to_the_first_import(review: Review, expert: Source, send: Send) -> None:
    send("record-new", source=expert.pk, **TYPED)
    batch = Record.objects.get(review=review).batch
    response = send("record-new", source=expert.pk, shown="1", **TYPED)
    assert response.redirect_chain == [(reverse("import", args=[review.slug, batch.pk]), 302)]
    assert "was entered before" in response.content.decode()
    assert Record.objects.filter(review=review).count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": "", "authors": "", "year": "", "journal": ""}, "Nothing to know the record by"),
        ({"year": "20x"}, "Write the year in four digits, from 1000 to 2100."),
        ({"doi": "none"}, "“none” is no DOI"),
        ({"source": ""}, "This field is required."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    expert: Source, send: Send, given: dict[str, str], sentence: str
) -> None:
    response = send("record-new", **({"source": expert.pk, "keywords": "kept", **TYPED} | given))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "kept</textarea>" in page


def test_correction_is_saved_and_told_on_the_record(
    owner: User,
    viewer: User,
    review: Review,
    send: Send,
    look: Callable[..., str],
    texts: Callable[[Record], dict[str, str]],
) -> None:
    record = make_record(review, owner, title="Cemnt", authors=["Example, A."])
    response = send(
        "record-edit", record.number, **texts(record) | {"title": "Cement", "reason": "As <printed>"}
    )
    assert "1 field is corrected." in response.content.decode()
    page = look(viewer, "record", record.number)
    assert "Cemnt" in page
    assert "As &lt;printed&gt;" in page
    assert "Restore what was imported" not in page


def test_form_shows_what_the_record_says(owner: User, review: Review, look: Callable[..., str]) -> None:
    record = make_record(review, owner, authors=["Example, A.", "Sample, B."], year=None)
    page = look(owner, "record-edit", record.number)
    assert "Example, A.\nSample, B.</textarea>" in page
    assert '<input type="hidden" name="seen" value="0" id="id_seen">' in page


def test_correction_without_reason_is_sent_back(
    owner: User, review: Review, send: Send, texts: Callable[[Record], dict[str, str]]
) -> None:
    record = make_record(review, owner)
    response = send("record-edit", record.number, **texts(record) | {"title": "New"})
    assert response.status_code == 422
    assert not RecordCorrection.objects.exists()


def test_form_that_somebody_overtook_is_refused(
    owner: User, review: Review, send: Send, texts: Callable[[Record], dict[str, str]]
) -> None:
    record = make_record(review, owner)
    correct_record(user=owner, review=review, record=record, texts={"year": "2001"}, reason="Why", seen=0)
    response = send("record-edit", record.number, **texts(record) | {"title": "New", "reason": "Why"})
    assert response.status_code == 422
    assert "Somebody else corrected this record" in response.content.decode()


def test_nothing_typed_is_told(
    owner: User, review: Review, send: Send, texts: Callable[[Record], dict[str, str]]
) -> None:
    record = make_record(review, owner)
    response = send("record-edit", record.number, **texts(record) | {"reason": "Why"})
    assert "Nothing was changed" in response.content.decode()


def test_possible_duplicate_after_a_correction_is_told_with_a_link(
    owner: User, review: Review, send: Send, texts: Callable[[Record], dict[str, str]]
) -> None:
    held = {"title": "Cement for broken vertebrae", "authors": ["Example, A."], "year": 2019}
    make_record(review, owner, doi="10.1000/right", **held)
    record = make_record(review, owner, doi="10.1000/wrong", **held)
    sent = texts(record) | {"doi": "10.1000/right", "reason": "Why"}
    page = send("record-edit", record.number, **sent).content.decode()
    assert "it may be the same as record 1. Nothing was joined:" in page
    assert f'href="{reverse("pair", args=[review.slug, PossibleDuplicate.objects.get().pk])}"' in page


def test_restoring_brings_back_what_was_imported(owner: User, review: Review, send: Send) -> None:
    record = make_record(review, owner, title="Imported")
    correct_record(user=owner, review=review, record=record, texts={"title": "New"}, reason="Why", seen=0)
    seen = RecordCorrection.objects.get().pk
    page = send("record-restore", record.number, field="title", seen=seen).content.decode()
    record.refresh_from_db()
    assert record.title == "Imported"
    assert "What was imported is restored." in page


@pytest.mark.parametrize("data", [{}, {"field": "raw", "seen": "0"}, {"field": "title", "seen": "x"}])
def test_restoring_nonsense_is_refused(owner: User, review: Review, send: Send, data: dict[str, str]) -> None:
    record = make_record(review, owner)
    assert send("record-restore", record.number, **data).status_code == 409


def test_withdrawn_record_has_no_form(owner: User, review: Review, client: Client) -> None:
    record = make_record(review, owner)
    Record.everything.filter(pk=record.pk).update(is_withdrawn=True)
    client.force_login(owner)
    assert client.get(reverse("record-edit", args=[review.slug, record.number])).status_code == 404


@pytest.mark.parametrize("n_corrections", [1, 12])
def test_history_costs_the_same_for_one_and_for_many(
    client: Client,
    owner: User,
    viewer: User,
    review: Review,
    n_corrections: int,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    record = make_record(review, owner)
    seen = 0
    for year in range(n_corrections):
        saved = correct_record(
            user=owner,
            review=review,
            record=record,
            texts={"year": str(2001 + year)},
            reason="Why",
            seen=seen,
        )
        seen = saved.corrections[0].pk
    client.force_login(viewer)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(reverse("record", args=[review.slug, record.number]))
