"""The arithmetic of a flow, on numbers small enough to check by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from synthesis.domain.prisma import Flow, Line, Pending, Severity, Template, check, derive, flow_from_mapping

# 100 identified − 20 = 80 screened − 50 = 30 sought − 2 = 28 assessed − 18 = 10 reports of 8 studies.
CLEAN: dict[str, Any] = {
    "database_results": 100,
    "duplicates": 20,
    "records_screened": 80,
    "records_excluded": 50,
    "dbr_sought_reports": 30,
    "dbr_notretrieved_reports": 2,
    "dbr_assessed": 28,
    "dbr_excluded": [["Wrong design", 11], ["Wrong population", 7]],
    "new_studies": 8,
    "new_reports": 10,
}

# The published example review: what its text says, read literally, and with the 114 records placed.
EXAMPLE: dict[str, Any] = {
    "database_results": 243,
    "records_excluded": 73,
    "dbr_excluded": 36,
    "other_specific_results": [["Health technology assessment", 150], ["Reference lists", 2]],
    "other_assessed": 152,
    "other_excluded": 85,
    "new_studies": 87,
    "new_reports": 87,
    "partition_studies": [["RCT", 2], ["Prospective", 16], ["Retrospective", 44], ["Case series", 25]],
}


def codes(values: dict[str, Any], template: Template | None = None) -> list[tuple[str, str, int | None]]:
    return [(f.code, f.severity.value, f.delta) for f in check(flow_from_mapping(values, template=template))]


def test_the_example_read_literally_leaves_114_records_without_a_fate() -> None:
    assert codes(EXAMPLE) == [("C1", "error", -114)]


def test_the_example_with_114_removed_before_screening_adds_up() -> None:
    placed = {"excluded_other": 114, "records_screened": 129, "dbr_sought_reports": 56, "dbr_assessed": 56}
    flow = flow_from_mapping(EXAMPLE | placed)
    assert check(flow) == []
    implied = derive(flow)
    assert (implied["dbr_included_reports"], implied["other_included_reports"]) == (20, 67)


def test_a_flow_that_adds_up_has_no_finding() -> None:
    assert codes(CLEAN) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"database_specific_results": [["MEDLINE", 60], ["Embase", 38]]}, [("P1", "error", 2)]),
        ({"register_results": 0, "register_specific_results": [["A", 1]]}, [("P2", "error", -1)]),
        ({"duplicates": 15}, [("A1", "error", -5)]),
        ({"records_excluded": 45}, [("A2", "error", -5)]),
        ({"dbr_notretrieved_reports": 1}, [("A3", "error", -1)]),
        ({"dbr_excluded_stated": 19}, [("A4", "error", 1)]),
        ({"dbr_excluded": 30}, [("A5", "error", -2), ("C1", "error", 12)]),
        ({"records_excluded_human": 40, "records_excluded_automation": 9}, [("E1", "warning", 1)]),
        ({"new_reports": 9}, [("C1", "error", -1)]),
        ({"new_studies": 12}, [("C3", "warning", 2)]),
        ({"new_studies": 12, "extra_study_links": 2}, []),
        ({"new_reports": None, "new_studies": 11}, [("C2", "error", 1)]),
        ({"new_reports": None, "new_studies": 11, "extra_study_links": 1}, [("C2", "warning", 1)]),
        ({"new_reports": None}, [("C2", "warning", -2)]),
        ({"total_studies": 9}, [("D3", "error", 1)]),
        ({"total_studies_ma": 9, "total_reports_ma": 9}, [("M1", "error", 1)]),
        ({"partition_studies": [["RCT", 3], ["Cohort", 4]]}, [("S1", "error", -1)]),
        ({"report_adjustment": -1, "dbr_sought_reports": 29, "dbr_notretrieved_reports": 1}, []),
        ({"dbr_late_duplicates": 2, "dbr_notretrieved_reports": 0}, [("L1", "warning", 2)]),
        ({"dbr_awaiting": 1, "dbr_ongoing": 1, "new_reports": 8}, []),
        ({"dbr_excluded": [["Duplicate", 18]]}, [("R1", "warning", 18)]),
        ({"dbr_excluded": [["xxx", 18]]}, [("R2", "warning", None)]),
        ({"excluded_other": -1, "duplicates": 21}, [("N0", "error", -1)]),
    ],
)
def test_each_identity_reports_its_own_difference(change: dict[str, Any], expected: list[Any]) -> None:
    assert codes(CLEAN | change, Template.T1) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"citations_results": 15}, [("B1", "warning", -5)]),
        ({"citations_results": 15, "other_duplicates": 4, "other_records_excluded": 1}, []),
        ({"other_assessed": 8}, [("B2", "error", -1), ("C1", "error", 1)]),
        ({"other_excluded": 12}, [("B3", "error", -3), ("C1", "error", 5)]),
        ({"other_sought_reports": None, "other_notretrieved_reports": None}, [("B1", "warning", -1)]),
    ],
)
def test_the_other_arm_is_checked_step_by_step(change: dict[str, Any], expected: list[Any]) -> None:
    # 10 found by citation searching, 1 not retrieved, 7 of 9 excluded: 2 more reports.
    other = {
        "citations_results": 10,
        "other_sought_reports": 10,
        "other_notretrieved_reports": 1,
        "other_assessed": 9,
        "other_excluded": 7,
        "new_reports": 12,
    }
    assert codes(CLEAN | other | change) == expected


def test_an_update_adds_the_previous_version_to_the_new_studies() -> None:
    values = CLEAN | {
        "previous_studies": 40,
        "previous_reports": 52,
        "previous_studies_dropped": 1,
        "previous_reports_dropped": 2,
        "new_reports_of_previous_studies": 3,
        "new_reports": 7,
        "new_studies": 6,
        "total_studies": 45,
        "total_reports": 60,
    }
    assert codes(values) == []
    assert codes(values | {"total_studies": 46, "total_reports": 59}) == [
        ("D1", "error", 1),
        ("D2", "error", -1),
    ]


def test_a_step_that_is_not_reported_is_bridged_by_the_one_before() -> None:
    values = CLEAN | {"dbr_sought_reports": None, "dbr_assessed": 25}
    assert codes(values)[0] == ("A3", "error", -3)


def test_the_message_names_what_is_not_reported() -> None:
    flow = flow_from_mapping(CLEAN | {"dbr_notretrieved_reports": None})
    (finding,) = check(flow)
    assert "Not reported and counted as none: reports not retrieved." in finding.message


def test_open_work_is_a_term_of_every_step() -> None:
    flow = flow_from_mapping(CLEAN | {"records_screened": 75, "records_excluded": 45, "new_reports": 9})
    open_flow = replace(flow, pending=Pending(screening=5, eligibility=1))
    assert [(f.code, f.delta) for f in check(open_flow)] == [("Q1", 6)]


def test_open_work_and_placeholders_block_a_final_figure_only() -> None:
    flow = Flow(template=Template.T1, dbr_excluded=(Line("Reason 1", 3),), pending=Pending(retrieval=1))
    assert {f.severity for f in check(flow)} == {Severity.WARNING}
    assert {f.severity for f in check(flow, final=True)} == {Severity.ERROR}


def test_nothing_is_implied_by_what_is_not_reported() -> None:
    implied = derive(Flow(template=Template.T2))
    assert set(implied.values()) == {None}
