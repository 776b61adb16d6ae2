"""Keep single fields short enough to show and to search; what is cut still stands in the raw text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from screening.domain.parsing.model import ParsedRecord

# Characters; a longer text is no title, journal or number that a person could read.
LENGTHS: Mapping[str, tuple[str, int]] = {
    "title": ("title", 2_000),
    "journal": ("journal", 1_000),
    "url": ("address", 2_000),
    "abstract": ("abstract", 50_000),
    "volume": ("volume", 200),
    "issue": ("issue", 200),
    "pages": ("page range", 200),
    "type": ("type", 100),
    "language": ("language", 100),
    "accession": ("accession number", 200),
}
MAX_DOI = 300
MAX_AUTHORS, MAX_KEYWORDS, MAX_ENTRY = 10_000, 1_000, 500
_REST = "the text in the file has all of it."


def cut(record: ParsedRecord) -> tuple[ParsedRecord, tuple[str, ...]]:
    """Return the record with its fields cut to their limits and one sentence for each field that was cut.

    The sentences are also the note of the record. A DOI that is too long is left out: cut, it would be
    another one.
    """
    changes: dict[str, object] = {}
    sentences: list[str] = []
    for field, (name, limit) in LENGTHS.items():
        if len(text := getattr(record, field)) > limit:
            changes[field] = text[:limit].rstrip()
            sentences.append(f"The {name} is longer than {limit:,} characters and is cut here; {_REST}")
    if len(record.doi) > MAX_DOI:
        changes["doi"] = ""
        sentences.append(f"The DOI is longer than {MAX_DOI} characters and is left out here; {_REST}")
    for field, plural, one, most in (
        ("authors", "authors", "The name of an author", MAX_AUTHORS),
        ("keywords", "keywords", "A keyword", MAX_KEYWORDS),
    ):
        entries: tuple[str, ...] = getattr(record, field)
        if len(entries) > most:
            sentences.append(
                f"There are more than {most:,} {plural}; the first {most:,} are kept here; {_REST}"
            )
            entries = entries[:most]
        if any(len(entry) > MAX_ENTRY for entry in entries):
            sentences.append(f"{one} is longer than {MAX_ENTRY} characters and is cut here; {_REST}")
            entries = tuple(entry[:MAX_ENTRY].rstrip() for entry in entries)
        if entries is not getattr(record, field):
            changes[field] = entries
    if not sentences:
        return record, ()
    return replace(record, note="\n".join(sentences), **changes), tuple(sentences)  # type: ignore[arg-type]
