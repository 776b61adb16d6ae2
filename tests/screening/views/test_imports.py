"""Imports through the pages: every bad file is a sentence, nothing comes in by halves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.reviews import make_read_only
from screening.models import ImportBatch, Record, Source
from screening.services.imports import upload
from screening.services.sources import record_search
from tests.screening.importing import FILES, Commit, embase, handed_in, imported, medline

__all__ = ["embase", "handed_in", "imported", "medline"]

Import = Callable[..., ImportBatch]
Post = Callable[..., str]


@pytest.fixture
def post_file(
    client: Client, owner: User, review: Review, medline: Source, django_capture_on_commit_callbacks: Commit
) -> Post:
    """Hand in a file on the page and return the text of the page on which that ends."""

    def post(content: bytes, name: str = "export.txt") -> str:
        client.force_login(owner)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("import-new", args=[review.slug]),
                {"source": medline.pk, "file": SimpleUploadedFile(name, content)},
            )
        if response.status_code == 302:
            response = client.get(response["Location"])
        return response.content.decode()

    return post


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "export.txt"),
        (b"Dear colleague,\nplease find the list attached.\n", "export.txt"),
        (b"<html><body>Sign in</body></html>", "export.txt"),
        (b"Title,Authors,Year\n", "export.txt"),
    ],
    ids=["empty", "pdf", "image", "prose", "web page", "header alone"],
)
def test_bad_file_is_a_sentence_and_imports_nothing(post_file: Post, content: bytes, sentence: str) -> None:
    page = post_file(content)
    assert sentence in page
    assert "Import 0" not in page
    assert not Record.objects.exists()


def test_file_over_the_limit_is_refused_at_the_form(settings: object, post_file: Post) -> None:
    settings.MAX_IMPORT_BYTES = 100  # type: ignore[attr-defined]
    assert "the limit is" in post_file(b"x" * 101)
    assert not ImportBatch.objects.exists()


def test_table_without_a_title_column_says_so_before_anything_is_imported(post_file: Post) -> None:
    page = post_file(b"Authors,Year,DOI\nNorthgate A,2011,10.9999/ex.1\n")
    assert "no title column" in page
    assert not Record.objects.exists()


def test_header_that_occurs_twice_is_named(post_file: Post) -> None:
    page = post_file(b"Title,Year,Title\nA title,2011,\n")
    assert "occurs twice" in page
    assert not Record.objects.exists()


def test_preview_shows_counts_problems_and_first_records(post_file: Post) -> None:
    page = post_file((FILES / "one_bad_row.csv").read_bytes())
    for text in (
        "1 record could not be read",
        "A row that can be read",
        "Import 2 records",
        "Download as CSV",
    ):
        assert text in page


def test_same_file_again_is_a_notice_on_the_batch_that_has_it(
    post_file: Post, imported: Import, medline: Source
) -> None:
    batch = imported(medline, "medline.ris")
    page = post_file((FILES / "medline.ris").read_bytes())
    assert "came from this source before" in page
    assert f"Import {batch.pk}: medline.ris" in page
    assert ImportBatch.objects.count() == 1


def test_confirming_on_the_page_imports(
    client: Client,
    handed_in: Import,
    owner: User,
    review: Review,
    medline: Source,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    batch = handed_in(medline, "medline.ris")
    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import-confirm", args=[review.slug, batch.pk]))
    page = client.get(reverse("import", args=[review.slug, batch.pk])).content.decode()
    assert "4 records imported, 0 of them duplicates." in page
    assert "4" in client.get(reverse("import-list", args=[review.slug])).content.decode()


def test_running_batch_asks_again_every_second_and_offers_cancel(
    client: Client, owner: User, review: Review, medline: Source
) -> None:
    batch = upload(
        user=owner, review=review, source=medline, search=None, name="a.ris", content=b"TY  - JOUR"
    )
    client.force_login(owner)
    address = reverse("import", args=[review.slug, batch.pk])
    part = client.get(address, headers={"hx-request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    client.post(reverse("job-cancel", args=[review.slug, batch.job_id]), {"back": address})
    assert "every 1s" not in client.get(address).content.decode()


def test_cancel_leads_to_no_other_site(client: Client, owner: User, review: Review, medline: Source) -> None:
    batch = upload(
        user=owner, review=review, source=medline, search=None, name="a.ris", content=b"TY  - JOUR"
    )
    client.force_login(owner)
    response = client.post(
        reverse("job-cancel", args=[review.slug, batch.job_id]), {"back": "https://example.org/"}
    )
    assert response["Location"] == reverse("import-list", args=[review.slug])


def test_hits_reported_and_records_read_are_compared(
    client: Client, handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    search = record_search(user=owner, review=review, source=medline, n_hits_reported=5)
    batch = handed_in(medline, "medline.ris", search=search)
    client.force_login(owner)
    page = client.get(reverse("import", args=[review.slug, batch.pk])).content.decode()
    assert "5 hits reported, 4 records read: 1 fewer than the hits reported." in page


def test_problems_are_downloaded_with_formulas_made_harmless(
    client: Client, handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "a.csv", b"Title,Authors,Year\n=1+1,a,2011,b,c,d,e\nA title,Lakeside F,2017\n")
    client.force_login(owner)
    response = client.get(reverse("import-problems", args=[review.slug, batch.pk]))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "line,kind,reason,text"
    assert lines[1].startswith('2,lost,"The row has 7 cells')
    assert "'=1+1" in lines[1]


def test_text_of_what_is_lost_is_downloaded_to_be_mended(
    client: Client, handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "one_bad_row.csv")
    client.force_login(owner)
    address = reverse("import-lost", args=[review.slug, batch.pk])
    assert address in client.get(reverse("import", args=[review.slug, batch.pk])).content.decode()
    response = client.get(address)
    header, row = response.content.decode().splitlines()
    assert (response["Content-Type"], header) == ("text/plain; charset=utf-8", first_line("one_bad_row.csv"))
    assert row == (FILES / "one_bad_row.csv").read_text().splitlines()[2]


def first_line(name: str) -> str:
    return (FILES / name).read_text().splitlines()[0]


def test_lost_records_and_remarks_are_told_apart(post_file: Post) -> None:
    page = post_file(b"Title,Year,DOI\nOne,twenty,\nToo,many,cells,here\n")
    lost, remarks = page.split('id="problems"')[1].split('id="remarks"')
    assert "The row has 4 cells" in lost
    assert "The year" not in lost
    assert "The year “twenty” is not understood" in remarks
    assert "2 in the file = 1 read + 1 not read." in page


def test_columns_are_chosen_on_the_page(
    client: Client, post_file: Post, review: Review, django_capture_on_commit_callbacks: Commit
) -> None:
    page = post_file(b"Werk;Wer\nEin Titel;Example A\n")
    assert "say below what its columns hold" in page
    batch = ImportBatch.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("import-columns", args=[review.slug, batch.pk]),
            {"column_0": "title", "column_1": "authors"},
        )
    page = client.get(reverse("import", args=[review.slug, batch.pk])).content.decode()
    assert "Import 1 record" in page
    assert '<option value="title" selected>Title</option>' in page


def test_column_cannot_be_read_as_anything(client: Client, post_file: Post, review: Review) -> None:
    post_file(b"Title,Remark\nOne,x\n")
    address = reverse("import-columns", args=[review.slug, ImportBatch.objects.get().pk])
    response = client.post(address, {"column_0": "verdict", "column_1": ""})
    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()


def test_viewers_see_columns_without_changing_them(
    client: Client, handed_in: Import, viewer: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "a.csv", b"Title,Remark\nOne,x\n")
    client.force_login(viewer)
    page = client.get(reverse("import", args=[review.slug, batch.pk])).content.decode()
    assert "Columns of the table" in page
    assert "<select" not in page.split("<main")[1]


def test_difference_is_said_in_words_and_asks_for_a_note(
    client: Client, handed_in: Import, owner: User, review: Review, medline: Source,
    django_capture_on_commit_callbacks: Commit,
) -> None:  # fmt: skip
    search = record_search(user=owner, review=review, source=medline, n_hits_reported=5)
    batch = handed_in(medline, "medline.ris", search=search)
    client.force_login(owner)
    address = reverse("import-confirm", args=[review.slug, batch.pk])
    refused = client.post(address, {"difference_note": " "})
    assert refused.status_code == 422
    assert "The search reported 5 hits, 4 records were read." in refused.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"difference_note": "One was a letter."})
    for name, args in (("import", [batch.pk]), ("source-list", [])):
        assert "One was a letter." in client.get(reverse(name, args=[review.slug, *args])).content.decode()


@pytest.mark.parametrize("name", ["import-new", "import-list"])
def test_outsiders_find_nothing(client: Client, outsider: User, review: Review, name: str) -> None:
    client.force_login(outsider)
    assert client.get(reverse(name, args=[review.slug])).status_code == 404


def test_reviewers_look_and_do_not_import(
    client: Client, handed_in: Import, reviewer_a: User, review: Review, medline: Source
) -> None:
    batch = handed_in(medline, "medline.ris")
    client.force_login(reviewer_a)
    assert client.get(reverse("import", args=[review.slug, batch.pk])).status_code == 200
    assert client.get(reverse("import-new", args=[review.slug])).status_code == 403
    assert client.post(reverse("import-confirm", args=[review.slug, batch.pk])).status_code == 403


def test_read_only_review_refuses_a_file(
    client: Client, owner: User, review: Review, medline: Source
) -> None:
    make_read_only(user=owner, review=review)
    client.force_login(owner)
    response = client.post(
        reverse("import-new", args=[review.slug]),
        {"source": medline.pk, "file": SimpleUploadedFile("a.ris", b"TY  - JOUR")},
    )
    assert response.status_code == 409
    assert not ImportBatch.objects.exists()


def test_a_title_of_ten_megabytes_gives_small_pages(
    client: Client, imported: Import, handed_in: Import, owner: User, review: Review, medline: Source
) -> None:
    content = b"TY  - JOUR\nTI  - " + b"word " * 2_000_000 + b"\nAU  - Autor, A\nER  -\n"
    client.force_login(owner)
    preview = client.get(reverse("import", args=[review.slug, handed_in(medline, "a.ris", content).pk]))
    assert len(preview.content) < 30_000
    assert "The title is longer than 2,000 characters and is cut here" in preview.content.decode()
    imported(medline, "b.ris", content + b"\n")
    record = Record.objects.get()
    assert len(record.raw) > 10_000_000
    for name, args in (("record", [record.number]), ("record-list", [])):
        assert len(client.get(reverse(name, args=[review.slug, *args])).content) < 150_000


def test_remarks_say_that_all_text_was_kept(post_file: Post) -> None:
    page = post_file(b"TY  - JOUR\nAB  - Text\nER  -\n")
    assert "1 remark; all text was kept." in page
    assert "No title (TI or T1): imported as “No title”." in page
    assert "could not be read" not in page
