"""Check that the labelled formats of INSPEC, SilverPlatter, the Cochrane Library and Copac are read."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes
from screening.domain.parsing.inspec import looks_like_inspec

_INSPEC = """Record 1 of 2 - INSPEC

TI ~ Bone cement : a study
AU ~ Autor, Anna
AB ~ Text
SO ~ Journal of Bones. 2013; 12(3): 45-67
ID ~ key-1
RT ~ Journal-Paper

Record 2 of 2 - INSPEC

TI ~ Hip cement
AU ~ Zweit, Carl; Dritt, Dora
PY ~ 2014
"""
_COCHRANE = """Record #1 of 1
ID: CN-00000001
AU: Autor A
AU: Zweit C
TI: Bone cement
SO: Journal of Bones
YR: 2013
VL: 12
NO: 3
PG: 45-67
PM: PUBMED 12345678
PT: Journal article
KY: bone; hip
DOI: 10.1000/ABC
AB: Text
US: https://example.org/1
"""


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode(), "export.txt")
    assert parsed.format == "inspec"
    return parsed


def _one(text: str) -> ParsedRecord:
    [record] = _read(text).records
    return record


def test_records_of_inspec_are_read() -> None:
    first, second = _read(_INSPEC).records
    assert (first.title, first.authors, first.year) == ("Bone cement : a study", ("Autor, Anna",), 2013)
    assert (first.journal, first.volume, first.issue, first.pages) == ("Journal of Bones", "12", "3", "45-67")
    assert (first.abstract, first.accession, first.type, first.database) == (
        "Text",
        "key-1",
        "Journal-Paper",
        "INSPEC",
    )
    assert (second.title, second.authors, second.year, second.line) == (
        "Hip cement",
        ("Zweit, Carl", "Dritt, Dora"),
        2014,
        10,
    )


def test_records_of_the_cochrane_library_are_read() -> None:
    record = _one(_COCHRANE)
    assert (record.title, record.authors, record.year) == ("Bone cement", ("Autor, A", "Zweit, C"), 2013)
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Journal of Bones",
        "12",
        "3",
        "45-67",
    )
    assert (record.doi, record.pmid, record.accession) == ("10.1000/abc", "12345678", "CN-00000001")
    assert (record.keywords, record.abstract, record.url) == (
        ("bone", "hip"),
        "Text",
        "https://example.org/1",
    )


def test_records_of_silverplatter_are_parted_by_blank_lines() -> None:
    parsed = _read(
        "TI:  Bone cement\n    goes on\nAU:  Autor,-Anna\nPY:  2013\n\nTI:  Hip\nAU:  Zweit,-Carl\n"
    )
    assert [(record.title, record.year) for record in parsed.records] == [
        ("Bone cement goes on", 2013),
        ("Hip", None),
    ]


def test_records_of_copac_are_read() -> None:
    parsed = _read(
        "TI- Bone cement\nAU- Autor, Anna\nPY- 2013\nIS- 1234567890\n\nTI- Hip\nAU- Zweit, Carl\nPY- 2014\n"
    )
    assert [(record.title, record.authors, record.year) for record in parsed.records] == [
        ("Bone cement", ("Autor, Anna",), 2013),
        ("Hip", ("Zweit, Carl",), 2014),
    ]


@pytest.mark.parametrize(
    "text", ["Record.testINSPEC.test", "TI: only a title\n", "PMID- 1\nTI- One\nAU- A\n"]
)
def test_other_texts_are_not_taken_for_it(text: str) -> None:
    assert not looks_like_inspec(text)
