"""Printed numbers are marked against the review's own; broken relations are found by general rules."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from extraction.services.consensus import accept_single_entry
from extraction.services.entries import Given
from extraction.services.forms import add_field, open_form, publish_version
from synthesis.domain.pooling import Scheme
from synthesis.queries.relations import Weight
from synthesis.queries.reported import compare, relation_findings
from synthesis.services.reported import load_reported
from tests.extraction.builders import fill, make_protocol, make_study
from tests.synthesis.queries.scenario import document, log_search, printed

PUBLISHED = Path(__file__).parents[3] / "fixtures" / "vertebral_augmentation" / "reported.json"
PVP = {"group": "PVP"}


def load(review, owner, *cells, **blocks):
    return load_reported(user=owner, review=review, document=document(*cells, **blocks))


def only(review, scheme=Scheme.STRICT):
    [row] = compare(review, scheme)
    return row


@pytest.mark.parametrize(
    ("computes", "value"),
    [
        ({"kind": "pooled_mean", "outcome": "VAS", "interval": "pre", **PVP}, "6.50"),
        ({"kind": "pooled_n", "outcome": "VAS", "interval": "pre", **PVP}, "40.00"),
        ({"kind": "characteristic_total", "field": "patients", "group": "all"}, "70.00"),
        ({"kind": "characteristic_total_n", "field": "women", "denominator": "patients", **PVP}, "10.00"),
        ({"kind": "characteristic_mean", "field": "age", "weight": "patients", "group": "all"}, "66.00"),
        ({"kind": "characteristic_mean_n", "field": "age", "weight": "patients", **PVP}, "40.00"),
        ({"kind": "characteristic_ratio", "numerator": "levels", "denominator": "patients", **PVP}, "2.00"),
        (
            {"kind": "characteristic_ratio_n", "numerator": "levels", "denominator": "patients", **PVP},
            "10.00",
        ),
        # 6 women of all 40 patients: women and men are a partition, the rest is unknown
        ({"kind": "characteristic_pct", "numerator": "women", "denominator": "patients", **PVP}, "15.00"),
        (
            {"kind": "characteristic_remainder", "whole": "patients", "parts": ["women", "men"], **PVP},
            "31.00",
        ),
        (
            {"kind": "characteristic_remainder_pct", "whole": "patients", "parts": ["women", "men"], **PVP},
            "77.50",
        ),
        ({"kind": "group_share_pct", "field": "patients", **PVP}, "57.14"),  # 40 / 70
        ({"kind": "study_count", "outcome": "VAS", "group": "all"}, "2.00"),
        ({"kind": "design_count", "design": "randomised_controlled_trial"}, "1.00"),
        ({"kind": "flow_box", "box": "new_reports"}, "3.00"),
        ({"kind": "flow_box", "box": "citations_results", "source": "lists"}, "0.00"),
    ],
)
def test_each_quantity_is_what_was_worked_out_by_hand(review, owner, pooled, computes, value):
    load(review, owner, printed("x", 0, 2, **computes))
    assert only(review).comparison.computed == Decimal(value)


def test_a_flow_box_counts_one_source_with_its_unlisted_records(review, owner, flowing):
    load(review, owner, printed("x", 5, kind="flow_box", box="other_assessed", source="earlier"))
    assert (only(review).mark, only(review).coverage) == ("reproduced", "")


def test_hits_come_from_the_search_log_and_a_blank_is_not_derivable(review, owner):
    log_search(review, owner)
    line = {"kind": "search_line_hits", "source": "medline"}
    load(review, owner, printed("a", 120, **line, line=1), printed("b", 3, **line, line=2))
    assert [row.mark for row in compare(review)] == ["reproduced", "not_derivable"]


def test_a_difference_says_from_how_many_studies_the_number_is_computed(review, owner, pooled):
    place = {"outcome": "VAS", "interval": "pre", **PVP}
    load(
        review,
        owner,
        printed("mean", 7.1, 1, kind="pooled_mean", **place),
        printed("n", 500, kind="pooled_n", **place),
    )
    row = compare(review)[0]
    assert (row.mark, row.comparison.computed) == ("different", Decimal("6.5"))
    assert row.coverage == "2 of 3 studies, 40 of 500 patients"
    assert "Computed from the 2 studies at hand only" in row.remark


def test_an_empty_cell_says_why_it_cannot_be_computed(review, owner, pooled):
    place = {"outcome": "VAS", "interval": "pre", "group": "KP"}
    load(review, owner, printed("mean", 6, kind="pooled_mean", **place))
    assert only(review).mark == "not_derivable"
    assert "number of patients analysed is not reported" in only(review).remark
    assert only(review, Scheme.ENROLLED_FALLBACK).mark == "reproduced"


def test_a_number_that_nothing_computes_is_not_derivable(review, owner):
    load(review, owner, printed("a", 1), printed("b", 1, kind="a_guess"))
    assert [row.mark for row in compare(review)] == ["not_derivable"] * 2


def test_a_period_leaves_out_studies_of_its_own_year(review, owner, pooled):
    of = {"kind": "characteristic_pct", "numerator": "women", "denominator": "patients", "group": "all"}
    load(
        review,
        owner,
        printed("before", 53, period="before_2012_06", **of),  # (6 + 15) / (10 + 30) = 52.5, half up
        printed("from", 53, period="from_2011_06", **of),
    )
    before, later = compare(review)
    assert (before.mark, later.mark) == ("reproduced", "not_derivable")
    assert "Studies of 2012 are left out" in before.remark


@pytest.mark.parametrize(
    ("units", "mark"), [(("levels", "levels"), "reproduced"), (("levels", "patients"), "not_derivable")]
)
def test_counts_per_different_units_are_not_added(review, owner, extractor_a, adjudicator, units, mark):
    make_protocol(review, owner)
    mine = {"user": owner, "review": review}
    version = open_form(**mine, slug="leaks", title="Leaks")
    arm = {"version": version, "scope": "arm", **mine}
    add_field(**arm, key="unit", label="Unit", kind="choice", choices=["levels", "patients"])
    add_field(**arm, key="examined", label="Examined", kind="integer")
    per = {"summary": "count", "denominator_key": "examined", "denominator_unit": "unit"}
    add_field(**arm, key="leaks", label="Leaks", kind="integer", **per)
    publish_version(**mine, version=version)
    study = make_study(review, extractor_a, owner)
    answers = [
        Given(key, text, slot=slot)
        for slot, unit in zip(("pvp", "kp"), units, strict=True)
        for key, text in (("unit", unit), ("examined", "10"), ("leaks", "3"))
    ]
    entry = fill(extractor_a, study, version, *answers)
    accept_single_entry(user=adjudicator, review=review, entry=entry, rationale="One reader was at hand.")
    of = {"kind": "characteristic_pct", "numerator": "leaks", "denominator": "examined", "group": "all"}
    load(review, owner, printed("x", 30, **of))  # (3 + 3) / (10 + 10)
    assert only(review).mark == mark


def test_a_review_without_printed_numbers_has_nothing_to_compare(review):
    assert compare(review) == []
    assert relation_findings(review) == []


def test_queries_do_not_grow_with_the_cells(review, owner, pooled, django_assert_max_num_queries):
    place = {"outcome": "VAS", "interval": "pre", **PVP}
    load(review, owner, *(printed(f"c{i}", i, kind="pooled_mean", **place) for i in range(30)))
    with django_assert_max_num_queries(14):
        compare(review)


def test_a_relation_that_names_a_missing_number_is_told(review, owner):
    relation = {"id": "r", "kind": "at_most", "part": "a", "whole": "gone"}
    load(review, owner, printed("a", 1), relations=[relation])
    [finding] = relation_findings(review)
    assert finding.weight is Weight.WARNING
    assert "gone" in finding.message


@pytest.fixture(scope="module")
def published() -> dict[str, object]:
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))


def test_the_published_example_breaks_exactly_the_known_relations(review, owner, published):
    load_reported(user=owner, review=review, document=published)
    errors = [finding for finding in relation_findings(review) if finding.weight is Weight.ERROR]
    sentences = "\n".join(f"{finding.rule} {finding.delta} {finding.message}" for finding in errors)
    for known in (
        "parts_whole 114 243 + 150 − 73 − 85 − 36 + 2 = 201",
        "C1 -114 ",
        "groups_total -56 The groups add up to 1363",
        "parts_whole -19 The categories add up to 2072",
        "parts_whole 12 The categories add up to 1347",
        "parts_whole -7 The categories add up to 3419",
        "percent_count 0.1 1753 of 3426 is 51.2 %",
        "text_table 0.01 ODI",
        "1157 being 37.9 % implies 3049 to 3056 units",
        "206 being 13.6 % implies 1510 to 1520 units",
        "1419 being 31.1 % implies 4556 to 4570 units",
    ):
        assert known in sentences
    assert len(errors) == 11


def test_growing_numbers_of_the_published_example_are_remarks(review, owner, published):
    load_reported(user=owner, review=review, document=published)
    assert sum(finding.weight is Weight.REMARK for finding in relation_findings(review)) == 8
