"""The PRISMA flow of a review: every number with the list behind it, from one classification of fates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, FilteredRelation, Q, QuerySet

from extraction.models import Study, StudyReport
from extraction.queries.studies import included_reports, included_studies
from reviewsite.workspace.models import Review
from screening.domain.vocabulary import Stage
from screening.models import ExclusionReason, Record, Source, UnlistedGroup
from synthesis.domain.fates import SOURCE_BOXES, Fate, unlisted_end
from synthesis.domain.prisma import BOX, Finding, Severity, check, check_lengths, check_sets
from synthesis.domain.prisma.boxes import Unit
from synthesis.domain.prisma.flow import (
    DBR_SOURCES,
    OTHER_SOURCES,
    Flow,
    Line,
    Pending,
    Provenance,
    Template,
    Unlisted,
    unlisted_totals,
)

PENDING_BOXES = (
    "pending_screening",
    "pending_retrieval",
    "pending_eligibility",
    "pending_other_screening",
    "pending_other_retrieval",
    "pending_other_eligibility",
)
REASON_BOXES = ("dbr_excluded", "other_excluded")
SILENT_WHERE_UNLISTED = {
    "duplicates": False,
    "excluded_automatic": False,
    "excluded_other": False,
    "dbr_notretrieved_reports": False,
    "other_notretrieved_reports": True,
}
"""Boxes that a review known partly by totals does not report when they are empty; True for other methods."""


@dataclass(frozen=True)
class Group:
    """Records of one source and one fate, and how many they are."""

    source: Source
    fate: Fate
    reason: int | None
    n: int


@dataclass(frozen=True)
class Counted:
    """A review's flow with what is needed to open each number."""

    flow: Flow
    findings: tuple[Finding, ...]
    n_listed: Mapping[str, int]
    unlisted: tuple[UnlistedGroup, ...]

    @property
    def is_interim(self) -> bool:
        """Tell whether work is open, so that the flow is not final."""
        return self.flow.pending.total > 0


def count(review: Review) -> Counted:
    """Return the review's flow as it stands now, with what breaks its identities."""
    groups = _groups(review)
    unlisted = list(_unlisted(review))
    flow = _flow(review, groups, unlisted)
    sets = box_sets(review)
    totals = unlisted_totals(flow.unlisted)
    findings = [*check(flow), *_check_sets(review, sets, totals), *check_lengths(flow, sets, totals)]
    return Counted(
        flow=flow,
        findings=tuple(findings),
        n_listed={key: len(ids) for key, ids in sets.items()},
        unlisted=tuple(unlisted),
    )


def records_in(
    review: Review, box: str, *, source: Source | None = None, reason: ExclusionReason | None = None
) -> QuerySet[Record]:
    """Return the records that a box counts (for a box of reports: the records of these reports)."""
    fits = [
        group
        for group in _groups(review)
        if box in group.fate.path
        and (source is None or group.source.pk == source.pk)
        and (reason is None or group.reason == reason.pk)
    ]
    wanted = Q(pk__in=[])
    for group in fits:
        wanted |= Q(
            source=group.source,
            canonical__isnull=not group.fate.is_duplicate,
            **_equals("ta__status", group.fate.title_abstract),
            **_equals("ft__status", group.fate.full_text),
            **_equals("ft__reason", group.reason),
        )
    return _with_states(review).filter(wanted).select_related("source", "canonical").order_by("number")


def studies_in(review: Review) -> QuerySet[Study]:
    """Return the studies that the box “Studies included in review” counts."""
    return included_studies(review).order_by("number")


def unlisted_in(review: Review, box: str) -> list[UnlistedGroup]:
    """Return the unlisted groups that a box counts."""
    return [group for group in _unlisted(review) if box in _as_unlisted(group).path]


def is_reported(review: Review, box: str) -> bool:
    """Tell whether an empty box means zero; in an arm known partly by totals it may mean not reported."""
    if box not in SILENT_WHERE_UNLISTED:
        return True
    silent_arms = {group.source.arm == Source.Arm.OTHER for group in _unlisted(review)}
    return SILENT_WHERE_UNLISTED[box] not in silent_arms


def box_sets(review: Review) -> dict[str, set[int]]:
    """Return the ids that stand in each box: records up to screening, reports from “sought” on, studies."""
    sets: dict[str, set[int]] = {key: set() for key in BOX if _is_counted(key)}
    rows = _with_states(review).values_list(  # type: ignore[misc]
        "pk", "source__kind", "canonical", "ta__status", "ft__status", "report"
    )
    for record, kind, canonical, title_abstract, full_text, report in rows.iterator(chunk_size=5000):
        fate = Fate(kind, canonical is not None, title_abstract, full_text)
        for key in fate.path:
            item = record if BOX[key].unit is Unit.RECORD else report
            sets[key].add(item if item is not None else -record)
    sets["new_studies"] = set(studies_in(review).values_list("pk", flat=True))
    return sets


def _is_counted(key: str) -> bool:
    return key in {
        *DBR_SOURCES,
        *OTHER_SOURCES,
        *PENDING_BOXES,
        "duplicates",
        "excluded_automatic",
        "excluded_other",
        "records_screened",
        "records_excluded",
        "dbr_sought_reports",
        "dbr_notretrieved_reports",
        "dbr_assessed",
        "dbr_excluded",
        "dbr_included_reports",
        "other_duplicates",
        "other_records_excluded",
        "other_sought_reports",
        "other_notretrieved_reports",
        "other_assessed",
        "other_excluded",
        "other_included_reports",
        "new_studies",
        "new_reports",
    }


def _check_sets(review: Review, sets: Mapping[str, set[int]], totals: Mapping[str, int]) -> list[Finding]:
    reports_of = {
        record: [report]
        for record, report in _with_states(review)  # type: ignore[misc]
        .filter(canonical__isnull=True, report__isnull=False, ft__status__isnull=False)
        .values_list("pk", "report")
    }
    studies_of: dict[int, list[int]] = defaultdict(list)
    links = StudyReport.objects.open().filter(review=review, report__in=included_reports(review).values("pk"))
    for report, study in links.values_list("report", "study"):
        studies_of[report].append(study)
    found = check_sets(sets, reports_of=reports_of, studies_of=studies_of, unlisted=dict(totals))
    return [_work_to_do(finding, studies_of) for finding in found]


def _work_to_do(finding: Finding, studies_of: Mapping[int, list[int]]) -> Finding:
    """Turn the breach of identity 9 by reports whose study is still to be formed into a reminder."""
    is_reports = finding.identity == 9 and finding.unit is Unit.REPORT and finding.ids
    if not is_reports or any(studies_of.get(report) for report in finding.ids):
        return finding
    n = len(finding.ids)
    reports = "1 included report belongs" if n == 1 else f"{n} included reports belong"
    message = f"{reports} to no study yet: form the studies, or add the reports to their studies."
    return replace(finding, severity=Severity.WARNING, message=message)


def _with_states(review: Review) -> QuerySet[Record]:
    """Return the review's records joined with their two stage states as `ta` and `ft`."""
    return Record.objects.filter(review=review).alias(
        ta=FilteredRelation("stage_states", condition=Q(stage_states__stage=Stage.TITLE_ABSTRACT.value)),
        ft=FilteredRelation("stage_states", condition=Q(stage_states__stage=Stage.FULL_TEXT.value)),
    )


def _groups(review: Review) -> list[Group]:
    sources = {source.pk: source for source in Source.objects.filter(review=review)}
    rows = (  # the type stubs do not know filtered relations
        _with_states(review)  # type: ignore[misc]
        .order_by()
        .values("source", "ta__status", "ft__status", "ft__reason", is_canonical=Q(canonical__isnull=True))
        .annotate(n=Count("pk"))
    )
    return [
        Group(
            source=sources[row["source"]],
            fate=Fate(
                sources[row["source"]].kind, not row["is_canonical"], row["ta__status"], row["ft__status"]
            ),
            reason=row["ft__reason"],
            n=row["n"],
        )
        for row in rows
    ]


def _equals(lookup: str, value: Any) -> dict[str, Any]:
    return {f"{lookup}__isnull": True} if value is None else {lookup: value}


def _unlisted(review: Review) -> QuerySet[UnlistedGroup]:
    return UnlistedGroup.objects.open().filter(review=review).select_related("source").order_by("pk")


def _as_unlisted(group: UnlistedGroup) -> Unlisted:
    return Unlisted(
        source=SOURCE_BOXES[group.source.kind],
        ends_in=unlisted_end(group.source.kind, group.box),
        n=group.n,
        provenance=Provenance(group.provenance),
        reason=group.reason,
    )


def _flow(review: Review, groups: Iterable[Group], unlisted: Iterable[UnlistedGroup]) -> Flow:
    groups, rows = list(groups), list(unlisted)
    as_unlisted = tuple(_as_unlisted(row) for row in rows)
    numbers: dict[str, int] = defaultdict(int)
    for group in groups:
        for key in group.fate.path:
            numbers[key] += group.n
    for key, n in unlisted_totals(as_unlisted).items():
        numbers[key] += n
    has_other = any(SOURCE_BOXES[source.kind] in OTHER_SOURCES for source in _sources(review))
    is_silent = {row.source.arm == Source.Arm.OTHER for row in rows}
    counted: dict[str, Any] = {
        key: numbers[key]
        for key in (*_PLAIN_DBR, *(_PLAIN_OTHER if has_other else ()))
        if numbers[key] or SILENT_WHERE_UNLISTED.get(key) not in is_silent
    }
    lines = _lines(review, groups, rows)
    if not has_other:
        lines.pop("other_excluded")
    counted |= lines
    counted |= {key: numbers[key] for key in _OPTIONAL if numbers[key]}
    n_studies = studies_in(review).count()
    links = StudyReport.objects.open().filter(review=review, report__in=included_reports(review).values("pk"))
    n_extra = links.count() - links.values("report").distinct().count()
    return Flow(
        template=Template.T2 if has_other else Template.T1,
        new_studies=n_studies,
        new_reports=numbers["new_reports"],
        extra_study_links=n_extra or None,
        pending=Pending(**{key.removeprefix("pending_"): numbers[key] for key in PENDING_BOXES}),
        unlisted=as_unlisted,
        **counted,
    )


_PLAIN_DBR = (
    "database_results",
    "duplicates",
    "excluded_automatic",
    "excluded_other",
    "records_screened",
    "records_excluded",
    "dbr_sought_reports",
    "dbr_notretrieved_reports",
    "dbr_assessed",
)
_PLAIN_OTHER = ("other_sought_reports", "other_notretrieved_reports", "other_assessed")
_OPTIONAL = (
    "register_results",
    "website_results",
    "organisation_results",
    "citations_results",
    "other_duplicates",
    "other_records_excluded",
)
_SPECIFIC = {
    "database_results": "database_specific_results",
    "register_results": "register_specific_results",
    "other_specific_results": "other_specific_results",
}


def _sources(review: Review) -> QuerySet[Source]:
    return Source.objects.filter(review=review).order_by("pk")


def _lines(
    review: Review, groups: Iterable[Group], unlisted: Iterable[UnlistedGroup]
) -> dict[str, tuple[Line, ...]]:
    by_source: dict[int, int] = defaultdict(int)
    by_reason: dict[str, dict[str, int]] = {key: defaultdict(int) for key in REASON_BOXES}
    labels = dict(
        ExclusionReason.objects.filter(review=review).order_by("position").values_list("pk", "label")
    )
    order = {label: position for position, label in enumerate(labels.values())}
    for group in groups:
        by_source[group.source.pk] += group.n
        if group.fate.terminal in REASON_BOXES and group.reason is not None:
            by_reason[group.fate.terminal][labels[group.reason]] += group.n
    for row in unlisted:
        by_source[row.source.pk] += row.n
        end = unlisted_end(row.source.kind, row.box)
        if end in REASON_BOXES:
            by_reason[end][row.reason or "Reasons not given"] += row.n
    lines: dict[str, list[Line]] = defaultdict(list)
    for source in _sources(review):
        key = _SPECIFIC.get(SOURCE_BOXES[source.kind])
        if key and by_source[source.pk]:
            lines[key].append(Line(source.name, by_source[source.pk]))
    for key, reasons in by_reason.items():
        in_order = sorted(reasons.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
        lines[key] = [Line(label, n) for label, n in in_order]
    return {key: tuple(each) for key, each in lines.items()}
