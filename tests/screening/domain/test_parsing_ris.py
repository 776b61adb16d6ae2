"""Check that RIS is read as databases really write it."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedRecord, UnreadableFile, parse_bytes

_PLAIN = """TY  - JOUR
TI  - Bone cement
AU  - Autor, Anna
AU  - Zweit B
PY  - 2012///
T2  - Journal of Bones
VL  - 4
IS  - 2
SP  - 10
EP  - 19
DO  - https://doi.org/10.1000/ABC
AB  - First line
second line
KW  - spine
pain
UR  - https://example.org/1
LA  - English
AN  - CN-01
ER  -
"""


def _one(text: str) -> ParsedRecord:
    parsed = parse_bytes(text.encode())
    assert (parsed.format, parsed.n_in_file, len(parsed.records)) == ("ris", 1, 1)
    return parsed.records[0]


def test_every_field_is_read() -> None:
    record = _one(_PLAIN)
    assert (record.title, record.authors, record.year) == ("Bone cement", ("Autor, Anna", "Zweit, B"), 2012)
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Journal of Bones",
        "4",
        "2",
        "10-19",
    )
    assert (record.doi, record.abstract) == ("10.1000/abc", "First line\nsecond line")
    assert (record.keywords, record.url) == (("spine", "pain"), "https://example.org/1")
    assert (record.type, record.language, record.accession) == ("JOUR", "English", "CN-01")
    assert (record.raw, record.line) == (_PLAIN.rstrip(), 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    text = _PLAIN.replace("Bone cement", "Zément osseux").replace("\n", newline)
    parsed = parse_bytes((text + text).encode(encoding))
    assert [record.title for record in parsed.records] == ["Zément osseux"] * 2
    assert parsed.records[1].line == 20
    assert parsed.records[1].raw == text.rstrip()


def test_single_windows_lines_in_utf8_are_named() -> None:
    body = "TY  - JOUR\nTI  - Größe ÄÖÜäöüß ÄÖÜäöüß\nAB  - ".encode() + b"caf\xe9\nER  -\n"
    parsed = parse_bytes(body)
    assert parsed.records[0].abstract == "café"
    assert [(problem.line, problem.lost) for problem in parsed.problems] == [(3, False)]


@pytest.mark.parametrize("separator", [" - ", "\t- ", "  -\t", "  - ", "\u00a0\u00a0- "])
def test_tag_separators(separator: str) -> None:
    assert _one(f"TY{separator}JOUR\nTI{separator}Bone\nER{separator}\n").title == "Bone"


def test_a_dash_in_running_text_is_no_tag() -> None:
    assert _one("TY  - JOUR\nTI  - Bone\nAB  - Dose\nIV - given\nER  -").abstract == "Dose\nIV - given"


def test_a_missing_end_loses_nothing() -> None:
    parsed = parse_bytes(b"TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - text\n")
    assert [record.title for record in parsed.records] == ["One", "Two"]


def test_a_missing_start_loses_nothing() -> None:
    parsed = parse_bytes(b"TY  - JOUR\nTI  - One\nER  -\nTI  - Two\nAU  - A, B\nER  -\n")
    assert [(record.title, record.line, record.raw[:2]) for record in parsed.records] == [
        ("One", 1, "TY"),
        ("Two", 4, "TI"),
    ]


def test_banners_and_trailing_notes_are_no_records() -> None:
    text = """Search of today
1.
TY  - JOUR
TI  - One
ER  -
NL  - Note

Link: x

2.
TY  - JOUR
TI  - Two
ER  -"""
    parsed = parse_bytes(text.encode())
    assert [(record.title, record.line) for record in parsed.records] == [("One", 3), ("Two", 11)]
    assert "NL  - Note" in parsed.records[0].raw


def test_blank_lines_between_tags_add_nothing() -> None:
    record = _one("TY  - JOUR\n\nTI  - Bone\n\ncement\n\nAU  - A, B\n\nAU  - C, D\n\nER  - ")
    assert (record.title, record.authors) == ("Bone cement", ("A, B", "C, D"))


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        ("PY  - 2012///", 2012),
        ("PY  - 10 15\nY1  - 1948/07//", 1948),
        ("DA  - 2013/02/15/received", 2013),
        ("PY  - 0000", None),
        ("PY  - 10000", None),
        ("PY  - in press\nPY  - 2019/06//undefined", 2019),
    ],
)
def test_years(lines: str, year: int | None) -> None:
    assert _one(f"TY  - JOUR\nTI  - Bone\n{lines}\nER  -").year == year


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("DO  - doi: 10.1000/A(1)2.", "10.1000/a(1)2"),
        ("M3  - 10.1000/x", "10.1000/x"),
        ("L3  - 10.1000/x", "10.1000/x"),
        ("DO  - not-a-doi", ""),
        ("UR  - http://dx.doi.org/10.1000/a%282%29", "10.1000/a(2)"),
        ("N1  - cites 10.1000/x", ""),
    ],
)
def test_dois(line: str, doi: str) -> None:
    assert _one(f"TY  - JOUR\nTI  - Bone\n{line}\nER  -").doi == doi


@pytest.mark.parametrize("line", ["DO  - 10.1000/x", "AB  - Text", "AN  - 7", "AU  - A, B\nPY  - 2001"])
def test_a_record_without_title_is_kept_with_a_remark(line: str) -> None:
    parsed = parse_bytes(f"TY  - JOUR\n{line}\nER  -".encode())
    assert (len(parsed.records), parsed.n_in_file) == (1, 1)
    assert [problem.lost for problem in parsed.problems] == [False]


def test_a_record_that_says_nothing_is_a_problem() -> None:
    parsed = parse_bytes(b"TY  - JOUR\nTI  - One\nER  -\n\nTY  - JOUR\nN1  - note\nER  -")
    assert (len(parsed.records), parsed.n_in_file, parsed.n_lost) == (1, 2, 1)
    assert (parsed.problems[0].line, parsed.problems[0].raw) == (5, "TY  - JOUR\nN1  - note\nER  -")


def test_hidden_characters_stay_in_raw_only() -> None:
    record = _one("TY  - JOUR\nTI  - Bo\u202ene\x07 cement\nER  -")
    assert record.title == "Bone cement"
    assert "\u202e" in record.raw


def test_an_address_that_could_run_script_is_not_shown() -> None:
    assert _one("TY  - JOUR\nTI  - Bone\nUR  - javascript:alert(1)\nER  -").url == ""


def test_nul_bytes_are_binary() -> None:
    with pytest.raises(UnreadableFile, match="binary"):
        parse_bytes(b"TY  - JOUR\nTI  - One\x00\nER  -")


def _remarks(text: str) -> list[tuple[int, str]]:
    parsed = parse_bytes(text.encode())
    assert not any(problem.lost for problem in parsed.problems)
    return [(problem.line, problem.reason) for problem in parsed.problems]


def test_a_year_that_is_not_understood_leaves_one_remark() -> None:
    text = "TY  - JOUR\nTI  - Bone\nPY  - not a year\nER  -\n"
    assert _remarks(text) == [
        (3, "The year “not a year” is not understood: the record is read without a year.")
    ]
    assert _one(text).year is None


@pytest.mark.parametrize("line", ["PY  - ", "PY  - ///", "PY  - n/a", "PY  - in press\nY1  - 2019"])
def test_a_year_not_given_or_given_elsewhere_leaves_none(line: str) -> None:
    assert _remarks(f"TY  - JOUR\nTI  - Bone\n{line}\nER  -\n") == []


@pytest.mark.parametrize("tag", ["AU", "PY", "DO", "SP"])
def test_a_line_without_tag_is_no_part_of_a_short_field(tag: str) -> None:
    value = {"AU": "Autor, A", "PY": "2012", "DO": "10.1000/x", "SP": "4"}[tag]
    text = f"TY  - JOUR\nTI  - Bone\n{tag}  - {value}\nstray words\nmore of them\nVL  - 3\nER  -\n"
    [(line, reason)] = _remarks(text)
    assert (line, reason) == (
        4,
        f"This line after {tag} has no tag: it stands in the text of the record only.",
    )
    record = _one(text)
    assert "stray" not in " ".join([*record.authors, str(record.year), record.doi, record.pages])
    assert "stray words\nmore of them" in record.raw


def test_long_fields_go_on_without_a_remark() -> None:
    text = "TY  - JOUR\nTI  - Bone\ncement\nN1  - a\nb\nKW  - x\ny\nAB  - one\ntwo\nER  -\n"
    assert _remarks(text) == []
    assert (_one(text).title, _one(text).keywords) == ("Bone cement", ("x", "y"))


def test_a_missing_end_leaves_one_remark() -> None:
    text = "TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\nER  -\nTY  - JOUR\nTI  - Three\n"
    assert _remarks(text) == [
        (1, "The record is not closed by ER before the next TY; it was read up to there."),
        (7, "The last record is not closed by ER: the file may be cut off. Check the record."),
    ]


def test_a_file_without_any_end_is_remarked_on_once() -> None:
    assert _remarks("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n") == [
        (1, "No record of the file is closed by ER; each TY begins the next record.")
    ]


def test_a_record_without_title_is_named_as_it_will_be_shown() -> None:
    assert _remarks("TY  - JOUR\nAB  - Text\nER  -\n") == [
        (1, "No title (TI or T1): imported as “No title”.")
    ]
