"""The report on de-duplication and its downloads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.cells import neutralise
from reviewsite.workspace.domain.roles import Capability
from screening.domain.dedup import METHOD_VERSION
from screening.models import DuplicateJudgement
from screening.queries.duplicate_report import DedupReport, group_rows, names_of, report_of
from screening.render.upset_svg import MOST_COLUMNS
from screening.views.figures import upset_figure, upset_text

Method = DuplicateJudgement.Method
Cell = str | int | None
GROUP_COLUMNS = (
    "group",
    "record",
    "primary",
    "source",
    "title",
    "year",
    "doi",
    "pmid",
    "joined_with",
    "rule",
    "score",
    "judged_by",
    "judged_on",
)


@review_view(Capability.VIEW)
def dedup_report(request: ReviewRequest) -> HttpResponse:
    """Show how duplicates were found, what each source brought, and how the sources overlap."""
    report = report_of(request.access.review)
    context = {
        "report": report,
        "n_open": report.n_open,
        "sentences": method_sentences(report),
        "rules": _rules(report),
        "figure": upset_figure(report, request.access.review),
        "most_columns": MOST_COLUMNS,
        "overlaps": [(names_of(one, report.sources), one.n) for one in report.overlaps[:MOST_COLUMNS]],
        "n_more": max(len(report.overlaps) - MOST_COLUMNS, 0),
    }
    return render(request, "screening/duplicate_report.html", context)


@review_view(Capability.EXPORT)
def dedup_groups_csv(request: ReviewRequest) -> HttpResponse:
    """Download every record of every group with what joined it."""
    rows = (
        (
            row.group,
            row.number,
            "yes" if row.is_primary else "no",
            row.source,
            row.title,
            row.year,
            row.doi,
            row.pmid,
            row.joined_with,
            row.rule,
            None if row.score is None else f"{row.score:.3f}",
            row.judged_by,
            row.judged_at.date().isoformat() if row.judged_at else "",
        )
        for row in group_rows(request.access.review)
    )
    return _csv("duplicates.csv", GROUP_COLUMNS, rows)


@review_view(Capability.EXPORT)
def dedup_overlaps_csv(request: ReviewRequest) -> HttpResponse:
    """Download how many works lie in each combination of sources."""
    report = report_of(request.access.review)
    names = [each.source.name for each in report.sources]
    rows = (
        (*("yes" if each.source.pk in one.sets else "no" for each in report.sources), one.n)
        for one in report.overlaps
    )
    return _csv("overlap-of-sources.csv", [*names, "works"], rows)


@review_view(Capability.EXPORT)
def dedup_upset_svg(request: ReviewRequest) -> HttpResponse:
    """Download the figure."""
    text = upset_text(report_of(request.access.review))
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="overlap-of-sources.svg"'
    return response


def method_sentences(report: DedupReport) -> list[str]:
    """Return the passage for a Methods section, from what was done."""
    n_automatic = report.n_automatic()
    said = [
        _(
            "Records were compared with the rules of this workbench (version %(version)s): records with the "
            "same DOI or PubMed identifier and compatible titles, with the same citation, or with nearly the "
            "same citation in which nothing contradicts were joined automatically."
        )
        % {"version": METHOD_VERSION},
        ngettext("%d pair was joined automatically.", "%d pairs were joined automatically.", n_automatic)
        % n_automatic,
    ]
    if report.lowest_score is not None:
        said.append(
            _("Similar pairs with a score of %(lowest).2f and more (of 1) were proposed to people.")
            % {"lowest": report.lowest_score}
        )
    said += _by_people(report)
    if report.n_open:
        n = report.n_open
        waiting = ngettext("%d of them has not been judged.", "%d of them have not been judged.", n)
        said.append(waiting % n)
    remained = ngettext(
        "Of %(records)d records, %(works)d remained after %(duplicates)d duplicate was set aside.",
        "Of %(records)d records, %(works)d remained after %(duplicates)d duplicates were set aside.",
        report.n_duplicates,
    )
    numbers = {"records": report.n_records, "duplicates": report.n_duplicates, "works": report.n_works}
    said.append(remained % numbers)
    return said


def _by_people(report: DedupReport) -> list[str]:
    said = []
    one, many = (
        {"same": report.n_by(method, "same"), "different": report.n_by(method, "different")}
        for method in (Method.PERSON, Method.BULK)
    )
    if any(one.values()):
        said.append(
            _("People judged single pairs: %(same)d the same, %(different)d different.") % one,
        )
    if any(many.values()):
        said.append(
            _(
                "For whole ranges of the score, each after a look at a random sample of its pairs, %(same)d "
                "pairs were judged the same and %(different)d different."
            )
            % many
        )
    return said


def _rules(report: DedupReport) -> list[tuple[str, int, int]]:
    """Return for each way of judging how many pairs it joined and kept apart."""
    return [
        (str(method.label), report.n_by(method, "same"), report.n_by(method, "different"))
        for method in Method
        if report.n_by(method, "same") or report.n_by(method, "different")
    ]


def _csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # for spreadsheet programs, which otherwise guess the encoding
    writer = csv.writer(response)
    writer.writerow([neutralise(column) for column in columns])
    writer.writerows([neutralise(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return response
