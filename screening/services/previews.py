"""Scratch files between the reading of a batch and its end: what the preview shows, and what it rests on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from screening.domain.dedup import METHOD_VERSION, Match, Pair, Rule, Settings
from screening.models import ImportBatch
from screening.queries.comparison import Comparison
from screening.queries.imports import Preview, ShownColumn, preview_path


def keep_preview(
    *,
    batch: ImportBatch,
    n_duplicates: int = 0,
    records: Sequence[dict[str, object]] = (),
    columns: Sequence[ShownColumn] = (),
) -> None:
    """Keep what the preview page shows; a second run replaces it."""
    kept = Preview(n_duplicates=n_duplicates, records=list(records), columns=list(columns))
    _keep(preview_path(batch), asdict(kept))


def keep_comparison(*, batch: ImportBatch, comparison: Comparison) -> None:
    """Keep what was found of duplicates, so that storing need not look for them again."""
    _keep(_comparison_path(batch), {"method": METHOD_VERSION, **asdict(comparison)})


def kept_comparison(batch: ImportBatch) -> Comparison | None:
    """Return what the preview found of duplicates; None if nothing of this version of the method is there."""
    path = _comparison_path(batch)
    if not default_storage.exists(path):
        return None
    with default_storage.open(path, "rb") as file:
        kept: dict[str, Any] = json.loads(file.read())
    if kept.pop("method") != METHOD_VERSION:
        return None
    return Comparison(
        matches=tuple(
            Match(_id(row["a"]), _id(row["b"]), Rule(row["rule"]), row["score"], row["detail"])
            for row in kept["matches"]
        ),
        possible=tuple(
            Pair(_id(row["a"]), _id(row["b"]), row["score"], row["detail"]) for row in kept["possible"]
        ),
        settings=Settings(**kept["settings"]),
        basis=tuple(kept["basis"]),
        n_new=kept["n_new"],
        n_duplicates=kept["n_duplicates"],
    )


def drop_preview(*, batch: ImportBatch) -> None:
    """Remove the scratch files, if there are any."""
    default_storage.delete(preview_path(batch))
    default_storage.delete(_comparison_path(batch))


def _comparison_path(batch: ImportBatch) -> str:
    return f"previews/{batch.pk}-comparison.json"


def _keep(path: str, content: dict[str, Any]) -> None:
    default_storage.delete(path)
    default_storage.save(path, ContentFile(json.dumps(content).encode()))


def _id(written: int | list[Any]) -> int | tuple[Any, ...]:
    """Return the id of a record of the review, or the place of one in the file."""
    return written if isinstance(written, int) else tuple(written)
