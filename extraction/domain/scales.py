"""Scores on different ranges of one scale, brought to one range by a straight line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True)
class Scale:
    """Hold the lowest and the highest score of a scale."""

    lowest: Decimal
    highest: Decimal

    def __post_init__(self) -> None:
        if not self.lowest < self.highest:
            raise ValueError("The lowest score of a scale must be below its highest score.")

    @classmethod
    def of(cls, lowest: Decimal | None, highest: Decimal | None) -> Scale | None:
        """Return the scale, or None where an end is not known or the two are not in order."""
        if lowest is None or highest is None or lowest >= highest:
            return None
        return cls(lowest, highest)

    def __str__(self) -> str:
        return f"{_plain(self.lowest)}–{_plain(self.highest)}"


@dataclass(frozen=True)
class Statistics:
    """Hold what a report states in scores of a scale; None means not stated."""

    mean: Decimal | None = None
    sd: Decimal | None = None
    se: Decimal | None = None
    ci_low: Decimal | None = None
    ci_high: Decimal | None = None
    median: Decimal | None = None
    q1: Decimal | None = None
    q3: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


_SPREADS = frozenset({"sd", "se"})


def convert(
    stated: Statistics, scale: Scale | None, target: Scale | None, *, is_change: bool = False
) -> tuple[Statistics, str]:
    """Return the scores on the target scale, and the sentence that says how; empty if nothing was converted.

    With both scales known and different, x becomes t₁ + (x − s₁)·(t₂ − t₁)/(s₂ − s₁). Spreads and changes
    from baseline have no origin and are multiplied alone. Both scales must run in the same direction.
    """
    given = {field.name: getattr(stated, field.name) for field in fields(Statistics)}
    if scale is None or target is None or scale == target or all(each is None for each in given.values()):
        return stated, ""
    width, target_width = scale.highest - scale.lowest, target.highest - target.lowest

    def moved(name: str, score: Decimal | None) -> Decimal | None:
        if score is None:
            return None
        if is_change or name in _SPREADS:
            return score * target_width / width
        return target.lowest + (score - scale.lowest) * target_width / width

    converted = Statistics(**{name: moved(name, score) for name, score in given.items()})
    factor = f"{_plain(target_width)}/{_plain(width)}"
    if is_change or (scale.lowest == 0 and target.lowest == 0):
        how = f"multiplied by {factor}"
    else:
        how = f"{_plain(target.lowest)} + (score − {_plain(scale.lowest)}) × {factor}; spreads × {factor}"
    return converted, f"Converted from the scale {scale} to {target}: {how}."


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
