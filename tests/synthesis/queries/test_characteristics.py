"""Counts that cannot be, arms without a size and odd denominators in the table of characteristics."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.queries.long_table import FieldRow
from synthesis.queries import characteristics as module
from synthesis.queries.cells import TOTAL
from synthesis.queries.characteristics import CharacteristicsTable, characteristics

ROW = FieldRow(
    study_id=1,
    study_number=1,
    study_label="A 2001",
    arm_key="a",
    arm_label="A",
    group_key="PVP",
    allocation="stated",
    form_slug="form",
    section="",
    field_key="n",
    field_label="Patients",
    kind="integer",
    unit="",
    summary="sum",
    is_arm_size=True,
    denominator_key="",
    denominator_unit="",
    partition="",
    position=1,
    answer=10,
    page="",
    quote="",
    basis="double",
    origin="both",
    entry_id=1,
    value_id=1,
)
LEAKS = replace(
    ROW,
    field_key="leaks",
    field_label="Leaks",
    summary="count",
    is_arm_size=False,
    denominator_key="n",
    denominator_unit="patients",
)
WOMEN = replace(LEAKS, field_key="women", field_label="Women", partition="sex")
LEVELS = replace(LEAKS, field_key="levels", field_label="Levels", summary="ratio")


class Group:
    key = "PVP"
    label = "Vertebroplasty"


@pytest.fixture
def table_of(monkeypatch: pytest.MonkeyPatch):
    def build(*rows: FieldRow) -> CharacteristicsTable:
        monkeypatch.setattr(module, "field_rows", lambda review: list(rows))
        monkeypatch.setattr(module, "groups_of", lambda review: [Group()])
        return characteristics(None)

    return build


def second(row: FieldRow, answer: object) -> FieldRow:
    return replace(row, study_id=2, study_number=2, study_label="B 2002", answer=answer)


@pytest.mark.parametrize("impossible", [11, -1])
def test_a_count_that_cannot_be_is_left_out_with_a_reason(table_of, impossible: int) -> None:
    table = table_of(ROW, replace(LEAKS, answer=impossible), second(ROW, 20), second(LEAKS, 5))
    cell = table.row("leaks").cells[TOTAL]
    assert (cell.value, cell.n, cell.pct) == (5.0, 20, 25.0)
    assert "cannot be" in cell.dropped[0].reason


def test_an_arm_without_a_size_stands_in_no_part_of_a_partition(table_of) -> None:
    table = table_of(ROW, replace(WOMEN, answer=4), second(WOMEN, 3))
    women, unknown = table.row("women").cells[TOTAL], table.row("sex-unknown").cells[TOTAL]
    assert (women.value, women.n, women.pct) == (4.0, 10, 40.0)
    assert (unknown.value, unknown.pct) == (6.0, 60.0)


def test_a_ratio_is_the_sum_over_the_sum(table_of) -> None:
    table = table_of(ROW, replace(LEVELS, answer=15), second(ROW, 5), second(LEVELS, 15))
    cell = table.row("levels").cells[TOTAL]
    assert (cell.value, cell.n, table.row("levels").label) == (2.0, 15, "Levels per patient")


def test_a_zero_that_is_reported_counts_and_a_zero_denominator_does_not(table_of) -> None:
    table = table_of(replace(ROW, answer=0), replace(LEAKS, answer=0), second(ROW, 8), second(LEAKS, 0))
    cell = table.row("leaks").cells[TOTAL]
    assert (cell.value, cell.n, cell.pct, cell.k) == (0.0, 8, 0.0, 1)


def test_rows_stand_in_the_order_of_the_form_whatever_a_study_leaves_out(table_of) -> None:
    later = replace(LEAKS, position=3)
    between = second(replace(LEAKS, field_key="falls", field_label="Falls", position=2), 1)
    table = table_of(ROW, later, second(ROW, 20), between)
    assert [row.key for row in table.rows] == ["n", "falls", "leaks"]
