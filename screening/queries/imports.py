"""Import batches, what they hold and what their preview shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Left

from reviewsite.workspace.models import Review
from screening.models import ImportBatch, ImportProblem
from screening.queries.prior_decisions import hidden_remarks
from screening.queries.records import n_records_by

State = ImportBatch.State
TEXT_SHOWN = 601  # characters: those shown, and one to see that there is more


@dataclass(frozen=True)
class ShownColumn:
    """A column of a table: the field that its header was recognised as, the one that it was read as, and
    whether that is so because the last file of the source was read so. An empty field is none.
    """

    header: str
    recognised: str
    field: str
    examples: list[str]
    is_remembered: bool


@dataclass(frozen=True)
class Preview:
    """What the file of a batch would bring: expected duplicates, the first records, a table's columns."""

    n_duplicates: int
    records: list[dict[str, Any]]
    columns: list[ShownColumn]

    @property
    def unread_columns(self) -> list[str]:
        """Return the headers of the columns that are kept in the raw text alone."""
        return [column.header for column in self.columns if not column.field]

    @property
    def is_remembered(self) -> bool:
        return any(column.is_remembered for column in self.columns)


def batches_of(review: Review) -> QuerySet[ImportBatch]:
    """Return the batches, newest first, with `n_records`, `n_duplicates` (stored ones), `n_lost` and
    `n_remarks`.
    """
    return (
        ImportBatch.objects.filter(review=review)
        .select_related("source", "search", "file", "job", "created_by", "withdrawn_by")
        .annotate(
            n_records=n_records_by("batch"),
            n_duplicates=n_records_by("batch", canonical__isnull=False),
            n_lost=F("n_in_file") - F("n_read"),
            n_remarks=Coalesce(Subquery(_n_remarks()), 0),
        )
        .order_by("-pk")
    )


def imported_batches(review: Review) -> QuerySet[ImportBatch]:
    """Return the imported batches, newest first, for choosing one."""
    imported = ImportBatch.objects.filter(review=review, state=State.IMPORTED)
    return imported.select_related("file").order_by("-pk")


def handed_in_with(batch: ImportBatch) -> QuerySet[ImportBatch]:
    """Return the batches of the files that the person handed in at once, this one among them, in order."""
    together = batches_of(batch.review).filter(created_at=batch.created_at, created_by=batch.created_by_id)
    return together.order_by("pk")


def same_file_elsewhere(batch: ImportBatch) -> ImportBatch | None:
    """Return the first batch in which the same file came, or waits to come, from another source."""
    others = ImportBatch.objects.filter(review=batch.review_id, file=batch.file_id)
    counting = others.filter(state__in=[State.PREVIEW, State.STORING, State.IMPORTED])
    return counting.exclude(source=batch.source_id).select_related("source").order_by("pk").first()


def problems_of(batch: ImportBatch) -> QuerySet[ImportProblem]:
    """Return the problems and remarks of a batch in the order of the file's lines, each with its `text`;
    that of a remark is left out where it may tell a decision made elsewhere.
    """
    text = Case(When(hidden_remarks(batch), then=Value("")), default="raw", output_field=TextField())
    return ImportProblem.objects.filter(batch=batch).annotate(text=text).order_by("line", "pk")


def shown_problems(batch: ImportBatch, most: int, *, is_lost: bool) -> QuerySet[ImportProblem]:
    """Return the first lost records, or the first remarks, with the beginning of their text as `text`; a
    whole one may be huge.
    """
    wanted = problems_of(batch).filter(is_lost=is_lost)
    return wanted.defer("raw").annotate(text=Left("text", TEXT_SHOWN))[:most]


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
    columns = [ShownColumn(**column) for column in kept.get("columns", [])]
    return Preview(n_duplicates=kept["n_duplicates"], records=kept["records"], columns=columns)


def _n_remarks() -> QuerySet[ImportProblem, Any]:
    remarks = ImportProblem.objects.filter(batch=OuterRef("pk"), is_lost=False).order_by().values("batch")
    return remarks.annotate(n=Count("pk")).values("n")
