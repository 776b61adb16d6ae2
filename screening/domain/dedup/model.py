"""What goes into the search for duplicates, and what comes out."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """Name the evidence that decided an automatic match."""

    DOI = "doi"
    PMID = "pmid"
    CITATION = "citation"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold what of a record takes part in the comparison; what is not known is empty."""

    id: Hashable
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    isbn_issn: str = ""
    abstract: str = ""
    url: str = ""
    accession: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Hold two records that are the same, the rule that says so, a score from 0 to 1 and the reason."""

    a: Hashable
    b: Hashable
    rule: Rule
    score: float = 1.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold two records that may be the same, for a person to judge, a score from 0 to 1 and the reason."""

    a: Hashable
    b: Hashable
    score: float
    detail: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what communities settle differently."""

    cochrane_updates_are_duplicates: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """Hold the pairs that are duplicates and the pairs that a person should see."""

    matches: tuple[Match, ...]
    possible: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Hold the groups of two and more records, and the matches refused since they would join a different
    pair."""

    groups: tuple[frozenset[Hashable], ...]
    refused: tuple[Match, ...]
