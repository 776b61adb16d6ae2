"""Leave out the records that cannot be the same as a few new ones, where comparing with all is slow."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

from screening.domain.dedup import Candidate
from screening.domain.normalise import fold, normalise_doi

_WORD = re.compile(r"[^\W_]{4,}")
_NAME = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"[0-9]{3,}")
_FIRST = re.compile(r"[0-9]+")
_N_SHARED = 3
_YEARS_APART = 2


def nearby(candidates: Iterable[Candidate], new: Collection[Hashable]) -> list[Candidate]:
    """Return the candidates with these ids and all that have something in common with one of them.

    In common means: three longer words of the title (or half of its words), a name of an author within two
    years, volume and first page, or a number of an identifier or address. Much more than the comparison
    needs, so that it finds what it would find among all.
    """
    everybody = list(candidates)
    marks = [_Marks.of(one) for one in everybody if one.id in new]
    return [one for one in everybody if one.id in new or any(mark.fit(one) for mark in marks)]


@dataclass(frozen=True, slots=True)
class _Marks:
    """Hold by what of one record others are known to be near."""

    words: frozenset[str]
    names: tuple[str, ...]
    year: int | None
    place: tuple[str, str] | None
    numbers: frozenset[str]
    doi: str

    @classmethod
    def of(cls, one: Candidate) -> _Marks:
        names = {name for author in one.authors for name in _NAME.findall(fold(author))}
        return cls(
            words=frozenset(_WORD.findall(one.title.lower())),
            names=tuple(sorted(names)),
            year=one.year,
            place=_place_of(one),
            numbers=_numbers_of(one),
            doi=normalise_doi(one.doi),
        )

    def fit(self, other: Candidate) -> bool:
        """Say whether the other record has something in common with this one."""
        return (
            self._has_title_of(other)
            or self._has_author_of(other)
            or (self.place is not None and self.place == _place_of(other))
            or (bool(self.numbers) and not self.numbers.isdisjoint(_numbers_of(other)))
            or (bool(self.doi) and self.doi[-8:] in other.doi.lower())
        )

    def _has_title_of(self, other: Candidate) -> bool:
        words = set(_WORD.findall(other.title.lower()))
        n_shared = len(self.words & words)
        return n_shared >= _N_SHARED or 2 * n_shared > min(len(self.words), len(words))

    def _has_author_of(self, other: Candidate) -> bool:
        if self.year and other.year and abs(self.year - other.year) > _YEARS_APART:
            return False
        names = fold(" ".join(other.authors))
        return any(name in names for name in self.names)


def _place_of(one: Candidate) -> tuple[str, str] | None:
    page, volume = _FIRST.search(one.pages), _FIRST.search(one.volume)
    return (volume[0], page[0]) if page and volume else None


def _numbers_of(one: Candidate) -> frozenset[str]:
    return frozenset(_NUMBER.findall(f"{one.pmid} {one.accession} {one.url}"))
