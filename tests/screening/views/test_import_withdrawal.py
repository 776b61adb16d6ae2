"""Withdrawing an import through the pages, and what every page shows afterwards."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from extraction.services.studies import form_study
from reviewsite.workspace.models import Review, User
from screening.domain.vocabulary import Stage
from screening.models import ImportBatch, Record, Report, Source
from screening.queries.projections import differences
from screening.services.duplicates import judge
from screening.services.fulltext import add_file
from tests.access.addresses import attribute_of, review_addresses
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_reason, retrieve
from tests.screening.importing import Commit, Import, embase, handed_in, imported, medline, ris

__all__ = ["embase", "handed_in", "imported", "medline"]

VOLATILE = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]+"|name="token" value="[^"]+"'
    rb"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?"
)
"""Tokens, and the moment at which a page or file was made."""

TELL_OF_IMPORTS = {"import-list", "import-new", "record-list"}
"""Pages that list imports, withdrawn ones among them, or offer them in a filter; asked for by themselves."""

SHARED = "A rare treatment of a common fracture"
Withdraw = Callable[..., str]


@pytest.fixture
def withdraw_on_page(
    client: Client, owner: User, review: Review, django_capture_on_commit_callbacks: Commit
) -> Withdraw:
    """Send the form and return the page on which that ends."""

    def send(batch: ImportBatch, reason: str = "") -> str:
        client.force_login(owner)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("import-withdraw", args=[review.slug, batch.pk]), {"reason": reason}, follow=True
            )
        page: str = response.content.decode()
        return page

    return send


def unpacked(body: bytes) -> bytes:
    """Return what a file packed with ZIP says, without the times of its parts."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return b"\n".join(parts.read(name) for name in sorted(parts.namelist()) if "docProps" not in name)


def everything(review: Review, *people: User) -> dict[tuple[str, str], bytes]:
    """Return all pages and downloads of the review that name no object, the lists of records and their pages,
    as each person sees them.
    """
    plain = [
        reverse(address.name, args=[review.slug])
        for address in review_addresses()
        if address.route.count("<") == 1
        and "GET" in attribute_of(address.view, "methods")
        and address.name not in TELL_OF_IMPORTS
    ]
    staged = [
        reverse(name, args=[review.slug, stage])
        for name in ("screen", "screen-history", "conflict-list")
        for stage in Stage
    ]
    records = [reverse("record", args=[review.slug, number]) for number in range(1, 9)]
    seen = {}
    for person in people:
        client = Client()
        client.force_login(person)
        for path in [*plain, *staged, *records]:
            response = client.get(path)
            body = response.getvalue() if response.streaming else response.content
            seen[person.email, path] = str(response.status_code).encode() + VOLATILE.sub(b"", unpacked(body))
    return seen


def titles_listed(review: Review, person: User) -> list[str]:
    client = Client()
    client.force_login(person)
    page = client.get(reverse("record-list", args=[review.slug])).content.decode()
    return re.findall(r'class="record-title"[^>]*>([^<]+)<', page)


def screened_review(
    imported: Import, medline: Source, owner: User, extractor_a: User, reviewer_a: User, reviewer_b: User
) -> None:
    """Import four records: one of a study, one excluded, one in conflict, one untouched."""
    review = medline.review
    imported(medline, "base.ris", ris("Of a study", "Excluded", "In conflict", SHARED))
    study, excluded, conflict, _shared = Record.objects.filter(review=review).order_by("number")
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, study, INCLUDE)
        decide(reviewer, excluded, EXCLUDE)
    decide(reviewer_a, conflict, INCLUDE)
    decide(reviewer_b, conflict, EXCLUDE)
    retrieve(reviewer_a, study)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, study, INCLUDE, stage=Stage.FULL_TEXT)
    form_study(user=extractor_a, review=review, label="Example 2015", reports=[Report.objects.get()])


def test_every_page_is_as_it_was_before_the_import(
    imported: Import,
    withdraw_on_page: Withdraw,
    owner: User,
    viewer: User,
    extractor_a: User,
    reviewer_a: User,
    reviewer_b: User,
    review: Review,
    medline: Source,
    embase: Source,
) -> None:
    screened_review(imported, medline, owner, extractor_a, reviewer_a, reviewer_b)
    reason = make_reason(review)
    people = (owner, reviewer_a, viewer)
    before, listed = everything(review, *people), titles_listed(review, viewer)
    batch = imported(embase, "later.ris", ris(SHARED, "Added and excluded", "Added and judged", "Added"))
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, Record.objects.get(title="Added and excluded"), EXCLUDE)
        decide(reviewer, Record.objects.get(title="Added and judged"), INCLUDE)
    retrieve(reviewer_a, Record.objects.get(title="Added and judged"))
    decide(
        reviewer_a,
        Record.objects.get(title="Added and judged"),
        EXCLUDE,
        stage=Stage.FULL_TEXT,
        reason=reason,
    )
    judge(
        user=owner,
        review=review,
        first=Record.objects.get(title="Excluded"),
        second=Record.objects.get(title="Added"),
        verdict="different",
    )
    during = everything(review, *people)
    withdraw_on_page(batch, "Wrong search.")
    after = everything(review, *people)
    changed = {
        path.split("/")[3] for (_person, path), body in during.items() if body != before[_person, path]
    }
    assert {"records", "sources", "flow", "screen", "reports", "duplicates", ""} <= changed
    assert [key for key in before if before[key] != after[key]] == []
    assert titles_listed(review, viewer) == listed
    assert differences(review) == []


def test_import_and_list_say_that_it_was_withdrawn(
    client: Client,
    imported: Import,
    withdraw_on_page: Withdraw,
    viewer: User,
    review: Review,
    medline: Source,
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two"))
    page = withdraw_on_page(batch, "The export was cut off.")
    for text in ("The import is withdrawn", "Withdrawn by Owner", "The export was cut off."):
        assert text in page
    client.force_login(viewer)
    assert "Withdrawn" in client.get(reverse("import-list", args=[review.slug])).content.decode()


def test_page_says_in_numbers_what_goes_out(
    client: Client,
    imported: Import,
    owner: User,
    reviewer_a: User,
    reviewer_b: User,
    review: Review,
    medline: Source,
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two", "Three"))
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, Record.objects.get(title="One"), EXCLUDE)
    client.force_login(owner)
    page = client.get(reverse("import-withdraw", args=[review.slug, batch.pk])).content.decode()
    for text in ("Withdraw 3 records", "2 that you may see", "only with a reason"):
        assert text in page


def test_page_tells_nothing_of_decisions_on_unsettled_records(
    client: Client, imported: Import, owner: User, reviewer_a: User, review: Review, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One", "Two"))
    client.force_login(owner)
    address = reverse("import-withdraw", args=[review.slug, batch.pk])
    before = VOLATILE.sub(b"", client.get(address).content)
    decide(reviewer_a, Record.objects.get(title="One"), EXCLUDE)
    assert VOLATILE.sub(b"", client.get(address).content) == before


def test_missing_reason_is_asked_for_at_the_form(
    imported: Import, withdraw_on_page: Withdraw, reviewer_a: User, medline: Source
) -> None:
    batch = imported(medline, "a.ris", ris("One"))
    decide(reviewer_a, Record.objects.get(), EXCLUDE)
    assert "write down why it is withdrawn" in withdraw_on_page(batch)
    assert Record.objects.count() == 1


def test_records_included_at_full_text_are_named_with_their_pages(
    client: Client, imported: Import, owner: User, extractor_a: User, reviewer_a: User, reviewer_b: User,
    review: Review, medline: Source,
) -> None:  # fmt: skip
    screened_review(imported, medline, owner, extractor_a, reviewer_a, reviewer_b)
    client.force_login(owner)
    batch = ImportBatch.objects.get()
    page = client.get(reverse("import-withdraw", args=[review.slug, batch.pk])).content.decode()
    assert "This import stays: a record of it is included at full text" in page
    assert f'href="{reverse("record", args=[review.slug, 1])}"' in page
    assert "<textarea" not in page


def test_batch_that_waits_cannot_be_withdrawn(
    client: Client, handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "a.ris", ris("One"))
    client.force_login(owner)
    response = client.get(reverse("import-withdraw", args=[review.slug, batch.pk]))
    assert response.status_code == 409


def test_file_of_a_withdrawn_record_is_not_found(
    client: Client, imported: Import, withdraw_on_page: Withdraw, owner: User, reviewer_a: User,
    reviewer_b: User, review: Review, medline: Source,
) -> None:  # fmt: skip
    batch = imported(medline, "a.ris", ris("One"))
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, Record.objects.get(), INCLUDE)
    added = add_file(
        user=owner, review=review, report=Report.objects.get(), name="a.pdf", content=b"%PDF-1.7"
    )
    client.force_login(owner)
    address = reverse("report-file", args=[review.slug, 1, added.pk])
    found = client.get(address)
    assert (found.status_code, found.getvalue()) == (200, b"%PDF-1.7")
    withdraw_on_page(batch, "Wrong search.")
    assert client.get(address).status_code == 404
