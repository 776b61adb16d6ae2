"""Check that PubMed's own format is read as PubMed, ERIC and older tools write it."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes
from screening.domain.parsing.nbib import looks_like_nbib

_PLAIN = """
PMID- 12345678
OWN - NLM
STAT- MEDLINE
IS  - 1234-5678 (Print)
IS  - 8765-4321 (Electronic)
VI  - 75
IP  - 1
DP  - 1993 Oct 8
TI  - Bone cement in adults with a long title that
      goes on here.
PG  - 25-36
LID - 10.1000/ABC [doi]
AB  - First part of the text
      and second part.
FAU - Autor, Anna B
AU  - Autor AB
AD  - Somewhere.
FAU - Zweit, Carl
AU  - Zweit C
CN  - Bone Group
LA  - eng
PT  - Journal Article
PT  - Randomized Controlled Trial
TA  - J Bones
JT  - Journal of bones
MH  - *Bone Cements
MH  - Humans
OT  - hip
AID - S0000-0000(93)00001-0 [pii]
SO  - J Bones. 1993 Oct 8;75(1):25-36. doi: 10.1000/other.
"""


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode(), "export.txt")
    assert parsed.format == "nbib"
    return parsed


def _one(text: str) -> ParsedRecord:
    [record] = _read(text).records
    return record


def test_every_field_is_read() -> None:
    record = _one(_PLAIN)
    assert record.title == "Bone cement in adults with a long title that goes on here."
    assert record.authors == ("Autor, Anna B", "Zweit, Carl", "Bone Group")
    assert (record.year, record.journal, record.volume, record.issue) == (1993, "Journal of bones", "75", "1")
    assert (record.pages, record.doi, record.pmid) == ("25-36", "10.1000/abc", "12345678")
    assert record.abstract == "First part of the text and second part."
    assert record.keywords == ("Bone Cements", "Humans", "hip")
    assert (record.type, record.language, record.database) == ("Journal Article", "eng", "PubMed")
    assert (record.isbn_issn, record.line) == ("1234-5678; 8765-4321", 2)
    assert record.raw == _PLAIN.strip()


def test_records_are_parted_by_blank_lines_and_counted() -> None:
    parsed = _read(_PLAIN + _PLAIN.replace("12345678", "12345679"))
    assert [(record.pmid, record.line) for record in parsed.records] == [("12345678", 2), ("12345679", 33)]


def test_records_without_blank_lines_begin_at_their_number() -> None:
    parsed = _read("PMID- 1111\nTI  - One\nPMID- 2222\nTI  - Two\nPMID- 3333\n")
    assert [(record.pmid, record.title) for record in parsed.records] == [
        ("1111", "One"),
        ("2222", "Two"),
        ("3333", ""),
    ]


def test_a_blank_line_after_each_tag_parts_nothing() -> None:
    parsed = _read("PMID- 1111\n\nOWN - NLM\n\nTI  - One\n\nAU  - Autor A\n\nPMID- 2222\n\nTI  - Two\n")
    assert [(record.pmid, record.title, record.authors) for record in parsed.records] == [
        ("1111", "One", ("Autor, A",)),
        ("2222", "Two", ()),
    ]


def test_the_last_record_needs_no_final_line_end() -> None:
    assert [record.title for record in _read("PMID- 1111\nTI  - One\n\nPMID- 2222\nTI  - Two").records] == [
        "One",
        "Two",
    ]


_ERIC = """
OWN - ERIC
TI  - Bone tests
AU  - van Autor, Anna M.
OT  - Tests
JT  - Journal of Tests
SO  - v10 n1 p1-10 Apr 1990
AID - http://dx.doi.org/10.1000/TEST
OID - EJ123456
VI  - 10
PG  - 1-10
DP  - Article 10 2019
LID - http://eric.ed.gov/?id=EJ123456
ISSN - EISSN-1234-5678
AB  - Text.
PT  - Journal Articles
"""


def test_records_of_eric_have_no_pubmed_number() -> None:
    first, second = _read(_ERIC + _ERIC.replace("Bone tests", "Hip tests")).records
    assert (first.title, second.title) == ("Bone tests", "Hip tests")
    assert (first.authors, first.year, first.doi) == (("van Autor, Anna M.",), 2019, "10.1000/test")
    assert (first.accession, first.database, first.pmid) == ("EJ123456", "ERIC", "")
    assert (first.isbn_issn, first.url) == ("1234-5678", "http://eric.ed.gov/?id=EJ123456")


@pytest.mark.parametrize("start", ["PMID- 1111", "PMID-1111", "PMID - 1111", "PMC - PMC1", "UI  - 12345678"])
def test_first_lines(start: str) -> None:
    assert _one(f"{start}\nTI  - One\nAU  - Autor A\n").title == "One"


def test_a_missing_space_behind_a_tag_is_tolerated() -> None:
    record = _one("PMID-1111\nTI  -One\nFAU -Autor, Anna\nDP  -2001\n")
    assert (record.title, record.authors, record.year) == ("One", ("Autor, Anna",), 2001)


def test_a_hyphenated_word_at_a_line_start_is_no_tag() -> None:
    assert _one("PMID- 1111\nTI  - One\nAB  - Text on\nDNA-binding and\nMRSA-positive\n").abstract == (
        "Text on DNA-binding and MRSA-positive"
    )


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("BTI - Book", "Book"),
        ("TI  - Chapter\nBTI - Book", "Chapter"),
        ("TT  - Titel", "Titel"),
        ("TI  - [Not Available].\nTT  - Titel", "Titel"),
        ("TI  - [Bone cement].\nTT  - Knochenzement", "[Bone cement]."),
    ],
)
def test_titles(lines: str, title: str) -> None:
    assert _one(f"PMID- 1111\n{lines}\nDP  - 2001\n").title == title


def test_a_chapter_stands_in_its_book() -> None:
    assert _one("PMID- 1111\nTI  - Chapter\nBTI - Book\n").journal == "Book"


@pytest.mark.parametrize(
    ("lines", "doi"),
    [
        ("AID - 10.1000/A [doi]\nAID - 10.1000/b [pii]", "10.1000/a"),
        ("LID - 10.1000/very-long\n      -name [doi]", "10.1000/very-long"),
        ("AID - doi:10.1000/a", "10.1000/a"),
        ("AID - 10.1000/a", "10.1000/a"),
        ("AID - S0000 [pii]", ""),
        ("SO  - J Bones. 1993;1:2. doi: 10.1000/a.", "10.1000/a"),
        ("AB  - As 10.1000/a says", ""),
    ],
)
def test_dois(lines: str, doi: str) -> None:
    assert _one(f"PMID- 1111\nTI  - One\n{lines}\n").doi == doi


def test_short_names_count_where_the_full_one_is_missing() -> None:
    record = _one("PMID- 1111\nTI  - One\nFAU - Autor, Anna\nAU  - Autor A\nAU  - Zweit C\nAU  - et al.\n")
    assert record.authors == ("Autor, Anna", "Zweit, C")


def test_a_line_without_tag_is_no_part_of_a_number() -> None:
    parsed = _read("PMID- 1111\nSO  stray words\nTI  - One\n")
    assert (parsed.records[0].pmid, [(problem.line, problem.raw) for problem in parsed.problems]) == (
        "1111",
        [(2, "SO  stray words")],
    )


def test_a_year_that_is_not_understood_leaves_a_remark_at_its_line() -> None:
    [problem] = _read("PMID- 1111\nTI  - One\nDP  - soon\n").problems
    assert (problem.line, problem.raw, problem.lost) == (3, "DP  - soon", False)


def test_a_record_with_its_owner_only_is_lost() -> None:
    parsed = _read("PMID- 1111\nTI  - One\n\nOWN - NLM\nSTAT- MEDLINE\n")
    assert (len(parsed.records), [(problem.line, problem.lost) for problem in parsed.problems]) == (
        1,
        [(4, True)],
    )


@pytest.mark.parametrize(
    "text",
    ["TY  - JOUR\nTI  - One\nPMID- 1\nER  - \n", "<1>\nUI  - 12345678\nTI  - One\n", "Title,PMID\nOne,1\n"],
)
def test_other_formats_are_not_taken_for_it(text: str) -> None:
    assert not looks_like_nbib(text)
