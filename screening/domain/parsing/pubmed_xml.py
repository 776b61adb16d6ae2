"""Read PubMed XML: articles and books, as PubMed and its E-utilities export them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from screening.domain.parsing.fields import doi_in, is_year_given, pages_of, url_in, year_in
from screening.domain.parsing.markup import problem_of, records_in, words
from screening.domain.parsing.model import NOTHING_IDENTIFYING, ParsedRecord, Problem, year_remark

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOTS = re.compile(r"<(?:PubmedArticle|PubmedBookArticle|MedlineCitation|DeleteCitation)(?:Set)?[\s/>]")
_ARTICLE = re.compile(r"<Pubmed(?:Book)?Article[\s/>]")
_DELETED = re.compile(r"<DeleteCitation[\s>]")
_NO_TITLE = "No title (ArticleTitle, VernacularTitle or BookTitle): imported as “No title”."
_DELETIONS = "The file also names citations that PubMed deleted (DeleteCitation); they are no records of it."
# A correction or a retraction bears on whether a study may be used.
_LINKS = (
    "RetractionIn",
    "RetractionOf",
    "ErratumIn",
    "ExpressionOfConcernIn",
    "UpdateIn",
    "CorrectedandRepublishedIn",
)


def looks_like_pubmed_xml(opening: str) -> bool:
    """Say whether the text is XML with PubMed's elements."""
    return opening.lstrip().startswith("<") and _ROOTS.search(opening) is not None


def read_pubmed_xml(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every article and book; one that is not well-formed or says nothing becomes a lost problem.

    Raises UnreadableFile where the file declares entities.
    """
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    names = ("PubmedArticle", "PubmedBookArticle") if _ARTICLE.search(text) else ("MedlineCitation",)
    for found in records_in(text, *names):
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
        if record.year is None and is_year_given(written := words(found.tree.find(".//PubDate"))):
            problems.append(Problem(found.line, year_remark(written), found.raw[:300], lost=False))
    if deleted := _DELETED.search(text):
        line = text.count("\n", 0, deleted.start()) + 1
        problems.append(Problem(line, _DELETIONS, text[deleted.start() : deleted.start() + 300], lost=False))
    return records, problems


def _record(tree: Element, raw: str, line: int) -> ParsedRecord | None:
    citation = tree if tree.tag == "MedlineCitation" else tree.find("MedlineCitation")
    book = tree.find("BookDocument")
    if citation is not None:
        record = _article(tree, citation, raw, line)
    elif book is not None:
        record = _book(tree, book, raw, line)
    else:
        return None
    known = record.title or record.doi or record.pmid or record.accession or record.abstract
    return record if known or (record.year and (record.authors or record.journal)) else None


def _article(tree: Element, citation: Element, raw: str, line: int) -> ParsedRecord:
    article = citation.find("Article")
    if article is None:
        article = citation
    issue = article.find("Journal/JournalIssue")
    return ParsedRecord(
        title=words(article.find("ArticleTitle")) or words(article.find("VernacularTitle")),
        authors=_authors(article.find("AuthorList")),
        year=_year(article.find("Journal/JournalIssue/PubDate"), article.find("ArticleDate")),
        journal=words(article.find("Journal/Title"))
        or words(article.find("Journal/ISOAbbreviation"))
        or words(citation.find("MedlineJournalInfo/MedlineTA")),
        volume=words(issue.find("Volume")) if issue is not None else "",
        issue=words(issue.find("Issue")) if issue is not None else "",
        pages=_pages(article.find("Pagination")),
        doi=_doi(article, tree.find("PubmedData/ArticleIdList")),
        pmid=_pmid(citation, tree.find("PubmedData/ArticleIdList")),
        abstract=_abstract(article.find("Abstract")) or _abstract(citation.find("OtherAbstract")),
        keywords=_keywords(citation),
        url=url_in(_id(tree.find("PubmedData/ArticleIdList"), "url")),
        type=words(article.find("PublicationTypeList/PublicationType")),
        language="; ".join(filter(None, map(words, article.findall("Language")))),
        isbn_issn=words(article.find("Journal/ISSN")),
        database="PubMed",
        notes=tuple(filter(None, map(words, citation.findall("GeneralNote")))),
        others=tuple(_article_others(tree, citation, article)),
        raw=raw,
        line=line,
    )


def _book(tree: Element, book: Element, raw: str, line: int) -> ParsedRecord:
    volume = words(book.find("Book/BookTitle"))
    chapter = words(book.find("ArticleTitle")) or words(book.find("VernacularTitle"))
    lists = [*book.findall("AuthorList"), *book.findall("Book/AuthorList")]
    publisher = words(book.find("Book/Publisher/PublisherName"))
    authors = next((found for one in lists if one.get("Type") != "editors" and (found := _authors(one))), ())
    return ParsedRecord(
        title=chapter or volume,
        authors=authors,
        year=_year(book.find("Book/PubDate"), book.find("ContributionDate"), book.find("Book/BeginningDate")),
        journal=volume if chapter else "",
        volume=words(book.find("Book/Volume")),
        pages=_pages(book.find("Pagination")),
        doi=_doi(book, book.find("ArticleIdList")) or _doi(book.find("Book"), None),
        pmid=_pmid(book, tree.find("PubmedBookData/ArticleIdList")),
        abstract=_abstract(book.find("Abstract")),
        keywords=_keywords(book),
        type=words(book.find("PublicationType")) or "Book",
        language="; ".join(filter(None, map(words, book.findall("Language")))),
        accession=_id(book.find("ArticleIdList"), "bookaccession"),
        isbn_issn=words(book.find("Book/Isbn")),
        database="PubMed",
        others=(("Publisher", publisher),) if publisher else (),
        raw=raw,
        line=line,
    )


def _authors(authors: Element | None) -> tuple[str, ...]:
    """Return “Last, First Suffix” or the name of the group; PubMed keeps misspelt names as not valid."""
    names = []
    for author in authors if authors is not None else ():
        if author.tag != "Author" or author.get("ValidYN") == "N":
            continue
        last, suffix = words(author.find("LastName")), words(author.find("Suffix"))
        first = (
            words(author.find("ForeName"))
            or words(author.find("FirstName"))
            or words(author.find("Initials"))
        )
        given = " ".join(filter(None, (first, suffix)))
        names.append(", ".join(filter(None, (last, given))) or words(author.find("CollectiveName")))
    return tuple(filter(None, names))


def _year(*dates: Element | None) -> int | None:
    """Return the year of the first date that has one; MedlineDate holds seasons and ranges."""
    for date in dates:
        if date is not None:
            for text in (words(date.find("Year")), words(date.find("MedlineDate")), words(date)):
                if (year := year_in(text)) is not None:
                    return year
    return None


def _pages(pagination: Element | None) -> str:
    if pagination is None:
        return ""
    given = words(pagination.find("MedlinePgn"))
    return given or pages_of(words(pagination.find("StartPage")), words(pagination.find("EndPage")))


def _doi(holder: Element | None, ids: Element | None) -> str:
    """Return the record's own DOI; those of its references stand deeper and are not looked at."""
    for place in holder.findall("ELocationID") if holder is not None else ():
        if place.get("EIdType") == "doi" and place.get("ValidYN") != "N" and (doi := doi_in(words(place))):
            return doi
    return doi_in(_id(ids, "doi"))


def _pmid(citation: Element, ids: Element | None) -> str:
    written = words(citation.find("PMID")) or _id(ids, "pubmed")
    return written.lstrip("0") if written.isascii() and written.isdigit() and len(written) <= 9 else ""


def _id(ids: Element | None, kind: str) -> str:
    for one in ids if ids is not None else ():
        if one.get("IdType") == kind and (text := words(one)):
            return text
    return ""


def _abstract(abstract: Element | None) -> str:
    """Return the parts of an abstract on lines of their own, each with its label."""
    lines = []
    for part in abstract.findall("AbstractText") if abstract is not None else ():
        label = (part.get("Label") or "").strip()
        if text := words(part):
            lines.append(f"{label}: {text}" if label and label != "UNLABELLED" else text)
    return "\n".join(lines)


def _keywords(citation: Element) -> tuple[str, ...]:
    """Return the keywords and the MeSH headings, each with its qualifiers behind a slash."""
    found = dict.fromkeys(words(word) for word in citation.findall("KeywordList/Keyword"))
    for heading in citation.findall("MeshHeadingList/MeshHeading"):
        found["/".join(filter(None, map(words, heading)))] = None
    found.pop("", None)
    return tuple(found)


def _article_others(tree: Element, citation: Element, article: Element) -> Iterator[tuple[str, str]]:
    title, vernacular = words(article.find("ArticleTitle")), words(article.find("VernacularTitle"))
    types = "; ".join(filter(None, map(words, article.findall("PublicationTypeList/PublicationType"))))
    for name, text in (
        ("VernacularTitle", vernacular if title else ""),
        ("ISOAbbreviation", words(article.find("Journal/ISOAbbreviation"))),
        ("PublicationTypes", types),
        ("PMCID", _id(tree.find("PubmedData/ArticleIdList"), "pmc")),
        *(("AccessionNumber", words(number)) for number in article.iter("AccessionNumber")),
        *(
            (kind, words(link))
            for link in citation.findall("CommentsCorrectionsList/CommentsCorrections")
            if (kind := link.get("RefType", "")) in _LINKS
        ),
    ):
        if text:
            yield name, text
