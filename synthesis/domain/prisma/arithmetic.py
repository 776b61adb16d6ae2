"""Work out what the upstream numbers of a flow imply for each box downstream."""

from __future__ import annotations

from synthesis.domain.prisma.flow import Flow, Template, total

OTHER_KEYS = (
    "website_results",
    "organisation_results",
    "citations_results",
    "other_specific_results",
    "other_sought_reports",
    "other_notretrieved_reports",
    "other_assessed",
    "other_excluded",
)


def known_sum(*terms: int | None) -> int | None:
    """Add the reported terms; None where none of them is reported."""
    known = [term for term in terms if term is not None]
    return sum(known) if known else None


def full_sum(*terms: int | None) -> int | None:
    """Add the terms; None where any of them is not reported."""
    known = [term for term in terms if term is not None]
    return sum(known) if len(known) == len(terms) else None


def first_known(*values: int | None) -> int | None:
    """Return the first value that is reported."""
    return next((value for value in values if value is not None), None)


def identified_dbr(flow: Flow) -> int | None:
    """Return the records from databases and registers; the sum of their lines where a total is missing."""
    databases = first_known(flow.database_results, total(flow.database_specific_results))
    registers = first_known(flow.register_results, total(flow.register_specific_results))
    return known_sum(databases, registers)


def identified_other(flow: Flow) -> int | None:
    """Return the records from all other methods together."""
    return known_sum(
        flow.website_results,
        flow.organisation_results,
        flow.citations_results,
        total(flow.other_specific_results),
    )


def records_removed(flow: Flow) -> int | None:
    """Return the records removed before screening; a line that is not reported adds nothing."""
    return known_sum(flow.duplicates, flow.excluded_automatic, flow.excluded_other)


def records_excluded(flow: Flow) -> int | None:
    """Return the records excluded; the human and the automatic part together where no total is given."""
    return first_known(
        flow.records_excluded, full_sum(flow.records_excluded_human, flow.records_excluded_automation)
    )


def derive(flow: Flow) -> dict[str, int | None]:
    """Return the number that upstream boxes imply for each box, None where an operand is missing.

    Each step starts from the reported upstream box, or from its implied number where none is reported.
    Optional lines (removed records, reports not retrieved, awaiting, ongoing) add nothing when they are not
    reported.
    """
    boxes = _derive_dbr(flow) | _derive_other(flow)
    boxes["included_reports_from_flow"] = full_sum(
        boxes["dbr_included_reports"], boxes["other_included_reports"]
    )
    return boxes | _derive_totals(flow)


def _derive_dbr(flow: Flow) -> dict[str, int | None]:
    identified = identified_dbr(flow)
    removed = records_removed(flow)
    screened = _less(identified, removed or 0, flow.pending.screening)
    sought = _less(
        first_known(flow.records_screened, screened), records_excluded(flow), -(flow.report_adjustment or 0)
    )
    assessed = _less(
        first_known(flow.dbr_sought_reports, sought),
        flow.dbr_notretrieved_reports or 0,
        flow.dbr_late_duplicates or 0,
        flow.pending.retrieval,
    )
    excluded = flow.number("dbr_excluded")
    return {
        "records_identified_dbr": identified,
        "records_removed": removed,
        "records_screened": screened,
        "dbr_sought_reports": sought,
        "dbr_assessed": assessed,
        "dbr_excluded_total": excluded,
        "dbr_included_reports": _included(
            first_known(flow.dbr_assessed, assessed),
            excluded,
            (flow.dbr_awaiting or 0) + (flow.dbr_ongoing or 0) + flow.pending.eligibility,
        ),
    }


def _derive_other(flow: Flow) -> dict[str, int | None]:
    identified = identified_other(flow)
    sought = _less(
        identified,
        flow.other_duplicates or 0,
        flow.other_records_excluded or 0,
        flow.pending.other_screening,
    )
    assessed = _less(
        first_known(flow.other_sought_reports, sought),
        flow.other_notretrieved_reports or 0,
        flow.pending.other_retrieval,
    )
    excluded = flow.number("other_excluded")
    included = _included(
        first_known(flow.other_assessed, assessed),
        excluded,
        (flow.other_awaiting or 0) + (flow.other_ongoing or 0) + flow.pending.other_eligibility,
    )
    if not flow.template.has_other_methods and not any(flow.number(key) for key in OTHER_KEYS):
        included = 0
    return {
        "records_identified_other": identified,
        "other_sought_reports": sought,
        "other_assessed": assessed,
        "other_excluded_total": excluded,
        "other_included_reports": included,
    }


def _derive_totals(flow: Flow) -> dict[str, int | None]:
    if flow.template in (Template.T1, Template.T2):
        return {"total_studies": flow.new_studies, "total_reports": flow.new_reports}
    studies = full_sum(flow.previous_studies, flow.new_studies)
    reports = full_sum(flow.previous_reports, flow.new_reports)
    return {
        "total_studies": _less(studies, flow.previous_studies_dropped or 0),
        "total_reports": _less(
            reports, flow.previous_reports_dropped or 0, -(flow.new_reports_of_previous_studies or 0)
        ),
    }


def _included(assessed: int | None, excluded: int | None, neither: int) -> int | None:
    """Return assessed − excluded − neither; where nothing was assessed, missing exclusions are none."""
    if assessed == 0 and excluded is None:
        excluded = 0
    return _less(assessed, excluded, neither)


def _less(start: int | None, *terms: int | None) -> int | None:
    known = [term for term in terms if term is not None]
    if start is None or len(known) < len(terms):
        return None
    return start - sum(known)
