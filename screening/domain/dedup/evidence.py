"""Compare two records field by field."""

from __future__ import annotations

from dataclasses import dataclass

from screening.domain.dedup.abstracts import compare_abstracts
from screening.domain.dedup.authors import Agreement, compare_authors
from screening.domain.dedup.journals import compare_journals
from screening.domain.dedup.likeness import Likeness, compare_titles
from screening.domain.dedup.places import (
    compare_issues,
    compare_pages,
    compare_volumes,
    compare_years,
    has_full_range,
)
from screening.domain.dedup.prints import Print

SAME, PARTIAL, UNKNOWN, CONFLICT = Agreement.SAME, Agreement.PARTIAL, Agreement.UNKNOWN, Agreement.CONFLICT


@dataclass(slots=True)
class Evidence:
    """Hold how two records agree in each field."""

    a: Print
    b: Print
    title: Likeness
    ratio: float
    authors: Agreement
    year: Agreement
    journal: Agreement
    volume: Agreement
    issue: Agreement
    pages: Agreement
    doi: Agreement
    pmid: Agreement
    abstract: Agreement

    @property
    def same_place(self) -> bool:
        """Volume and first page agree."""
        return self.volume is SAME and self.pages is SAME

    @property
    def same_span(self) -> bool:
        """A whole range of pages agrees, its end included."""
        a, b = self.a.place, self.b.place
        return self.pages is SAME and has_full_range(a) and a.spans[0].last == b.spans[0].last

    @property
    def same_range(self) -> bool:
        """Volume and a whole range of pages agree."""
        return self.volume is SAME and self.same_span

    @property
    def same_review(self) -> bool:
        """Both are versions of one Cochrane review."""
        a, b = self.a.cochrane, self.b.cochrane
        return a is not None and b is not None and bool(a.number) and a.number == b.number

    @property
    def same_issue(self) -> bool:
        """Journal, volume and issue agree, and the pages do not contradict."""
        return (
            self.journal is SAME and self.volume is SAME and self.issue is SAME and self.pages is not CONFLICT
        )

    @property
    def same_text(self) -> bool:
        """Abstract, journal and year agree, and the place does not contradict."""
        same = self.abstract is SAME and self.journal is SAME and self.year is SAME
        return same and self.volume >= UNKNOWN and self.pages >= UNKNOWN

    @property
    def same_registration(self) -> bool:
        """Both are entries of a register under one number."""
        return self.a.is_registration and self.b.is_registration and bool(self.a.registry & self.b.registry)

    @property
    def is_abstract(self) -> bool:
        """One of them stands in a supplement or is of a meeting, where many share one identifier."""
        return self.is_supplement or self.a.is_meeting or self.b.is_meeting

    @property
    def is_cut(self) -> bool:
        return self.a.title.is_cut or self.b.title.is_cut

    @property
    def n_tokens(self) -> int:
        """How many content words the shorter title has."""
        return min(len(self.a.title.tokens), len(self.b.title.tokens))

    @property
    def same_identifier(self) -> bool:
        return self.doi is SAME or self.pmid is SAME

    @property
    def is_generic(self) -> bool:
        return self.has_generic_title or self.a.is_serial or self.b.is_serial

    @property
    def has_generic_title(self) -> bool:
        """A title says nothing by itself ("Editorial"), whatever else the library holds."""
        return self.a.title.is_generic or self.b.title.is_generic

    @property
    def is_supplement(self) -> bool:
        return self.a.place.is_supplement or self.b.place.is_supplement

    @property
    def same_variant(self) -> bool:
        """Neither title alone speaks of a protocol, an update or a follow-up."""
        return self.a.title.variants == self.b.title.variants

    @property
    def years_apart(self) -> int:
        if self.a.year is None or self.b.year is None:
            return 0
        return abs(self.a.year - self.b.year)


def compare(a: Print, b: Print) -> Evidence:
    """Compare two records field by field."""
    likeness, ratio = compare_titles(a.title, b.title)
    return Evidence(
        a, b, likeness, ratio,
        authors=compare_authors(a.authors, b.authors),
        year=compare_years(a.year, b.year),
        journal=_journals(a, b),
        volume=compare_volumes(a.place, b.place),
        issue=compare_issues(a.place, b.place),
        pages=compare_pages(a.place, b.place),
        doi=_equal(a.doi, b.doi),
        pmid=_equal(a.pmid, b.pmid),
        abstract=compare_abstracts(a.abstract, b.abstract),
    )  # fmt: skip


def _equal(a: str, b: str) -> Agreement:
    return UNKNOWN if not a or not b else SAME if a == b else CONFLICT


def _journals(a: Print, b: Print) -> Agreement:
    found = compare_journals(a.journal, b.journal)
    if found in (PARTIAL, CONFLICT) and a.issns & b.issns:
        return SAME
    return found
