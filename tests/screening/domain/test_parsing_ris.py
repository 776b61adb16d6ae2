"""Check that RIS is read as databases really write it."""

from __future__ import annotations

import pytest
import rispy

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


@pytest.mark.parametrize("separator", [" - ", "\t- ", "  -\t", "  - ", "\u00a0\u00a0- ", "    - ", "  -"])
def test_tag_separators(separator: str) -> None:
    assert _one(f"TY{separator}JOUR\nTI{separator}Bone\nER{separator}\n").title == "Bone"


def test_tags_with_one_space_count_where_a_record_has_no_others() -> None:
    assert _one("TY  - JOUR\nTI - Bone\nAU - Autor, A\nER - \n").title == "Bone"


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
        ("DA  - 2011-03-04", 2011),
        ("PY  - Spring 1998", 1998),
        ("YR  - 2005", 2005),
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


@pytest.mark.parametrize("line", ["N1  - note", "T2  - Journal of Bones", "ID  - 4", "KW  - spine"])
def test_a_record_of_which_little_is_known_is_kept_with_a_remark(line: str) -> None:
    parsed = parse_bytes(f"TY  - JOUR\n{line}\nER  -".encode())
    assert (len(parsed.records), [problem.reason for problem in parsed.problems]) == (
        1,
        ["No title (TI or T1): imported as “No title”."],
    )


@pytest.mark.parametrize("lines", ["", "LA  - English\nDB  - Base\n", "TI  -\nAB  - NA\n"])
def test_a_record_that_says_nothing_is_a_problem(lines: str) -> None:
    parsed = parse_bytes(f"TY  - JOUR\nTI  - One\nER  -\n\nTY  - JOUR\n{lines}ER  -".encode())
    assert (len(parsed.records), parsed.n_in_file, parsed.n_lost) == (1, 2, 1)
    assert (parsed.problems[0].line, parsed.problems[0].raw) == (5, f"TY  - JOUR\n{lines}ER  -")


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


def test_a_record_may_have_thousands_of_authors() -> None:
    names = "".join(f"AU  - Autor{number}, A\n" for number in range(7_456))
    assert len(_one(f"TY  - JOUR\nTI  - Bone\n{names}ER  - \n").authors) == 7_456


def test_banners_of_the_cochrane_library_are_no_part_of_a_field() -> None:
    banner = 'Record #{} of 2\nProvider: Publisher\nContent: text/plain; charset="UTF-8"\n\n'
    record = "TY  - JOUR\nTI  - Bone {}\nAB  - Text\nER  -\n\n"
    text = "".join(banner.format(number) + record.format(number) for number in (1, 2))
    parsed = parse_bytes(text.encode())
    assert [(record.title, record.abstract, record.line) for record in parsed.records] == [
        ("Bone 1", "Text", 5),
        ("Bone 2", "Text", 14),
    ]


def test_a_counter_after_an_unended_record_is_no_part_of_its_last_field() -> None:
    parsed = parse_bytes(b"1.\nTY  - JOUR\nTI  - One\n\n2.\nTY  - JOUR\nTI  - Two\n")
    assert [record.title for record in parsed.records] == ["One", "Two"]


def test_a_missing_abstract_is_not_given() -> None:
    assert _one("TY  - JOUR\nTI  - Bone\nAB  - NA\nN2  - Text\nER  - ").abstract == "Text"


def test_two_abstracts_stand_on_lines_of_their_own() -> None:
    assert _one("TY  - JOUR\nTI  - Bone\nAB  - One\nAB  - Two\nER  - ").abstract == "One\nTwo"


def test_authors_under_two_tags_count_once() -> None:
    record = _one("TY  - JOUR\nTI  - Bone\nAU  - A, B\nAU  - C, D\nA1  - A, B\nA1  - E, F\nER  - ")
    assert record.authors == ("A, B", "C, D", "E, F")


def test_secondary_authors_are_no_authors() -> None:
    assert _one("TY  - CHAP\nTI  - Bone\nAU  - A, B\nA2  - Editor, C\nED  - Editor, D\nER  - ").authors == (
        "A, B",
    )


def test_notes_numbers_and_database_are_kept() -> None:
    record = _one(
        "TY  - JOUR\nTI  - Bone\nN1  - first\nmore\nN1  - second\nSN  - 1234-5678\nSN  - 8765-4321\n"
        "DB  - Base\nDP  - Provider\nER  - "
    )
    assert record.notes == ("first\nmore", "second")
    assert (record.isbn_issn, record.database) == ("1234-5678; 8765-4321", "Base")


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        ("PM  - 123456", "123456"),
        ("C2  - 123456", "123456"),
        ("AN  - 123456\nDB  - MEDLINE", "123456"),
        ("AN  - 123456\nDB  - Embase", ""),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/123456/", "123456"),
        ("N1  - Note. PMID: 123456", "123456"),
    ],
)
def test_pubmed_identifiers(lines: str, pmid: str) -> None:
    assert _one(f"TY  - JOUR\nTI  - Bone\n{lines}\nER  - ").pmid == pmid


@pytest.mark.parametrize(
    ("lines", "accession"),
    [("ID  - 4", ""), ("ID  - 2019-65183-001", "2019-65183-001"), ("ID  - 4\nU2  - L37", "L37")],
)
def test_a_mere_counter_is_no_accession_number(lines: str, accession: str) -> None:
    assert _one(f"TY  - JOUR\nTI  - Bone\n{lines}\nER  - ").accession == accession


@pytest.mark.parametrize(
    ("lines", "pages"),
    [
        ("SP  - 10\nEP  - 19", "10-19"),
        ("SP  - 10\nEP  - 10", "10"),
        ("SP  - 10-19", "10-19"),
        ("SP  - No\nEP  - Specified", ""),
        ("C7  - e123", "e123"),
    ],
)
def test_pages(lines: str, pages: str) -> None:
    assert _one(f"TY  - JOUR\nTI  - Bone\n{lines}\nER  - ").pages == pages


def test_a_file_without_any_first_line_is_read() -> None:
    parsed = parse_bytes(b"TI  - One\nAU  - A, B\nER  - \n\nTI  - Two\nER  - \n")
    assert [(record.title, record.line) for record in parsed.records] == [("One", 1), ("Two", 5)]


def test_a_line_end_written_twice_counts_once() -> None:
    text = _PLAIN.replace("\n", "\r\r\n")
    parsed = parse_bytes((text + text).encode())
    assert [(record.title, record.line) for record in parsed.records] == [
        ("Bone cement", 1),
        ("Bone cement", 20),
    ]


def test_the_same_is_read_as_by_another_reader() -> None:
    records = "".join(
        f"TY  - JOUR\nTI  - Bone cement {number}\nAU  - Autor, A.\nAU  - Zweit, B.\nPY  - {1990 + number}\n"
        f"T2  - Journal\nVL  - {number}\nIS  - 2\nSP  - 1\nAB  - Text {number}.\nKW  - spine\nKW  - pain\n"
        f"DO  - 10.1000/x{number}\nER  - \n\n"
        for number in range(1, 31)
    )
    theirs = [
        (
            record["title"],
            tuple(record["authors"]),
            int(record["year"]),
            record["secondary_title"],
            record["volume"],
            record["number"],
            record["start_page"],
            record["abstract"],
            tuple(record["keywords"]),
            record["doi"],
        )
        for record in rispy.loads(records)
    ]
    assert theirs == [
        (
            record.title,
            record.authors,
            record.year,
            record.journal,
            record.volume,
            record.issue,
            record.pages,
            record.abstract,
            record.keywords,
            record.doi,
        )
        for record in parse_bytes(records.encode()).records
    ]
