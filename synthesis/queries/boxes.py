"""The boxes of a review's flow as rows: the same numbers as the figure, and what stands behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from extraction.models import Study
from reviewsite.workspace.models import Review
from screening.models import ExclusionReason, Record, Report, Source, UnlistedGroup
from synthesis.domain.prisma import BOX, Arm, Box, Finding, Kind, Unit, unlisted_totals
from synthesis.domain.prisma.flow import DBR_SOURCES, OTHER_SOURCES, PATHS, Line
from synthesis.queries.flow import (
    REASON_BOXES,
    Counted,
    records_in,
    studies_in,
    unlisted_in,
)

NEVER_COUNTED = frozenset({"dbr_awaiting", "dbr_ongoing", "other_awaiting", "other_ongoing"})
"""Boxes that no record of this workbench ends in; a published flow may report them."""

OPENABLE = frozenset(
    {*DBR_SOURCES, *OTHER_SOURCES, *PATHS, *(key for path in PATHS.values() for key in path)}
    | {"new_studies", "new_reports"}
) - frozenset(NEVER_COUNTED)
"""The boxes whose list can be opened."""

NAMED_PER_FINDING = 20


@dataclass(frozen=True)
class BoxRow:
    """Hold one box with its number; `n` is None where it is not reported, which is not zero.

    A number is the length of its list (`n_listed`) plus what is known only as a total (`n_unlisted`).
    """

    box: Box
    n: int | None
    n_listed: int
    n_unlisted: int
    lines: tuple[BoxLine, ...] = ()


@dataclass(frozen=True)
class BoxLine:
    """Hold a source or reason inside a box, and the query that narrows the list to it (empty: none)."""

    label: str
    n: int | None
    query: str = ""


def box_rows(review: Review, counted: Counted) -> list[BoxRow]:
    """Return every box that the review's flow has, in reading order.

    Left out: the column of other methods in a flow without it, open work that is done, and boxes without
    a number that the official diagram does not ask for.
    """
    totals = unlisted_totals(counted.flow.unlisted)
    names = list(Source.objects.filter(review=review).order_by("pk").values_list("name", "key"))
    keys = {name: key for name, key in names if [each for each, _key in names].count(name) == 1}
    rows = [_row(counted, BOX[key], totals, keys) for key in BOX if key in OPENABLE]
    return [row for row in rows if _is_shown(counted, row)]


def _row(counted: Counted, box: Box, totals: Mapping[str, int], keys: Mapping[str, str]) -> BoxRow:
    listed, unlisted = counted.n_listed.get(box.key, 0), totals.get(box.key, 0)
    n = counted.flow.number(box.key) if _has_number(counted, box.key) else listed + unlisted
    return BoxRow(box, n, listed, unlisted, _lines_of(counted, box.key, keys))


def _has_number(counted: Counted, key: str) -> bool:
    return key.startswith("pending_") or hasattr(counted.flow, key)


_LINES = {
    "database_results": "database_specific_results",
    "register_results": "register_specific_results",
    "other_specific_results": "other_specific_results",
    "dbr_excluded": "dbr_excluded",
    "other_excluded": "other_excluded",
}


def _lines_of(counted: Counted, key: str, keys: Mapping[str, str]) -> tuple[BoxLine, ...]:
    lines: tuple[Line, ...] = (getattr(counted.flow, _LINES[key]) or ()) if key in _LINES else ()
    if key in REASON_BOXES:
        return tuple(BoxLine(label, n, urlencode({"reason": label})) for label, n in lines)
    queries = {label: urlencode({"source": keys[label]}) for label, _n in lines if label in keys}
    return tuple(BoxLine(label, n, queries.get(label, "")) for label, n in lines)


def _is_shown(counted: Counted, row: BoxRow) -> bool:
    if row.box.arm is Arm.OTHER and not counted.flow.template.has_other_methods:
        return False
    if row.box.kind is Kind.OFFICIAL and row.box.required:
        return True
    return bool(row.n)


@dataclass(frozen=True)
class BoxFilter:
    """Narrow a box to one source, or to one reason by its label; empty narrows nothing."""

    source: Source | None = None
    reason: str = ""


@dataclass(frozen=True)
class Opened:
    """Hold what a box counts: its records or studies, and its unlisted groups as lines of their own."""

    box: Box
    records: QuerySet[Record]
    studies: QuerySet[Study] | None
    unlisted: list[UnlistedGroup]

    @property
    def items(self) -> QuerySet[Record] | QuerySet[Study]:
        """Return the rows of the list: studies where the box counts studies, else records."""
        return self.records if self.studies is None else self.studies

    @property
    def n_unlisted(self) -> int:
        """Return how many records or reports the unlisted groups stand for."""
        return sum(group.n for group in self.unlisted)


def open_box(review: Review, key: str, wanted: BoxFilter | None = None) -> Opened:
    """Return what the number of a box counts. Raises KeyError for a box that has no list."""
    if key not in OPENABLE:
        raise KeyError(key)
    wanted = wanted or BoxFilter()
    if key == "new_studies":
        return Opened(BOX[key], Record.objects.none(), studies_in(review), [])
    records = Record.objects.none()
    reason = _reason(review, wanted.reason)
    if reason is not None or not wanted.reason:
        records = records_in(review, key, source=wanted.source, reason=reason)
    unlisted = [
        group
        for group in unlisted_in(review, key)
        if (wanted.source is None or group.source_id == wanted.source.pk)
        and (not wanted.reason or (group.reason or "Reasons not given") == wanted.reason)
    ]
    return Opened(BOX[key], records.defer("raw", "abstract", "keywords"), None, unlisted)


def _reason(review: Review, label: str) -> ExclusionReason | None:
    return ExclusionReason.objects.filter(review=review, label=label).first() if label else None


def counts_by_source(opened: Opened) -> list[tuple[Source, int]]:
    """Return how many of a box come from each source, listed or not, in the order of the sources."""
    totals: dict[int, int] = {}
    for source, n in opened.records.order_by().values_list("source").annotate(n=Count("pk")):
        totals[source] = totals.get(source, 0) + n
    for group in opened.unlisted:
        totals[group.source_id] = totals.get(group.source_id, 0) + group.n
    sources = Source.objects.filter(pk__in=totals).order_by("pk")
    return [(source, totals[source.pk]) for source in sources]


def reasons_of(review: Review, key: str) -> list[str]:
    """Return the labels by which a box of excluded reports can be narrowed."""
    if key not in REASON_BOXES:
        return []
    labels = list(
        ExclusionReason.objects.filter(review=review)
        .order_by("position", "pk")
        .values_list("label", flat=True)
    )
    labels += [group.reason or "Reasons not given" for group in unlisted_in(review, key)]
    return list(dict.fromkeys(labels))


@dataclass(frozen=True)
class NamedItem:
    """Name one record or study that a finding is about; `number` leads to its page."""

    unit: Unit
    number: int
    label: str


@dataclass(frozen=True)
class NamedFinding:
    """Hold a finding with the boxes and the records or studies that make the difference."""

    finding: Finding
    boxes: tuple[Box, ...]
    items: tuple[NamedItem, ...]
    n_more: int


def named_findings(findings: Sequence[Finding]) -> list[NamedFinding]:
    """Return the findings, errors first, with names in place of ids; at most three queries."""
    wanted: dict[Unit, set[int]] = {unit: set() for unit in Unit}
    for finding in findings:
        if finding.unit is not None:
            wanted[finding.unit].update(finding.ids[:NAMED_PER_FINDING])
    names = _names(wanted)
    ordered = sorted(findings, key=lambda finding: finding.severity.value)
    return [
        NamedFinding(
            finding,
            tuple(BOX[key] for key in dict.fromkeys(finding.boxes) if key in OPENABLE),
            tuple(
                names[finding.unit, pk]
                for pk in finding.ids[:NAMED_PER_FINDING]
                if finding.unit is not None and (finding.unit, pk) in names
            ),
            max(0, len(finding.ids) - NAMED_PER_FINDING),
        )
        for finding in ordered
    ]


def _names(wanted: Mapping[Unit, Iterable[int]]) -> dict[tuple[Unit, int], NamedItem]:
    """Look up ids; a record without a report stands among the reports as its negative id."""
    names: dict[tuple[Unit, int], NamedItem] = {}
    reports = set(wanted[Unit.REPORT])
    records = set(wanted[Unit.RECORD]) | {-pk for pk in reports if pk < 0}
    if records:
        for pk, number, title in Record.objects.filter(pk__in=records).values_list("pk", "number", "title"):
            item = NamedItem(Unit.RECORD, number, title)
            names[Unit.RECORD, pk] = names[Unit.REPORT, -pk] = item
    if reports:
        rows = Report.objects.filter(pk__in=reports).values_list("pk", "record__number", "record__title")
        for pk, number, title in rows:
            names[Unit.REPORT, pk] = NamedItem(Unit.REPORT, number, title)
    if wanted[Unit.STUDY]:
        for pk, number, label in Study.objects.filter(pk__in=wanted[Unit.STUDY]).values_list(
            "pk", "number", "label"
        ):
            names[Unit.STUDY, pk] = NamedItem(Unit.STUDY, number, label)
    return names
