"""Percentages over reporting rows, with the unit of the denominator typed: patients and levels never mix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from synthesis.domain.pooling import Allocation, MixedRows
from synthesis.domain.rounding import exact


class DenominatorUnit(StrEnum):
    """Name what a denominator counts."""

    PATIENT = "patient"
    LEVEL = "level"
    PROCEDURE = "procedure"


@dataclass(frozen=True)
class CountRow:
    """Hold one arm's count of one item; events 0 is a report, events None is not."""

    study: str
    arm: str
    group: str
    item: str
    events: int | None
    denominator: int | None
    unit: DenominatorUnit | None
    allocation: Allocation = Allocation.OWN
    is_eligible: bool = True


class DroppedCount(NamedTuple):
    """Pair a row that was left out with the reason in a sentence."""

    row: CountRow
    reason: str


@dataclass(frozen=True)
class Proportion:
    """Hold Σ events of Σ denominators over the reporting rows; `pct` is None when nothing was reported."""

    events: int
    denominator: int
    unit: DenominatorUnit | None
    pct: float | None
    k: int
    used: tuple[CountRow, ...]
    dropped: tuple[DroppedCount, ...]


def proportion(rows: Iterable[CountRow], unit: DenominatorUnit | None = None) -> Proportion:
    """Add up events and denominators of one item over the rows that report both, in one unit.

    With `unit` rows in another unit are dropped with the reason. Without it, rows in several units raise
    MixedRows, as do rows of several items or one arm twice in the same unit.
    """
    rows = tuple(rows)
    items = sorted({row.item for row in rows})
    if len(items) > 1:
        raise MixedRows(f"Rows of different items cannot be added up: {', '.join(items)}.")
    used: list[CountRow] = []
    dropped: list[DroppedCount] = []
    for row in rows:
        reason = _why_not(row, unit)
        if reason:
            dropped.append(DroppedCount(row, reason))
        else:
            used.append(row)
    _check_alike(used)
    events = sum(row.events or 0 for row in used)
    denominator = sum(row.denominator or 0 for row in used)
    return Proportion(
        events=events,
        denominator=denominator,
        unit=used[0].unit if used else unit,
        pct=float(100 * exact(events) / denominator) if denominator else None,
        k=len({row.study for row in used}),
        used=tuple(used),
        dropped=tuple(dropped),
    )


def _why_not(row: CountRow, unit: DenominatorUnit | None) -> str:
    """Return why a row cannot be used, or nothing."""
    if not row.is_eligible:
        return "The arm is not eligible for this group."
    if row.events is None:
        return "No count is reported."
    if row.denominator is None or row.unit is None:
        return "What the count is out of is not reported."
    if unit is not None and row.unit is not unit:
        return f"The count is per {row.unit.value}, not per {unit.value}."
    if row.denominator <= 0:
        return "The denominator is zero."
    if not 0 <= row.events <= row.denominator:
        return f"{row.events} of {row.denominator} cannot be: check the count and its denominator."
    return ""


def _check_alike(used: list[CountRow]) -> None:
    units = {row.unit.value for row in used if row.unit is not None}
    if len(units) > 1:
        spelled = " and per ".join(sorted(units))
        raise MixedRows(f"{used[0].item} is counted per {spelled}. Choose one unit; they cannot be added up.")
    seen: set[tuple[str, str]] = set()
    for row in used:
        if (row.study, row.arm) in seen:
            raise MixedRows(f"{row.study}, {row.arm} counts {row.item} twice. Choose the one that counts.")
        seen.add((row.study, row.arm))
