"""Several files at once through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from screening.models import ImportBatch, Record, Source
from screening.services.sources import add_source, record_search
from tests.screening.importing import Commit, Import, embase, handed_in, imported, medline, ris
from tests.screening.services.test_import_uploads import zipped

__all__ = ["embase", "handed_in", "imported", "medline"]

Send = Callable[..., str]


@pytest.fixture
def send(client: Client, owner: User, review: Review, django_capture_on_commit_callbacks: Commit) -> Send:
    """Send a form of the imports as the owner and return the page on which that ends."""

    def post(name: str, *args: object, **data: object) -> str:
        client.force_login(owner)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(reverse(name, args=[review.slug, *args]), data)
        if response.status_code == 302:
            response = client.get(response["Location"])
        page: str = response.content.decode()
        return page

    return post


def files(**contents: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{name}.ris", content) for name, content in contents.items()]


def test_files_chosen_together_are_shown_together_and_imported_at_once(send: Send, medline: Source) -> None:
    page = send("import-new", source=medline.pk, file=files(a=ris("One"), b=ris("Two", "Three")))
    assert "2 files handed in together" in page
    assert "Import all: 2 files with 3 records" in page
    page = send("import-confirm-all", ImportBatch.objects.get(file__name="b.ris").pk)
    assert "Import all" not in page
    assert Record.objects.count() == 3


def test_lost_records_are_not_shown_as_remarks(send: Send, medline: Source) -> None:
    lossy = ris("One") + b"TY  - JOUR\nLA  - eng\nER  - \n"
    page = send("import-new", source=medline.pk, file=files(a=lossy, b=ris("Two")))
    row = page[page.index("a.ris</a>") : page.index("b.ris</a>")]
    assert re.findall(r'<td class="num">(?:<a [^>]*>)?(\d+)', row)[:4] == ["2", "1", "1", "0"]


def test_table_without_a_title_column_says_where_to_name_its_columns(send: Send, medline: Source) -> None:
    table = SimpleUploadedFile("table.csv", b"Paper;When\nOne;2019\n")
    page = send("import-new", source=medline.pk, file=[table, *files(a=ris("Two"))])
    assert "open it to say what its columns hold" in page


def test_archive_and_file_are_handed_in_together(send: Send, medline: Source) -> None:
    packed = SimpleUploadedFile("exports.zip", zipped({"a.ris": ris("One"), "b.ris": ris("Two")}))
    page = send("import-new", source=medline.pk, file=[packed, *files(c=ris("Three"))])
    for name in ("exports.zip/a.ris", "exports.zip/b.ris", "c.ris"):
        assert name in page


def test_refused_file_is_named_while_the_others_are_read(send: Send, medline: Source) -> None:
    page = send("import-new", source=medline.pk, file=files(a=ris("One"), empty=b"", b=ris("Two")))
    assert "The file “empty.ris” is empty" in page
    assert "2 files handed in together" in page


def test_upload_of_which_nothing_can_be_read_stays_at_the_form(send: Send, medline: Source) -> None:
    page = send("import-new", source=medline.pk, file=files(empty=b"", void=b""))
    assert "“empty.ris” is empty" in page
    assert "“void.ris” is empty" in page
    assert not ImportBatch.objects.exists()


def test_form_without_a_file_asks_for_one(send: Send, medline: Source) -> None:
    assert "This field is required." in send("import-new", source=medline.pk)


def test_all_are_discarded_at_once(send: Send, medline: Source) -> None:
    send("import-new", source=medline.pk, file=files(a=ris("One"), b=ris("Two")))
    page = send("import-discard-all", ImportBatch.objects.latest("pk").pk)
    assert "2 files are discarded; nothing of them was imported." in page
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {"discarded"}


def test_difference_of_the_sum_asks_for_one_note(
    send: Send, owner: User, review: Review, medline: Source
) -> None:
    search = record_search(user=owner, review=review, source=medline, n_hits_reported=4)
    page = send(
        "import-new", source=medline.pk, search=search.pk, file=files(a=ris("One"), b=ris("Two", "Three"))
    )
    assert "4 hits reported, 3 records read: 1 fewer than the hits reported." in page
    pk = ImportBatch.objects.latest("pk").pk
    page = send("import-confirm-all", pk)
    assert "Write down why the numbers differ" in page
    assert not Record.objects.exists()
    send("import-confirm-all", pk, difference_note="One was withdrawn.")
    assert set(ImportBatch.objects.values_list("state", "difference_note")) == {
        ("imported", "One was withdrawn.")
    }


def test_entry_at_full_text_is_chosen_at_the_form(
    send: Send, owner: User, review: Review, medline: Source
) -> None:
    lists = add_source(user=owner, review=review, name="Lists", kind="citation_search")
    page = send("import-new", source=medline.pk, entry="full_text", file=files(a=ris("One")))
    assert "screened on title and abstract first" in page
    page = send("import-new", source=lists.pk, entry="full_text", file=files(a=ris("One")))
    assert "at full text" in page
    assert ImportBatch.objects.get().enters_at_full_text


def test_same_file_from_another_source_is_a_warning(
    send: Send, imported: Import, medline: Source, embase: Source
) -> None:
    imported(medline, "a.ris", ris("One"))
    page = send("import-new", source=embase.pk, file=files(a=ris("One")))
    assert "The same file came from MEDLINE too" in page
    assert "Import 1 record" in page


def test_page_of_an_upload_that_is_worked_on_follows(
    client: Client, owner: User, review: Review, medline: Source
) -> None:
    client.force_login(owner)
    client.post(
        reverse("import-new", args=[review.slug]),
        {"source": medline.pk, "file": files(a=ris("One"), b=ris("Two"))},
    )
    address = reverse("import-upload", args=[review.slug, ImportBatch.objects.latest("pk").pk])
    part = client.get(address, headers={"hx-request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    assert "Import all" not in part


def test_number_of_queries_does_not_grow_with_the_files(
    client: Client,
    send: Send,
    owner: User,
    review: Review,
    medline: Source,
    django_assert_num_queries: object,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def n_queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    send("import-new", source=medline.pk, file=files(a=ris("One"), b=ris("Two")))
    two = n_queries(reverse("import-upload", args=[review.slug, ImportBatch.objects.latest("pk").pk]))
    send("import-new", source=medline.pk, file=files(c=ris("3"), d=ris("4"), e=ris("5"), f=ris("6")))
    assert n_queries(reverse("import-upload", args=[review.slug, ImportBatch.objects.latest("pk").pk])) == two


def test_files_beyond_the_number_that_a_form_may_hold_are_a_sentence(
    send: Send, medline: Source, settings: object
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2  # type: ignore[attr-defined]
    page = send("import-new", source=medline.pk, file=files(a=ris("1"), b=ris("2"), c=ris("3")))
    assert "Too many files at once" in page
    assert not ImportBatch.objects.exists()
