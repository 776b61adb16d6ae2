"""Addresses of screening under `/reviews/<slug>/`."""

from __future__ import annotations

from screening import url_parts_screening, url_parts_setup

urlpatterns = [*url_parts_setup.urlpatterns, *url_parts_screening.urlpatterns]
