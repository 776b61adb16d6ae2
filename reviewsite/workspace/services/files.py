"""Uploaded files, kept once per review under their content's hash."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile

from reviewsite.workspace.models import Review, StoredFile, User


def store_file(*, user: User, review: Review, name: str, content_type: str, content: bytes) -> StoredFile:
    """Keep the bytes and return their row; the same bytes in the same review are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = StoredFile.objects.filter(review=review, sha256=sha256).first()
    if known:
        return known
    stored = StoredFile(
        review=review,
        sha256=sha256,
        size=len(content),
        name=name[-255:],
        content_type=content_type[:100],
        uploaded_by=user,
    )
    path = f"{sha256[:2]}/{sha256}"
    if stored.content.storage.exists(path):
        stored.content.name = path
    else:
        stored.content.save(path, ContentFile(content), save=False)
    stored.save()
    return stored


def content_of(stored: StoredFile) -> bytes:
    """Return the bytes of a kept file."""
    with stored.content.open("rb") as file:
        return bytes(file.read())
