"""Addresses outside any review."""

from __future__ import annotations

from django.urls import path

from reviewsite.workspace.views import joining, persons, reviews

urlpatterns = [
    path("", reviews.review_list, name="review-list"),
    path("new-review/", reviews.review_new, name="review-new"),
    path("profile/", persons.profile, name="profile"),
    path("demo-login/", persons.demo_login, name="demo-login"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
    path("healthz", persons.health, name="health"),
]
