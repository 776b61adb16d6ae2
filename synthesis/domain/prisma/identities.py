"""Check the arithmetic of a flow: one function per group of identities, each difference one finding.

Codes: P1/P2 lines of a source add up to it; A1–A5 the databases' arm, step by step; B1–B3 the other arm;
C1–C3 included reports and studies; D1–D4 totals; E1 human and automatic exclusions; L1 late duplicates; M1
meta-analysis within the included; N0 negative numbers; Q1 open work; R1/R2 reasons; S1 partitions of the
included studies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthesis.domain.prisma import arithmetic
from synthesis.domain.prisma.boxes import BOX
from synthesis.domain.prisma.findings import Finding, Severity
from synthesis.domain.prisma.flow import COUNT_KEYS, LIST_KEYS, Flow, Lines, total

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_PLACEHOLDER = re.compile(r"\s*(reason\s*\d*|x{2,}|to ?do|tbd|\?+)\s*", re.IGNORECASE)


def check(flow: Flow, *, final: bool = False) -> list[Finding]:
    """Return every difference in the flow's arithmetic, in the order of the diagram.

    With ``final`` open work (Q1) and placeholders (R2) are errors: such a figure may not be published.
    """
    implied = arithmetic.derive(flow)
    return [
        *_negative(flow),
        *_source_lines(flow),
        *_databases_arm(flow, implied),
        *_other_arm(flow, implied),
        *_included(flow, implied),
        *_totals(flow, implied),
        *_meta_analysis(flow, implied),
        *_partition(flow),
        *_reasons(flow, final=final),
        *_open_work(flow, final=final),
    ]


def _title(key: str) -> str:
    return BOX[key].title


def _compare(
    code: str,
    severity: Severity,
    key: str,
    reported: int | None,
    expected: int | None,
    *,
    how: str,
    upstream: tuple[str, ...] = (),
    hint: str = "",
) -> Iterator[Finding]:
    """Yield a finding where both numbers are known and differ."""
    if reported is None or expected is None or reported == expected:
        return
    delta = reported - expected
    message = f"{how} gives {expected:,}; “{_title(key)}” says {reported:,} ({_signed(delta)}). {hint}"
    yield Finding(code, severity, delta, message.strip(), (*upstream, key))


def _signed(delta: int) -> str:
    return f"{delta:+,}".replace("-", "−")


def _hint(flow: Flow, *keys: str) -> str:
    """Name the terms that are not reported and may explain a difference."""
    missing = [_title(key).lower() for key in keys if flow.number(key) is None]
    return f"Not reported and counted as none: {', '.join(missing)}." if missing else ""


def _negative(flow: Flow) -> Iterator[Finding]:
    keys = [key for key in COUNT_KEYS if key != "report_adjustment"]
    counts = [(key, flow.number(key)) for key in keys]
    for key in sorted(LIST_KEYS):
        lines: Lines = getattr(flow, key) or ()
        counts += [(key, line.n) for line in lines]
    for key, n in counts:
        if n is not None and n < 0:
            message = f"“{key}” is {n}; a number in the flow cannot be negative."
            yield Finding("N0", _ERROR, n, message, (key,))


def _source_lines(flow: Flow) -> Iterator[Finding]:
    pairs = (
        ("P1", "database_results", flow.database_specific_results),
        ("P2", "register_results", flow.register_specific_results),
    )
    for code, key, lines in pairs:
        yield from _compare(code, _ERROR, key, flow.number(key), total(lines), how="Adding up the sources")


def _databases_arm(flow: Flow, implied: dict[str, int | None]) -> Iterator[Finding]:
    removed = ("duplicates", "excluded_automatic", "excluded_other")
    yield from _compare(
        "A1", _ERROR, "records_screened", flow.records_screened, implied["records_screened"],
        how="Records identified less those removed before screening", hint=_hint(flow, *removed),
        upstream=("database_results", "register_results", *removed),
    )  # fmt: skip
    yield from _compare(
        "A2", _ERROR, "dbr_sought_reports", flow.dbr_sought_reports, implied["dbr_sought_reports"],
        how="Records screened less records excluded", upstream=("records_screened", "records_excluded"),
    )  # fmt: skip
    yield from _compare(
        "A3", _ERROR, "dbr_assessed", flow.dbr_assessed, implied["dbr_assessed"],
        how="Reports sought less reports not retrieved", hint=_hint(flow, "dbr_notretrieved_reports"),
        upstream=("dbr_sought_reports", "dbr_notretrieved_reports"),
    )  # fmt: skip
    yield from _compare(
        "A4", _ERROR, "dbr_excluded", flow.dbr_excluded_stated, total(flow.dbr_excluded),
        how="Adding up the reasons", hint="Each report counts under one primary reason only.",
    )  # fmt: skip
    yield from _no_less_than_none("A5", "dbr", implied["dbr_included_reports"])
    yield from _compare(
        "E1", _WARNING, "records_excluded", flow.records_excluded,
        arithmetic.full_sum(flow.records_excluded_human, flow.records_excluded_automation),
        how="Adding records excluded by people and by automation tools",
    )  # fmt: skip
    if flow.dbr_late_duplicates:
        n = flow.dbr_late_duplicates
        message = f"{n:,} duplicates were found after screening: move them there or add a footnote."
        yield Finding("L1", _WARNING, n, message, ("dbr_late_duplicates", "duplicates"))


def _other_arm(flow: Flow, implied: dict[str, int | None]) -> Iterator[Finding]:
    sources = ("website_results", "organisation_results", "citations_results", "other_specific_results")
    footnote = "The official diagram has no box between the two: say in a footnote where the others went."
    yield from _compare(
        "B1", _WARNING, "other_sought_reports", flow.other_sought_reports, implied["other_sought_reports"],
        how="Records identified from other methods", upstream=sources, hint=footnote,
    )  # fmt: skip
    # Without a number sought, a gap before the assessment may lie where the diagram has no box.
    skips_sought = flow.other_sought_reports is None
    yield from _compare(
        "B1" if skips_sought else "B2", _WARNING if skips_sought else _ERROR,
        "other_assessed", flow.other_assessed, implied["other_assessed"],
        how="Reports sought from other methods less reports not retrieved",
        hint=footnote if skips_sought else _hint(flow, "other_notretrieved_reports"),
        upstream=("other_sought_reports", "other_notretrieved_reports"),
    )  # fmt: skip
    yield from _compare(
        "A4", _ERROR, "other_excluded", flow.other_excluded_stated, total(flow.other_excluded),
        how="Adding up the reasons", hint="Each report counts under one primary reason only.",
    )  # fmt: skip
    yield from _no_less_than_none("B3", "other", implied["other_included_reports"])


def _no_less_than_none(code: str, arm: str, included: int | None) -> Iterator[Finding]:
    if included is not None and included < 0:
        message = (
            f"{-included:,} more reports are excluded, awaiting or ongoing than were assessed. "
            "Are several reasons counted for one report?"
        )
        boxes = tuple(f"{arm}_{part}" for part in ("assessed", "excluded", "awaiting", "ongoing"))
        yield Finding(code, _ERROR, included, message, boxes)


def _included(flow: Flow, implied: dict[str, int | None]) -> Iterator[Finding]:
    left = implied["included_reports_from_flow"]
    upstream = ("dbr_assessed", "dbr_excluded", "other_assessed", "other_excluded")
    if flow.new_reports is not None:
        reported = flow.new_reports + (flow.new_reports_of_previous_studies or 0)
        how = "Reports assessed less those excluded, awaiting or ongoing, over both arms,"
        yield from _compare("C1", _ERROR, "new_reports", reported, left, how=how, upstream=upstream)
        yield from _more_studies_than_reports(flow)
    elif flow.new_studies is not None and left is not None:
        too_many = flow.new_studies > left
        certain = too_many and not flow.extra_study_links
        yield from _compare(
            "C2", _ERROR if certain else _WARNING, "new_studies", flow.new_studies, left,
            how="Reports left after full-text assessment", upstream=upstream,
            hint="Give the number of included reports as well.",
        )  # fmt: skip


def _more_studies_than_reports(flow: Flow) -> Iterator[Finding]:
    if flow.new_studies is None or flow.new_reports is None:
        return
    surplus = flow.new_studies - flow.new_reports - (flow.extra_study_links or 0)
    if surplus > 0:
        message = (
            f"{flow.new_studies:,} studies from {flow.new_reports:,} reports: {surplus:,} more studies than "
            "reports. Link the reports that describe several studies."
        )
        yield Finding("C3", _WARNING, surplus, message, ("new_studies", "new_reports"))


def _totals(flow: Flow, implied: dict[str, int | None]) -> Iterator[Finding]:
    update = flow.template.is_update
    how = "Previous and new ones, less those dropped," if update else "What this new review included"
    for code, key in (("D1", "total_studies"), ("D2", "total_reports")):
        yield from _compare(
            code if update else "D3", _ERROR, key, flow.number(key), implied[key], how=how,
            hint="" if update else "A new review has no total box: leave it empty.",
        )  # fmt: skip
    if update or flow.total_studies is None or flow.total_reports is None:
        return
    delta = flow.total_reports - flow.total_studies
    if delta < 0:
        message = f"{flow.total_reports:,} reports cannot describe {flow.total_studies:,} studies in total."
        yield Finding("D4", _WARNING, delta, message, ("total_studies", "total_reports"))


def _meta_analysis(flow: Flow, implied: dict[str, int | None]) -> Iterator[Finding]:
    for unit in ("studies", "reports"):
        pooled = flow.number(f"total_{unit}_ma")
        included = arithmetic.first_known(
            flow.number(f"total_{unit}"), implied[f"total_{unit}"], flow.number(f"new_{unit}")
        )
        if pooled is not None and included is not None and pooled > included:
            message = f"{pooled:,} {unit} in the meta-analysis, but only {included:,} are included."
            yield Finding("M1", _ERROR, pooled - included, message, (f"total_{unit}", f"total_{unit}_ma"))


def _partition(flow: Flow) -> Iterator[Finding]:
    studies = flow.new_studies
    if flow.template.is_update and flow.total_studies is not None:
        studies = flow.total_studies
    parts = total(flow.partition_studies)
    if parts is not None and studies is not None and parts != studies:
        delta = parts - studies
        message = f"The groups of studies add up to {parts:,}; {studies:,} are included ({_signed(delta)})."
        yield Finding("S1", _ERROR, delta, message, ("new_studies",))


def _reasons(flow: Flow, *, final: bool) -> Iterator[Finding]:
    given = [(key, line) for key in ("dbr_excluded", "other_excluded") for line in getattr(flow, key) or ()]
    for key, line in given:
        if "duplicate" in line.label.lower() and line.n != 0:
            message = f"“{line.label}” is no reason to exclude a report: move it to the duplicates."
            yield Finding("R1", _WARNING, line.n, message, (key,))
    unfinished = [(k, line) for k, line in given if line.n is None or _PLACEHOLDER.fullmatch(line.label)]
    if unfinished:
        labels = ", ".join(dict.fromkeys(f"“{line.label}”" for _, line in unfinished))
        message = f"Reasons without a number or with a placeholder for a name: {labels}."
        boxes = tuple(dict.fromkeys(key for key, _ in unfinished))
        yield Finding("R2", _ERROR if final else _WARNING, None, message, boxes)


def _open_work(flow: Flow, *, final: bool) -> Iterator[Finding]:
    n = flow.pending.total
    if n:
        message = f"{n:,} records or reports have no final outcome yet: the figure is interim."
        boxes = tuple(key for key in BOX if key.startswith("pending_") and flow.number(key))
        yield Finding("Q1", _ERROR if final else _WARNING, n, message, boxes)
