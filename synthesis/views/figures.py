"""Figures for the pages: SVG drawn by `synthesis.render`, whose texts it has escaped."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from extraction.models import Outcome
from reviewsite.workspace.models import Review
from synthesis.queries.boxes import OPENABLE
from synthesis.queries.cells import Cell
from synthesis.queries.flow import Counted
from synthesis.queries.tables import OutcomeTable
from synthesis.render.flow_svg import render
from synthesis.render.line_plot import Line, LinePlot, Point, Reference, Words, from_baseline
from synthesis.render.line_plot_svg import line_plot_svg


def flow_svg_text(counted: Counted, as_of: str, review: Review | None = None) -> str:
    """Return the PRISMA figure as SVG; with a review, its boxes lead to their lists."""
    links = {}
    if review is not None:
        links = {key: reverse("flow-box", args=[review.slug, key]) for key in OPENABLE}
    return render(
        counted.flow,
        links=links,
        lang=get_language() or "en",
        translate=gettext,
        as_of=as_of if counted.is_interim else "",
    )


def flow_figure(counted: Counted, as_of: str, review: Review) -> SafeString:
    """Return the PRISMA figure to stand in a page."""
    # The drawing escapes every text and address that it is given.
    return mark_safe(flow_svg_text(counted, as_of, review))


def outcome_figure(table: OutcomeTable, position: int) -> SafeString:
    """Return the line plot of an outcome over the intervals; empty where there is nothing to draw."""
    outcome = table.outcome
    lines = tuple(
        Line(
            line.group_label or _("All groups"), tuple(_point(line.cells[key]) for key, _l in table.intervals)
        )
        for line in table.lines
    )
    plot = LinePlot(
        title=outcome.label,
        y_label=f"{outcome.label} ({outcome.unit})" if outcome.unit else outcome.label,
        intervals=tuple(label for _key, label in table.intervals),
        lines=lines,
        references=_references(outcome, lines),
        low=_float(outcome.scale_min),
        high=_float(outcome.scale_max),
    )
    if plot.is_empty:
        return SafeString()
    # The drawing escapes every text that it is given.
    return mark_safe(line_plot_svg(plot, _words(), id_prefix=f"plot-{position}"))


def _point(cell: Cell) -> Point | None:
    return None if cell.value is None else Point(cell.value, cell.n, cell.k, cell.se)


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _references(outcome: Outcome, lines: tuple[Line, ...]) -> tuple[Reference, ...]:
    """Return each line's baseline plus the important change, which is a change within a person."""
    change = outcome.important_change
    if change is None or outcome.better == Outcome.Better.NEITHER:
        return ()
    signed = -float(change) if outcome.better == Outcome.Better.LOWER else float(change)
    label, source = _("Baseline and important change"), outcome.important_change_source
    found = (from_baseline(line, signed, label, source) for line in lines)
    return tuple(reference for reference in found if reference)


def _words() -> Words:
    return Words(
        no_data=_("No pooled values to draw yet."),
        patients=_("N"),
        studies=_("k"),
        legend=_("Mean · N patients · k studies"),
        error_bars=_("Bars: 95 % confidence interval where the standard error is known."),
        gaps=_("A gap means that nothing is known for that interval."),
        nothing=_("not known"),
    )
