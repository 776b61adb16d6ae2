"""Addresses under `/reviews/<slug>/`."""

from __future__ import annotations

from django.urls import path

from reviewsite.portal.views import home

urlpatterns = [
    path("", home.review_home, name="review-home"),
]
