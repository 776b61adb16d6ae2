"""Downloads hold the numbers of the page, read back by other programs' eyes."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from synthesis.domain.pooling import Scheme
from synthesis.queries.boxes import box_rows
from synthesis.queries.exports import POOLED_CODEBOOK, flow_table, pooled_table
from synthesis.queries.flow import count
from synthesis.queries.tables import characteristics, coverage, outcome_tables
from synthesis.render.tables import Table, to_csv, to_xlsx


def read(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(table).decode("utf-8-sig"))))


def pooled_of(review, scheme: Scheme = Scheme.STRICT) -> Table:
    return pooled_table(
        characteristics(review), outcome_tables(review, scheme), scheme=scheme, coverage=coverage(review)
    )


def cell(rows: list[dict[str, str]], row: str, group: str, interval: str = "") -> dict[str, str]:
    return next(
        r for r in rows if (r["row_key"], r["group_key"], r["interval_key"]) == (row, group, interval)
    )


def test_the_flow_keeps_not_reported_empty_and_lists_reasons(review, flowing):
    rows = read(flow_table(box_rows(review, count(review))))
    found = {(row["box"], row["line"]): row["n"] for row in rows}
    assert found["records_screened", ""] == "12"
    assert found["dbr_excluded", "Not in humans"] == "2"
    assert found["other_notretrieved_reports", ""] == ""


@pytest.mark.parametrize(
    ("row", "group", "interval", "value", "n", "k"),
    [
        ("VAS", "PVP", "pre", "6.50", "40", "2"),  # (10 × 8 + 30 × 6) / 40
        ("VAS", "PVP", "lt_4wk", "4.00", "8", "1"),  # the median of the other study is left out
        ("VAS", "KP", "pre", "", "", "0"),  # no number analysed
        ("patients", "total", "", "70", "", "2"),
        ("age", "PVP", "", "63.00", "40", "2"),  # (10 × 60 + 30 × 64) / 40
        ("age", "total", "", "66.00", "70", "2"),  # from the arms: (600 + 1920 + 2100) / 70
        ("levels", "PVP", "", "2.00", "10", "1"),  # 20 / 10
    ],
)
def test_a_pooled_number_is_what_was_worked_out_by_hand(review, pooled, row, group, interval, value, n, k):
    found = cell(read(pooled_of(review)), row, group, interval)
    assert (found["value"], found["n"], found["k_studies"]) == (value, n, k)


def test_shares_are_of_all_patients_and_the_rest_is_unknown(review, pooled):
    rows = read(pooled_of(review))
    assert (cell(rows, "women", "PVP")["value"], cell(rows, "women", "PVP")["percent"]) == ("6", "15.0")
    assert cell(rows, "sex-unknown", "PVP")["value"] == "31"  # 40 − 6 − 3


def test_the_fallback_is_counted_and_named(review, pooled):
    found = cell(read(pooled_of(review, Scheme.ENROLLED_FALLBACK)), "VAS", "KP", "pre")
    assert (found["value"], found["n"], found["n_enrolled_used"]) == ("6.00", "30", "1")
    assert found["scheme"] == "enrolled_fallback"


def test_single_extractions_are_counted(review, pooled):
    rows = read(pooled_of(review))
    assert cell(rows, "VAS", "PVP", "pre")["n_single_extraction"] == "1"
    assert Decimal(cell(rows, "VAS", "PVP", "pre")["se"]).quantize(Decimal("0.0001")) == Decimal("0.2850")


def test_the_workbook_has_numbers_as_numbers_and_a_codebook_of_every_column(review, pooled):
    book = load_workbook(io.BytesIO(to_xlsx(pooled_of(review), POOLED_CODEBOOK)))
    header, *rows = book["Pooled tables"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    vas = next(r for r in found if (r["row_key"], r["group_key"], r["interval_key"]) == ("VAS", "PVP", "pre"))
    assert (vas["value"], vas["n"]) == (6.5, 40)
    described = [row[0] for row in book["Codebook"].iter_rows(min_row=2, values_only=True)]
    assert described[: len(header)] == list(header)
