"""Count how the records of several sources overlap, for an UpSet plot (Lex et al. 2014)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Set = TypeVar("Set", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Overlap(Generic[Set]):
    """Hold how many works lie in exactly these sets and in no other."""

    sets: frozenset[Set]
    n: int


def overlaps(works: Iterable[Collection[Set]], order: Collection[Set]) -> list[Overlap[Set]]:
    """Count the works by the exact combination of sets that hold them: the largest combination first, then
    the one of fewest sets, then in the order of the sets.

    Works in no set are left out. Raises ValueError for a set that `order` lacks.
    """
    place = {name: at for at, name in enumerate(order)}
    counted = Counter(frozenset(sets) for sets in works)
    unknown = {name for sets in counted for name in sets} - place.keys()
    if unknown:
        raise ValueError(f"Sets without a place in the order: {sorted(map(str, unknown))}.")
    found = [Overlap(sets, n) for sets, n in counted.items() if sets]
    return sorted(found, key=lambda one: (-one.n, len(one.sets), sorted(place[name] for name in one.sets)))


def totals(found: Iterable[Overlap[Set]]) -> Counter[Set]:
    """Return how many works each set holds."""
    held: Counter[Set] = Counter()
    for overlap in found:
        for name in overlap.sets:
            held[name] += overlap.n
    return held
