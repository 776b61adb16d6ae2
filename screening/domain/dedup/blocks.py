"""Find the few records that each record is worth comparing with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from screening.domain.dedup.prints import Print

_RARE = 4  # rarest title words whose pairs are keys
_TELLING = 100  # letters of an abstract's beginning
_ENDS = 16  # letters of a title's beginning and end
_LARGEST = 20  # records under one key that are all compared with each other
_NEIGHBOURS = 12  # of a larger block, each is compared with so many before and behind it


class Blocks:
    """Hold which records share a key; memory and time grow with the number of records, not of pairs."""

    def __init__(self, prints: Sequence[Print], order: Sequence[int]) -> None:
        """Index all records under their keys; `order` ranks them by content."""
        frequency = Counter(token for one in prints for token in one.title.words)
        raw: dict[int, int | list[int]] = {}
        for number, one in enumerate(prints):
            for key in set(_keys(one, frequency)):
                _add(raw, key, number)
        self._of: list[list[tuple[int, ...]]] = [[] for _ in prints]
        for block in raw.values():
            if isinstance(block, list):
                self._spread(block, prints, order)

    def _spread(self, block: list[int], prints: Sequence[Print], order: Sequence[int]) -> None:
        """Note a block with its members; a large one is parted by author, by page, and at last by content."""
        if len(block) <= _LARGEST:
            self._note(tuple(block))
            return
        for part in _parts(block, lambda one: one.authors.first, prints):
            if len(part) > _LARGEST:
                for smaller in _parts(part, lambda one: one.year, prints):
                    self._slide(smaller, order)
            else:
                self._note(tuple(part))
        for part in _parts(block, lambda one: (one.year, one.place.first_page), prints):
            self._slide(part, order)

    def _slide(self, part: list[int], order: Sequence[int]) -> None:
        """Note neighbours by content together where even a part is large."""
        if len(part) <= _LARGEST:
            self._note(tuple(part))
            return
        part.sort(key=order.__getitem__)
        for start in range(0, len(part) - 1, _NEIGHBOURS):
            self._note(tuple(part[start : start + 2 * _NEIGHBOURS]))

    def _note(self, block: tuple[int, ...]) -> None:
        if len(block) > 1:
            for number in block:
                self._of[number].append(block)

    def mates(self, number: int) -> set[int]:
        """Return the records that share a block with this one."""
        found: set[int] = set()
        for block in self._of[number]:
            found.update(block)
        found.discard(number)
        return found


def _parts(
    block: Sequence[int], feature: Callable[[Print], object], prints: Sequence[Print]
) -> Iterable[list[int]]:
    parts: dict[object, list[int]] = defaultdict(list)
    for number in block:
        parts[feature(prints[number])].append(number)
    return parts.values()


def _add(raw: dict[int, int | list[int]], key: int, number: int) -> None:
    held = raw.get(key)
    if held is None:
        raw[key] = number
    elif isinstance(held, int):
        raw[key] = [held, number]
    else:
        held.append(number)


def _keys(one: Print, frequency: Counter[str]) -> Iterator[int]:
    """Yield the keys of a record, as hashes."""
    title, author = one.title, one.authors.first
    for name in ("doi", "pmid", "accession"):
        value = getattr(one, name)
        if value:
            yield hash((name, value))
    if title.compact:
        yield hash(("begin", title.compact[:_ENDS]))
        yield hash(("end", title.compact[-_ENDS:]))
        for other in title.others:
            yield hash(("begin", other[:_ENDS]))
            yield hash(("end", other[-_ENDS:]))
    if len(one.abstract) >= _TELLING:
        yield hash(("abstract", one.abstract[:_TELLING]))
    rare = sorted(title.words, key=lambda token: (frequency[token], token))[:_RARE]
    for pair in combinations(sorted(rare), 2):
        yield hash(pair)
    yield from _place_keys(one)
    if author and one.year and rare:
        yield hash(("author", author, one.year, rare[0]))


def _place_keys(one: Print) -> Iterator[int]:
    author = one.authors.first
    for span in one.place.spans[:3]:
        for volume in one.place.volume:
            yield hash(("place", volume, span.first, one.year))
            if author:
                yield hash(("author place", volume, span.first, author))
        if author and one.year:
            yield hash(("author page", span.first, author, one.year))
        if span.is_range and author:
            yield hash(("author range", span.first, span.last, author))
