"""Pooled tables: outcomes over intervals and characteristics, each cell with the rows behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extraction.domain.intervals import Candidate, Flag, Interval, pick_one
from extraction.domain.values import show
from extraction.models import Entry, Measurement, Outcome
from extraction.queries.long_table import MeasurementRow, measurement_rows
from extraction.queries.protocol import groups_of, intervals_of, outcomes_of
from extraction.queries.studies import included_studies
from reviewsite.workspace.models import Review
from synthesis.domain.pooling import Allocation, Row, Scheme, Statistic, weighted_mean
from synthesis.queries.cells import FALLBACK_NOTE, MIXED_NOTE, Cell, Contribution
from synthesis.queries.characteristics import (
    CharacteristicRow,
    CharacteristicsTable,
    characteristics,
)

__all__ = [
    "Cell",
    "CharacteristicRow",
    "CharacteristicsTable",
    "Contribution",
    "Line",
    "OutcomeTable",
    "cell_of",
    "characteristics",
    "coverage",
    "outcome_tables",
]

PASSAGE = ("pk", "source", "quote", "page")


@dataclass(frozen=True)
class Line:
    """Hold one group's cells of an outcome by interval; `group_key` is empty where groups pool together."""

    group_key: str
    group_label: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class OutcomeTable:
    """Hold an outcome's lines, and the measurements that stand in no cell with the reason."""

    outcome: Outcome
    intervals: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    unassigned: tuple[Contribution, ...]


def outcome_tables(review: Review, scheme: Scheme = Scheme.STRICT) -> list[OutcomeTable]:
    """Return a table per outcome: sample-size-weighted means per group and follow-up interval."""
    rows = measurement_rows(review)
    passages = _passages(review)
    intervals = intervals_of(review)
    groups = [(group.key, group.label) for group in groups_of(review)]
    by_outcome: dict[str, list[MeasurementRow]] = defaultdict(list)
    for row in rows:
        by_outcome[row.outcome_key].append(row)
    return [
        _outcome_table(outcome, by_outcome[outcome.key], intervals, groups, scheme, passages)
        for outcome in outcomes_of(review).exclude(pooling=Outcome.Pooling.NONE)
    ]


def _passages(review: Review) -> dict[int, tuple[str, str, str]]:
    """Return source, quote and page by measurement."""
    rows = Measurement.objects.filter(entry__review=review, entry__kind=Entry.Kind.CONSENSUS)
    return {pk: (source, quote, page) for pk, source, quote, page in rows.values_list(*PASSAGE)}


def _outcome_table(
    outcome: Outcome,
    rows: Sequence[MeasurementRow],
    intervals: Sequence[Interval],
    groups: Sequence[tuple[str, str]],
    scheme: Scheme,
    passages: Mapping[int, tuple[str, str, str]],
) -> OutcomeTable:
    is_together = outcome.pooling == Outcome.Pooling.TOGETHER
    lines = [("", "")] if is_together else list(groups)
    unassigned = [_contribution(row, row.interval_sentence, passages) for row in rows if not row.interval_key]
    if not is_together:
        unassigned += [
            _contribution(row, "The arm belongs to no group, so it is not pooled.", passages)
            for row in rows
            if row.interval_key and row.group_key is None
        ]
    return OutcomeTable(
        outcome=outcome,
        intervals=[(interval.key, interval.label) for interval in intervals],
        lines=[
            Line(
                group_key,
                group_label,
                {
                    interval.key: _mean_cell(
                        [
                            row
                            for row in rows
                            if row.interval_key == interval.key
                            and (is_together or row.group_key == group_key)
                        ],
                        interval,
                        scheme,
                        passages,
                    )
                    for interval in intervals
                },
            )
            for group_key, group_label in lines
        ],
        unassigned=tuple(unassigned),
    )


def _mean_cell(
    rows: Sequence[MeasurementRow],
    interval: Interval,
    scheme: Scheme,
    passages: Mapping[int, tuple[str, str, str]],
) -> Cell:
    chosen, passed_over = _one_per_arm(rows, interval, scheme)
    origin = {}
    pooling_rows = []
    for row in chosen:
        pooling_row = _pooling_row(row)
        origin[id(pooling_row)] = row
        pooling_rows.append(pooling_row)
    pooled = weighted_mean(pooling_rows, scheme)
    dropped = [_contribution(origin[id(each.row)], each.reason, passages) for each in pooled.dropped]
    dropped += [_contribution(row, reason, passages) for row, reason in passed_over]
    return Cell(
        kind="mean",
        value=pooled.mean,
        n=pooled.n_total,
        k=pooled.k_studies,
        k_rows=pooled.k_rows,
        used=tuple(_contribution(origin[id(row)], "", passages) for row in pooled.used),
        dropped=tuple(dropped),
        se=pooled.se,
        n_fallback=pooled.n_fallback,
    )


def _one_per_arm(
    rows: Sequence[MeasurementRow], interval: Interval, scheme: Scheme
) -> tuple[list[MeasurementRow], list[tuple[MeasurementRow, str]]]:
    """Keep one mean per arm; other statistics stay, so that the pooling says why it leaves them out."""
    by_arm: dict[tuple[int, str], list[MeasurementRow]] = defaultdict(list)
    kept: list[MeasurementRow] = []
    passed_over: list[tuple[MeasurementRow, str]] = []
    for row in rows:
        if not _is_mean(row):
            kept.append(row)
        elif _weight(row, scheme) is None:
            passed_over.append((row, NO_WEIGHT[scheme]))
        else:
            by_arm[row.study_id, row.arm_key].append(row)
    for same in by_arm.values():
        details = {row.detail for row in same}
        if len(details) > 1:
            named = ", ".join(sorted(f"“{detail}”" for detail in details if detail))
            reason = f"The arm reports several versions of the outcome ({named}) and none was chosen."
            plain = [row for row in same if not row.detail]
            passed_over += [(row, reason) for row in same if row.detail or not plain]
            same = plain
        if same:
            by_key = {str(row.measurement_id): row for row in same}
            pick = pick_one([Candidate(key, row.time_point, row.n) for key, row in by_key.items()], interval)
            kept.append(by_key[pick.chosen.key])
            passed_over += [(by_key[each.key], reason) for each, reason in pick.passed_over]
    return kept, passed_over


NO_WEIGHT = {
    Scheme.STRICT: "The number of patients analysed is not reported.",
    Scheme.ENROLLED_FALLBACK: "Neither the patients analysed nor those enrolled in the arm are reported.",
}


def _is_mean(row: MeasurementRow) -> bool:
    return row.mean is not None and not row.is_change


def _weight(row: MeasurementRow, scheme: Scheme) -> int | None:
    if row.n is None and scheme is Scheme.ENROLLED_FALLBACK:
        return row.arm_size
    return row.n


def _statistic(row: MeasurementRow) -> Statistic:
    if row.is_change:
        return Statistic.CHANGE
    if row.mean is None:
        return Statistic.MEDIAN if row.median is not None else Statistic.OTHER
    return Statistic.MEAN


def _pooling_row(row: MeasurementRow) -> Row:
    return Row(
        study=str(row.study_id),
        arm=row.arm_key,
        group=row.group_key or "",
        outcome=row.outcome_key,
        interval=row.interval_key or "",
        n=row.n,
        mean=row.mean,
        sd=row.sd,
        n_enrolled=row.arm_size,
        statistic=_statistic(row),
        allocation=Allocation.MAJORITY if row.allocation == "majority" else Allocation.OWN,
        is_eligible=row.allocation != "none",
        note=str(row.measurement_id),
    )


def _contribution(
    row: MeasurementRow, reason: str, passages: Mapping[int, tuple[str, str, str]]
) -> Contribution:
    source, quote, page = passages.get(row.measurement_id, ("", "", ""))
    notes = []
    if row.interval_flag is not Flag.NONE and row.interval_key:
        notes.append(row.interval_sentence)
    if row.conversion:
        notes.append(row.conversion)
    if row.allocation == "majority":
        notes.append(MIXED_NOTE)
    if not reason and row.n is None:
        notes.append(FALLBACK_NOTE)
    return Contribution(
        study_number=row.study_number,
        study_label=row.study_label,
        arm_label=row.arm_label,
        shown=_shown(row),
        weight=row.n if row.n is not None else row.arm_size if not reason else None,
        reason=reason,
        notes=tuple(notes),
        entry_id=row.entry_id,
        source=source,
        quote=quote,
        page=page,
        basis=row.basis,
    )


def _shown(row: MeasurementRow) -> str:
    change = "change " if row.is_change else ""
    if row.mean is not None:
        sd = f" (SD {show(row.sd)})" if row.sd is not None else ""
        text = f"{change}mean {show(row.mean)}{sd}"
    elif row.median is not None:
        text = f"{change}median {show(row.median)}"
    else:
        text = row.as_reported or "no mean reported"
    detail = f", {row.detail}" if row.detail else ""
    return f"{text} at {row.time_label}{detail}"


def coverage(review: Review) -> tuple[int, int]:
    """Return how many included studies have settled data, and how many there are."""
    studies = included_studies(review)
    settled = Entry.objects.filter(
        study__in=studies.values("pk"), kind=Entry.Kind.CONSENSUS, submitted_at__isnull=False
    )
    return settled.values("study").distinct().count(), studies.count()


def cell_of(tables: Iterable[OutcomeTable], outcome: str, group: str, interval: str) -> Cell | None:
    """Return one cell of the outcome tables, or None where the table has no such place."""
    for table in tables:
        if table.outcome.key == outcome:
            for line in table.lines:
                if line.group_key == group:
                    return line.cells.get(interval)
    return None
