"""The review's own tables pass the rules for printed tables, or the page says where they do not."""

from __future__ import annotations

from dataclasses import replace

from synthesis.domain.table_checks import Code
from synthesis.queries.own_audit import audit_pooled
from synthesis.queries.tables import characteristics, outcome_tables


def test_tables_computed_from_the_rows_add_up(review, pooled):
    assert audit_pooled(review, characteristics(review), outcome_tables(review)) == []


def test_a_total_that_is_not_the_sum_of_its_groups_is_found(review, pooled):
    table = characteristics(review)
    patients = table.row("patients")
    wrong = replace(patients, cells={**patients.cells, "total": replace(patients.cells["total"], value=71.0)})
    rows = [wrong if row.key == "patients" else row for row in table.rows]
    found = audit_pooled(review, replace(table, rows=rows), [])
    assert Code.GROUPS_TOTAL in {finding.code for finding in found}


def test_parts_that_exceed_their_whole_are_found(review, pooled):
    table = characteristics(review)
    rest = table.row("sex-unknown")
    wrong = replace(rest, cells={**rest.cells, "PVP": replace(rest.cells["PVP"], value=-3.0)})
    rows = [wrong if row.is_remainder else row for row in table.rows]
    found = audit_pooled(review, replace(table, rows=rows), [])
    assert any("the parts exceed the whole, 40, by 3" in finding.message for finding in found)


def test_more_patients_in_an_interval_than_in_the_group_are_found(review, pooled):
    outcomes = outcome_tables(review)
    line = outcomes[0].lines[0]
    wrong = replace(line, cells={**line.cells, "pre": replace(line.cells["pre"], n=41)})
    found = audit_pooled(review, characteristics(review), [replace(outcomes[0], lines=[wrong])])
    assert [finding.code for finding in found] == [Code.N_OVER_GROUP]
