"""Tables as CSV and as workbooks, safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from reviewsite.workspace.domain.cells import restore
from synthesis.render.tables import Cell, CodebookEntry, Table, to_csv, to_xlsx

TABLE = Table(
    "Pain: PVP/KP",
    ("Interval", "Mean", "N"),
    (("Preoperative", Decimal("7.48"), 1445), ("< 4 weeks", None, 0)),
    ("Weighted by patients analysed.",),
)


def one_cell(value: Cell) -> Table:
    return Table("t", ("c",), ((value,),))


def read_csv(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")))


def test_the_bytes_of_a_csv_file() -> None:
    assert to_csv(TABLE) == b"\xef\xbb\xbfInterval,Mean,N\r\nPreoperative,7.48,1445\r\n< 4 weeks,,0\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_could_run_is_neutralised(start: str) -> None:
    assert read_csv(one_cell(f"{start}1+1"))[1] == [f"'{start}1+1"]


def test_a_header_that_could_run_is_neutralised() -> None:
    assert read_csv(Table("t", ("=1",), ()))[0] == ["'=1"]


@pytest.mark.parametrize(
    ("value", "text"), [(-4.7, "-4.7"), (-3, "-3"), (Decimal("-0.50"), "-0.50"), (0, "0")]
)
def test_numbers_are_never_neutralised(value: Cell, text: str) -> None:
    assert read_csv(one_cell(value))[1] == [text]


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1))
def test_any_text_survives_but_for_the_apostrophe(text: str) -> None:
    (cell,) = read_csv(one_cell(text))[1]
    assert restore(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_workbook_has_the_table_and_the_codebook() -> None:
    book = load_workbook(
        io.BytesIO(to_xlsx(TABLE, [CodebookEntry("Mean", "weighted mean", "points", "0 to 10")]))
    )
    assert book.sheetnames == ["Pain  PVP KP", "Codebook"]
    assert list(book.worksheets[0].values) == [
        ("Interval", "Mean", "N"),
        ("Preoperative", 7.48, 1445),
        ("< 4 weeks", None, 0),
    ]
    assert list(book["Codebook"].values) == [
        ("Column", "Meaning", "Unit", "Values"),
        ("Mean", "weighted mean", "points", "0 to 10"),
        ("Title", "Pain: PVP/KP", None, None),
        ("Note", "Weighted by patients analysed.", None, None),
    ]


@pytest.mark.parametrize("text", ["=1+1", "-5", "+1", "@x", "#N/A", "007", "2018-01-03"])
def test_a_text_stays_a_text_in_a_workbook(text: str) -> None:
    cell = load_workbook(io.BytesIO(to_xlsx(one_cell(text)))).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("value", [-4.7, 0, Decimal("7.5")])
def test_a_number_stays_a_number_in_a_workbook(value: Cell) -> None:
    cell = load_workbook(io.BytesIO(to_xlsx(one_cell(value)))).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (pytest.approx(float(value or 0)), "n")


def test_what_a_workbook_cannot_hold_is_left_out_or_cut_visibly() -> None:
    sheet = load_workbook(
        io.BytesIO(to_xlsx(Table("t", ("a", "b"), (("x\x07y", "z" * 40_000),))))
    ).worksheets[0]
    assert sheet["A2"].value == "xy"
    assert len(sheet["B2"].value) == 32_767
    assert sheet["B2"].value.endswith("[cut: a cell holds no more]")


@pytest.mark.parametrize(
    ("title", "name"), [("[]:*?/\\", "Table"), ("codebook", "Table"), ("x" * 40, "x" * 31), ("'a'", "a")]
)
def test_sheet_names_are_valid(title: str, name: str) -> None:
    assert load_workbook(io.BytesIO(to_xlsx(Table(title, ("c",), ())))).sheetnames[0] == name


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="Row 2 has 1 cells for 2 columns"):
        Table("t", ("a", "b"), ((1, 2), (3,)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_that_is_not_finite_is_refused(value: Cell) -> None:
    with pytest.raises(ValueError, match="Leave the cell empty"):
        one_cell(value)


def test_the_workbook_library_loads_only_when_needed() -> None:
    code = "import sys, synthesis.render.tables; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
