"""Records as they are shown: what the one that stands for a group lacks is filled from its duplicates."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from screening.models import Record

FILLED = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "isbn_issn",
    "abstract",
    "keywords",
    "url",
    "type",
    "language",
    "accession",
)
PLACE = ("volume", "issue", "pages")
PARTS = (PLACE, *((name,) for name in FILLED if name not in PLACE))
AT_ONCE = 400


@dataclass(frozen=True)
class Merged:
    """A record to show or export, never to save: `origins` gives for each filled field the number of the
    record from which its value comes."""

    record: Record
    origins: dict[str, int] = field(default_factory=dict)


def merged(records: Sequence[Record]) -> dict[int, Merged]:
    """Return these records by id, each with its empty fields filled from its duplicates.

    Of the duplicates, in the order of their numbers, the first that has a value gives it; the abstract is the
    longest. What a record has itself is never replaced, and a duplicate is not filled. Volume, issue and
    pages are filled together or not at all, so that no mixture of two citations arises.
    """
    duplicates = _duplicates_of([record.pk for record in records if record.canonical_id is None])
    return {record.pk: _filled(record, duplicates.get(record.pk, [])) for record in records}


def fill(record: Record) -> Merged:
    """Return one record with its empty fields filled from its duplicates."""
    return merged([record])[record.pk]


def _duplicates_of(heads: Sequence[int]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for start in range(0, len(heads), AT_ONCE):
        rows = Record.objects.filter(canonical__in=heads[start : start + AT_ONCE]).order_by("number")
        for row in rows.only("number", "canonical", *FILLED):
            found[row.canonical_id or 0].append(row)
    return found


def _filled(record: Record, duplicates: Sequence[Record]) -> Merged:
    if not duplicates:
        return Merged(record)
    shown, origins = copy.copy(record), {}
    for names in PARTS:
        if any(getattr(record, name) for name in names):
            continue
        having = [row for row in duplicates if any(getattr(row, name) for name in names)]
        if names == ("abstract",):
            having.sort(key=lambda row: -len(row.abstract))
        for name in names if having else ():
            setattr(shown, name, getattr(having[0], name))
            if getattr(having[0], name):
                origins[name] = having[0].number
    return Merged(shown, origins)
