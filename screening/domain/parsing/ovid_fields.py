"""Know the names that Ovid gives to the fields of its databases, and make a record of the fields of one."""

from __future__ import annotations

import re

from screening.domain.parsing.fields import author_of, clean, keywords_of, pmid_in
from screening.domain.parsing.model import ParsedRecord
from screening.domain.parsing.picking import (
    doi_of,
    first,
    given,
    joined,
    lines,
    notes,
    pmid_of,
    url_of,
    year_of,
)
from screening.domain.parsing.sources import source_in, year_in_source
from screening.domain.parsing.tagged import Fields

# Tags and names in lower case, as the text is read.
_TITLE = ("ti", "title", "chapter title", "book title", "translated title", "original title", "tt", "bt")
_AUTHORS = ("au", "author", "authors", "fa", "authors full name", "author(s)")
YEARS = (
    "yr", "year of publication", "publication year", "year", "dp", "publication date", "date of publication",
)  # fmt: skip
_JOURNAL = ("jn", "journal name", "journal", "journal title", "publication", "nj", "nlm journal name")
_SOURCE = ("so", "source")
_ABSTRACT = ("ab", "abstract")
_DOI = ("do", "di", "doi", "doi number", "digital object identifier", "digital object identifier (doi)")
_PMID = ("pm", "pmid", "pubmed id", "pmid number")
_KEYWORDS = (
    "kw", "mh", "de", "id", "sh", "author keywords", "keywords", "keyword heading", "key words",
    "key concepts", "mesh subject headings", "subject headings", "descriptors", "identifiers",
    "emtree heading",
)  # fmt: skip
_LINKS = ("xl", "link to the ovid full text or citation", "link to the external link resolver", "url", "ur")
_TYPE = ("pt", "dt", "document type", "publication type")
_LANGUAGE = ("lg", "la", "language", "language of publication")
_NUMBER = ("an", "ui", "accession number", "unique identifier")
_ISSN = (
    "is", "issn", "issn print", "issn electronic", "il", "it", "ib", "isbn", "electronic issn", "print issn",
)  # fmt: skip
_DATABASE = ("db", "database", "database name")
BARE = frozenset({"vn", *_DATABASE, *_LANGUAGE, *_TYPE, "score"})
# The names that recognise the display format.
LABELS = (
    "Accession Number", "Unique Identifier", "Author", "Authors", "Authors Full Name", "Title", "Source",
    "Abstract", "Institution", "Publication Type", "Document Type", "Language", "ISSN",
    "Year of Publication", "Database", "UI", "AN", "AU", "TI", "SO", "AB",
)  # fmt: skip
# What Ovid adds behind a title: its type, its language, its number of references.
_ADDED = re.compile(r"(?<=[.?!])(?:\s{0,4}\[[^\[\]]{1,80}\]\.?){1,4}$")
_MARKS = re.compile(r"[\s,]+[0-9*+#^&,]{1,20}\.?$")
_DEGREES = (
    r"MD|M\.D\.|PhD|Ph\.D\.|DPhil|MPhil|MPH|MSc|BSc|MS|BS|MA|BA|MBA|MBBS|MBChB|DrPH|DSc|ScD|EdD|PsyD|PharmD|DDS|"
    "DMD|DVM|DO|DPT|PT|OT|RN|BSN|MSN|DNP|NP|CNS|CRNA|FAAN|FACSM|FACS|FACP|FAHA|FACC|FRCS|FRCP|FRACS|FRACP|JD|LCSW|"
    "MSW|Dr|Prof"
)
_LAST_DEGREE = re.compile(rf"[ ,]+(?:{_DEGREES})\.?$")
_NO_NAME = re.compile(rf"(?:(?:{_DEGREES})\.?[ ,]*){{1,6}}")
# Two short names; longer ones with the word are institutions.
_TWO_NAMES = re.compile(r"(?:\S+ ){1,3}and(?: \S+){1,3}")
_LONGEST_NAME = 500
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")


def record_of(fields: Fields, raw: str, line: int) -> ParsedRecord:
    """Make a record of the fields, whichever of the two formats named them."""
    cited = first(fields, *_SOURCE)
    source = source_in(cited)
    return ParsedRecord(
        raw=raw,
        line=line,
        title=_title(fields),
        authors=_authors(fields),
        year=_year(fields, cited, first(fields, "status")),
        journal=first(fields, *_JOURNAL) or source.journal,
        volume=first(fields, "vo", "volume") or source.volume,
        issue=first(fields, "ip", "issue", "issue/part") or source.issue,
        pages=first(fields, "pg", "page", "pages") or source.pages,
        doi=doi_of(fields, *_DOI),
        pmid=_pmid(fields),
        abstract=lines(fields, *_ABSTRACT),
        keywords=keywords_of(word.strip().lstrip("*").rstrip(".") for word in given(fields, *_KEYWORDS)),
        url=url_of(fields, *_LINKS),
        type=first(fields, *_TYPE),
        language=first(fields, *_LANGUAGE).rstrip("."),
        accession=first(fields, *_NUMBER).rstrip("."),
        isbn_issn=joined(fields, *_ISSN),
        database=first(fields, *_DATABASE),
        notes=notes(fields, "notes", "comments", "cm"),
    )


def _title(fields: Fields) -> str:
    """Return the title, under a tag without what Ovid adds to it."""
    return _ADDED.sub("", first(fields, "ti")) or first(fields, *_TITLE)


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return the names without degrees and marks of affiliation.

    They are parted by semicolons, by lines or, in the oldest exports, by two spaces.
    """
    for tag in _AUTHORS:
        parts = [part for value in fields.get(tag, ()) for part in _parts(value)]
        if names := tuple(name for part in parts if (name := _name(part))):
            return names
    return ()


def _parts(value: str) -> list[str]:
    if ";" in value:
        return value.split(";")
    parts = [part for line in value.split("\n") for part in re.split(r" {2,}", line.strip())]
    return [
        name for part in parts for name in (part.split(" and ") if _TWO_NAMES.fullmatch(part) else [part])
    ]


def _name(text: str) -> str:
    name = clean(text)
    if len(name) > _LONGEST_NAME:
        return name
    name = _MARKS.sub("", name)
    while (degree := _LAST_DEGREE.search(name)) and "," in (rest := name[: degree.start()].rstrip(" ,")):
        name = _MARKS.sub("", rest)
    return "" if _NO_NAME.fullmatch(name) else author_of(_FULL_STOP.sub("", name))


def _year(fields: Fields, *sources: str) -> int | None:
    """Return the year of its own field, else the one of the source or of the status."""
    if (year := year_of(fields, *YEARS)) is not None:
        return year
    return next((year for text in sources if (year := year_in_source(text)) is not None), None)


def _pmid(fields: Fields) -> str:
    if pmid := pmid_of(fields, *_PMID):
        return pmid
    if "medline" in first(fields, *_DATABASE).casefold() and (pmid := pmid_of(fields, *_NUMBER)):
        return pmid
    return next((pmid for link in given(fields, *_LINKS) if (pmid := pmid_in(link))), "")
