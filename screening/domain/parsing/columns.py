"""Know the names that databases and tools give to the columns of their tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Names are compared in lower case without spaces and punctuation; the first name found in a table wins.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title",
        "articletitle",
        "documenttitle",
        "primarytitle",
        "itemtitle",
        "studytitle",
        "ti",
        "t1",
        "titel",
        "titre",
        "titulo",
    ),
    "authors": (
        "authors",
        "author",
        "authornames",
        "firstauthors",
        "authorfullnames",
        "au",
        "a1",
        "creators",
    ),
    "year": (
        "year",
        "publicationyear",
        "publishedyear",
        "pubyear",
        "yearpublished",
        "py",
        "yr",
        "y1",
        "publicationdate",
        "datepublished",
        "date",
        "da",
    ),
    "journal": (
        "journal",
        "journaltitle",
        "journalname",
        "sourcetitle",
        "publicationtitle",
        "publicationname",
        "secondarytitle",
        "journalbook",
        "containertitle",
        "t2",
        "jf",
        "jo",
    ),
    "volume": ("volume", "vol", "vl", "journalvolume"),
    "issue": ("issue", "number", "issuenumber", "is", "journalissue"),
    "pages": ("pages", "page", "pagerange"),
    "first_page": ("startpage", "pagestart", "firstpage", "sp", "beginningpage", "artno", "articlenumber"),
    "last_page": ("endpage", "pageend", "lastpage", "ep", "endingpage"),
    "doi": ("doi", "do", "di", "doilink"),
    "pmid": ("pmid", "pubmedid", "pubmed", "medlinepmid"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "ab", "n2"),
    "keywords": ("keywords", "keyword", "authorkeywords", "indexkeywords", "manualtags", "kw"),
    "url": ("url", "urls", "link", "ur", "openurllink"),
    "type": ("type", "itemtype", "documenttype", "referencetype", "typeofreference", "publicationtype", "ty"),
    "language": ("language", "languageoforiginaldocument", "la"),
    "accession": (
        "accessionnumber",
        "accession",
        "an",
        "eid",
        "utuniquewosid",
        "utuniqueid",
        "nctnumber",
        "covidence",
    ),
}
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
_RANK = {name: rank for names in NAMES.values() for rank, name in enumerate(names)}
_NOT_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Hold where each known field stands, best column first, and which known names occur twice.

    `repeated` gives the name, its first place and the place at which it occurs again.
    """

    width: int
    places: Mapping[str, tuple[int, ...]]
    repeated: tuple[tuple[str, int, int], ...]

    @property
    def n_known(self) -> int:
        """Return how many fields the table has."""
        return len(self.places)


def header_of(cells: Sequence[str]) -> Header:
    """Recognise the columns of a header row."""
    found: dict[str, list[tuple[int, int]]] = {}
    seen: dict[str, int] = {}
    repeated = []
    for place, cell in enumerate(cells):
        name = _NOT_NAME.sub("", cell).casefold()
        # A tag as a name must stand alone: "TI-" is the beginning of a line of another format.
        if name not in _FIELD_OF or (len(name) < 3 and (len(cells) < 2 or len(cell.strip()) > len(name))):
            continue
        if name in seen:
            repeated.append((cell.strip(), seen[name], place))
        seen.setdefault(name, place)
        found.setdefault(_FIELD_OF[name], []).append((_RANK[name], place))
    places = {field: tuple(place for _, place in sorted(ranked)) for field, ranked in found.items()}
    return Header(len(cells), places, tuple(repeated))
