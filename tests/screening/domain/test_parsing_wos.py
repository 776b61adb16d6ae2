"""Check that Web of Science's own format is read, whatever database behind it wrote the record."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes
from screening.domain.parsing.wos import looks_like_wos

_RECORD = """PT J
AU Autor, AB
   Zweit, C
AF Autor, Anna B.
   Zweit, Carl
CA Bone Grp
TI Bone cement in adults with a long title that
   goes on here
SO JOURNAL OF BONES
LA English
DT Article
DE bone; bone
   cement
ID HIP
AB First part of the text
   and second part.
SN 1234-5678
EI 8765-4321
PD JAN
PY 2013
VL 700
IS 1
BP 221
EP 230
DI 10.1000/ABC
UT WOS:000000000000001
PM 12345678
ER
"""
_PLAIN = f"FN Clarivate Analytics Web of Science\nVR 1.0\n{_RECORD}\nEF"


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode(), "export.ris")
    assert parsed.format == "wos"
    return parsed


def _one(text: str) -> ParsedRecord:
    [record] = _read(text).records
    return record


def test_every_field_is_read() -> None:
    record = _one(_PLAIN)
    assert record.title == "Bone cement in adults with a long title that goes on here"
    assert record.authors == ("Autor, Anna B.", "Zweit, Carl", "Bone Grp")
    assert (record.year, record.journal, record.volume, record.issue) == (
        2013,
        "JOURNAL OF BONES",
        "700",
        "1",
    )
    assert (record.pages, record.doi, record.pmid) == ("221-230", "10.1000/abc", "12345678")
    assert record.abstract == "First part of the text and second part."
    assert record.keywords == ("bone", "bone cement", "HIP")
    assert (record.type, record.language, record.isbn_issn) == ("Article", "English", "1234-5678; 8765-4321")
    assert (record.accession, record.database, record.line) == (
        "WOS:000000000000001",
        "Web of Science",
        3,
    )


def test_several_records_are_read_with_their_lines() -> None:
    parsed = _read(f"FN Thomson Reuters Web of Knowledge\nVR 1.0\n{_RECORD}\n{_RECORD}\nEF")
    assert [record.line for record in parsed.records] == [3, 32]


def test_a_file_may_have_no_header() -> None:
    assert _one(_RECORD).year == 2013


@pytest.mark.parametrize(
    "text",
    [
        "FN ISI Export Format\nPT J\nTI One\nPT J\nTI Two\nER\n",
        "FN ISI Export Format\nPT J\nTI One\nER\n\nTI Two\nER\nEF\n",
        "FN ISI Export Format\nPT J\nTI One\nER\nEF\nFN ISI Export Format\nVR 1.0\nPT J\nTI Two",
    ],
)
def test_a_missing_end_or_start_loses_nothing(text: str) -> None:
    assert [record.title for record in _read(text).records] == ["One", "Two"]


def test_an_unknown_tag_is_no_part_of_the_field_before() -> None:
    assert _one("FN ISI\nPT J\nTI One\nUK 12\n   34\nAB Text\n   more\nER\n")[2:12:9] == ("One", "Text more")


def test_lines_that_go_on_need_no_indent() -> None:
    record = _one(
        "FN ISI\nPT J\nTI One of\nUS and two\nAU Autor, Anna (autor@example.org)\nZweit, Carl\nER\n"
    )
    assert (record.title, record.authors) == ("One of US and two", ("Autor, Anna", "Zweit, Carl"))


@pytest.mark.parametrize(
    ("lines", "pages"),
    [("BP 5\nEP 9", "5-9"), ("BP 5\nEP 5", "5"), ("PS 467-72", "467-72"), ("AR e123", "e123"), ("PG 9", "")],
)
def test_pages(lines: str, pages: str) -> None:
    assert _one(f"FN ISI\nPT J\nTI One\n{lines}\nER\n").pages == pages


@pytest.mark.parametrize(
    ("line", "year"), [("PY 2011", 2011), ("PD MAR 4 2011", 2011), ("EA JAN 2021", 2021)]
)
def test_years(line: str, year: int) -> None:
    assert _one(f"FN ISI\nPT J\nTI One\n{line}\nER\n").year == year


def test_other_databases_name_themselves_in_the_number() -> None:
    record = _one("FN ISI\nPT J\nTI One\nUT MEDLINE:12345678\nER\n")
    assert (record.database, record.pmid) == ("MEDLINE", "12345678")


def test_book_authors_stand_in_for_missing_authors_and_editors_do_not() -> None:
    assert _one("FN ISI\nPT B\nTI One\nBA Autor, A\nBE Editor, B\nER\n").authors == ("Autor, A",)


def test_short_names_count_where_full_ones_are_fewer() -> None:
    assert _one("FN ISI\nPT J\nTI One\nAU A, B\n   C, D\nAF A, Berta\nER\n").authors == ("A, B", "C, D")


def test_a_record_with_its_type_only_is_lost() -> None:
    parsed = _read("FN ISI\nPT J\nTI One\nER\n\nPT J\nDT Article\nER\n")
    assert (len(parsed.records), [(problem.line, problem.lost) for problem in parsed.problems]) == (
        1,
        [(6, True)],
    )


@pytest.mark.parametrize(
    "text", ["RT Journal Article\nA1 A,B\nT1 One\n", "TY  - JOUR\nPT  - J\n", "PT,TI,SO\nJ,One,Journal\n"]
)
def test_other_formats_are_not_taken_for_it(text: str) -> None:
    assert not looks_like_wos(text)
