"""Records as pages show them: filled from their duplicates, with where each filled value comes from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from screening.models import Record
from screening.queries.merged import fill
from screening.services.record_fields import LABELS

AT_SCREENING = ("title", "authors", "year", "journal", "doi", "pmid", "abstract", "keywords", "language")
"""The fields that the pages of screening and conflicts show."""


def filled(record: Record, shown: Collection[str] = tuple(LABELS)) -> dict[str, Any]:
    """Return what a template needs: `record`, to show and never to save, and `filled_from`, for each
    duplicate that gave one of the fields that are shown its number and the names of these fields.
    """
    found = fill(record)
    given: dict[int, list[str]] = {}
    for name, number in found.origins.items():
        if name in shown:
            given.setdefault(number, []).append(str(LABELS[name]))
    lines = sorted((number, ", ".join(names)) for number, names in given.items())
    return {"record": found.record, "filled_from": lines}
