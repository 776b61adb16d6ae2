"""Bring a record to the values that are compared, each worked out once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from screening.domain.dedup.authors import Authors, read_authors
from screening.domain.dedup.journals import is_meeting, is_register, journal_words
from screening.domain.dedup.model import Candidate
from screening.domain.dedup.places import Place, read_place
from screening.domain.dedup.titles import Title, read_title
from screening.domain.normalise import normalise_doi, normalise_pmid
from screening.domain.parsing.fields import pmid_in

_REGISTRY = re.compile(
    r"\bnct ?0?([0-9]{7,8})\b|\bisrctn ?([0-9]{6,8})\b|\b(20[0-9]{2}-[0-9]{6}-[0-9]{2})\b"
    r"|\bactrn ?([0-9]{12,14})\b|\bchictr[- ]?((?:[a-z]{2,4}-)?[0-9]{6,10})\b|\bdrks ?([0-9]{6,8})\b"
    r"|\b(?:jprn-?)?umin ?([0-9]{6,9})\b"
    r"|\b(ctri/[0-9]{4}/[0-9]{2,3}/[0-9]{5,6})\b|\birct ?([0-9]{8,18}n?[0-9]{0,3})\b"
    r"|\bpactr ?([0-9]{13,16})\b"
)
_REGISTER_URL = re.compile(
    r"clinicaltrials\.gov|trialsearch\.who|isrctn|clinicaltrialsregister|anzctr|chictr|drks\.de|umin\.ac|pactr"
)
_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9xX]")
_COCHRANE = re.compile(r"\bcd ?([0-9]{6})\b")
_PUB = re.compile(r"\.pub([0-9]{1,2})\b")
_REVIEW_SERIES = "cochrane database"
ABSTRACT = 700  # characters compared


@dataclass(frozen=True, slots=True)
class Cochrane:
    """Hold the number of a Cochrane review and the version that the DOI names (0: none)."""

    number: str
    version: int


@dataclass(slots=True, eq=False)
class Print:
    """Hold a record's comparable values and the ids of all records that have exactly these."""

    title: Title
    authors: Authors
    place: Place
    journal: tuple[str, ...]
    doi: str
    pmid: str
    accession: str
    issns: frozenset[str]
    registry: frozenset[str]
    is_registration: bool
    is_meeting: bool
    cochrane: Cochrane | None
    abstract: str
    is_serial: bool = False  # the title stands for many works of the library
    ids: list[Hashable] = field(default_factory=list)

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Return what tells records of different content apart, for a stable order."""
        place = self.place
        return (
            self.title.letters, self.authors.first, place.year or 0, self.doi, place.spans,
            min(place.volume, default=0), min(place.issue, default=0), self.journal, self.abstract, self.pmid,
            self.title.footnote, len(self.authors),
        )  # fmt: skip

    @property
    def year(self) -> int | None:
        return self.place.year


def content_of(record: Candidate) -> tuple[object, ...]:
    """Return all values that take part, for telling records that agree in everything."""
    return (
        record.title, record.authors, record.year, record.journal, record.volume, record.issue, record.pages,
        record.doi, record.pmid, record.isbn_issn, record.abstract[:ABSTRACT], record.url, record.accession,
    )  # fmt: skip


def print_of(record: Candidate) -> Print:
    """Return a record's comparable values."""
    authors = read_authors(record.authors)
    numbers = _registry_numbers(record)
    doi = normalise_doi(record.doi) if record.doi else ""
    return Print(
        title=read_title(record.title),
        authors=authors,
        place=read_place(record.year, record.volume.strip(), record.issue.strip(), record.pages.strip()),
        journal=journal_words(record.journal.strip()),
        doi=doi,
        pmid=normalise_pmid(record.pmid) or pmid_in(record.url),
        accession=record.accession.strip().lower(),
        issns=frozenset(n.replace("-", "").upper() for n in _ISSN.findall(record.isbn_issn)),
        registry=numbers,
        is_registration=_is_registration(record, numbers),
        is_meeting=is_meeting(record.journal.strip()),
        cochrane=_cochrane(record, doi),
        abstract=record.abstract[:ABSTRACT].lower(),
    )


def mark_serial_titles(prints: Sequence[Print]) -> None:
    """Mark titles that stand for many works of the library ("Research update", "Annual report").

    Copies of one work share the year, give or take online first, and the volume: a title in three and more
    years, or in four and more places, is a series.
    """
    years: dict[str, set[int]] = defaultdict(set)
    places: dict[str, set[object]] = defaultdict(set)
    for one in prints:
        if one.year:
            years[one.title.compact].add(one.year)
        if one.place.volume and one.place.issue:
            places[one.title.compact].add((one.place.volume, one.place.issue))
    for one in prints:
        of_title = years[one.title.compact]
        spread = max(of_title) - min(of_title) if of_title else 0
        is_many = (len(of_title) > 2 and spread > 2) or len(places[one.title.compact]) > 3
        one.is_serial = is_many or _is_name_of_journal(one)


def _is_name_of_journal(one: Print) -> bool:
    """Say whether the title is nothing but the journal's name, or begins with it twice."""
    name = "".join(one.journal)
    return bool(name) and (one.title.letters == name or one.title.letters.startswith(name * 2))


def _is_registration(record: Candidate, numbers: frozenset[str]) -> bool:
    """Say whether the record is the entry of a register of trials, not an article that names it."""
    journal = record.journal.strip()
    if journal:
        return is_register(journal) and (bool(numbers) or not record.volume)
    return bool(numbers) and not record.volume and _REGISTER_URL.search(record.url.lower()) is not None


def _registry_numbers(record: Candidate) -> frozenset[str]:
    text = " ".join((record.title, record.journal, record.url, record.accession)).lower()
    if not any(digit in text for digit in "0123456789"):
        return frozenset()
    return frozenset(found[found.lastindex or 0].replace(" ", "") for found in _REGISTRY.finditer(text))


def _cochrane(record: Candidate, doi: str) -> Cochrane | None:
    """Return the review's number ('' where not given) and version; None for what is no Cochrane review."""
    is_series = _REVIEW_SERIES in record.journal.lower()
    found = _COCHRANE.search(
        f"{doi} {record.pages} {record.issue} {record.volume}".lower().replace(".cd", " cd")
    )
    if not is_series and not (found and doi.startswith("10.1002/14651858")):
        return None
    version = _PUB.search(doi)
    return Cochrane(found[1] if found else "", int(version[1]) if version else int(bool(found and doi)))
