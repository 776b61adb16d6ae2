"""Check that Ovid's own formats are read: tagged, and for display with names on lines of their own."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes
from screening.domain.parsing.ovid import looks_like_ovid

_TAGGED = """<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R)
UI  - 12345678
TI  - Bone cement in adults. [Review] [45 refs]
AU  - Autor, Anna Ph.D., MD
AU  - Zweit, Carl 1,2,*
IN  - Somewhere.

      Elsewhere.
SO  - Journal of Bones. 12(3):45-67, 2013 Jan 05.
AB  - Text.
LG  - English.
PT  - Journal Article
IS  - 1234-5678
DO  - https://dx.doi.org/10.1000/ABC
MH  - *Bone Cements
MH  - Humans
YR  - 2013
XL  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&AN=12345678
"""
_DISPLAY = """<1>
Accession Number
  00000001-201301000-00001.
Author
  Autor, Anna MD, PhD *;  Zweit, Carl RN +;  Dritt, Dora B 1
Institution
  (*)Somewhere
Title
  Bone cement: 5 years on.[Article]
Source
  Journal of Bones.   12(3):1045-1067, January 2013.
Abstract
  First part
  and second.
Author Keywords
  bone;  hip replacement.
Language
  English.
ISSN
  1234-5678
DOI Number
  10.1000/ABC
Link to the Ovid Full Text or citation
 http://ovidsp.ovid.com/ovidweb.cgi?T=JS
"""


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode(), "export.txt")
    assert parsed.format == "ovid"
    return parsed


def _one(text: str) -> ParsedRecord:
    [record] = _read(text).records
    return record


def test_every_tagged_field_is_read() -> None:
    record = _one(_TAGGED)
    assert (record.title, record.authors) == ("Bone cement in adults.", ("Autor, Anna", "Zweit, Carl"))
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Journal of Bones",
        "12",
        "3",
        "45-67",
    )
    assert (record.year, record.doi, record.pmid) == (2013, "10.1000/abc", "12345678")
    assert (record.keywords, record.abstract) == (("Bone Cements", "Humans"), "Text.")
    assert (record.type, record.language, record.isbn_issn) == ("Journal Article", "English", "1234-5678")
    assert (record.accession, record.database) == ("12345678", "Ovid MEDLINE(R)")
    assert (record.url, record.line) == ("http://ovidsp.ovid.com/ovidweb.cgi?T=JS&AN=12345678", 1)


def test_every_displayed_field_is_read() -> None:
    record = _one(_DISPLAY)
    assert (record.title, record.authors) == (
        "Bone cement: 5 years on.[Article]",
        ("Autor, Anna", "Zweit, Carl", "Dritt, Dora B"),
    )
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Journal of Bones",
        "12",
        "3",
        "1045-1067",
    )
    assert (record.year, record.doi, record.abstract) == (2013, "10.1000/abc", "First part\nand second.")
    assert (record.keywords, record.language) == (("bone", "hip replacement"), "English")
    assert (record.accession, record.isbn_issn) == ("00000001-201301000-00001", "1234-5678")
    assert record.url == "http://ovidsp.ovid.com/ovidweb.cgi?T=JS"


@pytest.mark.parametrize("text", [_TAGGED, _DISPLAY])
def test_numbers_part_the_records(text: str) -> None:
    parsed = _read(f"{text}\n{text.replace('<1', '<2', 1)}")
    assert [record.line for record in parsed.records] == [1, text.count("\n") + 2]


def test_display_without_numbers_begins_anew_with_its_first_name() -> None:
    text = _DISPLAY.removeprefix("<1>\n")
    parsed = _read(f"\n{text}\n{text}")
    assert [(record.title[:4], record.line) for record in parsed.records] == [("Bone", 2), ("Bone", 26)]


def test_tags_may_stand_behind_a_space() -> None:
    assert _one("\n".join(f" {line}" for line in _TAGGED.split("\n"))).year == 2013


def test_two_letters_may_stand_for_the_names() -> None:
    record = _one("<1>\nUI\n  12345678\nTI\n  Bone cement\nAU\n  Autor A\n  Zweit C\nYR\n  2013\n")
    assert (record.title, record.authors, record.year) == ("Bone cement", ("Autor, A", "Zweit, C"), 2013)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Autor, Anna;  Zweit, Carl", ("Autor, Anna", "Zweit, Carl")),
        ("Autor, Anna Schmidt RN; PhD; FAAN 1", ("Autor, Anna Schmidt",)),
        ("Autor A.  Zweit C.", ("Autor, A.", "Zweit, C.")),
        ("Autor, MS;  Zweit, BA", ("Autor, MS", "Zweit, BA")),
        ("AUTOR, Anna.", ("AUTOR, Anna",)),
        ("Autor, Anna D M.", ("Autor, Anna D M.",)),
        ("Muster and Beispiel", ("Muster", "Beispiel")),
        ("Centre for the Study of Bones and Joints", ("Centre for the Study of Bones and Joints",)),
        ("Autor, Anna Jr MD", ("Autor, Anna Jr",)),
    ],
)
def test_authors_are_parted_from_each_other_and_from_their_degrees(
    written: str, names: tuple[str, ...]
) -> None:
    assert _one(f"<1>\nTitle\n  Bone\nAuthor\n  {written}\n").authors == names


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        (
            "Journal of Bones.   8(6):1048-1064, September 2015.",
            ("Journal of Bones", "8", "6", "1048-1064", 2015),
        ),
        ("Journal of Bones 12, Winter 2007: 7-14.", ("Journal of Bones", "12", "", "7-14", 2007)),
        ("Journal of Bones January/February 2010;14(1):56", ("Journal of Bones", "14", "1", "56", 2010)),
        (
            "Journal of Bones. Vol.43(5), Sep 2015, pp. 623-634.",
            ("Journal of Bones", "43", "5", "623-634", 2015),
        ),
        (
            "Journal of Bones. 33 (4) (pp 1930-1939), 2005.",
            ("Journal of Bones", "33", "4", "1930-1939", 2005),
        ),
        ("Journal of Bones. 1993 Oct 8;75(1):25-36.", ("Journal of Bones", "75", "1", "25-36", 1993)),
        ("Journal of Bones.", ("Journal of Bones", "", "", "", None)),
    ],
)
def test_the_source_gives_what_has_no_field_of_its_own(
    source: str, parts: tuple[str, str, str, str, int | None]
) -> None:
    record = _one(f"<1>\nTitle\n  Bone\nSource\n  {source}\n")
    assert (record.journal, record.volume, record.issue, record.pages, record.year) == parts


def test_the_status_gives_the_year_of_what_is_not_printed_yet() -> None:
    assert _one("<1>\nTitle\n  Bone\nStatus\n  Publish Ahead of Print, 30 November 2015\n").year == 2015


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Bone cement.  [Miscellaneous]", "Bone cement."),
        ("Bone cement. [References].", "Bone cement."),
        ("[Bone cement in children.]", "[Bone cement in children.]"),
        ("Bone cement [in children].", "Bone cement [in children]."),
    ],
)
def test_what_ovid_adds_to_a_tagged_title_is_no_part_of_it(written: str, title: str) -> None:
    assert _one(f"<1. >\nVN  - Ovid Technologies\nTI  - {written}\n").title == title


def test_references_are_no_authors_and_no_titles() -> None:
    record = _one(
        "<1>\nTitle\n  Bone\nReferences\n  Other A. Title. 1999.\n\n  Third B. 2001.\nLanguage\n  German.\n"
    )
    assert (record.title, record.authors, record.language) == ("Bone", (), "German")


def test_a_record_that_says_nothing_is_lost() -> None:
    parsed = _read("<1>\nTitle\n  Bone\nAuthor\n  Autor, A\n\n<2>\nLanguage\n  English\n")
    assert (len(parsed.records), [(problem.line, problem.lost) for problem in parsed.problems]) == (
        1,
        [(7, True)],
    )


@pytest.mark.parametrize(
    "text", ["1.\nTY  - JOUR\nTI  - Bone\nER  - \n", "<1>\nsome text\n", "Title\tAuthor\nBone\tAutor\n"]
)
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not looks_like_ovid(text)
