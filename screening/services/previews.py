"""Scratch files that let a person look at a batch before confirming it; they end with the preview."""

from __future__ import annotations

import json

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from screening.models import ImportBatch
from screening.queries.imports import preview_path


def keep_preview(*, batch: ImportBatch, n_duplicates: int, records: list[dict[str, object]]) -> None:
    """Keep what the preview page shows; a second run replaces it."""
    drop_preview(batch=batch)
    content = json.dumps({"n_duplicates": n_duplicates, "records": records}).encode()
    default_storage.save(preview_path(batch), ContentFile(content))


def drop_preview(*, batch: ImportBatch) -> None:
    """Remove the scratch file, if there is one."""
    default_storage.delete(preview_path(batch))
