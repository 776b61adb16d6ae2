"""Files that are not what they should be: a sentence on the page, and nothing enters the review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reviewsite.workspace.models import Review, User
from screening.models import ImportBatch, Record
from screening.services.sources import add_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILES = {
    "empty file": ("empty.ris", b"", "empty"),
    "PDF in place of references": (
        "paper.ris",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n%%EOF\n",
        "PDF",
    ),
    "binary": ("noise.ris", bytes(range(256)) * 20, "text"),
    "over the size limit": ("large.ris", b"TY  - JOUR\nTI  - Large\nER  - \n" * 100, "limit"),
    "table without a title column": ("table.csv", b"first,second\na,b\n", "title"),
    "header that comes twice": ("twice.csv", b"title,title\nOne,Two\n", "title"),
}


@pytest.fixture
def page(owner: User, review: Review, sign_in: Callable[..., Page], watch: Any) -> Page:
    watch.expected = ("422", "413", "409", "400")
    add_source(user=owner, review=review, name="MEDLINE", kind="database")
    return sign_in(owner)


@pytest.mark.parametrize("kind", FILES)
def test_bad_file_is_explained_and_nothing_is_imported(kind: str, page: Page, settings: Any) -> None:
    settings.MAX_IMPORT_BYTES = 2000 if kind == "over the size limit" else settings.MAX_IMPORT_BYTES
    name, content, word = FILES[kind]
    page.goto("/reviews/cement/imports/new/")
    page.locator("[name=source]").select_option(label="MEDLINE")
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name="Upload and read").click()
    said = page.locator("main [role=alert]").first
    expect(said).to_be_visible()
    expect(said).to_contain_text(word, ignore_case=True)
    expect(
        page.get_by_role("button", name="Import", exact=False).and_(
            page.locator("form[action$='/confirm/'] *")
        )
    ).to_have_count(0)
    assert not Record.objects.exists()
    assert not ImportBatch.objects.filter(state=ImportBatch.State.IMPORTED).exists()
