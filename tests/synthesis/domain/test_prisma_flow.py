"""The numbers of a flow: missing is not zero, unlisted groups count on their path, words stand once."""

from __future__ import annotations

from dataclasses import fields

import pytest

from synthesis.domain.prisma import (
    BOX,
    BOXES,
    Flow,
    Line,
    Pending,
    Provenance,
    Template,
    Unit,
    Unlisted,
    flow_from_mapping,
    unlisted_totals,
)


def test_a_missing_key_is_not_reported_and_not_zero() -> None:
    flow = flow_from_mapping({"database_results": 0})
    assert flow.number("database_results") == 0
    assert flow.number("records_screened") is None


def test_a_bare_number_of_exclusions_is_a_total_without_reasons() -> None:
    flow = flow_from_mapping({"dbr_excluded": 36})
    assert flow.dbr_excluded is None
    assert flow.number("dbr_excluded") == 36


def test_reasons_become_lines_and_add_up() -> None:
    flow = flow_from_mapping({"dbr_excluded": [["Wrong design", 3], ["Wrong population", 4]]})
    assert flow.dbr_excluded == (Line("Wrong design", 3), Line("Wrong population", 4))
    assert flow.number("dbr_excluded") == 7


def test_a_reason_without_a_number_leaves_the_sum_unknown() -> None:
    assert flow_from_mapping({"dbr_excluded": [["Wrong design", None]]}).number("dbr_excluded") is None


@pytest.mark.parametrize(
    ("values", "template"),
    [
        ({"database_results": 5}, Template.T1),
        ({"citations_results": 5}, Template.T2),
        ({"previous_studies": 5}, Template.T3),
        ({"previous_studies": 5, "website_results": 1}, Template.T4),
        ({"is_update": True}, Template.T3),
    ],
)
def test_the_keys_decide_on_the_template(values: dict[str, int], template: Template) -> None:
    assert flow_from_mapping(values).template is template


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"papers": 3}, "Unknown flow keys: papers"),
        ({"duplicates": 1.5}, "'duplicates' must be a whole number"),
        ({"duplicates": True}, "'duplicates' must be a whole number"),
        ({"dbr_excluded": "36"}, "'dbr_excluded' must be a list of pairs"),
    ],
)
def test_nonsense_is_refused_with_its_key(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        flow_from_mapping(values)


def test_an_update_cannot_have_the_template_of_a_new_review() -> None:
    with pytest.raises(ValueError, match="updated review"):
        flow_from_mapping({"is_update": True}, template=Template.T1)


def test_an_unlisted_group_counts_in_every_box_on_its_path() -> None:
    groups = [
        Unlisted(source="database_results", ends_in="dbr_excluded", n=36, provenance=Provenance.REPORTED),
        Unlisted(source="database_results", ends_in="excluded_other", n=114, provenance=Provenance.INFERRED),
    ]
    assert unlisted_totals(groups) == {
        "database_results": 150,
        "records_screened": 36,
        "dbr_sought_reports": 36,
        "dbr_assessed": 36,
        "dbr_excluded": 36,
        "excluded_other": 114,
    }


def test_an_unlisted_included_group_counts_among_the_included_reports_and_studies() -> None:
    group = Unlisted(
        source="citations_results",
        ends_in="other_included_reports",
        n=5,
        provenance=Provenance.REPORTED,
        n_studies=4,
    )
    totals = unlisted_totals([group])
    assert (totals["other_assessed"], totals["new_reports"], totals["new_studies"]) == (5, 5, 4)


@pytest.mark.parametrize(
    ("source", "ends_in", "n"),
    [
        ("database_results", "other_excluded", 3),
        ("citations_results", "records_excluded", 3),
        ("database_results", "records_screened", 3),
        ("records_screened", "records_excluded", 3),
        ("database_results", "records_excluded", 0),
    ],
)
def test_an_unlisted_group_that_cannot_be_is_refused(source: str, ends_in: str, n: int) -> None:
    with pytest.raises(ValueError, match=r"group|source"):
        Unlisted(source=source, ends_in=ends_in, n=n, provenance=Provenance.REPORTED)


def test_pending_counts_are_read_like_boxes() -> None:
    flow = Flow(template=Template.T1, pending=Pending(screening=3, eligibility=2))
    assert (flow.number("pending_screening"), flow.pending.total) == (3, 5)


def test_every_box_has_a_number_or_is_a_list_of_included_reports() -> None:
    names = {item.name for item in fields(Flow)}
    without = [box.key for box in BOXES if box.key not in names and not box.key.startswith("pending_")]
    assert without == ["dbr_included_reports", "other_included_reports"]


def test_boxes_have_unique_keys_and_two_sentences_each() -> None:
    assert len(BOX) == len(BOXES)
    assert [box.key for box in BOXES if box.definition.count(". ") != 1] == []


def test_what_a_box_follows_from_is_a_box() -> None:
    assert {key for box in BOXES for key in box.derived_from} <= set(BOX)


def test_updated_reviews_say_new_where_the_official_template_does() -> None:
    assert BOX["new_studies"].title_for(is_update=False) == "Studies included in review"
    assert BOX["new_studies"].title_for(is_update=True) == "New studies included in review"
    assert BOX["new_reports"].title_for(is_update=True) == "Reports of new included studies"


def test_boxes_count_records_up_to_screening_and_reports_from_sought_on() -> None:
    assert BOX["records_excluded"].unit is Unit.RECORD
    assert BOX["dbr_sought_reports"].unit is Unit.REPORT
    assert BOX["new_studies"].unit is Unit.STUDY
