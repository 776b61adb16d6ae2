"""Pooled tables and the rows behind each of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from extraction.models import Outcome
from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review
from synthesis.domain.pooling import Scheme
from synthesis.domain.table_checks import Code
from synthesis.forms import SCHEME_LABELS, SchemeForm
from synthesis.queries.cells import TOTAL, Cell
from synthesis.queries.characteristics import CharacteristicRow, CharacteristicsTable, characteristics
from synthesis.queries.own_audit import audit_pooled
from synthesis.queries.tables import OutcomeTable, coverage, outcome_tables
from synthesis.views.figures import outcome_figure
from synthesis.views.shown import Shown, flags_in, flags_of, shown

ALL = "all"


@dataclass(frozen=True)
class SchemeLink:
    """One of the two ways to weigh a row without a number analysed."""

    scheme: Scheme
    label: str | Promise
    is_chosen: bool


@dataclass(frozen=True)
class TableLine:
    """One row of a shown table; `section` is set where a new section begins."""

    label: str
    section: str
    cells: list[Shown]


@dataclass(frozen=True)
class OutcomePart:
    """One outcome: its table, the measurements that stand in no cell, and its plot."""

    outcome: Outcome
    table: OutcomeTable
    lines: list[TableLine]
    figure: SafeString


@review_view(Capability.VIEW)
def pooled_tables(request: ReviewRequest) -> HttpResponse:
    """Show characteristics by group and outcomes by interval, with what does not add up in them."""
    review, scheme = request.access.review, scheme_of(request)
    table, outcomes = characteristics(review), outcome_tables(review, scheme)
    lines = _characteristic_lines(review, table, scheme)
    parts = [_outcome_part(review, each, scheme, index) for index, each in enumerate(outcomes, start=1)]
    findings = audit_pooled(review, table, outcomes)
    done, total = coverage(review)
    cells = [cell for line in (*lines, *(row for part in parts for row in part.lines)) for cell in line.cells]
    context = {
        "scheme": scheme,
        "schemes": scheme_links(scheme),
        "columns": [label for _key, label in table.groups],
        "lines": lines,
        "parts": parts,
        "flags": flags_in(cells),
        "findings": [finding for finding in findings if finding.code is not Code.N_GROWING],
        "remarks": [finding for finding in findings if finding.code is Code.N_GROWING],
        "done": done,
        "total": total,
    }
    return render(request, "synthesis/tables.html", context)


@review_view(Capability.VIEW)
def outcome_cell(request: ReviewRequest, row: str, group: str, interval: str) -> HttpResponse:
    """List the rows behind one weighted mean, used and left out, with the formula."""
    scheme = scheme_of(request)
    for table in outcome_tables(request.access.review, scheme):
        intervals = dict(table.intervals)
        if table.outcome.key != row or interval not in intervals:
            continue
        for line in table.lines:
            if (line.group_key or ALL) == group:
                names = (table.outcome.label, line.group_label or _("All groups"), intervals[interval])
                return _cell_page(request, line.cells[interval], names, scheme)
    raise Http404


@review_view(Capability.VIEW)
def characteristic_cell(request: ReviewRequest, row: str, group: str) -> HttpResponse:
    """List the arms behind one number of the characteristics, used and left out, with the formula."""
    table = characteristics(request.access.review)
    found = table.row(row)
    groups = dict((*table.groups, (TOTAL, _("Total"))))
    if found is None or group not in groups:
        raise Http404
    return _cell_page(
        request,
        found.cells[group],
        (found.label, groups[group]),
        scheme_of(request),
        is_rest=found.is_remainder,
    )


def scheme_of(request: ReviewRequest) -> Scheme:
    """Return the scheme that the address asks for; a word that is no scheme is a 404."""
    scheme = SchemeForm(request.GET).chosen()
    if scheme is None:
        raise Http404
    return scheme


def scheme_links(chosen: Scheme) -> list[SchemeLink]:
    """Return the two schemes to choose from."""
    return [SchemeLink(scheme, label, scheme is chosen) for scheme, label in SCHEME_LABELS.items()]


def _characteristic_lines(review: Review, table: CharacteristicsTable, scheme: Scheme) -> list[TableLine]:
    groups = (*table.groups, (TOTAL, _("Total")))
    lines: list[TableLine] = []
    section = ""
    for row in table.rows:
        cells = [_characteristic(review, row, key, label, scheme) for key, label in groups]
        lines.append(TableLine(row.label, row.section if row.section != section else "", cells))
        section = row.section
    return lines


def _characteristic(review: Review, row: CharacteristicRow, key: str, label: str, scheme: Scheme) -> Shown:
    url = reverse("characteristic-cell", args=[review.slug, row.key, key])
    return shown(row.cells[key], _with(url, scheme), f"{row.label}, {label}")


def _outcome_part(review: Review, table: OutcomeTable, scheme: Scheme, position: int) -> OutcomePart:
    lines = []
    for line in table.lines:
        label = line.group_label or _("All groups")
        cells = [
            shown(
                line.cells[key],
                _with(
                    reverse("pooled-cell", args=[review.slug, table.outcome.key, line.group_key or ALL, key]),
                    scheme,
                ),
                f"{table.outcome.label}, {label}, {interval}",
            )
            for key, interval in table.intervals
        ]
        lines.append(TableLine(label, "", cells))
    return OutcomePart(table.outcome, table, lines, outcome_figure(table, position))


def _with(url: str, scheme: Scheme) -> str:
    """Carry the scheme along; the default needs no word in the address."""
    return url if scheme is Scheme.STRICT else f"{url}?scheme={scheme.value}"


def _cell_page(
    request: ReviewRequest, cell: Cell, names: tuple[str, ...], scheme: Scheme, *, is_rest: bool = False
) -> HttpResponse:
    context = {
        "cell": cell,
        "shown": shown(cell, "", ", ".join(names)),
        "names": names,
        "formula": _formula(cell, is_rest=is_rest),
        "flags": flags_of(cell),
        "scheme": scheme,
        "scheme_label": SCHEME_LABELS[scheme],
        "back": _with(reverse("pooled-tables", args=[request.access.review.slug]), scheme),
        "is_rest": is_rest,
        "has_weights": cell.kind in {"mean", "ratio", "count"},
        "is_outcome": len(names) > 2,
    }
    return render(request, "synthesis/cell.html", context)


def _formula(cell: Cell, *, is_rest: bool) -> str:
    """Return how the number follows from the rows."""
    if is_rest:
        return _("All patients of the arms, less those that the named parts count.")
    formulas: Mapping[str, str] = {
        "mean": _("Sum of n × mean over the rows used, divided by the sum of their n: Σ nᵢmᵢ / Σ nᵢ."),
        "ratio": _(
            "Sum of the values divided by the sum of what they are out of, over arms that report both."
        ),
        "count": _("Sum of the counts; the percentage is 100 × sum of the counts / N."),
        "sum": _("Sum of the values of the arms that report one."),
    }
    return formulas[cell.kind]
