"""What only a browser shows: keys, focus, colours, the rules of accessibility."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Invitation, Review, User
from reviewsite.workspace.services.people import invitation_token, invite

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATHS = [
    "/",
    "/new-review/",
    "/profile/",
    "/accounts/password/change/",
    "/reviews/cement/people/",
    "/absent/",
]


@pytest.fixture
def invitation(owner: User, review: Review) -> Invitation:
    return invite(user=owner, review=review, email="new@example.org", roles=[Role.VIEWER])


@pytest.fixture
def enter(page: Page, live_server: Any, client: Any) -> Callable[[User], Page]:
    """Return the browser's page with the person signed in and relative addresses served."""

    def as_person(user: User) -> Page:
        client.force_login(user)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page.goto(live_server.url)
        return page

    return as_person


def broken_rules(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_keeps_the_rules_of_accessibility(
    enter: Callable[[User], Page], owner: User, invitation: Invitation, live_server: Any, scheme: str
) -> None:
    page = enter(owner)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    for path in PATHS:
        page.goto(live_server.url + path)
        found[path] = broken_rules(page)
    assert {path: rules for path, rules in found.items() if rules} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_strangers_keep_the_rules_too(
    page: Page, invitation: Invitation, live_server: Any, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("/accounts/login/", f"/invitations/{invitation_token(invitation)}/", "/invitations/x/"):
        page.goto(live_server.url + path)
        assert broken_rules(page) == []


@pytest.mark.parametrize("width", [320, 640])
def test_no_page_scrolls_sideways(
    enter: Callable[[User], Page], owner: User, invitation: Invitation, live_server: Any, width: int
) -> None:
    page = enter(owner)
    page.set_viewport_size({"width": width, "height": 640})
    for path in PATHS:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_page_breaks_no_rule_of_the_content_policy(
    enter: Callable[[User], Page], owner: User, review: Review, live_server: Any
) -> None:
    page = enter(owner)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}/reviews/cement/people/")
    page.get_by_role("button", name="Colours").click()
    page.wait_for_load_state("networkidle")
    assert said == []


def test_the_chosen_colours_stay(enter: Callable[[User], Page], owner: User) -> None:
    page = enter(owner)
    page.get_by_role("button", name="Colours").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("button[data-theme=dark]")).to_have_attribute("aria-pressed", "true")


def test_without_a_choice_the_colours_follow_the_system(enter: Callable[[User], Page], owner: User) -> None:
    page = enter(owner)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_question_mark_opens_the_help_and_escape_closes_it(
    enter: Callable[[User], Page], owner: User
) -> None:
    page = enter(owner)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Help")).to_be_hidden()


def test_keys_rest_while_typing(enter: Callable[[User], Page], owner: User, live_server: Any) -> None:
    page = enter(owner)
    page.goto(f"{live_server.url}/new-review/")
    page.get_by_label("Title").press("?")
    expect(page.get_by_label("Title")).to_have_value("?")
    expect(page.locator("#help")).to_be_hidden()


def test_keys_that_are_switched_off_do_nothing(enter: Callable[[User], Page], owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(has_shortcuts=False)
    page = enter(owner)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_hidden()
    page.get_by_role("button", name="Help").click()
    expect(page.get_by_text("You have switched single-key shortcuts off.")).to_be_visible()


def test_the_first_tab_leads_past_the_header(enter: Callable[[User], Page], owner: User) -> None:
    page = enter(owner)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_link_of_the_error_summary_leads_into_the_field(
    enter: Callable[[User], Page], owner: User, review: Review, live_server: Any
) -> None:
    page = enter(owner)
    page.goto(f"{live_server.url}/reviews/cement/people/")
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_role("button", name="Make the invitation link").click()
    expect(page.locator(".form-errors")).to_be_focused()
    page.locator(".form-errors a").click()
    assert page.evaluate("document.activeElement.name") == "roles"


def test_an_invitation_link_is_copied(
    enter: Callable[[User], Page], owner: User, invitation: Invitation, live_server: Any
) -> None:
    page = enter(owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/reviews/cement/people/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.get_by_label("Link for new@example.org").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link
