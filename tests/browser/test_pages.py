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
from screening.models import ImportBatch, Record
from screening.services.imports import confirm, upload
from screening.services.records import correct_record
from screening.services.withdrawals import withdraw
from tests.access.addresses import kwargs_of, path_of, review_addresses, usual
from tests.access.policy import POLICY
from tests.cast import PASSWORD
from tests.scenario import Populated, Scenario, build_scenario, look_at_decisions
from tests.screening.importing import ris

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
NOT_PAGES = (".csv", ".txt", ".xlsx", ".svg", "/files/", "/export/file/", "/time/")
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


def _states(made: Populated, person: User) -> list[str]:
    """Return pages of the import in the states that the scenario leaves out, and bring those about."""
    acting: dict[str, Any] = {"user": person, "review": made.review}

    def hand_in(name: str, content: bytes) -> ImportBatch:
        return upload(**acting, source=made.source, search=None, name=name, content=content)

    def bring(title: str) -> ImportBatch:
        batch = hand_in(f"{title}.ris", ris(title))
        return confirm(**acting, batch=ImportBatch.objects.get(pk=batch.pk))

    lossy = ris("One that is read") + b"TY  - JOUR\nLA  - eng\nER  - \n"
    batches = [made.waiting_batch, hand_in("lossy.ris", lossy), hand_in("paper.pdf", b"%PDF-1.7\n")]
    batches.append(hand_in("mapped.csv", b"Paper;When\nNeedles by ultrasound;2019\n"))
    staying, leaving = bring("Needles by hand"), bring("Needles by mistake")
    withdraw(**acting, batch=leaving, reason="Wrong search.")
    corrected = Record.objects.get(batch=staying)
    correct_record(**acting, record=corrected, texts={"title": "Needles"}, reason="As printed.", seen=0)
    decisions = look_at_decisions(person, made.review, "mine.csv", ["1,A,include,", "1,A,perhaps,"])
    home = f"/reviews/{made.review.slug}/"
    return [
        *(f"{home}imports/{batch.pk}/" for batch in [*batches, leaving]),
        f"{home}imports/{staying.pk}/withdrawal/",
        f"{home}imports/decisions/{decisions.pk}/",
        f"{home}records/{corrected.number}/",
        f"{home}records/export/?q=nothing+has+this",
        f"{home}duplicates/many/?low=0&high=1&seed=1",
    ]


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
    person = _give_every_role(scenario)
    page, wrong = sign_in(person, color_scheme=theme), []
    for path in [*OUTSIDE, *_paths(scenario.own), *_states(scenario.own, person)]:
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


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_scrolls_sideways_on_a_telephone(
    theme: str, scenario: Scenario, sign_in: Callable[..., Page]
) -> None:
    """WCAG 2.2, 1.4.10: content reflows at 320 CSS pixels; tables may scroll within their own region."""
    person = _give_every_role(scenario)
    page, wide = sign_in(person, color_scheme=theme, viewport={"width": 320, "height": 640}), []
    for path in [*OUTSIDE, *_paths(scenario.own), *_states(scenario.own, person)]:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert not wide, "\n".join(wide)
