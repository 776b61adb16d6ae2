"""Find the records that describe one and the same publication."""

from __future__ import annotations

from screening.domain.dedup.clusters import clusters
from screening.domain.dedup.model import Candidate, Clusters, Findings, Match, Pair, Rule, Settings
from screening.domain.dedup.search import find_duplicates

__all__ = [
    "METHOD_VERSION",
    "Candidate",
    "Clusters",
    "Findings",
    "Match",
    "Pair",
    "Rule",
    "Settings",
    "clusters",
    "find_duplicates",
]

METHOD_VERSION = "1"
