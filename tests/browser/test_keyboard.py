"""Title and abstract by keyboard alone: decide, change one's mind, write a note, ask for help, switch
the keys off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reviewsite.workspace.models import Review, User
from screening.models import Decision
from tests.screening.builders import make_record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREEN = "/reviews/cement/screen/title-abstract/"
AGAINST_DOUBLE_KEYS = 400


@pytest.fixture
def records(review: Review, owner: User) -> list[Any]:
    return [make_record(review, owner, title=f"Record {n}", abstract=f"Abstract {n}.") for n in range(1, 4)]


@pytest.fixture
def page(records: list[Any], reviewer_a: User, sign_in: Callable[..., Page]) -> Page:
    page = sign_in(reviewer_a)
    page.goto(SCREEN)
    return page


def _counts(page: Page, done: int, to_do: int) -> None:
    expect(page.locator(".screen-count")).to_contain_text(f"{done} done, {to_do} to do")
    page.wait_for_timeout(AGAINST_DOUBLE_KEYS)


def _open(reviewer: User) -> list[str]:
    return list(
        Decision.objects.open().filter(reviewer=reviewer).order_by("pk").values_list("verdict", flat=True)
    )


def test_all_records_are_decided_by_single_keys(page: Page, reviewer_a: User) -> None:
    for done, key in enumerate("iem"):
        _counts(page, done, 3 - done)
        page.keyboard.press(key)
    _counts(page, 3, 0)
    assert _open(reviewer_a) == ["include", "exclude", "unsure"]


def test_last_decision_is_undone_by_a_key_and_kept_in_the_history(page: Page, reviewer_a: User) -> None:
    _counts(page, 0, 3)
    page.keyboard.press("e")
    _counts(page, 1, 2)
    page.keyboard.press("z")
    _counts(page, 0, 3)
    assert _open(reviewer_a) == []
    page.keyboard.press("i")
    _counts(page, 1, 2)
    assert _open(reviewer_a) == ["include"]
    assert Decision.objects.filter(reviewer=reviewer_a).count() == 2


def test_keys_typed_into_the_note_decide_nothing(page: Page, reviewer_a: User) -> None:
    _counts(page, 0, 3)
    page.keyboard.press("n")
    note = page.get_by_label("Private note")
    expect(note).to_be_focused()
    page.keyboard.type("include? maybe: see z")
    expect(note).to_have_value("include? maybe: see z")
    _counts(page, 0, 3)
    assert _open(reviewer_a) == []


def test_question_mark_opens_the_list_of_keys_and_escape_closes_it(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(re.compile("Include"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_do_nothing_once_they_are_switched_off(page: Page, reviewer_a: User) -> None:
    page.goto("/profile/")
    page.locator("[name=has_shortcuts]").uncheck()
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()
    page.goto(SCREEN)
    _counts(page, 0, 3)
    page.keyboard.press("i")
    _counts(page, 0, 3)
    assert _open(reviewer_a) == []


def test_decision_bar_is_reached_and_used_by_tab_and_enter(page: Page, reviewer_a: User) -> None:
    _counts(page, 0, 3)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value === 'include'"):
            break
    page.keyboard.press("Enter")
    _counts(page, 1, 2)
    assert _open(reviewer_a) == ["include"]
