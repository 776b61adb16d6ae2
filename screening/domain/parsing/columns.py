"""Know the names that databases and tools give to the columns of their tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from screening.domain.parsing.fields import clean

# Names are compared in lower case without spaces and punctuation; the first name found in a table wins.
NAMES: Mapping[str, Sequence[str]] = {
    "title": (
        "title articletitle documenttitle primarytitle itemtitle studytitle ti t1 publictitle "
        "scientifictitle displayname titel titre titulo titolo"
    ).split(),
    "authors": (
        "authors author authornames firstauthors authorfullnames au a1 authorsnames authorlist "
        "creators creator contributors authorshipsauthordisplayname authorshipsrawauthorname "
        "authornamesdisplay authorfull af autoren autor auteurs autores"
    ).split(),
    "year": (
        "year publicationyear publishedyear pubyear yearpublished yearofpublication py yr y1 "
        "publicationdate datepublished dateofpublication pubdate date published coverdate issued "
        "da jahr annee ano"
    ).split(),
    "journal": (
        "journal journaltitle journalname sourcetitle publicationtitle publicationname "
        "secondarytitle journalbook containertitle pubtitle parenttitle journalparenttitle "
        "journalabbreviation fulljournalname primarylocationsourcedisplayname "
        "primarylocationdisplayname hostvenuedisplayname venue t2 jf jn jo zeitschrift revue "
        "revista"
    ).split(),
    "source": ("source so").split(),
    "volume": ("volume vol vl journalvolume bibliovolume band").split(),
    "issue": ("issue number issuenumber is journalissue biblioissue heft").split(),
    "pages": ("pages page pagerange pagination pg seiten").split(),
    "first_page": (
        "startpage pagestart firstpage sp bp beginningpage bibliofirstpage artno articlenumber ar"
    ).split(),
    "last_page": ("endpage pageend lastpage ep endingpage bibliolastpage").split(),
    "doi": ("doi do di doilink digitalobjectidentifier digitalobjectidentifierdoi doiurl idsdoi").split(),
    "pmid": ("pmid pubmedid pubmed medlinepmid idspmid pm").split(),
    "abstract": (
        "abstract abstractnote abstracttext ab n2 briefsummary zusammenfassung resume resumen"
    ).split(),
    "keywords": (
        "keywords keyword authorkeywords indexkeywords keywordsplus manualtags automatictags kw "
        "de subjectterms subjects subjectheadings meshterms mesh keywordsdisplayname schlagworter"
    ).split(),
    "url": (
        "url urls link ur openurllink articleurl documenturl sourceurl sourceurls externalurl "
        "fulltextlink dimensionsurl plink permalink studyurl webaddress landingpageurl "
        "primarylocationlandingpageurl"
    ).split(),
    "type": (
        "type itemtype documenttype referencetype typeofreference publicationtype articletype "
        "doctype typename ty dt"
    ).split(),
    "language": ("language languageoforiginaldocument languages la sprache").split(),
    "accession": (
        "accessionnumber accession an eid utuniquewosid utuniqueid ut embaseaccessionid pui "
        "lensid publicationid openalexid storeid eppiid nctnumber trialid centralid "
        "cochranecentralid covidence"
    ).split(),
    "isbn_issn": (
        "issn isbn issns isbns isbnissn issnisbn sn eissn issnprint issnelectronic printissn "
        "onlineissn electronicissn standardnumber bn ei"
    ).split(),
    "database": (
        "database nameofdatabase databasename databaseprovider db librarycatalog dataprovider"
    ).split(),
    "notes": ("notes note comments extra researchnotes usernotes n1").split(),
}
# What a column can be made to hold by hand.
FIELDS = tuple(field for field in NAMES if field != "source")
_IDENTIFYING = ("title", "doi", "pmid", "abstract", "accession", "authors")
_N_EXAMPLES = 3
_EXAMPLE_LENGTH = 200
_ROWS_LOOKED_AT = 500
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
_RANK = {name: rank for names in NAMES.values() for rank, name in enumerate(names)}
_NOT_NAME = re.compile(r"[\W_]+")
OWN_COLUMN = "workbenchid"
_OWN_START = re.compile(r'"?workbench_id"?[,;\t]')


@dataclass(frozen=True, slots=True)
class Column:
    """Show one column of a table: its header, the field it is taken for ('' for none) and three cells."""

    header: str
    field: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Hold where each field stands, best column first, and which known names occur twice.

    `repeated` gives the name, its first place and the place at which it occurs again; `others` the places and
    names of the columns that hold no field.
    """

    cells: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    repeated: tuple[tuple[str, int, int], ...]
    others: tuple[tuple[int, str], ...]

    @property
    def width(self) -> int:
        """Return how many columns the table has."""
        return len(self.cells)

    @property
    def is_own(self) -> bool:
        """Say whether this workbench wrote the table."""
        return any(_NOT_NAME.sub("", cell).casefold() == OWN_COLUMN for cell in self.cells)

    @property
    def n_known(self) -> int:
        """Return how many fields the table has."""
        return len(self.places)

    def rank(self, columns: Mapping[str, str] | None = None) -> tuple[int, bool, int]:
        """Return what makes one line more likely the header than another; the greater the better."""
        n_by_hand = sum(_by_hand(cell, columns) is not None for cell in self.cells)
        return n_by_hand, "title" in self.places, self.n_known

    def is_usable(self, columns: Mapping[str, str] | None = None) -> bool:
        """Say whether this is a header: one known name without a title is as likely a word in a text."""
        n_by_hand, has_title, n_known = self.rank(columns)
        if columns:
            return n_by_hand > 0
        return has_title or (n_known >= 2 and any(field in self.places for field in _IDENTIFYING))


def looks_like_own_table(opening: str) -> bool:
    """Say whether the text begins with the first column that this workbench writes."""
    return _OWN_START.match(opening) is not None


def header_of(cells: Sequence[str], columns: Mapping[str, str] | None = None) -> Header:
    """Recognise the columns of a header row; `columns` says by hand which field a cell stands for, or ''."""
    found: dict[str, list[tuple[int, int]]] = {}
    seen: dict[str, int] = {}
    repeated, others = [], []
    for place, cell in enumerate(cells):
        name = _NOT_NAME.sub("", cell).casefold()
        chosen = _by_hand(cell, columns)
        field = _recognised(name, cell, alone=len(cells) < 2) if chosen is None else chosen
        if not field:
            if cell.strip():
                others.append((place, cell.strip()))
            continue
        if name in seen:
            repeated.append((cell.strip(), seen[name], place))
        seen.setdefault(name, place)
        found.setdefault(field, []).append((_RANK.get(name, 0) if chosen is None else -1, place))
    places = {field: tuple(place for _, place in sorted(ranked)) for field, ranked in found.items()}
    return Header(tuple(cells), places, tuple(repeated), tuple(others))


def columns_of(header: Header, rows: Iterable[Sequence[str]]) -> tuple[Column, ...]:
    """Return the columns with their first three filled cells, short enough to show."""
    examples: list[list[str]] = [[] for _ in header.cells]
    for cells in islice(rows, _ROWS_LOOKED_AT):
        for found, cell in zip(examples, cells, strict=False):
            if len(found) < _N_EXAMPLES and (text := clean(cell[:_EXAMPLE_LENGTH])):
                found.append(text)
    fields = {place: field for field, places in header.places.items() for place in places}
    return tuple(
        Column(cell, "" if (field := fields.get(place, "")) == "source" else field, tuple(examples[place]))
        for place, cell in enumerate(header.cells)
    )


def _by_hand(cell: str, columns: Mapping[str, str] | None) -> str | None:
    """Return the field that a person chose for a column, '' for none, None where nobody chose."""
    return columns.get(cell, columns.get(cell.strip())) if columns else None


def _recognised(name: str, cell: str, *, alone: bool) -> str:
    # A tag as a name must stand alone: "TI-" is the beginning of a line of another format.
    if len(name) < 3 and (alone or len(cell.strip()) > len(name)):
        return ""
    return _FIELD_OF.get(name, "")
