"""Check that RefWorks' tagged format is read."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes
from screening.domain.parsing.refworks import looks_like_refworks

_PLAIN = """RT Journal Article
SR Electronic(1)
ID 206
A1 Autor,Anna
A1 Zweit,Carl
T1 Bone cement in adults
JF Journal of Bones
YR 2013
VO 700
IS 1
SP 221
OP 230
K1 bone
K1 hip
AB First line.
IV given on a line that goes on.
NO Note
SN 1234-5678
AN A-1
LA English
DO 10.1000/ABC
DS Base
UL https://example.org/1
"""


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode(), "export.txt")
    assert parsed.format == "refworks"
    return parsed


def _one(text: str) -> ParsedRecord:
    [record] = _read(text).records
    return record


def test_every_field_is_read() -> None:
    record = _one(_PLAIN)
    assert (record.title, record.authors, record.year) == (
        "Bone cement in adults",
        ("Autor, Anna", "Zweit, Carl"),
        2013,
    )
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Journal of Bones",
        "700",
        "1",
        "221-230",
    )
    assert (record.doi, record.accession, record.database) == ("10.1000/abc", "A-1", "Base")
    assert (record.keywords, record.notes) == (("bone", "hip"), ("Note",))
    assert record.abstract == "First line.\nIV given on a line that goes on."
    assert (record.type, record.language, record.isbn_issn) == ("Journal Article", "English", "1234-5678")
    assert (record.url, record.raw, record.line) == ("https://example.org/1", _PLAIN.strip(), 1)


@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_records_begin_with_their_type(gap: str) -> None:
    parsed = _read(f"RT Book, Whole\nT1 One\n{gap}RT Book, Whole\nT1 Two\n")
    assert [record.title for record in parsed.records] == ["One", "Two"]


def test_a_blank_line_in_an_abstract_parts_nothing() -> None:
    assert _one("RT Book\nT1 One\nAB Text\n\nmore\n\nLA English\n").language == "English"


def test_a_chapter_stands_in_its_book_and_editors_are_no_authors() -> None:
    record = _one("RT Book, Section\nT1 One\nA1 Autor,A\nA2 Editor,B\nT2 Book\nYR 2001\n")
    assert (record.journal, record.authors) == ("Book", ("Autor, A",))


def test_a_record_with_its_type_only_is_lost() -> None:
    parsed = _read("RT Book\nT1 One\n\nRT Book\nSR Print(0)\n")
    assert (len(parsed.records), [(problem.line, problem.lost) for problem in parsed.problems]) == (
        1,
        [(4, True)],
    )


@pytest.mark.parametrize("text", ["PT J\nAU A, B\nTI One\nER\n", "RT Journal Article\n", "RT,T1\nBook,One\n"])
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not looks_like_refworks(text)
