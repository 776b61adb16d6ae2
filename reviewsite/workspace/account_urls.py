"""The account pages in use; sign-up answers that it is closed, a forgotten password needs a mail server."""

from __future__ import annotations

from allauth.account import views
from django.conf import settings
from django.urls import path, re_path

from reviewsite.workspace.views.persons import not_for_demo

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", not_for_demo(views.password_change), name="account_change_password"),
    path("password/set/", not_for_demo(views.password_set), name="account_set_password"),
    path("signup/", views.signup, name="account_signup"),
]
if settings.EMAIL_HOST:
    urlpatterns += [
        path("password/reset/", views.password_reset, name="account_reset_password"),
        path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
        re_path(
            r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            views.password_reset_from_key,
            name="account_reset_password_from_key",
        ),
        path(
            "password/reset/key/done/",
            views.password_reset_from_key_done,
            name="account_reset_password_from_key_done",
        ),
    ]
