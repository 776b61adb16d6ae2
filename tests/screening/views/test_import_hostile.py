"""Files made to do harm: a sentence on the page, no server error, and nothing imported by halves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Review, User
from screening.models import ImportBatch, Record, Source
from screening.queries.projections import differences
from tests.screening.importing import Commit, embase, handed_in, imported, medline, ris

__all__ = ["embase", "handed_in", "imported", "medline"]

Post = Callable[..., str]
XML_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [
 <!ENTITY a "aaaaaaaaaa">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
 <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>&c;</ArticleTitle></Article>
</MedlineCitation></PubmedArticle></PubmedArticleSet>
"""
XML_READING_A_FILE = XML_BOMB.replace(b'<!ENTITY a "aaaaaaaaaa">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def post_file(
    client: Client, owner: User, review: Review, medline: Source, django_capture_on_commit_callbacks: Commit
) -> Post:
    """Hand in a file, confirm what can be confirmed, and return the text of all pages on the way."""

    def post(content: bytes, name: str = "export.txt") -> str:
        client.force_login(owner)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("import-new", args=[review.slug]),
                {"source": medline.pk, "file": SimpleUploadedFile(name, content)},
            )
        pages = [response]
        if response.status_code == 302:
            pages.append(client.get(response["Location"]))
        batch = ImportBatch.objects.filter(state="preview").first()
        if batch:
            with django_capture_on_commit_callbacks(execute=True):
                client.post(reverse("import-confirm", args=[review.slug, batch.pk]))
            pages.append(client.get(reverse("import", args=[review.slug, batch.pk])))
        assert {page.status_code for page in pages} <= {200, 302, 422}
        assert differences(review) == []
        return "".join(page.content.decode() for page in pages)

    return post


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped({"bomb.ris": b"\0" * 30_000_000}), "packed far more tightly than an export ever is"),
        (zipped({"inner.zip": zipped({"a.ris": ris("One")})}), "is an archive itself"),
        (zipped({"../../etc/a.ris": ris("One")}), "so it was not opened"),
        (zipped({f"{n}.ris": b"x" for n in range(1001)}), "1,000 files"),
        (zipped({"a.ris": ris("One")})[:60], "is damaged or incomplete"),
        (XML_BOMB, "export.txt"),
        (XML_READING_A_FILE, "export.txt"),
        (b"\x00" * 5000, "is empty"),
        (bytes(range(256)) * 40, "export.txt"),
    ],
    ids=[
        "zip bomb", "zip in zip", "zip that leaves its folder", "zip of many", "damaged zip", "xml bomb",
        "xml that reads a file", "NUL alone", "noise",
    ],
)  # fmt: skip
def test_file_made_to_do_harm_is_a_sentence_and_imports_nothing(
    post_file: Post, content: bytes, sentence: str
) -> None:
    page = post_file(content)
    assert sentence in page
    assert "root:" not in page
    assert not Record.everything.exists()


def test_nul_inside_a_record_is_not_stored(post_file: Post) -> None:
    post_file(b"TY  - JOUR\nTI  - One\x00 title\nER  - \n")
    assert not any("\x00" in text for text in Record.objects.values_list("title", flat=True))


def test_row_of_ten_megabytes_gives_small_pages(post_file: Post) -> None:
    assert len(post_file(b"Title,Year\n" + b"word " * 2_000_000 + b",2011\n")) < 200_000


def test_title_and_name_of_a_file_turn_no_writing_direction(post_file: Post) -> None:
    page = post_file("TY  - JOUR\nTI  - One \u202eeltit\nER  - \n".encode(), name="\u202esir.a")
    assert "One eltit" in page
    assert "Import " in page
    assert "\u202e" not in page


def test_markup_in_a_title_and_in_a_file_name_is_text(post_file: Post) -> None:
    page = post_file(b"TY  - JOUR\nTI  - <script>alert(1)</script>\nER  - \n", name="<b>x</b>.ris")
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_formula_as_a_title_is_imported_as_the_text_that_it_is(post_file: Post) -> None:
    post_file(b"Title,Year\n=HYPERLINK(1),2011\n")
    assert Record.objects.get().title == "=HYPERLINK(1)"


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x.ris", "\u202egpj.sir", "x" * 400 + ".ris", ".", ""])
def test_any_name_of_a_file_is_shown_on_one_line(
    client: Client,
    handed_in: Callable[..., ImportBatch],
    owner: User,
    review: Review,
    medline: Source,
    name: str,
) -> None:
    batch = handed_in(medline, name, ris("One"))
    client.force_login(owner)
    page = client.get(reverse("import", args=[review.slug, batch.pk]))
    assert page.status_code == 200
    assert client.get(reverse("import-problems", args=[review.slug, batch.pk])).status_code == 200
