"""Write RIS as reference managers and screening programs read it: UTF-8, CRLF, one value per line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from screening.domain.parsing.fields import clean, is_given, pages_of
from screening.domain.vocabulary import Stage
from screening.domain.writing.lines import guarded
from screening.domain.writing.model import ExportRecord
from screening.domain.writing.types import RIS_TYPES, ris_type

Notes = Callable[[ExportRecord], Iterable[str]]
Line = tuple[str, str]


def write_ris(records: Iterable[ExportRecord], notes: Notes) -> Iterator[str]:
    """Yield the text of each record; `notes` gives the lines of its notes."""
    for record in records:
        yield _text(record, _lines(record, notes))


def write_ris_for_endnote(
    records: Iterable[ExportRecord], notes: Notes, stage: Stage | None
) -> Iterator[str]:
    """Yield the text of each record as EndNote wants it.

    A name without a comma ends in one, for EndNote would take “World Health Organization” for a person; the
    id is the label (LB), the outcome at the stage custom field 1 (C1), which EndNote can show as a column.
    """
    for record in records:
        lines = [
            (tag, f"{value}," if tag == "AU" and "," not in value else value)
            for tag, value in _lines(record, notes)
        ]
        outcome = record.at(stage)
        verdict = outcome.verdict if outcome else None
        yield _text(record, [*lines, ("LB", record.id), ("C1", verdict or "")])


def _text(record: ExportRecord, lines: Iterable[Line]) -> str:
    kind = ris_type(record.type, has_journal=bool(record.journal))
    given = [f"{tag}  - {value}" for tag, value in lines if value]
    return "\r\n".join([f"TY  - {kind}", *given, "ER  - ", "", ""])


def _lines(record: ExportRecord, notes: Notes) -> Iterator[Line]:
    first, last = _pages(record.pages)
    yield from (("AU", author) for author in record.authors)
    yield "TI", record.title
    yield "T2", record.journal
    yield "PY", str(record.year or "")
    yield "VL", record.volume
    yield "IS", record.issue
    yield "SP", first
    yield "EP", last
    yield "SN", record.isbn_issn
    yield "DO", record.doi
    yield "UR", record.url
    yield "AB", guarded(record.abstract).replace("\n", "\r\n")
    yield from (("KW", keyword) for keyword in record.keywords)
    yield "LA", record.language
    yield "AN", record.accession
    yield "C2", record.pmid  # as Scopus has it
    yield "DB", record.database
    yield "M3", record.type if record.type.strip().upper() not in RIS_TYPES else ""
    yield "ID", record.id
    yield from (("N1", " ".join(note.split())) for note in notes(record))


def _pages(pages: str) -> tuple[str, str]:
    """Split a range into first and last page where joining them again gives the same."""
    first, hyphen, last = pages.partition("-")
    is_given_twice = is_given(clean(first)) and is_given(clean(last))
    if hyphen and is_given_twice and pages_of(clean(first), clean(last)) == pages:
        return first, last
    return pages, ""
