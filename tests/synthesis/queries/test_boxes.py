"""Each number of the flow is the length of its list plus what is known only as a total."""

from __future__ import annotations

import pytest

from extraction.models import Study
from screening.models import Source
from synthesis.domain.prisma import Severity
from synthesis.queries.boxes import (
    OPENABLE,
    BoxFilter,
    box_rows,
    counts_by_source,
    named_findings,
    open_box,
    reasons_of,
)
from synthesis.queries.flow import count
from tests.screening.builders import make_record

# Counted by hand from the scenario: (number, of these known only as a total).
EXPECTED = {
    "database_results": (17, 9),
    "register_results": (1, 0),
    "duplicates": (4, 3),
    "records_screened": (12, 6),
    "pending_screening": (2, 0),
    "records_excluded": (5, 4),
    "dbr_sought_reports": (7, 2),
    "dbr_notretrieved_reports": (1, 0),
    "pending_retrieval": (1, 0),
    "dbr_assessed": (5, 2),
    "dbr_excluded": (3, 2),
    "pending_eligibility": (1, 0),
    "dbr_included_reports": (1, 0),
    "citations_results": (2, 0),
    "other_specific_results": (5, 5),
    "other_sought_reports": (7, 5),
    "other_assessed": (7, 5),
    "other_excluded": (6, 5),
    "other_included_reports": (1, 0),
    "new_reports": (2, 0),
    "new_studies": (1, 0),
}


@pytest.mark.parametrize("box", EXPECTED)
def test_a_box_shows_what_was_counted_by_hand(review, flowing, box):
    row = next(row for row in box_rows(review, count(review)) if row.box.key == box)
    assert (row.n, row.n_unlisted) == EXPECTED[box]


def test_every_box_opens_to_a_list_as_long_as_its_number(review, flowing):
    counted = count(review)
    lengths = {key: open_box(review, key) for key in OPENABLE}
    rows = {row.box.key: row for row in box_rows(review, counted)}
    for key, opened in lengths.items():
        n = opened.items.count() + opened.n_unlisted
        assert n == (rows[key].n or 0 if key in rows else 0), key
        assert opened.items.count() == counted.n_listed[key], key


def test_only_the_open_work_is_found_at_fault(review, flowing):
    assert [finding.code for finding in count(review).findings] == ["Q1"]
    assert count(review).flow.pending.total == 4


def test_what_is_not_reported_is_not_zero(review, flowing):
    rows = {row.box.key: row for row in box_rows(review, count(review))}
    assert rows["other_notretrieved_reports"].n is None


def test_the_lines_of_a_box_add_up_and_lead_to_their_part(review, flowing):
    row = next(row for row in box_rows(review, count(review)) if row.box.key == "dbr_excluded")
    assert [(line.label, line.n, line.query) for line in row.lines] == [
        ("Population", 1, "reason=Population"),
        ("Not in humans", 2, "reason=Not+in+humans"),
    ]


@pytest.mark.parametrize(("reason", "n"), [("Population", 1), ("Not in humans", 2)])
def test_a_reason_narrows_listed_and_unlisted_alike(review, flowing, reason, n):
    opened = open_box(review, "dbr_excluded", BoxFilter(reason=reason))
    assert opened.items.count() + opened.n_unlisted == n


def test_a_source_narrows_listed_and_unlisted_alike(review, flowing):
    opened = open_box(review, "other_assessed")
    by_source = {source.key: n for source, n in counts_by_source(opened)}
    assert by_source == {"lists": 2, "earlier": 5}
    for key, n in by_source.items():
        source = Source.objects.get(review=review, key=key)
        narrowed = open_box(review, "other_assessed", BoxFilter(source=source))
        assert narrowed.items.count() + narrowed.n_unlisted == n


def test_the_reasons_of_a_box_are_those_of_the_protocol_and_of_its_groups(review, flowing):
    assert reasons_of(review, "dbr_excluded") == ["Population", "Not in humans"]
    assert reasons_of(review, "records_screened") == []


def test_an_unknown_box_has_no_list(review):
    with pytest.raises(KeyError):
        open_box(review, "dbr_awaiting")


def test_a_finding_names_the_record_that_makes_the_difference(review, flowing):
    Study.objects.get(review=review).links.all().supersede(user=review.created_by)
    found = [each for each in named_findings(count(review).findings) if each.finding.identity == 9]
    assert {item.label for each in found for item in each.items} == {"included", "companion"}
    assert {each.finding.severity for each in found} == {Severity.WARNING}


def test_the_number_of_queries_does_not_grow_with_the_records(
    review, owner, flowing, django_assert_max_num_queries
):
    for _ in range(20):
        make_record(review, owner)
    with django_assert_max_num_queries(20):
        box_rows(review, count(review))
