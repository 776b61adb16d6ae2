"""Turn rows of the example's files into answers and measurements as an extractor would type them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from extraction.domain.time_points import Duration, Phase, TimePoint, TimeUnit
from extraction.services.entries import Given
from extraction.services.measurements import GivenMeasurement
from reviewsite.portal.example.files import Row
from reviewsite.portal.example.protocol import LEAKAGE_UNITS

LAST_FOLLOW_UP = {"mean_follow_up", "last_follow_up"}


@dataclass(frozen=True)
class Typed:
    """What stands in a cell: a text, or the mark that it is missing; and a note on it."""

    text: str = ""
    missing: str = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.text and not self.missing


def choice_labels(form: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return for each field with a list the words shown for each key of the files."""
    fields = [field for section in form["sections"] for field in section["fields"]]
    return {
        field["key"]: {choice["key"]: choice["label"] for choice in field["choices"]}
        for field in fields
        if field.get("choices")
    }


def by_leakage_unit(cells: Mapping[str, Typed]) -> dict[str, Typed]:
    """Return one arm's cells with cement leakage under the fields of its unit.

    A mark without a unit stands for every unit. Raises ValueError for a count without its unit.
    """
    kept = {key: cell for key, cell in cells.items() if key not in _LEAKAGE}
    n, examined = cells.get("leakage_n", Typed()), cells.get("leakage_denominator", Typed())
    unit = cells.get("leakage_unit", Typed()).text
    if (n.text or examined.text) and not unit:
        raise ValueError("Cement leakage is counted without saying what is counted.")
    for each in [unit] if unit else LEAKAGE_UNITS:
        kept[f"leakage_{each}_n"] = n
        kept[f"leakage_{each}_examined"] = examined
    return {key: cell for key, cell in kept.items() if not cell.is_blank}


_LEAKAGE = ("leakage_n", "leakage_denominator", "leakage_unit")


def given(
    cells: Mapping[str, Typed], labels: Mapping[str, Mapping[str, str]], *, slot: str, source: str = ""
) -> list[Given]:
    """Return the filled cells of one arm, or of the study, as an extractor types them."""
    typed = []
    for key, cell in cells.items():
        if not cell.is_blank:
            text = labels[key][cell.text] if key in labels and cell.text else cell.text
            where = source or cell.note
            typed.append(Given(key=key, text=text, slot=slot, missing=cell.missing, source=where))
    return typed


def measurement(
    row: Row, *, arm: str, outcome: str, note: str, source: str = "", arm_size: str | None = None
) -> GivenMeasurement:
    """Return a row of measurements as typed: the statistic decides the column, nothing is converted.

    Where the row does not say how many were analysed, and those enrolled for it are not the `arm_size`, only
    part of the arm was measured.
    """
    return GivenMeasurement(
        arm=arm,
        outcome=outcome,
        detail=row["outcome_detail"],
        time_label=row["time_label"],
        time_point=time_point(row),
        numbers=_numbers(row),
        is_change="change" in row["statistic"],
        is_subset=arm_size is not None and not row["n"] and row["n_enrolled"] != arm_size,
        source=source,
        note=note,
    )


def time_point(row: Row) -> TimePoint:
    """Return the time of a row from its typed columns; without a number it has no time."""
    value, unit = row["time_value"], row["time_unit"]
    return TimePoint(
        label=row["time_label"],
        phase=Phase(row["phase"]),
        time=Duration(Decimal(value), TimeUnit(unit)) if value else None,
        is_last_follow_up=row["time_kind"] in LAST_FOLLOW_UP,
    )


def _numbers(row: Row) -> dict[str, str]:
    columns = {
        "n": row["n"],
        "sd": row["sd"],
        "minimum": row["range_low"],
        "maximum": row["range_high"],
        "scale_min": row["scale_min"],
        "scale_max": row["scale_max"],
    }
    match row["statistic"]:
        case "mean" | "mean_change":
            columns["mean"] = row["value"]
        case "median" | "median_change":
            columns["median"] = row["value"]
        case "single_patient":
            columns["as_reported"] = "one patient"
        case "change_unspecified":
            columns["as_reported"] = f"change of {row['value']}, mean or median not stated"
        case other:
            raise ValueError(f"“{other}” is not a statistic that the example knows.")
    return columns
