"""Flows that the tests of the figure draw: the example review, each template, one that strains the layout."""

from __future__ import annotations

from dataclasses import replace

from synthesis.domain.prisma import Flow, Pending, Provenance, Template, Unlisted, flow_from_mapping


def example() -> Flow:
    """Return the example review: two arms, 114 records inferred, nothing on retrieval."""
    flow = flow_from_mapping(
        {
            "database_results": 243,
            "excluded_other": 114,
            "records_screened": 129,
            "records_excluded": 73,
            "dbr_sought_reports": 56,
            "dbr_assessed": 56,
            "dbr_excluded": 36,
            "other_specific_results": [["Health technology assessment", 150], ["Reference lists", 2]],
            "other_sought_reports": 152,
            "other_assessed": 152,
            "other_excluded": 85,
            "new_studies": 87,
            "new_reports": 87,
        }
    )
    removed = Unlisted(
        source="database_results", ends_in="excluded_other", n=114, provenance=Provenance.INFERRED
    )
    return replace(flow, unlisted=(removed,))


def databases_only() -> Flow:
    """Return a small new review with databases and registers only."""
    return flow_from_mapping(
        {
            "database_results": 1162,
            "register_results": 0,
            "duplicates": 23,
            "records_screened": 1139,
            "records_excluded": 1025,
            "dbr_sought_reports": 114,
            "dbr_notretrieved_reports": 4,
            "dbr_assessed": 110,
            "dbr_excluded": [["Wrong design", 88]],
            "new_studies": 22,
            "new_reports": 22,
        }
    )


def strained() -> Flow:
    """Return an update with every kind of line: 15 long reasons, open work, an unbreakable word."""
    reason = "Wrong comparator or no comparison group at all in the study"
    flow = flow_from_mapping(
        {
            "previous_studies": 40,
            "previous_reports": 52,
            "database_results": 123456,
            "database_specific_results": [["MEDLINE & <In-Process>", 70000], ["Embase", 53456]],
            "register_results": 1200,
            "duplicates": 23456,
            "excluded_automatic": 50000,
            "excluded_other": 1200,
            "records_screened": 50000,
            "records_excluded": 45000,
            "records_excluded_human": 40000,
            "records_excluded_automation": 5000,
            "dbr_sought_reports": 5000,
            "dbr_notretrieved_reports": 12,
            "dbr_assessed": 4988,
            "dbr_excluded": [[f"{i} {reason}"[:60], 300 + i] for i in range(15)],
            "dbr_awaiting": 3,
            "dbr_ongoing": 2,
            "website_results": 5,
            "organisation_results": 3,
            "citations_results": 12,
            "other_duplicates": 2,
            "other_sought_reports": 18,
            "other_notretrieved_reports": 1,
            "other_assessed": 17,
            "other_excluded": [["Pneumonoultramicroscopicsilicovolcanoconiosisinanimalsonlyab", 12]],
            "new_studies": 22,
            "new_reports": 29,
            "total_studies": 61,
            "total_reports": 82,
            "total_studies_ma": 20,
        }
    )
    return replace(flow, pending=Pending(screening=1234, retrieval=3, eligibility=12, other_eligibility=1))


FLOWS = {
    "T1": databases_only(),
    "T2": example(),
    "T3": replace(databases_only(), template=Template.T3, previous_studies=4, total_studies=26),
    "T4": strained(),
    "empty": Flow(template=Template.T2),
}
