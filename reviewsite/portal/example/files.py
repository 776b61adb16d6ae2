"""Read the files of the example; an empty cell is unknown and stays empty."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.conf import settings

PUBLISHED = "vertebral_augmentation"
PRACTICE = "practice"

Row = dict[str, str]


def content(folder: str, name: str) -> bytes:
    """Return the bytes of a file."""
    return bytes((settings.BASE_DIR / "fixtures" / folder / name).read_bytes())


def rows(folder: str, name: str) -> list[Row]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content(folder, name).decode(), newline="")))


def document(folder: str, name: str) -> dict[str, Any]:
    """Return the content of a JSON file."""
    found: dict[str, Any] = json.loads(content(folder, name))
    return found


def table(header: list[str], lines: list[list[str]]) -> bytes:
    """Return a CSV file with these lines, as a database would export it."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([header, *lines])
    return file.getvalue().encode()
