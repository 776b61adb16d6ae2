"""Addresses under `/reviews/<slug>/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from synthesis.views import exports, flow, reported, tables

urlpatterns: list[URLPattern | URLResolver] = [
    path("flow/", flow.flow, name="flow"),
    path("flow/<slug:box>/", flow.flow_box, name="flow-box"),
    path("tables/", tables.pooled_tables, name="pooled-tables"),
    path("tables/outcomes/<slug:row>/<slug:group>/<slug:interval>/", tables.outcome_cell, name="pooled-cell"),
    path(
        "tables/characteristics/<path:row>/<slug:group>/",
        tables.characteristic_cell,
        name="characteristic-cell",
    ),
    path("reported/", reported.reported, name="reported"),
    path("exports/flow.svg", exports.flow_svg, name="flow-svg"),
    path("exports/flow.csv", exports.flow_csv, name="flow-csv"),
    path("exports/pooled-tables.csv", exports.pooled_csv, name="pooled-csv"),
    path("exports/pooled-tables.xlsx", exports.pooled_xlsx, name="pooled-xlsx"),
]
