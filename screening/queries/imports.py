"""Import batches, what they hold and what their preview shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from reviewsite.workspace.models import Review
from screening.models import ImportBatch, ImportProblem
from screening.queries.records import n_records_by

TEXT_SHOWN = 601  # characters: those shown, and one to see that there is more


@dataclass(frozen=True)
class Preview:
    """What the file of a batch would bring: expected exact duplicates and the first records."""

    n_duplicates: int
    records: list[dict[str, Any]]


def batches_of(review: Review) -> QuerySet[ImportBatch]:
    """Return the batches, newest first, with `n_records`, `n_duplicates` (stored ones) and `n_lost`."""
    return (
        ImportBatch.objects.filter(review=review)
        .select_related("source", "search", "file", "job", "created_by")
        .annotate(
            n_records=n_records_by("batch"),
            n_duplicates=n_records_by("batch", canonical__isnull=False),
            n_lost=F("n_in_file") - F("n_read"),
        )
        .order_by("-pk")
    )


def imported_batches(review: Review) -> QuerySet[ImportBatch]:
    """Return the imported batches, newest first, for choosing one."""
    imported = ImportBatch.objects.filter(review=review, state=ImportBatch.State.IMPORTED)
    return imported.select_related("file").order_by("-pk")


def problems_of(batch: ImportBatch) -> QuerySet[ImportProblem]:
    """Return the problems and remarks of a batch in the order of the file's lines."""
    return ImportProblem.objects.filter(batch=batch).order_by("line", "pk")


def shown_problems(batch: ImportBatch, most: int) -> QuerySet[ImportProblem]:
    """Return the first problems with the beginning of their text as `text`; a whole one may be huge."""
    return problems_of(batch).defer("raw").annotate(text=Left("raw", TEXT_SHOWN))[:most]


def preview_path(batch: ImportBatch) -> str:
    """Return where the scratch file of a batch's preview is kept."""
    return f"previews/{batch.pk}.json"


def preview_of(batch: ImportBatch) -> Preview | None:
    """Return what the preview shows; None before the reading and after the end of the preview."""
    path = preview_path(batch)
    if not default_storage.exists(path):
        return None
    with default_storage.open(path, "rb") as file:
        kept = json.loads(file.read())
    return Preview(n_duplicates=kept["n_duplicates"], records=kept["records"])
