"""Reported against computed: the printed numbers of a publication beside the review's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from synthesis.domain.reported import Mark
from synthesis.forms import MARK_LABELS, MarkForm
from synthesis.queries.relations import Weight, table_title
from synthesis.queries.reported import ReportedRow, compare, relation_findings
from synthesis.queries.tables import coverage
from synthesis.views.tables import scheme_links, scheme_of


@dataclass(frozen=True)
class MarkCount:
    """How many printed numbers carry a mark, and whether the list is narrowed to it."""

    mark: Mark
    label: str | Promise
    n: int
    is_chosen: bool


@dataclass(frozen=True)
class Section:
    """The printed numbers of one table."""

    title: str
    rows: list[ReportedRow]


@review_view(Capability.VIEW)
def reported(request: ReviewRequest) -> HttpResponse:
    """Show every printed number with its mark, and what does not add up among the printed numbers."""
    review, scheme = request.access.review, scheme_of(request)
    form = MarkForm(request.GET)
    if not form.is_valid():
        raise Http404
    chosen = form.chosen()
    rows = compare(review, scheme)
    counts = Counter(row.mark for row in rows)
    kept = [row for row in rows if chosen is None or row.mark is chosen]
    findings = relation_findings(review)
    done, total = coverage(review)
    context = {
        "n_rows": len(rows),
        "marks": [
            MarkCount(mark, label, counts[mark], mark is chosen) for mark, label in MARK_LABELS.items()
        ],
        "chosen": chosen,
        "labels": {mark.value: label for mark, label in MARK_LABELS.items()},
        "sections": [Section(table_title(table), list(group)) for table, group in _by_table(kept)],
        "findings": [finding for finding in findings if finding.weight is not Weight.REMARK],
        "remarks": [finding for finding in findings if finding.weight is Weight.REMARK],
        "schemes": scheme_links(scheme),
        "done": done,
        "total": total,
    }
    return render(request, "synthesis/reported.html", context)


def _by_table(rows: list[ReportedRow]) -> list[tuple[str, list[ReportedRow]]]:
    """Group rows by their table, tables in the order of their first row."""
    order = {table: place for place, table in enumerate(dict.fromkeys(row.cell.table for row in rows))}
    ordered = sorted(rows, key=lambda row: order[row.cell.table])
    return [(table, list(group)) for table, group in groupby(ordered, key=lambda row: row.cell.table)]
