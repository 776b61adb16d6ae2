"""Several files at once: one batch each, and what is wrong with one does not stop the others."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.models import ImportBatch, Record, Source
from screening.queries.imports import handed_in_with
from screening.services.sources import record_search
from screening.services.uploads import GivenFile, HandedIn, confirm_all, discard_all, upload_files
from tests.screening.importing import Commit, Import, embase, handed_in, imported, medline, ris

__all__ = ["embase", "handed_in", "imported", "medline"]

Give = Callable[..., HandedIn]


@pytest.fixture
def give(owner: User, review: Review, medline: Source, django_capture_on_commit_callbacks: Commit) -> Give:
    """Hand in files by name and let them be read."""

    def hand_in(files: dict[str, bytes], **more: object) -> HandedIn:
        with django_capture_on_commit_callbacks(execute=True):
            return upload_files(
                user=owner,
                review=review,
                source=more.get("source", medline),
                search=more.get("search"),
                files=[
                    GivenFile(name, len(content), lambda it=content: it) for name, content in files.items()
                ],
                enters_at_full_text=more.get("enters_at_full_text"),
            )

    return hand_in


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def states() -> list[tuple[str, str]]:
    return list(ImportBatch.objects.order_by("pk").values_list("file__name", "state"))


def test_each_file_becomes_a_batch_of_one_upload(give: Give) -> None:
    given = give({"a.ris": ris("One"), "b.ris": ris("Two", "Three")})
    assert states() == [("a.ris", "preview"), ("b.ris", "preview")]
    assert list(handed_in_with(given.batches[1])) == given.batches


def test_files_of_an_archive_become_batches_with_their_own_names(give: Give) -> None:
    give(
        {"exports.zip": zipped({"medline/a.ris": ris("One"), "b.ris": ris("Two"), "__MACOSX/._b.ris": b"x"})}
    )
    assert states() == [("exports.zip/medline/a.ris", "preview"), ("exports.zip/b.ris", "preview")]


def test_refused_files_are_named_and_the_others_are_read(give: Give, settings: object) -> None:
    settings.MAX_IMPORT_BYTES = 500  # type: ignore[attr-defined]
    given = give(
        {
            "empty.ris": b"",
            "large.ris": b"x" * 501,
            "twice.ris": ris("One"),
            "again.ris": ris("One"),
            "damaged.zip": b"PK\x03\x04 nothing of an archive",
            "good.ris": ris("Two"),
        }
    )
    assert [batch.file.name for batch in given.batches] == ["twice.ris", "good.ris"]
    assert [sentence.split(" ")[0] for sentence in given.refusals] == [
        "The", "The", "again.ris:", "damaged.zip:",
    ]  # fmt: skip
    assert given.known == given.batches[:1]


def test_unreadable_member_is_a_batch_that_says_so(give: Give) -> None:
    give({"exports.zip": zipped({"paper.pdf": b"%PDF-1.7\n", "b.ris": ris("Two")})})
    assert states() == [("exports.zip/paper.pdf", "unreadable"), ("exports.zip/b.ris", "preview")]


def test_what_is_wrong_with_all_is_said_once(give: Give, owner: User, review: Review, embase: Source) -> None:
    search = record_search(user=owner, review=review, source=embase)
    with pytest.raises(Refused, match="another source"):
        give({"a.ris": ris("One"), "b.ris": ris("Two")}, search=search)
    assert not ImportBatch.objects.exists()


def test_all_are_imported_with_one_confirmation(
    give: Give, owner: User, review: Review, django_capture_on_commit_callbacks: Commit
) -> None:
    given = give({"a.ris": ris("One"), "b.ris": ris("Two", "Three")})
    with django_capture_on_commit_callbacks(execute=True):
        assert confirm_all(user=owner, review=review, batches=given.batches) == []
    assert states() == [("a.ris", "imported"), ("b.ris", "imported")]
    assert list(Record.objects.values_list("number", "title")) == [(1, "One"), (2, "Two"), (3, "Three")]


def test_batch_that_cannot_be_imported_is_named_and_the_others_are(
    give: Give, owner: User, review: Review, django_capture_on_commit_callbacks: Commit
) -> None:
    given = give({"bad.txt": b"%PDF-1.7\n", "good.ris": ris("One")})
    with django_capture_on_commit_callbacks(execute=True):
        refusals = confirm_all(user=owner, review=review, batches=handed_in_with(given.batches[0]))
    assert refusals == ["bad.txt: This batch is not ready: only a file that was read can be imported."]
    assert states() == [("bad.txt", "unreadable"), ("good.ris", "imported")]


def test_all_are_discarded_but_what_is_imported(
    give: Give, owner: User, review: Review, medline: Source, imported: Import
) -> None:
    first = imported(medline, "first.ris", ris("First"))
    given = give({"a.ris": ris("One"), "b.ris": ris("Two")})
    refusals = discard_all(user=owner, review=review, batches=[first, *given.batches])
    assert refusals == ["first.ris: This batch is imported: it can be withdrawn, not discarded."]
    assert states() == [("first.ris", "imported"), ("a.ris", "discarded"), ("b.ris", "discarded")]


def test_two_uploads_do_not_belong_together(give: Give) -> None:
    first, second = give({"a.ris": ris("One")}), give({"b.ris": ris("Two")})
    assert list(handed_in_with(first.batches[0])) == first.batches
    assert list(handed_in_with(second.batches[0])) == second.batches
