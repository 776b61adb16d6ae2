"""Addresses of screening, conflicts and full texts under `/reviews/<slug>/`."""

from __future__ import annotations

from django.urls import path, register_converter

from screening.domain.vocabulary import Stage
from screening.views import conflicts, files, reports, screen


class StageConverter:
    """A stage as part of an address: `title-abstract` or `full-text`."""

    regex = "title-abstract|full-text"

    def to_python(self, value: str) -> Stage:
        return Stage(value.replace("-", "_"))

    def to_url(self, value: Stage | str) -> str:
        return str(value).replace("_", "-")


register_converter(StageConverter, "stage")

urlpatterns = [
    path("screen/<stage:stage>/", screen.screen, name="screen"),
    path("screen/<stage:stage>/history/", screen.history, name="screen-history"),
    path("screen/<stage:stage>/<int:number>/", screen.screen_record, name="screen-record"),
    path("screen/<stage:stage>/<int:number>/undo/", screen.undo, name="screen-undo"),
    path("conflicts/<stage:stage>/", conflicts.conflict_list, name="conflict-list"),
    path("conflicts/<stage:stage>/<int:number>/", conflicts.conflict, name="conflict"),
    path("conflicts/<stage:stage>/<int:number>/resolution/", conflicts.resolve, name="conflict-resolve"),
    path(
        "conflicts/<stage:stage>/<int:number>/reopening/", conflicts.reopen_conflict, name="conflict-reopen"
    ),
    path("conflicts/<stage:stage>/<int:number>/proposals/", conflicts.propose, name="conflict-propose"),
    path(
        "conflicts/<stage:stage>/<int:number>/proposals/<int:pk>/signature/",
        conflicts.sign,
        name="conflict-sign",
    ),
    path(
        "conflicts/<stage:stage>/<int:number>/proposals/<int:pk>/withdrawal/",
        conflicts.withdraw,
        name="conflict-withdraw",
    ),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/<int:number>/", reports.report, name="report"),
    path("reports/<int:number>/retrieval/", reports.retrieval, name="report-retrieval"),
    path("reports/<int:number>/files/", files.upload, name="report-upload"),
    path("reports/<int:number>/files/<int:pk>/", files.report_file, name="report-file"),
]
