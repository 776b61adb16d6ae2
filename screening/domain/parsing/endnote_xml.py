"""Read EndNote XML, as EndNote itself, Zotero, Mendeley and Bookends write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from screening.domain.parsing.fields import (
    author_of,
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    is_year_given,
    keywords_of,
    pmid_in,
    url_in,
    year_in,
)
from screening.domain.parsing.markup import problem_of, records_in
from screening.domain.parsing.model import NOTHING_IDENTIFYING, ParsedRecord, Problem, year_remark

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RECORD = re.compile(r"<record[\s>]")
_PROOF = re.compile(r"<(?:ref-type|contributors|titles|source-app|rec-number|electronic-resource-num)[\s/>]")
_NO_TITLE = "No title: imported as “No title”."
_TITLES = ("titles/title", "titles/translated-title", "titles/short-title")
_JOURNALS = (
    "periodical/full-title",
    "titles/secondary-title",
    "periodical/abbr-1",
    "alt-periodical/full-title",
    "titles/alt-title",
)
_YEARS = ("dates/year", "dates/pub-dates/date")
_PUBMED = ("pubmed", "medline", "nlm")
_PLACED = frozenset(
    "contributors titles periodical alt-periodical pages volume number issue keywords dates "
    "electronic-resource-num urls abstract ref-type language accession-num notes research-notes "
    "remote-database-name remote-database-provider isbn database source-app rec-number foreign-keys".split()
)


def looks_like_endnote_xml(opening: str) -> bool:
    """Say whether the text is XML with EndNote's elements."""
    return (
        opening.lstrip().startswith("<")
        and _RECORD.search(opening) is not None
        and _PROOF.search(opening) is not None
    )


def read_endnote_xml(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record; one that is not well-formed or says nothing becomes a lost problem.

    Raises UnreadableFile where the file declares entities.
    """
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    for found in records_in(text, "record"):
        if found.sentence:
            problems.append(problem_of(found))
        if found.tree is None:
            continue
        record = _record(found.tree, found.raw, found.line)
        if record is None:
            problems.append(Problem(found.line, NOTHING_IDENTIFYING, found.raw))
            continue
        records.append(record)
        if not record.title:
            problems.append(Problem(found.line, _NO_TITLE, found.raw[:300], lost=False))
        if record.year is None and is_year_given(written := _text(found.tree, *_YEARS)):
            problems.append(Problem(found.line, year_remark(written), found.raw[:300], lost=False))
    return records, problems


def _record(tree: Element, raw: str, line: int) -> ParsedRecord | None:
    urls = [url for url in map(_written, tree.findall("urls/*/url")) if url]
    journal, title = _text(tree, *_JOURNALS), _text(tree, *_TITLES)
    authors = _names(tree.findall("contributors/authors/author"))
    year, doi = _year(tree), _doi(tree, urls)
    database = _text(tree, "remote-database-name", "remote-database-provider")
    accession, pmid = _text(tree, "accession-num"), _pmid(tree, database, urls)
    abstract = clean_lines(_written(tree.find("abstract")))
    url = next((found for written in urls if (found := url_in(written))), "")
    if not (title or doi or pmid or accession or abstract or url or (year and (authors or journal))):
        return None
    kind = tree.find("ref-type")
    return ParsedRecord(
        title=title,
        authors=authors,
        year=year,
        journal=journal,
        volume=_text(tree, "volume"),
        issue=_text(tree, "number", "issue"),
        pages=_text(tree, "pages"),
        doi=doi,
        pmid=pmid,
        abstract=abstract,
        keywords=keywords_of(_written(word).replace("\r", "\n") for word in tree.findall("keywords/keyword")),
        url=url,
        type=clean(kind.get("name") or _written(kind)) if kind is not None else "",
        language=_text(tree, "language"),
        accession=accession,
        isbn_issn=clean(_written(tree.find("isbn")).replace("\r", "; ")),
        database=database,
        notes=tuple(
            note for name in ("notes", "research-notes") if (note := clean_lines(_written(tree.find(name))))
        ),
        others=tuple(_others(tree)),
        raw=raw,
        line=line,
    )


def _written(element: Element | None) -> str:
    """Return the text of an element, whether or not it is cut into styles."""
    return "".join(element.itertext()) if element is not None else ""


def _names(elements: Iterable[Element]) -> tuple[str, ...]:
    """Return the names, one to an element, or to a line where EndNote's own line end stands in it."""
    lines = (line for element in elements for line in _written(element).split("\r"))
    return tuple(name for line in lines if (name := author_of(line)))


def _text(tree: Element, *paths: str) -> str:
    return next((text for path in paths if (text := clean(_written(tree.find(path))))), "")


def _year(tree: Element) -> int | None:
    for path in _YEARS:
        if (year := year_in(_written(tree.find(path)))) is not None:
            return year
    return None


def _doi(tree: Element, urls: list[str]) -> str:
    if doi := doi_in(_written(tree.find("electronic-resource-num"))):
        return doi
    return next((doi for url in urls if "doi.org/10." in url.lower() and (doi := doi_in(url))), "")


def _pmid(tree: Element, database: str, urls: list[str]) -> str:
    """Return the accession number where the record comes from PubMed, or what an address or note says."""
    accession = _written(tree.find("accession-num"))
    provider = f"{database} {_text(tree, 'remote-database-provider')}".lower()
    if any(name in provider for name in _PUBMED) and (pmid := bare_pmid(accession)):
        return pmid
    return next(
        (pmid for text in (*urls, accession, _written(tree.find("notes"))) if (pmid := pmid_in(text))), ""
    )


def _others(tree: Element) -> Iterator[tuple[str, str]]:
    """Yield what has no place of its own; editors stand under the contributors."""
    for role in tree.findall("contributors/*"):
        if role.tag != "authors":
            for name in _names(role):
                yield role.tag, name
    for element in tree:
        if element.tag not in _PLACED and (text := clean_lines(_written(element))):
            yield element.tag, text
