"""Build pairs of invented records that differ as exports of one publication do, or only as two works do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from screening.domain.dedup import Candidate

NAMES = (
    "Example Sample Specimen Muster Placeholder Ejemplo Exemple Voorbeeld Esempio Exempel Eksempel Esimerkki "
    "Priklad Pelda Primer Namune Nimikko Beispiel Dummy Anybody Somebody Nobody Vorlage Modello Modelo "
    "Modele Proeve Prova Essai Versuch"
).split()
JOURNALS = (
    "Journal of Examples",
    "Annals of Invented Medicine",
    "Archives of Placeholder Research",
    "British Journal of Specimens",
    "International Journal of Sample Studies",
    "Acta Exemplaria",
    "Example Quarterly",
    "Scandinavian Journal of Invented Surgery",
)


class Label(StrEnum):
    """What a careful person says; EITHER where the record does not tell or communities differ."""

    SAME = "same"
    DIFFERENT = "different"
    EITHER = "either"


@dataclass(frozen=True)
class HardPair:
    """Two records, what they are, and why that is hard to see."""

    name: str
    label: Label
    why: str
    first: Candidate
    second: Candidate
    is_plain: bool = False
    """The same beyond doubt, so that no person should have to look."""


def paper(number: int, title: str, **given: Any) -> Candidate:
    """Return an invented article; what is not given follows from the number."""
    step = 1 + number % 7
    authors = [
        f"{NAMES[(number * 5 + step * place) % len(NAMES)]}, {chr(65 + (number + place) % 26)}. "
        f"{chr(65 + (number * 3 + place) % 26)}."
        for place in range(3 + number % 3)
    ]
    fields: dict[str, Any] = {
        "title": title,
        "authors": tuple(authors),
        "year": 1996 + number % 24,
        "journal": JOURNALS[number % len(JOURNALS)],
        "volume": str(11 + number % 60),
        "issue": str(1 + number % 6),
        "pages": f"{200 + 7 * number}-{208 + 7 * number}",
    }
    return Candidate(id="", **(fields | given))


def same(name: str, why: str, first: Candidate, **changes: Any) -> HardPair:
    """Return two exports of one publication."""
    return HardPair(name, Label.SAME, why, first, replace(first, **changes))


def plain(name: str, why: str, first: Candidate, **changes: Any) -> HardPair:
    """Return two exports of one publication about which nobody can have a doubt."""
    return HardPair(name, Label.SAME, why, first, replace(first, **changes), is_plain=True)


def different(name: str, why: str, first: Candidate, **changes: Any) -> HardPair:
    """Return two works."""
    return HardPair(name, Label.DIFFERENT, why, first, replace(first, **changes))


def either(name: str, why: str, first: Candidate, **changes: Any) -> HardPair:
    """Return two records of which nobody can say for all reviews whether they are one work."""
    return HardPair(name, Label.EITHER, why, first, replace(first, **changes))


def as_web_search_gives(record: Candidate) -> tuple[str, ...]:
    """Return the first two authors as a web search does: initials, then the surname."""
    names = [name.partition(", ") for name in record.authors[:2]]
    return tuple(f"{first.replace('.', '').replace(' ', '')} {last}" for last, _, first in names)
