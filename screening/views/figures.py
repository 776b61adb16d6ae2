"""Figures for the pages: SVG drawn by `screening.render`, whose texts it has escaped."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reviewsite.workspace.models import Review
from screening.queries.duplicate_report import DedupReport
from screening.render.upset_svg import MOST_COLUMNS, Column, Row, Words, upset_svg


def upset_text(report: DedupReport, review: Review | None = None) -> str:
    """Return the overlap of the sources as SVG; with a review, the sources lead to their records.

    Empty where there is nothing to draw.
    """
    if not report.overlaps:
        return ""
    address = reverse("record-list", args=[review.slug]) if review else ""
    rows = [
        Row(each.source.name, each.n_works, f"{address}?source={each.source.pk}" if address else "")
        for each in report.sources
    ]
    place = {each.source.pk: at for at, each in enumerate(report.sources)}
    columns = [Column(frozenset(place[pk] for pk in one.sets), one.n) for one in report.overlaps]
    return upset_svg(rows, columns, _words(report), lang=get_language() or "en")


def upset_figure(report: DedupReport, review: Review) -> SafeString:
    """Return the overlap of the sources to stand in a page."""
    # The drawing escapes every text and address that it is given.
    return mark_safe(upset_text(report, review))


def _words(report: DedupReport) -> Words:
    shown, all_of_them = min(len(report.overlaps), MOST_COLUMNS), len(report.overlaps)
    return Words(
        title=_("Overlap of the sources"),
        description=_(
            "UpSet plot of %(works)d works from %(sources)d sources: %(shown)d of %(all)d combinations of "
            "sources, the largest first. The table beside the figure holds the same numbers."
        )
        % {"works": report.n_works, "sources": len(report.sources), "shown": shown, "all": all_of_them},
        bars=_("Works in exactly these sources"),
        totals=_("Works per source"),
        column=_("%(names)s: %(n)d"),
    )
