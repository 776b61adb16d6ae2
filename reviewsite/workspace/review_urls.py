"""Addresses of the people of a review, under `/reviews/<slug>/`."""

from __future__ import annotations

from django.urls import path

from reviewsite.workspace.views import members

urlpatterns = [
    path("people/", members.member_list, name="member-list"),
    path("people/<int:pk>/roles/", members.member_roles, name="member-roles"),
    path("people/<int:pk>/deactivate/", members.member_deactivate, name="member-deactivate"),
    path("people/invite/", members.invitation_new, name="invitation-new"),
    path("people/invitations/<int:pk>/rescind/", members.invitation_rescind, name="invitation-rescind"),
]
