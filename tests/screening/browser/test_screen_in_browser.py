"""The screening page in a browser: nothing typed is lost, the address follows, the full text has its room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Dialog, Page, expect

from reviewsite.workspace.models import Review, User
from screening.models import Decision, Report, Source
from screening.services.fulltext import add_file
from tests.browser.conftest import open_context, sign_in  # noqa: F401  (fixtures)
from tests.screening.builders import make_reason, make_record, make_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREEN = "/reviews/cement/screen/title-abstract/"
AGAINST_DOUBLE_KEYS = 400
PDF = Path(__file__).parent.parent / "files" / "two_pages.pdf"


class Watch:
    """What the console complained of, and the questions that the page asked."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        self.accepts = False

    def on(self, page: Page) -> None:
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._answer)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _answer(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.type)
        if self.accepts:
            dialog.accept()
        else:
            dialog.dismiss()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def page(review: Review, owner: User, reviewer_a: User, sign_in: Callable[..., Page]) -> Page:  # noqa: F811
    for n in range(1, 5):
        make_record(review, owner, title=f"Record {n}", abstract=f"Abstract {n}.")
    page = sign_in(reviewer_a)
    page.goto(SCREEN)
    return page


def _shown(page: Page) -> str:
    return page.locator(".screen-title").inner_text()


def _press(page: Page, key: str, done: int) -> None:
    page.wait_for_timeout(AGAINST_DOUBLE_KEYS)
    page.keyboard.press(key)
    expect(page.locator(".screen-count")).to_contain_text(f"{done} done")
    page.wait_for_timeout(AGAINST_DOUBLE_KEYS)


def test_a_reload_shows_the_record_that_was_under_the_keys(page: Page) -> None:
    first = _shown(page)
    _press(page, "i", 1)
    second = _shown(page)
    assert second != first
    page.reload()
    assert (_shown(page), page.url.split("/screen/")[1]) == (second, f"title-abstract/{second.split()[1]}/")


def test_back_opens_the_record_before(page: Page) -> None:
    _press(page, "i", 1)
    second = _shown(page)
    _press(page, "e", 2)
    page.go_back()
    expect(page.locator(".screen-title")).to_have_text(second)
    expect(page.locator("header")).not_to_have_count(0)
    expect(page.locator(".screen-own")).to_contain_text("Exclude")


def test_a_skip_asks_before_a_typed_note_is_lost(page: Page, watch: Watch) -> None:
    shown = _shown(page)
    page.keyboard.press("n")
    page.keyboard.type("A thought")
    page.locator(".decision-bar a[data-shortcut=s]").click(no_wait_after=True)
    page.wait_for_timeout(AGAINST_DOUBLE_KEYS)
    assert (watch.dialogs, _shown(page)) == (["beforeunload"], shown)
    expect(page.get_by_label("Private note")).to_have_value("A thought")
    watch.accepts = True
    page.locator(".decision-bar a[data-shortcut=s]").click()
    expect(page.locator(".screen-title")).not_to_have_text(shown)


def test_undoing_the_last_decision_asks_before_a_typed_note_is_lost(page: Page, watch: Watch) -> None:
    _press(page, "i", 1)
    page.keyboard.press("n")
    page.keyboard.type("A thought")
    page.get_by_role("button", name="Undo last").click()
    page.wait_for_timeout(AGAINST_DOUBLE_KEYS)
    assert (watch.dialogs, Decision.objects.open().count()) == (["confirm"], 1)
    watch.accepts = True
    page.get_by_role("button", name="Undo last").click()
    expect(page.locator(".screen-count")).to_contain_text("0 done")


def test_a_note_is_saved_with_the_decision_and_comes_back_with_its_undo(page: Page, watch: Watch) -> None:
    page.keyboard.press("n")
    page.keyboard.type("A thought")
    page.get_by_role("button", name="Include").click()
    expect(page.locator(".screen-count")).to_contain_text("1 done")
    _press(page, "z", 0)
    expect(page.get_by_label("Private note")).to_have_value("A thought")
    page.locator(".decision-bar a[data-shortcut=s]").click()
    page.wait_for_url("**?after=*")
    assert watch.dialogs == []


def test_a_note_that_was_resized_breaks_no_policy(page: Page) -> None:
    box = page.get_by_label("Private note").bounding_box()
    assert box
    corner = box["x"] + box["width"] - 4, box["y"] + box["height"] - 4
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0], corner[1] + 40)
    page.mouse.up()
    assert "height" in (page.get_by_label("Private note").get_attribute("style") or "")
    page.locator(".screen-title").click()
    for done, key in enumerate("iemz"):
        _press(page, key, 2 if key == "z" else done + 1)


@pytest.fixture
def at_full_text(review: Review, owner: User) -> Any:
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    record = make_record(review, owner, source=listed, abstract="A long abstract. " * 60)
    for n in range(1, 12):
        make_reason(review, f"reason {n}")
    report = Report.objects.get(record=record)
    add_file(user=owner, review=review, report=report, name="report.pdf", content=PDF.read_bytes())
    return record


def test_the_full_text_has_most_of_the_window(
    review: Review,
    reviewer_a: User,
    at_full_text: Any,
    sign_in: Callable[..., Page],  # noqa: F811
) -> None:
    page = sign_in(reviewer_a, viewport={"width": 1280, "height": 800})
    page.goto("/reviews/cement/screen/full-text/")
    expect(page.locator(".pdf-paper")).to_be_visible()
    sheet = page.locator(".pdf-sheet").bounding_box()
    bar = page.locator(".decision-bar").bounding_box()
    assert sheet
    assert bar
    assert min(sheet["y"] + sheet["height"], bar["y"]) - max(sheet["y"], 0) >= 480
    assert sheet["width"] >= 700


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_at_the_end_of_the_page_the_bar_covers_nothing(
    review: Review,
    reviewer_a: User,
    at_full_text: Any,
    sign_in: Callable[..., Page],  # noqa: F811
    width: int,
) -> None:
    page = sign_in(reviewer_a, viewport={"width": width, "height": 800})
    page.goto("/reviews/cement/screen/full-text/")
    page.evaluate("window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    bar = page.locator(".decision-bar").bounding_box()
    assert bar
    for part in ("#reasons", ".screen-criteria", ".screen-side .field"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= bar["y"]


@pytest.mark.parametrize("width", [390, 640])
def test_a_reason_reached_by_tabbing_lies_above_the_bar(
    review: Review,
    reviewer_a: User,
    at_full_text: Any,
    sign_in: Callable[..., Page],  # noqa: F811
    width: int,
) -> None:
    page = sign_in(reviewer_a, viewport={"width": width, "height": 800})
    page.goto("/reviews/cement/screen/full-text/")
    expect(page.locator(".pdf-paper")).to_be_visible()
    page.locator("#reasons button").last.focus()
    page.wait_for_timeout(AGAINST_DOUBLE_KEYS)
    reason = page.locator("#reasons button").last.bounding_box()
    bar = page.locator(".decision-bar").bounding_box()
    assert reason
    assert bar
    assert reason["y"] + reason["height"] <= bar["y"]


def test_the_key_0_is_the_tenth_reason(
    review: Review,
    reviewer_a: User,
    at_full_text: Any,
    sign_in: Callable[..., Page],  # noqa: F811
) -> None:
    page = sign_in(reviewer_a)
    page.goto("/reviews/cement/screen/full-text/")
    page.keyboard.press("0")
    expect(page.locator(".screen-count")).to_contain_text("1 done")
    decision = Decision.objects.get()
    assert decision.reason
    assert decision.reason.code == "reason 10"
