"""Records as pages show them: filled from their duplicates, with where each filled value comes from."""

from __future__ import annotations

from typing import Any

from screening.models import Record
from screening.queries.merged import fill
from screening.services.record_fields import LABELS


def filled(record: Record) -> dict[str, Any]:
    """Return what a template needs: `record`, to show and never to save, and `filled_from`, for each
    duplicate that gave something its number and the names of the fields."""
    found = fill(record)
    given: dict[int, list[str]] = {}
    for name, number in found.origins.items():
        given.setdefault(number, []).append(str(LABELS[name]))
    lines = sorted((number, ", ".join(names)) for number, names in given.items())
    return {"record": found.record, "filled_from": lines}
