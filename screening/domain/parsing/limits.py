"""Keep single fields short enough to show and to search; what is cut still stands in the raw text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from screening.domain.parsing.model import ParsedRecord, Problem, UnreadableFile

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
    "isbn_issn": ("ISSN or ISBN", 200),
    "database": ("name of the database", 200),
}
MAX_DOI = 300
MAX_AUTHORS, MAX_KEYWORDS, MAX_ENTRY = 10_000, 1_000, 500
MAX_NOTES, MAX_NOTE = 1_000, 50_000
_LISTS = (
    ("authors", "authors", "The name of an author", MAX_AUTHORS, MAX_ENTRY),
    ("keywords", "keywords", "A keyword", MAX_KEYWORDS, MAX_ENTRY),
    ("notes", "notes", "A note", MAX_NOTES, MAX_NOTE),
)
# More than any database exports at once, and what can be read in a minute.
MAX_RECORDS = 500_000
_TITLE, _JOURNAL, _ADDRESS, _ABSTRACT, _SHORT, _KIND = (
    LENGTHS[name][1] for name in ("title", "journal", "url", "abstract", "volume", "type")
)
_REST = "the text in the file has all of it."


def refuse_too_many(n_records: int) -> None:
    """Raise UnreadableFile where a file holds more than 500,000 records."""
    if n_records > MAX_RECORDS:
        raise UnreadableFile(
            f"The file holds more than {MAX_RECORDS:,} records. Split it and import its parts."
        )


def cut_all(records: Sequence[ParsedRecord]) -> tuple[list[ParsedRecord], list[Problem]]:
    """Return the records, those that are too long cut, and a remark for each field that was cut."""
    kept, problems = [], []
    for record in records:
        if not _fits(record):
            record, sentences = cut(record)
            line, raw = record.line, record.raw[:300]
            problems += [Problem(line, sentence, raw, lost=False) for sentence in sentences]
        kept.append(record)
    return kept, problems


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
    for field, plural, one, most, longest in _LISTS:
        entries: tuple[str, ...] = getattr(record, field)
        if len(entries) > most:
            sentences.append(
                f"There are more than {most:,} {plural}; the first {most:,} are kept here; {_REST}"
            )
            changes[field] = entries = entries[:most]
        if any(len(entry) > longest for entry in entries):
            sentences.append(f"{one} is longer than {longest:,} characters and is cut here; {_REST}")
            changes[field] = tuple(entry[:longest].rstrip() for entry in entries)
    others = record.others
    if len(others) > MAX_NOTES or any(len(value) > MAX_NOTE for _, value in others):
        sentences.append(f"A field without a place of its own is too long and is cut here; {_REST}")
        changes["others"] = tuple((name, value[:MAX_NOTE].rstrip()) for name, value in others[:MAX_NOTES])
    if not sentences:
        return record, ()
    return record._replace(note="\n".join(sentences), **changes), tuple(sentences)  # type: ignore[arg-type]


def _fits(record: ParsedRecord) -> bool:
    """Say quickly of most records that nothing is too long, by sums that stay below every limit of a part."""
    (
        _raw, _line, title, authors, _year, journal, volume, issue, pages, doi, _pmid, abstract, keywords,
        url, kind, language, accession, isbn_issn, database, notes, others, _note,
    ) = record  # fmt: skip
    n_short = len(volume) + len(issue) + len(pages) + len(accession) + len(isbn_issn) + len(database)
    return (
        len(title) <= _TITLE
        and len(abstract) <= _ABSTRACT
        and len(journal) <= _JOURNAL
        and len(doi) <= MAX_DOI
        and len(url) <= _ADDRESS
        and n_short <= _SHORT
        and len(kind) + len(language) <= _KIND
        and (len("".join(authors)) <= MAX_ENTRY or _are_short(authors, MAX_AUTHORS))
        and (len("".join(keywords)) <= MAX_ENTRY or _are_short(keywords, MAX_KEYWORDS))
        and (not notes or (len(notes) <= MAX_NOTES and sum(map(len, notes)) <= MAX_NOTE))
        and (not others or (len(others) <= MAX_NOTES and sum(len(text) for _, text in others) <= MAX_NOTE))
    )


def _are_short(entries: Sequence[str], most: int) -> bool:
    return len(entries) <= most and max(map(len, entries)) <= MAX_ENTRY
