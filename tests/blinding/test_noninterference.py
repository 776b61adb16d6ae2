"""Two runs that differ only in what others decided on unsettled records look the same, byte for byte.

What follows lawfully once a record settles is outside of this comparison and has tests of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reviewsite.workspace.models import User
from screening.domain.vocabulary import Stage, Verdict
from screening.domain.writing.layouts import HOLD_DECISIONS, Layout
from screening.models import Decision, DecisionImport, StageState
from tests.blinding.twins import View, differing, look
from tests.scenario import Hidden, Populated

BASE = Hidden()
TWINS = {
    "verdicts flipped": replace(
        BASE,
        title_abstract=Verdict.EXCLUDE,
        full_text=Verdict.EXCLUDE,
        note="quite another note, and a longer one",
    ),
    "maybe": replace(BASE, title_abstract=Verdict.UNSURE, note=""),
    "nothing decided": replace(BASE, title_abstract=None, full_text=None),
    "decided later": replace(BASE, hours=20),
    "one flipped, three undecided": replace(BASE, title_abstract=None, full_text=Verdict.EXCLUDE),
}
BLIND = ("reviewer_a", "owner", "admin", "viewer", "adjudicator", "extractor_a")
UNSETTLED = [
    (1, Stage.TITLE_ABSTRACT),
    (2, Stage.TITLE_ABSTRACT),
    (17, Stage.TITLE_ABSTRACT),
    (8, Stage.FULL_TEXT),
]


@pytest.fixture(autouse=True)
def _silent_log() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def seen_at_base(made: Populated) -> dict[int, View]:
    logging.disable(logging.ERROR)
    return look(made, [getattr(made.people, role) for role in BLIND], BASE)


def _interference(made: Populated, role: str, first: Hidden, second: Hidden, *names: str) -> list[str]:
    person = getattr(made.people, role)
    one = look(made, [person], first, names=names)[person.pk]
    return differing(one, look(made, [person], second, names=names)[person.pk])


# Screening


@pytest.mark.parametrize(
    ("role", "twin"),
    [
        *(("reviewer_a", twin) for twin in TWINS),
        *((role, "one flipped, three undecided") for role in BLIND[1:]),
    ],
)
def test_nobody_can_notice_what_another_reviewer_decided(
    role: str, twin: str, made: Populated, seen_at_base: dict[int, View], db: None
) -> None:
    person = getattr(made.people, role)
    found = differing(seen_at_base[person.pk], look(made, [person], TWINS[twin])[person.pk])
    if found:
        pytest.fail("\n".join(found))


def test_what_is_hidden_differs_and_stays_unsettled(made: Populated, db: None, monkeypatch: Any) -> None:
    """A comparison of two equal runs would prove nothing."""
    verdicts = []

    def note_down(*_: Any) -> View:
        for number, stage in UNSETTLED:
            assert StageState.objects.get(record=made.records[number], stage=stage).status == "awaiting"
        theirs = Decision.objects.open().filter(reviewer=made.people.reviewer_b, record=made.records[2])
        verdicts.append(list(theirs.values_list("verdict", "note")))
        return {}

    monkeypatch.setattr("tests.blinding.twins._fetch_all", note_down)
    for hidden in (BASE, *TWINS.values()):
        look(made, [made.people.owner], hidden)
    assert [found[0][0] if found else None for found in verdicts] == [
        "include", "exclude", "unsure", None, "include", None,
    ]  # fmt: skip


def test_everything_was_looked_at(made: Populated, seen_at_base: dict[int, View], db: None) -> None:
    seen = seen_at_base[made.people.reviewer_a.pk]
    n_shown = sum(answer.status == 200 for (method, _path), answer in seen.items() if method == "GET")
    assert n_shown >= 100
    assert not [path for path, answer in seen.items() if answer.status >= 500]


# Decisions made elsewhere


BROUGHT = replace(BASE, title_abstract=None, brought=Verdict.INCLUDE)
OTHER_FILES = {
    "other decision in the file": replace(BROUGHT, brought=Verdict.EXCLUDE, note="another note"),
    "maybe in the file": replace(BROUGHT, brought=Verdict.UNSURE),
    "left out for a decision made here": replace(BROUGHT, title_abstract=Verdict.EXCLUDE),
}


@pytest.fixture(scope="module")
def seen_with_file(made: Populated) -> dict[int, View]:
    logging.disable(logging.ERROR)
    return look(made, [getattr(made.people, role) for role in BLIND], BROUGHT)


@pytest.mark.parametrize("file", OTHER_FILES)
def test_nobody_can_notice_what_an_imported_file_says_of_another_reviewer(
    file: str, made: Populated, seen_with_file: dict[int, View], db: None
) -> None:
    people = [getattr(made.people, role) for role in BLIND if role != "owner"]
    seen = look(made, people, OTHER_FILES[file])
    found = [line for person in people for line in differing(seen_with_file[person.pk], seen[person.pk])]
    if found:
        pytest.fail("\n".join(found))


def test_uploader_learns_what_the_file_says_on_the_pages_of_the_import_alone(
    made: Populated, seen_with_file: dict[int, View], db: None
) -> None:
    owner = made.people.owner
    seen = look(made, [owner], OTHER_FILES["other decision in the file"])[owner.pk]
    found = differing(seen_with_file[owner.pk], seen)
    imported = DecisionImport.objects.filter(review=made.review).count() + 1
    assert {line.split(": ")[0].split("/imports/")[-1] for line in found} == {f"decisions/{imported}/"}


def test_uploader_cannot_notice_whether_the_other_reviewer_had_decided_here(
    made: Populated, seen_with_file: dict[int, View], db: None
) -> None:
    owner = made.people.owner
    seen = look(made, [owner], OTHER_FILES["left out for a decision made here"])[owner.pk]
    found = differing(seen_with_file[owner.pk], seen)
    if found:
        pytest.fail("\n".join(found))


# Extraction


@pytest.mark.parametrize(
    "twin",
    [
        replace(BASE, value="9.9"),
        replace(BASE, is_submitted=False),
        replace(BASE, value=None),
        replace(BASE, value="9.9", is_submitted=False, hours=20),
    ],
    ids=["other values", "not submitted", "not begun", "other draft, later"],
)
def test_extractor_cannot_notice_what_the_other_extractor_does(
    twin: Hidden, made: Populated, seen_at_base: dict[int, View], db: None
) -> None:
    person = made.people.extractor_a
    found = differing(seen_at_base[person.pk], look(made, [person], twin)[person.pk])
    if found:
        pytest.fail("\n".join(found))


@pytest.mark.parametrize("role", ["owner", "viewer", "reviewer_a"])
def test_entry_that_is_not_settled_shows_no_value_to_others(
    role: str, made: Populated, seen_at_base: dict[int, View], db: None
) -> None:
    person = getattr(made.people, role)
    found = differing(seen_at_base[person.pk], look(made, [person], replace(BASE, value="9.9"))[person.pk])
    if found:
        pytest.fail("\n".join(found))


# The comparison notices leaks


LEAK = TWINS["verdicts flipped"]
GONE = TWINS["nothing decided"]


def test_leak_through_decisions_that_everybody_may_see_is_noticed(
    made: Populated, db: None, monkeypatch: Any
) -> None:
    def everything(_user: User, review: Any, stage: Stage) -> Any:
        return Decision.objects.filter(review=review, stage=stage)

    monkeypatch.setattr("screening.views.records.visible_to", everything)
    assert _interference(made, "reviewer_a", BASE, LEAK, "record")


def test_leak_through_an_export_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    def everything(_user: User, review: Any, stage: Stage) -> Any:
        return Decision.objects.filter(review=review, stage=stage)

    monkeypatch.setattr("screening.queries.record_exports.visible_to", everything)
    noticed = _interference(made, "extractor_a", BASE, LEAK, "record-export-file")
    layouts = {layout for layout in Layout if any(f"layout={layout}&" in line for line in noticed)}
    assert layouts == HOLD_DECISIONS


def test_leak_through_the_order_of_the_queue_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    from django.db.models import Count

    from screening.queries import queue

    honest = queue.open_queue

    noticed = []
    for order in ("n_others", "-n_others"):  # one of the two changes which of the records 1 and 2 comes first

        def by_others(user: User, review: Any, stage: Stage, order: str = order) -> Any:
            counted = honest(user, review, stage).annotate(n_others=Count("record__decisions"))
            return counted.order_by(order, "priority", "record")

        monkeypatch.setattr(queue, "open_queue", by_others)
        noticed += _interference(made, "reviewer_a", BASE, GONE, "screen")
    assert noticed


def test_leak_through_progress_that_counts_others_is_noticed(
    made: Populated, db: None, monkeypatch: Any
) -> None:
    from screening.queries import progress

    def everybodys(user: User, review: Any, stage: Stage) -> progress.OwnProgress:
        decided = Decision.objects.open().filter(review=review, stage=stage).count()
        return progress.OwnProgress(decided, 10)

    monkeypatch.setattr(progress, "own", everybodys)
    assert _interference(made, "reviewer_a", BASE, GONE, "screen")


def test_leak_through_a_filter_by_decision_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    from screening.views import records

    honest = records.records_of
    monkeypatch.setattr(
        records,
        "records_of",
        lambda review, wanted=None: honest(review, wanted).filter(decisions__verdict="exclude").distinct(),
    )
    assert _interference(made, "viewer", BASE, LEAK, "record-list")


def test_leak_through_a_note_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    from screening.views import screen

    honest = screen.abstract_sections
    monkeypatch.setattr(
        screen,
        "abstract_sections",
        lambda text: honest(
            text + " ".join(Decision.objects.exclude(note="").values_list("note", flat=True))
        ),
    )
    assert _interference(made, "reviewer_a", BASE, LEAK, "screen-record")


def test_leak_through_the_page_of_an_import_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    from screening.views import prior_decisions

    honest = prior_decisions.render

    def with_counts(request: Any, template: str, context: dict[str, Any], **kwargs: Any) -> Any:
        response = honest(request, template, context, **kwargs)
        response.content += repr(context["imported"].found["people"]).encode()
        return response

    monkeypatch.setattr(prior_decisions, "render", with_counts)
    other = OTHER_FILES["other decision in the file"]
    assert _interference(made, "reviewer_a", BROUGHT, other, "decision-import")


def test_leak_through_a_header_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    from django.http import HttpResponse

    from screening.views import records

    honest = records.render

    def with_etag(*args: Any, **kwargs: Any) -> HttpResponse:
        response = honest(*args, **kwargs)
        response["ETag"] = f'"{Decision.objects.filter(verdict="exclude").count()}"'
        return response

    monkeypatch.setattr(records, "render", with_etag)
    assert _interference(made, "owner", BASE, LEAK, "record-list")


def test_leak_of_another_entry_is_noticed(made: Populated, db: None, monkeypatch: Any) -> None:
    from extraction.models import Entry
    from extraction.views import studies

    honest = studies.render

    def with_values(request: Any, template: str, context: dict[str, Any], **kwargs: Any) -> Any:
        response = honest(request, template, context, **kwargs)
        drafts = Entry.objects.filter(kind="extraction").values_list("values__number", "submitted_at")
        response.content += repr(list(drafts)).encode()
        return response

    monkeypatch.setattr(studies, "render", with_values)
    assert _interference(made, "extractor_a", BASE, replace(BASE, value="9.9"), "study")
