"""Score found duplicates against known ones: how many surplus records go, how many works are lost."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from screening.domain.dedup import Candidate, Match, Pair, Settings, clusters, find_duplicates
from screening.domain.parsing.fields import year_in

PROJECT = Path(__file__).resolve().parent.parent
FIELDS = ("title", "journal", "volume", "issue", "pages", "doi", "isbn_issn", "abstract", "url")
Names = Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Library:
    """Hold the records of one set, the work of each, and the name of the part in which it is compared."""

    name: str
    records: tuple[Candidate, ...]
    work: Names
    part: Names


@dataclass(frozen=True, slots=True)
class Score:
    """Hold what a search did to one set, counted in records that a person would no longer see.

    `removed`: surplus records that are gone; `left`: those that are still there; `lost`: works of which no
    record is kept under the best choice of kept records; `mixed`: groups that hold two works; `recovered`:
    surplus records that would go, too, if people joined the right ones of the possible pairs.
    """

    n_records: int
    removed: int
    left: int
    lost: int
    mixed: int
    n_pairs: int
    recovered: int

    @property
    def sensitivity(self) -> float | None:
        return self.removed / (self.removed + self.left) if self.removed + self.left else None

    @property
    def pairs_per_100(self) -> float:
        return 100 * self.n_pairs / self.n_records


def folder() -> Path:
    """Return where the sets are; WORKBENCH_BENCH names the folder above."""
    return Path(os.environ.get("WORKBENCH_BENCH") or PROJECT.parent / "shared" / "bench") / "dedup"


def read_library(path: Path, *, within: str = "") -> Library:
    """Return a set; `within` names a column whose values are separate libraries."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = tuple(_candidate(row) for row in rows)
    part = {row["id"]: row.get(within, "") for row in rows}
    work = {row["id"]: (part[row["id"]], row["gold_cluster"]) for row in rows}
    return Library(path.stem, records, work, part)


def _candidate(row: Mapping[str, str]) -> Candidate:
    fields = {name: row[name] for name in FIELDS}
    authors = tuple(name for name in row["authors"].split("; ") if name)
    return Candidate(id=row["id"], authors=authors, year=year_in(row["year"]), **fields)


def search(library: Library, settings: Settings) -> tuple[list[Match], list[Pair]]:
    """Return all matches and possible pairs of a set, each part compared for itself."""
    parts = defaultdict(list)
    for record in library.records:
        parts[library.part[str(record.id)]].append(record)
    found = [find_duplicates(records, settings=settings) for records in parts.values()]
    return [m for one in found for m in one.matches], [p for one in found for p in one.possible]


def score(library: Library, matches: Iterable[Match], possible: list[Pair]) -> Score:
    """Score matches and possible pairs."""
    matches = list(matches)
    groups = [frozenset(map(str, group)) for group in clusters(matches).groups]
    grouped = {one for group in groups for one in group}
    groups += [frozenset({one}) for one in library.work if one not in grouped]
    kept_works = _works_kept(groups, library.work)
    n_works = len(set(library.work.values()))
    left = len(groups) - kept_works
    right = [
        (str(pair.a), str(pair.b))
        for pair in possible
        if library.work[str(pair.a)] == library.work[str(pair.b)]
    ]
    return Score(
        n_records=len(library.records),
        removed=len(library.records) - n_works - left,
        left=left,
        lost=n_works - kept_works,
        mixed=sum(len({library.work[one] for one in group}) > 1 for group in groups),
        n_pairs=len(possible),
        recovered=_joined_by(right, groups),
    )


def _joined_by(pairs: Iterable[tuple[str, str]], groups: Iterable[frozenset[str]]) -> int:
    """Count how many pairs join groups that were not joined before."""
    head = {one: min(group) for group in groups for one in group}

    def root(one: str) -> str:
        while head[one] != one:
            one = head[one]
        return one

    n_joined = 0
    for a, b in pairs:
        if root(a) != root(b):
            head[root(a)] = root(b)
            n_joined += 1
    return n_joined


def _works_kept(groups: list[frozenset[str]], work: Names) -> int:
    """Count the works of which a record is kept if each group keeps its best record: the largest matching
    between works and groups (Kuhn 1955, augmenting paths)."""
    places = defaultdict(list)
    for number, group in enumerate(groups):
        for one in {work[member] for member in group}:
            places[one].append(number)
    holder: dict[int, Hashable] = {}

    def settle(one: Hashable, tried: set[int]) -> bool:
        for place in places[one]:
            if place in tried:
                continue
            tried.add(place)
            if place not in holder or settle(holder[place], tried):
                holder[place] = one
                return True
        return False

    by_need = sorted(places, key=lambda one: (len(places[one]), str(one)))
    return sum(settle(one, set()) for one in by_need)
