"""All addresses of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reviewsite.workspace.urls")),
    path("accounts/", include("reviewsite.workspace.account_urls")),
    path("admin/", admin.site.urls),
    path("reviews/<slug:slug>/", include("reviewsite.workspace.review_urls")),
    path("reviews/<slug:slug>/", include("screening.urls")),
    path("reviews/<slug:slug>/", include("extraction.urls")),
    path("reviews/<slug:slug>/", include("synthesis.urls")),
    path("reviews/<slug:slug>/", include("reviewsite.portal.urls")),
]
