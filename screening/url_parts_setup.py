"""Addresses of protocol, sources, imports, records and duplicates under `/reviews/<slug>/`."""

from __future__ import annotations

from django.urls import path

from screening.views import duplicates, imports, jobs, protocol, records, sources

urlpatterns = [
    path("protocol/", protocol.protocol, name="protocol"),
    path("protocol/question/", protocol.protocol_settings, name="protocol-settings"),
    path("protocol/criteria/new/", protocol.criterion_new, name="criterion-new"),
    path("protocol/criteria/<int:pk>/", protocol.criterion_edit, name="criterion-edit"),
    path("protocol/criteria/<int:pk>/move/", protocol.criterion_move, name="criterion-move"),
    path("protocol/criteria/<int:pk>/archive/", protocol.criterion_archive, name="criterion-archive"),
    path("protocol/reasons/new/", protocol.reason_new, name="reason-new"),
    path("protocol/reasons/<int:pk>/", protocol.reason_edit, name="reason-edit"),
    path("protocol/reasons/<int:pk>/move/", protocol.reason_move, name="reason-move"),
    path("protocol/reasons/<int:pk>/archive/", protocol.reason_archive, name="reason-archive"),
    path("protocol/rules/<slug:stage>/", protocol.policy_edit, name="policy-edit"),
    path("sources/", sources.source_list, name="source-list"),
    path("sources/new/", sources.source_new, name="source-new"),
    path("sources/<int:pk>/", sources.source_edit, name="source-edit"),
    path("sources/<int:pk>/searches/new/", sources.search_new, name="search-new"),
    path("sources/<int:pk>/totals/new/", sources.unlisted_group_new, name="unlisted-group-new"),
    path("sources/searches/<int:pk>/", sources.search_edit, name="search-edit"),
    path(
        "sources/totals/<int:pk>/withdraw/", sources.unlisted_group_withdraw, name="unlisted-group-withdraw"
    ),
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/<int:pk>/", imports.import_batch, name="import"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import-confirm"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import-discard"),
    path("imports/<int:pk>/problems.csv", imports.import_problems, name="import-problems"),
    path("records/", records.record_list, name="record-list"),
    path("records/<int:number>/", records.record, name="record"),
    path("records/<int:number>/raw.txt", records.record_raw, name="record-raw"),
    path("records/<int:number>/split/", records.record_split, name="record-split"),
    path("records/<int:number>/same/", records.record_same, name="record-same"),
    path("duplicates/", duplicates.duplicate_list, name="duplicate-list"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.job_cancel, name="job-cancel"),
]
