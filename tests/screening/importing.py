"""What the tests of imports share: the files, and a short way through upload and confirmation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from zlib import crc32

import pytest

from reviewsite.workspace.models import Review, User
from screening.models import ImportBatch, Source
from screening.services.imports import confirm, upload
from screening.services.sources import add_source

FILES = Path(__file__).parent / "files"
Import = Callable[..., ImportBatch]
Commit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


def ris(*titles: str) -> bytes:
    """Return an RIS file with a record for each title; records of one title have one DOI."""
    return "".join(
        f"TY  - JOUR\nTI  - {title}\nAU  - Example, A.\nPY  - 2015\nDO  - 10.9999/{crc32(title.encode())}\n"
        "ER  - \n\n"
        for title in titles
    ).encode()


@pytest.fixture
def at_commit(django_capture_on_commit_callbacks: Commit) -> Iterator[None]:
    """Stand for the end of the transaction that a test never reaches."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture
def medline(owner: User, review: Review) -> Source:
    return add_source(user=owner, review=review, name="MEDLINE", kind="database", platform="Ovid")


@pytest.fixture
def embase(owner: User, review: Review) -> Source:
    return add_source(user=owner, review=review, name="Embase", kind="database")


@pytest.fixture
def handed_in(
    owner: User, review: Review, django_capture_on_commit_callbacks: Commit
) -> Callable[..., ImportBatch]:
    """Upload a file and let it be read."""

    def hand_in(source: Source, name: str, content: bytes | None = None, **more: object) -> ImportBatch:
        with django_capture_on_commit_callbacks(execute=True):
            batch = upload(
                user=owner,
                review=review,
                source=source,
                search=more.get("search"),
                name=name,
                content=(FILES / name).read_bytes() if content is None else content,
                enters_at_full_text=more.get("enters_at_full_text"),
                handed_in_at=more.get("handed_in_at"),
            )
        batch.refresh_from_db()
        return batch

    return hand_in


@pytest.fixture
def imported(
    owner: User,
    review: Review,
    handed_in: Callable[..., ImportBatch],
    django_capture_on_commit_callbacks: Commit,
) -> Callable[..., ImportBatch]:
    """Upload a file and confirm what was read."""

    def import_file(source: Source, name: str, content: bytes | None = None, **more: object) -> ImportBatch:
        batch = handed_in(source, name, content, **more)
        with django_capture_on_commit_callbacks(execute=True):
            confirm(user=owner, review=review, batch=batch, difference_note=str(more.get("note", "")))
        batch.refresh_from_db()
        return batch

    return import_file
