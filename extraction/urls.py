"""Addresses under `/reviews/<slug>/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from extraction.views import entries, measurements, settling, setup, studies

STUDY = "studies/<int:number>/"
EXTRACT = STUDY + "extract/<slug:form_slug>/"
CONSENSUS = STUDY + "consensus/<slug:form_slug>/"
FORM = "forms/<slug:form_slug>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("studies/", studies.study_list, name="study-list"),
    path(STUDY, studies.study_page, name="study"),
    path(STUDY + "reports/", studies.report_link, name="study-report-link"),
    path(STUDY + "reports/<int:link_pk>/unlink/", studies.report_unlink, name="study-report-unlink"),
    path(STUDY + "arms/", studies.arm_add, name="arm-add"),
    path(EXTRACT, entries.extract, name="extract"),
    path(EXTRACT + "start/", entries.entry_open, name="entry-open"),
    path(EXTRACT + "submit/", entries.entry_submit, name="entry-submit"),
    path(EXTRACT + "time/", measurements.time_read, name="time-read"),
    path(EXTRACT + "measurements/", measurements.measurement_add, name="measurement-add"),
    path(EXTRACT + "measurements/<int:pk>/", measurements.measurement_edit, name="measurement-edit"),
    path(
        EXTRACT + "measurements/<int:pk>/remove/",
        measurements.measurement_remove,
        name="measurement-remove",
    ),
    path(CONSENSUS, settling.consensus, name="consensus"),
    path(CONSENSUS + "accept/", settling.entry_accept, name="entry-accept"),
    path("forms/", setup.form_list, name="form-list"),
    path(FORM, setup.form_page, name="form"),
    path(FORM + "fields/<slug:key>/remove/", setup.field_remove, name="field-remove"),
    path(FORM + "publish/", setup.form_publish, name="form-publish"),
    path(FORM + "revise/", setup.form_revise, name="form-revise"),
    path("outcomes/", setup.outcome_list, name="outcome-list"),
    path("outcomes/groups/", setup.group_add, name="group-add"),
    path("outcomes/intervals/", setup.interval_set, name="interval-set"),
]
