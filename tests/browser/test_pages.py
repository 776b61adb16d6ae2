"""Every page in both themes: axe finds nothing, and the console stays silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import User
from reviewsite.workspace.services.people import set_roles
from tests.access.addresses import kwargs_of, path_of, review_addresses, usual
from tests.access.policy import POLICY
from tests.cast import PASSWORD
from tests.scenario import Populated, Scenario, build_scenario

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
NOT_PAGES = (".csv", ".txt", ".xlsx", ".svg", "/files/", "/time/")
OUTSIDE = ("/", "/new-review/", "/profile/", "/accounts/password/change/")
THEMES = ("light", "dark")


@pytest.fixture
def scenario(transactional_db: None) -> Scenario:
    return build_scenario()


def _paths(made: Populated) -> list[str]:
    objects = kwargs_of(made)
    paths = [
        path_of(address.name, made.review.slug, kwargs)
        for address in review_addresses()
        if "GET" in POLICY[address.name].methods
        for kwargs in usual(objects.get(address.name, [{}]))
    ]
    return [path for path in paths if not path.endswith(NOT_PAGES) and "/files/" not in path]


def _violations(page: Page, theme: str) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{theme} {page.url}: {each['id']} {each['help']}: {_places(each)}" for each in found]


def _places(violation: Any) -> str:
    return json.dumps([node["target"] for node in violation["nodes"]][:3])


def _give_every_role(scenario: Scenario) -> User:
    """Return extractor A, who has an entry of their own, with all roles and a password."""
    person = scenario.people.extractor_a
    set_roles(user=scenario.people.owner, review=scenario.review, member=person, roles=list(Role))
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_has_a_violation(theme: str, scenario: Scenario, sign_in: Callable[..., Page]) -> None:
    page = sign_in(_give_every_role(scenario), color_scheme=theme)
    wrong = []
    for path in [*OUTSIDE, *_paths(scenario.own)]:
        response = page.goto(path)
        if response is None or response.status != 200:
            wrong.append(f"{path} answers {response.status if response else 'nothing'}")
        wrong += _violations(page, theme)
    if wrong:
        pytest.fail("\n".join(wrong))


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_for_strangers_has_a_violation(
    theme: str, make_user: Any, open_context: Callable[..., BrowserContext], watch: Any, live_server: Any
) -> None:
    watch.expected = ("404",)
    page, wrong = open_context(color_scheme=theme).new_page(), []
    for path in ("/accounts/login/", "/accounts/signup/", "/invitations/a-broken-link/", "/no-such-page/"):
        page.goto(path)
        wrong += _violations(page, theme)
    if wrong:
        pytest.fail("\n".join(wrong))


def test_no_page_scrolls_sideways_on_a_telephone(scenario: Scenario, sign_in: Callable[..., Page]) -> None:
    """WCAG 2.2, 1.4.10: content reflows at 320 CSS pixels; tables may scroll within their own region."""
    page = sign_in(_give_every_role(scenario), viewport={"width": 320, "height": 640})
    wide = []
    for path in [*OUTSIDE, *_paths(scenario.own)]:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert not wide, "\n".join(wide)
