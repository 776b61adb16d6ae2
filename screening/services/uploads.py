"""Several files at once: one batch each, so that what is wrong with one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.parsing import UnreadableFile, archive
from screening.models import ImportBatch, Search, Source
from screening.services.imports import (
    AlreadyHere,
    check_origin,
    check_size,
    confirm,
    discard,
    plain_name,
    upload,
)


@dataclass(frozen=True)
class GivenFile:
    """A file as it was handed in; its bytes are read when it is its turn."""

    name: str
    n_bytes: int
    read: Callable[[], bytes]


@dataclass(frozen=True)
class HandedIn:
    """What became of the files: new batches, batches that had the file before, and a sentence for each file
    that made no new batch.
    """

    batches: list[ImportBatch] = field(default_factory=list)
    known: list[ImportBatch] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def upload_files(
    *,
    user: User,
    review: Review,
    source: Source,
    search: Search | None,
    files: Iterable[GivenFile],
    enters_at_full_text: bool | None = None,
) -> HandedIn:
    """Keep each file, of an archive each file inside, and start reading it; each in its own transaction.

    Refused as a whole: a search of another source, records of a database or register that skip title and
    abstract.
    """
    check_origin(source, search, enters_at_full_text=bool(enters_at_full_text))
    found, moment = HandedIn(), timezone.now()
    for given in files:
        try:
            for name, content in _contents(given):
                _upload_one(found, user, review, source, search, name, content, enters_at_full_text, moment)
        except Refused as refusal:
            found.refusals.append(str(refusal))
    return found


def confirm_all(
    *, user: User, review: Review, batches: Iterable[ImportBatch], difference_note: str = ""
) -> list[str]:
    """Confirm each batch in its own transaction; return a sentence for each that is refused."""
    return _each(
        batches,
        lambda batch: confirm(user=user, review=review, batch=batch, difference_note=difference_note),
    )


def discard_all(*, user: User, review: Review, batches: Iterable[ImportBatch]) -> list[str]:
    """Discard each batch in its own transaction; return a sentence for each that is refused."""
    return _each(batches, lambda batch: discard(user=user, review=review, batch=batch))


def _each(batches: Iterable[ImportBatch], act: Callable[[ImportBatch], object]) -> list[str]:
    refusals = []
    for batch in batches:
        try:
            act(batch)
        except Refused as refusal:
            refusals.append(f"{batch.file.name}: {refusal}")
    return refusals


def _contents(given: GivenFile) -> Iterator[tuple[str, bytes]]:
    """Yield the file, or those in the archive that it is, by name."""
    check_size(given.name, given.n_bytes)
    content = given.read()
    try:
        is_archive = archive.is_zip(content) and not archive.document_in(content)
        members = archive.unpack(content) if is_archive else None
    except UnreadableFile as error:
        raise Refused(f"{given.name}: {error}") from None
    if members is None:
        yield given.name, content
    for member in members or ():
        yield f"{given.name}/{plain_name(member.name)}", member.data


def _upload_one(
    found: HandedIn,
    user: User,
    review: Review,
    source: Source,
    search: Search | None,
    name: str,
    content: bytes,
    enters_at_full_text: bool | None,
    moment: datetime,
) -> None:
    try:
        batch = upload(
            user=user,
            review=review,
            source=source,
            search=search,
            name=name,
            content=content,
            enters_at_full_text=enters_at_full_text,
            handed_in_at=moment,
        )
    except AlreadyHere as known:
        found.known.append(known.batch)
        found.refusals.append(f"{name}: {known}")
    except Refused as refusal:
        found.refusals.append(str(refusal))
    else:
        found.batches.append(batch)
