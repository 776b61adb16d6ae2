"""Check that XLSX workbooks are read as spreadsheet programs show them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from screening.domain.parsing import Column, ParsedFile, UnreadableFile, parse_bytes, table_columns

_HEADER = ["Title", "Authors", "Year", "Pages", "Date", "DOI"]
_ROW = ["Bone", "Autor, A; Zweit, B", 2001, 7.0, datetime(2001, 5, 3), "10.1000/x"]


def _book(*sheets: Sequence[Sequence[object]], names: Sequence[str] = ()) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(names[number] if names else None)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _changed(data: bytes, change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return the workbook with the XML of one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def _read(data: bytes) -> ParsedFile:
    parsed = parse_bytes(data)
    assert parsed.format == "xlsx"
    assert len(parsed.records) + parsed.n_lost == parsed.n_in_file
    return parsed


def test_cells_are_read_as_text() -> None:
    parsed = _read(_book([_HEADER, _ROW]))
    record = parsed.records[0]
    assert (record.title, record.authors, record.year) == ("Bone", ("Autor, A", "Zweit, B"), 2001)
    assert (record.pages, record.doi, record.line, parsed.problems) == ("7", "10.1000/x", 2, ())
    assert record.raw == 'Bone,"Autor, A; Zweit, B",2001,7,2001-05-03,10.1000/x'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (date(2001, 5, 3), "2001-05-03"),
        (datetime(2001, 5, 3, 4, 30), "2001-05-03 04:30:00"),
        ("a\nb", "a\nb"),
        ("a_x000D_b", "a\nb"),
        ("=1+1", ""),
    ],
)
def test_values_become_text(value: object, text: str) -> None:
    others = _read(_book([["Title", "Colour"], ["Bone", value]])).records[0].others
    assert others == ((("Colour", text),) if text else ())


def test_a_formula_is_read_as_it_was_last_computed() -> None:
    data = _book([["Title", "Year"], ["Bone", "=2000+1"]])
    computed = _changed(
        data, lambda xml: xml.replace(b"<v />", b"<v>2001</v>").replace(b"<v></v>", b"<v>2001</v>")
    )
    parsed = _read(computed)
    assert (parsed.records[0].year, parsed.problems) == (2001, ())


def test_a_formula_that_was_never_computed_is_remarked_on() -> None:
    parsed = _read(_book([["Title", "Year"], ["Bone", "=2000+1"], ["Hip", "=2000+2"]]))
    assert [record.year for record in parsed.records] == [None, None]
    assert [(problem.lost, problem.reason[:37]) for problem in parsed.problems] == [
        (False, "Formulas without a stored result: 2. ")
    ]


def test_the_first_sheet_with_a_known_header_is_read_and_the_others_named() -> None:
    data = _book([["About"], ["x"]], [["Example base"], [], _HEADER, _ROW], names=["Notes", "Export"])
    parsed = _read(data)
    assert (parsed.records[0].title, parsed.records[0].line) == ("Bone", 4)
    assert [problem.reason for problem in parsed.problems] == [
        "Only the sheet “Export” was read, not “Notes”.",
        "The lines above the header were skipped.",
    ]


def test_short_and_empty_rows_lose_nothing() -> None:
    parsed = _read(_book([_HEADER, ["Bone"], [], [None, None], ["Hip"]]))
    assert [(record.title, record.line) for record in parsed.records] == [("Bone", 2), ("Hip", 5)]


def test_rows_of_nothing_but_formats_are_passed_over_quickly() -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (i, i) for i in range(3, 300_000))
    data = _changed(_book([_HEADER, _ROW]), lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"))
    assert [record.title for record in _read(data).records] == ["Bone"]


def test_a_row_number_beyond_all_sheets_ends_the_reading() -> None:
    row = b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    data = _changed(_book([_HEADER, _ROW]), lambda xml: xml.replace(b"</sheetData>", row))
    assert [record.title for record in _read(data).records] == ["Bone"]


def test_columns_chosen_by_hand() -> None:
    data = _book([["Was", "Wann"], ["Bone", 2001]])
    record = parse_bytes(data, columns={"Was": "title", "Wann": "year"}).records[0]
    assert (record.title, record.year) == ("Bone", 2001)


def test_the_columns_are_shown_with_examples() -> None:
    assert table_columns(_book([["Title", "Colour"], ["Bone", "red"], ["Hip", 3]])) == (
        Column("Title", "title", ("Bone", "Hip")),
        Column("Colour", "", ("red", "3")),
    )
    assert table_columns(_book([["Was", "Wann"], ["Bone", 2001]])) == (
        Column("Was", "", ("Bone",)),
        Column("Wann", "", ("2001",)),
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_book([_HEADER, _ROW])[:3000], "Excel workbook is damaged"),
        (_book([_HEADER, _ROW])[:-30], "Excel workbook is damaged"),
        (_changed(_book([_HEADER, _ROW]), lambda xml: xml[:200]), "Excel workbook is damaged"),
        (_changed(_book([_HEADER, _ROW]), lambda _xml: b"", "xl/workbook.xml"), "Excel workbook is damaged"),
        (_book([["a", "b"], [1, 2]]), "No sheet of this Excel workbook has a title column"),
        (_book([_HEADER]), "no rows"),
        (_book([_HEADER, [None] * 3000 + ["x"]]), "has 3,001 columns"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        parse_bytes(data)


def test_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    data = _changed(_book([_HEADER, _ROW]), lambda xml: bomb + xml[xml.index(b"<worksheet") :])
    with pytest.raises(UnreadableFile, match="damaged"):
        parse_bytes(data)
