"""What a plot of outcomes over follow-up intervals shows; drawn by `line_plot_svg`."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """Hold one pooled value with the patients (n) and studies (k) behind it; `se` draws a 95 % interval."""

    mean: float
    n: int
    k: int
    se: float | None = None

    def __post_init__(self) -> None:
        is_se_fine = self.se is None or (math.isfinite(self.se) and self.se >= 0)
        if not math.isfinite(self.mean) or not is_se_fine:
            raise ValueError("A point needs a finite mean and a standard error of zero or more, or none.")

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return mean ± 1.96 SE, or None without a standard error."""
        return None if self.se is None else (self.mean - 1.96 * self.se, self.mean + 1.96 * self.se)


@dataclass(frozen=True)
class Line:
    """Hold one group's points, one per interval; None where nothing is known."""

    label: str
    points: tuple[Point | None, ...]


@dataclass(frozen=True)
class Reference:
    """Hold a horizontal line with its label and source; `line` names the line that it belongs to."""

    value: float
    label: str
    source: str = ""
    line: str = ""


def from_baseline(line: Line, change: float, label: str, source: str) -> Reference | None:
    """Return the reference at a line's first point plus a change within a person; None without that point."""
    first = line.points[0] if line.points else None
    return None if first is None else Reference(first.mean + change, label, source, line.label)


@dataclass(frozen=True)
class Words:
    """Hold the words on the plot, so that a page can translate them."""

    no_data: str = "No pooled values to draw yet."
    patients: str = "N"
    studies: str = "k"
    legend: str = "Mean · N patients · k studies"
    error_bars: str = "Bars: 95 % confidence interval where the standard error is known."
    gaps: str = "A gap means that nothing is known for that interval."
    nothing: str = "not known"


@dataclass(frozen=True)
class LinePlot:
    """Hold one panel: lines over named intervals, the scale, and what stands beside them.

    `low` and `high` are the ends of the measurement scale; without them the axis fits the values. Raises
    ValueError when a line does not have one place per interval.
    """

    title: str
    y_label: str
    intervals: tuple[str, ...]
    lines: tuple[Line, ...]
    references: tuple[Reference, ...] = ()
    low: float | None = None
    high: float | None = None
    note: str = ""
    decimals: int = 2

    def __post_init__(self) -> None:
        for line in self.lines:
            if len(line.points) != len(self.intervals):
                raise ValueError(
                    f"“{line.label}” has {len(line.points)} places for {len(self.intervals)} intervals."
                )

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not any(point for line in self.lines for point in line.points)


@dataclass(frozen=True)
class Axis:
    """Hold the ends of the value axis and its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]


def axis_of(plot: LinePlot) -> Axis:
    """Return an axis with round ticks over the scale, the values, their intervals and the references."""
    values = [reference.value for reference in plot.references]
    for point in (point for line in plot.lines for point in line.points if point is not None):
        values += [point.mean, *(point.interval or ())]
    low = min([*values, *([plot.low] if plot.low is not None else [])], default=0.0)
    high = max([*values, *([plot.high] if plot.high is not None else [])], default=1.0)
    if plot.low is not None:
        low = plot.low if low >= plot.low else low
    if low == high:
        low, high = low - 1, high + 1
    step = _round_step((high - low) / 5)
    start, end = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(index * step, 10) for index in range(start, end + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def _round_step(raw: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is not below the raw step."""
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
