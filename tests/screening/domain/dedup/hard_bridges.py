"""Records that fit two works, because they say too little to tell which one they describe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from screening.domain.dedup import Candidate
from tests.screening.domain.dedup.hard_pairs import paper


@dataclass(frozen=True)
class Bridge:
    """Two works and a record between them."""

    name: str
    why: str
    works: tuple[Candidate, Candidate]
    between: Candidate


def _bridge(name: str, why: str, first: Candidate, second: dict[str, Any], between: dict[str, Any]) -> Bridge:
    return Bridge(name, why, (first, replace(first, **second)), replace(first, **between))


NOWHERE = {"journal": "", "volume": "", "issue": "", "pages": ""}

BRIDGES = [
    _bridge(
        "abstract, article and a bare record",
        "The bare record may be either.",
        paper(501, "Skittles for shoulder pain in invented inns", issue="Suppl 1", pages="S3"),
        {"journal": "European Archives of Sleep", "volume": "8", "issue": "2", "pages": "100-109"},
        NOWHERE,
    ),
    _bridge(
        "two meetings and a bare record",
        "One abstract, two journals, one record without any.",
        paper(502, "Harps in invented intensive care", issue="Suppl 1", pages="A1"),
        {"journal": "European Archives of Sleep", "issue": "Suppl 9", "pages": "P200", "volume": "4"},
        NOWHERE | {"authors": ()},
    ),
    _bridge(
        "parts 1 and 2 and a record cut before the number",
        "A web search cut the title before the part.",
        paper(503, "Handling of invented luggage at small stations: Part 1", pages="1-9"),
        {"title": "Handling of invented luggage at small stations: Part 2", "pages": "10-19"},
        NOWHERE | {"title": "Handling of invented luggage at small stations"},
    ),
    _bridge(
        "siblings with one supplement DOI and a record cut before the difference",
        "The cut title fits both abstracts, the DOI too.",
        paper(
            504,
            "Night bells and the sleep of invented residents: results in men",
            doi="10.5555/s1-504",
            pages="S1",
        ),
        {"title": "Night bells and the sleep of invented residents: results in women", "pages": "S2"},
        {"title": "Night bells and the sleep of invented residents", "pages": ""},
    ),
    _bridge(
        "article and erratum under one DOI",
        "A third record has the DOI and the title of the article.",
        paper(505, "Cellars and the cough of invented vintners", doi="10.5555/ex.505"),
        {"title": "Erratum: Cellars and the cough of invented vintners", "pages": "700"},
        {"volume": "", "issue": "", "pages": ""},
    ),
    _bridge(
        "editorials and one without issue",
        "Two editorials of a year and a record that does not say which.",
        paper(506, "Editor's comments", authors=("Anybody, E.",), issue="1", pages="iii-iv"),
        {"issue": "2", "pages": "iii-v"},
        {"issue": "", "pages": ""},
    ),
    _bridge(
        "two trials and a record without number",
        "One title, two numbers of a register, one record without.",
        paper(507, "Invented Lozenges in Adults", **NOWHERE, accession="NCT90000507"),
        {"accession": "NCT90000508"},
        {"accession": ""},
    ),
    _bridge(
        "versions of a review and a record without version",
        "The DOI of one record lacks the version.",
        paper(
            509,
            "Chicory for invented gout",
            journal="Cochrane Database of Systematic Reviews",
            volume="",
            issue="2",
            pages="CD090509",
            doi="10.1002/14651858.CD090509.pub2",
            year=2009,
        ),
        {"doi": "10.1002/14651858.CD090509.pub3", "year": 2013, "issue": "8"},
        {"doi": "", "issue": "", "year": None},
    ),
    _bridge(
        "one title in two years and a record without year",
        "An annual report of two years and a record that does not say which.",
        paper(510, "Report of the invented register of yawns", year=2010, volume="30", pages="1-9"),
        {"year": 2011, "volume": "31", "pages": "1-11"},
        {"year": None, "volume": "", "issue": "", "pages": ""},
    ),
    _bridge(
        "two authors of one name and a record without first names",
        "Both are called Specimen; the third record has the surname alone.",
        paper(511, "Falls of invented elders", authors=("Specimen, Xaver",), pages="1-9"),
        {
            "authors": ("Specimen, Yvonne",),
            "journal": "European Archives of Sleep",
            "volume": "2",
            "pages": "3",
        },
        NOWHERE | {"authors": ("Specimen",)},
    ),
]
