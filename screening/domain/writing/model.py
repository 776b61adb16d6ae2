"""Hold what an export says of a record, and what the export was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from screening.domain.vocabulary import Stage, Status, Verdict

# The fields that describe the publication; each writer writes all of them where its format has a place.
BIBLIOGRAPHIC = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "abstract",
    "keywords",
    "url",
    "type",
    "language",
    "accession",
    "isbn_issn",
    "database",
)

STAGE_WORDS = {Stage.TITLE_ABSTRACT: "title and abstract", Stage.FULL_TEXT: "full text"}
_VERDICT_OF = {Status.INCLUDED: Verdict.INCLUDE, Status.EXCLUDED: Verdict.EXCLUDE}


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """Say where a record stands at one stage; `reason` is given where it was excluded at full text."""

    stage: Stage
    status: Status
    reason: str = ""

    @property
    def verdict(self) -> Verdict | None:
        """Return include or exclude where the record is settled."""
        return _VERDICT_OF.get(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDecision:
    """Hold one reviewer's decision that the person who exports may see.

    `on` is an ISO date; `is_imported` tells that the decision was made elsewhere.
    """

    reviewer: str
    stage: Stage
    verdict: Verdict
    reason: str = ""
    on: str = ""
    is_blind: bool = True
    is_imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecord:
    """Hold one record to write; blank means not given.

    `id` is the review's slug and the record's number and never changes. `sources` and `databases` are those
    of its whole group of duplicates, `duplicates` the ids of the records that it stands for, `duplicate_of`
    the id of the record that stands for it. `remark` says where the shown text comes from or what was cut.
    """

    id: str
    number: int
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    url: str = ""
    type: str = ""
    language: str = ""
    accession: str = ""
    isbn_issn: str = ""
    database: str = ""
    remark: str = ""
    sources: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    duplicate_of: str = ""
    outcomes: tuple[ExportOutcome, ...] = ()
    decisions: tuple[ExportDecision, ...] = ()

    def at(self, stage: Stage | None) -> ExportOutcome | None:
        """Return where the record stands at the stage, or at the last one that it reached; None before."""
        found = [outcome for outcome in self.outcomes if stage in (None, outcome.stage)]
        return max(found, key=lambda outcome: list(Stage).index(outcome.stage), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFacts:
    """Say what an export was made from.

    `stage` is the one whose outcome is labelled in formats that have room for one, None the last that each
    record reached; `filter` holds the choices of the list as they stand in its address.
    """

    review: str
    title: str
    made_at: str
    n_records: int
    stage: Stage | None = None
    has_decisions: bool = False
    filter: Mapping[str, str] = field(default_factory=dict)
