"""The export of records: the page that offers it, and the file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.roles import Capability
from screening.domain.writing.layouts import Layout, write
from screening.domain.writing.model import ExportFacts
from screening.forms_exports import PROGRAMS, RecordExportForm, narrowings
from screening.forms_setup import RecordFilterForm
from screening.queries.record_exports import RecordExport, count_of, export_of, has_visible_decisions
from screening.render.workbook import write_workbook
from screening.services.record_exports import note_export

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
}
PIECE = 64_000  # characters that are sent together


@review_view(Capability.EXPORT)
def record_export(request: ReviewRequest) -> HttpResponse:
    """Offer the records of the list, as it is filtered, for each program."""
    access = request.access
    filtered = RecordFilterForm(request.GET, review=access.review)
    wanted = filtered.chosen()
    n_records, n_duplicates = count_of(access.review, wanted)
    may_see = has_visible_decisions(access.user, access.review)
    context = {
        "form": RecordExportForm(
            initial=request.GET.dict(), has_decisions=may_see, has_duplicates=n_duplicates > 0
        ),
        "narrowed": narrowings(filtered),
        "programs": PROGRAMS,
        "n_records": n_records,
        "n_duplicates": n_duplicates,
        "may_see_decisions": may_see,
    }
    return render(request, "screening/record_export.html", context)


@review_view(Capability.EXPORT)
def record_export_file(request: ReviewRequest) -> HttpResponseBase:
    """Send the file and write down that it left; an incomplete choice leads back to the page."""
    access = request.access
    filtered = RecordFilterForm(request.GET, review=access.review)
    wanted = filtered.chosen()
    form = RecordExportForm(request.GET)
    if not form.is_valid():
        back = reverse("record-export", args=[access.review.slug])
        query = request.GET.urlencode()
        return redirect(f"{back}?{query}" if query else back)
    choice = form.chosen()
    export = export_of(
        access.review,
        wanted,
        with_duplicates=choice.with_duplicates,
        decisions_for=access.user if choice.with_decisions else None,
    )
    facts = ExportFacts(
        review=access.review.slug,
        title=access.review.title,
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        n_records=len(export),
        stage=choice.stage,
        has_decisions=choice.with_decisions,
        filter={each.name: each.value for each in narrowings(filtered)},
    )
    if request.method == "GET":
        note_export(user=access.user, review=access.review, layout=choice.layout, facts=facts)
    return _sent(choice.layout, export, facts)


def _sent(layout: Layout, export: RecordExport, facts: ExportFacts) -> HttpResponseBase:
    name = f"{facts.review}-{layout.program}-{timezone.localdate():%Y-%m-%d}.{layout.extension}"
    content_type = CONTENT_TYPES[layout.extension]
    if layout is Layout.COMPLETE_XLSX:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        write_workbook(export, facts, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response = StreamingHttpResponse(_pieces(write(layout, export, facts)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """Join small texts, so that each piece is worth sending."""
    waiting: list[str] = []
    n_waiting = 0
    for text in texts:
        waiting.append(text)
        n_waiting += len(text)
        if n_waiting >= PIECE:
            yield "".join(waiting).encode()
            waiting, n_waiting = [], 0
    yield "".join(waiting).encode()
