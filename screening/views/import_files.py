"""What could not be read of a file, as downloads."""

from __future__ import annotations

import csv

from django.http import HttpResponse

from reviewsite.workspace.access import ReviewRequest, review_view
from reviewsite.workspace.domain.cells import neutralise
from reviewsite.workspace.domain.roles import Capability
from screening.queries.imports import problems_of
from screening.queries.lost import lost_text
from screening.views.imports import batch_of


@review_view(Capability.VIEW)
def import_problems(request: ReviewRequest, pk: int) -> HttpResponse:
    """Download the lost records and the remarks of a batch as CSV."""
    batch = batch_of(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-problems.csv"'
    response.write("\ufeff")  # for spreadsheet programs, which otherwise guess the encoding
    rows = csv.writer(response)
    rows.writerow(["line", "kind", "reason", "text"])
    for problem in problems_of(batch).iterator():
        kind = "lost" if problem.is_lost else "remark"
        rows.writerow([problem.line, kind, neutralise(problem.reason), neutralise(problem.text)])
    return response


@review_view(Capability.VIEW)
def import_lost(request: ReviewRequest, pk: int) -> HttpResponse:
    """Download the text of the lost records, to be mended and imported as a file of its own."""
    batch = batch_of(request, pk)
    response = HttpResponse(lost_text(batch), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-not-read.txt"'
    return response
