"""The site administration in a browser: the site's Content Security Policy forbids nothing that it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import User
from reviewsite.workspace.services.reviews import open_review
from screening.services.protocol import add_exclusion_reason, rename_exclusion_reason

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("owner@example.org", "a long enough password", name="Owner")


def test_no_page_of_the_administration_breaks_the_policy(
    live_server: Any, page: Any, superuser: User, tmp_path: Path
) -> None:
    review = open_review(user=superuser, title="Cement for fractures", slug="cement")
    reason = add_exclusion_reason(user=superuser, review=review, label="Wrong design", code="design")
    rename_exclusion_reason(user=superuser, review=review, reason=reason, label="Not a trial")
    client = Client()
    client.force_login(superuser)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    for name, arguments in (
        ("index", []),
        ("workspace_user_changelist", []),
        ("workspace_user_change", [superuser.pk]),
        ("workspace_user_add", []),
        ("auth_user_password_change", [superuser.pk]),
        ("workspace_review_export", []),
        ("screening_search_add", []),
        ("screening_exclusionreason_history", [reason.pk]),
    ):
        page.goto(live_server.url + reverse(f"admin:{name}", args=arguments))
    table = tmp_path / "reasons.csv"
    table.write_text("review,code,label\ncement,design,Other\ncement,new,New\n")
    page.goto(live_server.url + reverse("admin:screening_exclusionreason_import"))
    page.set_input_files("input[type=file]", table)
    page.click("input[type=submit]")
    page.wait_for_selector("table.import-preview")
    assert page.locator("table.import-preview tbody tr").count() == 2
    assert said == []
