"""Check that tables are read as databases and tools write them, and with columns chosen by hand."""

from __future__ import annotations

import pytest

from screening.domain.parsing import UnreadableFile, parse_bytes

_HEADER = "Article Title{0}Authors{0}publication_year{0}DOI\n"
_ROW = '"Bone, cement; and\npain"{0}"Autor, A.; Zweit, B."{0}2012//{0}10.1000/ABC\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    parsed = parse_bytes((_HEADER + _ROW + _ROW).format(delimiter).encode(encoding))
    first, second = parsed.records
    assert (parsed.format, parsed.n_in_file, first.title) == ("csv", 2, "Bone, cement; and pain")
    assert (first.authors, first.year, first.doi) == (("Autor, A.", "Zweit, B."), 2012, "10.1000/abc")
    assert (first.line, second.line, second.raw) == (2, 4, _ROW.format(delimiter).rstrip())


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Liu R., Adler D.G.", ("Liu, R.", "Adler, D.G.")),
        ("Autor, Anna", ("Autor, Anna",)),
        ("Autor, A., Zweit, B.", ("Autor, A.", "Zweit, B.")),
        ("Autor, A. and Zweit, B.", ("Autor, A.", "Zweit, B.")),
        ("['Autor, A', 'Zweit, B']", ("Autor, A", "Zweit, B")),
        ("World Health Organization", ("World Health Organization",)),
    ],
)
def test_authors_are_split_only_where_certain(cell: str, authors: tuple[str, ...]) -> None:
    assert parse_bytes(f'title,authors\nBone,"{cell}"\n'.encode()).records[0].authors == authors


def test_a_row_with_too_many_cells_is_kept_raw() -> None:
    parsed = parse_bytes(b"title,year\nBone,2001\nBone, cement,2001\nPain,2002\n")
    assert [record.title for record in parsed.records] == ["Bone", "Pain"]
    assert [(p.line, p.raw, p.lost) for p in parsed.problems] == [(3, "Bone, cement,2001", True)]
    assert parsed.n_in_file == 3


def test_an_open_quote_costs_one_row() -> None:
    parsed = parse_bytes(b'title,year\n"Bone,2001\nPain,2002\n"Spine, b",2003\n')
    assert [record.title for record in parsed.records] == ["Pain", "Spine, b"]
    assert [(p.line, p.raw) for p in parsed.problems] == [(2, '"Bone,2001')]


def test_a_stray_quote_is_kept_with_a_remark() -> None:
    parsed = parse_bytes(b'title,year\n"The "best" bone",2001\n')
    assert (len(parsed.records), parsed.records[0].year, parsed.problems[0].lost) == (1, 2001, False)


def test_a_table_without_title_column_keeps_what_identifies() -> None:
    parsed = parse_bytes(b"authors,year,abstract\nA B,2001,Text\n")
    assert (len(parsed.records), parsed.records[0].abstract) == (1, "Text")
    assert "no title column" in parsed.problems[0].reason


def test_a_repeated_column_is_named() -> None:
    parsed = parse_bytes(b"title,year,title\n,2001,Bone\n")
    assert parsed.records[0].title == "Bone"
    assert "occurs twice" in parsed.problems[0].reason


def test_lines_above_the_header_are_named() -> None:
    parsed = parse_bytes(b"Export of today\n\ntitle,year\nBone,2001\n")
    assert (parsed.records[0].line, parsed.problems[0].raw) == (4, "Export of today")


def test_excel_separator_line_is_understood() -> None:
    assert parse_bytes(b"sep=;\ntitle;year\nBone;2001\n").records[0].year == 2001


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"Some words\nTitle\nBone\n", "title column"),
        (b"title,year\n", "no rows"),
        (b"a,b\n1,2\n", "title column"),
        (b"just some words", "title column"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        parse_bytes(data, "upload.csv")


def test_a_year_that_is_not_understood_leaves_one_remark() -> None:
    parsed = parse_bytes(b"Title,Year\nBone,20188\nCement,2018\nSpine,\n")
    assert [record.year for record in parsed.records] == [None, 2018, None]
    assert [(problem.line, problem.reason, problem.lost) for problem in parsed.problems] == [
        (2, "The year “20188” is not understood: the record is read without a year.", False)
    ]


def test_two_columns_of_one_name_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="line 2 says “One” in one of them and “Two” in the other"):
        parse_bytes(b"title,title\nOne,Two\n")
