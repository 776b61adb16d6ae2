"""Check that the refer format (ENW) is read as EndNote, Google Scholar and catalogues write it."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes
from screening.domain.parsing.refer import looks_like_refer

_PLAIN = """%0 Journal Article
%A Autor, Anna
%A Zweit, Carl
%T Bone cement in adults
%J Journal of Bones
%D 2013
%8 JAN 5
%V 700
%N 1
%P 221-230
%@ 1234-5678
%R doi:10.1000/ABC
%M 12345678
%~ MEDLINE
%G English
%U https://example.org/1
%K bone
hip
%X First line.
Second line.
%Z Note
"""


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode(), "export.txt")
    assert parsed.format == "enw"
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
    assert (record.doi, record.pmid, record.accession) == ("10.1000/abc", "12345678", "12345678")
    assert (record.keywords, record.abstract) == (("bone", "hip"), "First line.\nSecond line.")
    assert (record.type, record.language, record.isbn_issn) == ("Journal Article", "English", "1234-5678")
    assert (record.url, record.database, record.notes) == ("https://example.org/1", "MEDLINE", ("Note",))
    assert (record.raw, record.line) == (_PLAIN.strip(), 1)


@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_records_begin_with_their_type(gap: str) -> None:
    parsed = _read(f"%0 Book\n%T One\n{gap}%0 Book\n%T Two\n")
    assert [record.title for record in parsed.records] == ["One", "Two"]


@pytest.mark.parametrize(
    "text",
    [
        "%T One\n%A Autor, A\n%0 Book\n\n%T Two\n%0 Book\n",
        "%T One\n%A Autor, A\n%0 Book\n%T Two\n%0 Book\n",
        "%T One\n%A Autor, A\n\n%A Zweit, B\n%T Two\n",
        "%0 Book\n\n%T One\n\n%A Autor, A\n\n%0 Book\n\n%T Two\n",
    ],
)
def test_the_type_may_stand_last_or_be_missing(text: str) -> None:
    assert [record.title for record in _read(text).records] == ["One", "Two"]


def test_a_type_given_twice_in_a_row_begins_one_record() -> None:
    assert _one("%0 Serial\n%0 Audio\n%T One\n%D 2021\n").type == "Serial"


def test_a_blank_line_in_an_abstract_parts_nothing() -> None:
    record = _one("%0 Book\n%T One\n%X Text\n\nmore\n\n%K word\n")
    assert (record.abstract, record.keywords) == ("Text\nmore", ("word",))


def test_a_percentage_is_no_tag() -> None:
    assert _one("%0 Book\n%T One\n%X Text\n% of them\n%95 CI\n").abstract == "Text\n% of them\n%95 CI"


def test_a_line_without_tag_is_no_part_of_an_author() -> None:
    parsed = _read("%0 Book\n%A Autor, A\nstray\n%T One\n")
    assert (parsed.records[0].authors, [(problem.line, problem.raw) for problem in parsed.problems]) == (
        ("Autor, A",),
        [(3, "stray")],
    )


def test_a_chapter_stands_in_its_book_and_editors_are_no_authors() -> None:
    record = _one("%0 Book Section\n%T One\n%A Autor, A\n%B Book\n%E Editor, B\n%D 2001\n")
    assert (record.journal, record.authors) == ("Book", ("Autor, A",))


def test_a_number_of_another_database_is_no_pubmed_number() -> None:
    record = _one("%0 Journal Article\n%T One\n%M 12345678\n%~ Embase\n")
    assert (record.pmid, record.accession, record.database) == ("", "12345678", "Embase")


def test_a_record_with_its_type_only_is_lost() -> None:
    parsed = _read("%0 Book\n%T One\n\n%0 Book\n")
    assert (len(parsed.records), [(problem.line, problem.lost) for problem in parsed.problems]) == (
        1,
        [(4, True)],
    )


def test_a_year_that_is_not_understood_leaves_a_remark_at_its_line() -> None:
    [problem] = _read("%0 Book\n%T One\n%D soon\n").problems
    assert (problem.line, problem.raw) == (3, "%D soon")


@pytest.mark.parametrize("text", ["%E Editor, A", "% A comment\n@article{a, title={b}}", "%PDF-1.4\n%T x"])
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not looks_like_refer(text)
