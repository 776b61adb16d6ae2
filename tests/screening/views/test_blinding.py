"""Nothing that the server sends a person depends on another person's decision before it settles.

Each test lets B do one thing after another on records that are not settled, and compares, byte by byte, all
pages that the others can open: absent, include, exclude, maybe, changed, undone. Only the CSRF and form
tokens, which are random for every request, are left out.
"""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from screening import url_parts_screening
from screening.domain.vocabulary import Stage
from screening.models import Report, ReportFile, Source, StagePolicy
from screening.services.decisions import change_decision, undo_decision
from screening.services.fulltext import add_file
from tests.screening.builders import (
    EXCLUDE,
    INCLUDE,
    UNSURE,
    decide,
    make_reason,
    make_record,
    make_source,
    retrieve,
    status_of,
)

TITLE_ABSTRACT, FULL_TEXT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
RANDOM = re.compile(rb'name="(csrfmiddlewaretoken|token)" value="[^"]*"')
PEOPLE = ["reviewer_a", "adjudicator", "viewer"]


@pytest.fixture
def reviewer_c(join):
    from reviewsite.workspace.domain.roles import Role

    return join("reviewer_c", Role.REVIEWER)


@pytest.fixture
def scene(review, owner, reviewer_a, reviewer_b):
    """Records of every kind: untouched, decided by A, in conflict, settled, and one at full text with a
    file.
    """
    records = [make_record(review, owner, abstract="A text.") for _ in range(5)]
    decide(reviewer_a, records[1], INCLUDE, note="My note")
    decide(reviewer_a, records[2], INCLUDE)
    decide(reviewer_b, records[2], EXCLUDE)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, records[3], EXCLUDE)
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    report = make_record(review, owner, source=listed)
    add_file(
        user=owner,
        review=review,
        report=Report.objects.get(record=report),
        name="report.pdf",
        content=b"%PDF-1.7",
    )
    return [*records, report]


def addresses(records):
    """Return every address of the screening area that answers GET, for each of the records."""
    kept = ReportFile.objects.get()
    found = []
    for pattern in url_parts_screening.urlpatterns:
        if "GET" not in pattern.callback.methods:
            continue
        names = set(pattern.pattern.converters)
        for stage in [TITLE_ABSTRACT, FULL_TEXT] if "stage" in names else [None]:
            for record in records if "number" in names else [None]:
                values = {"stage": stage, "number": record and record.number, "pk": kept.pk}
                wanted = {name: values[name] for name in names}
                found.append(reverse(pattern.name, kwargs={"slug": "cement", **wanted}))
    found += [f"{found[0]}?after={record.number}" for record in records]
    return sorted(set(found))


def seen_by(client, person, paths):
    client.force_login(person)
    return {
        (path, fragment): answer(client, path, fragment)
        for path in paths
        for fragment in (
            (False, True) if path.endswith("title-abstract/") or path.endswith("full-text/") else (False,)
        )
    }


def answer(client, path, fragment):
    return without_random(client.get(path, headers={"HX-Request": "true"} if fragment else {}))


def without_random(response):
    content = b"".join(response) if response.streaming else response.content
    headers = {name: value for name, value in response.items() if name not in ("Expires", "Content-Length")}
    return response.status_code, headers, RANDOM.sub(b"", content)


def what_b_may_do(reviewer_b, record, stage, outcomes):
    """Do one thing after another on the record and say after each of them what it was."""
    about = {"user": reviewer_b, "review": record.review, "record": record, "stage": stage}
    verdict, reason = outcomes[0]
    decide(reviewer_b, record, verdict, stage=stage, reason=reason, note="B's note: wrong population")
    yield f"decided {verdict}"
    for verdict, reason in outcomes[1:]:
        change_decision(verdict=verdict, reason=reason, token=uuid4(), **about)
        yield f"changed to {verdict}"
    undo_decision(**about)
    yield "undone"


@pytest.mark.parametrize("person", PEOPLE)
def test_what_b_decides_on_a_title_shows_nowhere(client, request, scene, reviewer_b, person):
    watcher, paths = request.getfixturevalue(person), addresses([scene[0], scene[2]])
    before = seen_by(client, watcher, paths)
    outcomes = [(UNSURE, None), (EXCLUDE, None)]
    for deed in what_b_may_do(reviewer_b, scene[0], TITLE_ABSTRACT, outcomes):
        assert status_of(scene[0]) == "awaiting"
        assert seen_by(client, watcher, paths) == before, deed


@pytest.mark.parametrize("person", PEOPLE)
def test_what_b_decides_on_a_full_text_shows_nowhere(client, request, review, scene, reviewer_b, person):
    watcher, paths, report = request.getfixturevalue(person), addresses([scene[2], scene[-1]]), scene[-1]
    outcomes = [(INCLUDE, None), (EXCLUDE, make_reason(review))]
    before = seen_by(client, watcher, paths)
    for deed in what_b_may_do(reviewer_b, report, FULL_TEXT, outcomes):
        assert seen_by(client, watcher, paths) == before, deed


def test_a_maybe_that_settles_nothing_shows_nowhere(client, review, owner, scene, reviewer_a, reviewer_b):
    StagePolicy.objects.create(review=review, stage=TITLE_ABSTRACT, unsure="neutral", created_by=owner)
    paths = addresses([scene[1]])
    before = seen_by(client, reviewer_a, paths)
    for deed in what_b_may_do(reviewer_b, scene[1], TITLE_ABSTRACT, [(UNSURE, None)]):
        assert status_of(scene[1]) == "awaiting"
        assert seen_by(client, reviewer_a, paths) == before, deed


def test_two_of_three_decisions_show_nothing_to_the_third(
    client, review, owner, scene, reviewer_b, reviewer_c
):
    StagePolicy.objects.create(review=review, stage=TITLE_ABSTRACT, n_reviewers=3, created_by=owner)
    paths = addresses([scene[1]])
    before = seen_by(client, reviewer_c, paths)
    for deed in what_b_may_do(reviewer_b, scene[1], TITLE_ABSTRACT, [(EXCLUDE, None), (INCLUDE, None)]):
        assert seen_by(client, reviewer_c, paths) == before, deed


@pytest.mark.parametrize("deed", ["vote", "undo"])
def test_the_answer_to_a_vote_does_not_depend_on_what_b_decided_before(
    client, review, owner, scene, reviewer_a, reviewer_b, deed
):
    StagePolicy.objects.create(review=review, stage=TITLE_ABSTRACT, n_reviewers=3, created_by=owner)
    client.force_login(reviewer_a)
    answers = [answer_after(client, deed, scene, reviewer_b, verdict) for verdict in (None, INCLUDE, EXCLUDE)]
    assert answers[0][0] == 200
    assert answers[0] == answers[1] == answers[2]


def answer_after(client, deed, scene, reviewer_b, verdict):
    """Let B decide, or not, post as A and take both back."""
    touched = scene[0] if deed == "vote" else scene[1]
    name = "screen-record" if deed == "vote" else "screen-undo"
    before = transaction.savepoint()
    if verdict:
        decide(reviewer_b, touched, verdict)
    address = reverse(name, args=("cement", TITLE_ABSTRACT, touched.number))
    response = client.post(address, {"verdict": "include", "token": uuid4()}, headers={"HX-Request": "true"})
    transaction.savepoint_rollback(before)
    return without_random(response)


def test_the_comparison_would_notice_a_settled_record(client, scene, reviewer_a, reviewer_b):
    paths = addresses([scene[1]])
    before = seen_by(client, reviewer_a, paths)
    decide(reviewer_b, scene[1], EXCLUDE)
    assert seen_by(client, reviewer_a, paths) != before


def test_a_retrieval_names_nobody(client, scene, reviewer_a, reviewer_b):
    retrieve(reviewer_b, scene[-1], "requested")
    client.force_login(reviewer_a)
    assert "Reviewer b" not in client.get(reverse("report", args=("cement", 6))).content.decode()


@pytest.mark.parametrize("deed", ["undo", "change"])
def test_the_refusal_under_a_full_text_does_not_tell_whether_b_has_judged_it(
    client, review, owner, reviewer_a, reviewer_b, deed
):
    record = make_record(review, owner)
    shown = decide(reviewer_a, record, INCLUDE).token
    decide(reviewer_b, record, INCLUDE)
    retrieve(owner, record)
    client.force_login(reviewer_a)
    name = "screen-undo" if deed == "undo" else "screen-record"
    address = reverse(name, args=("cement", TITLE_ABSTRACT, record.number))
    data = {"verdict": "exclude", "token": uuid4(), "replaces": shown}
    answers = []
    for is_judged in (False, True):
        if is_judged:
            decide(reviewer_b, record, INCLUDE, stage=FULL_TEXT)
        answers.append(without_random(client.post(address, data, headers={"HX-Request": "true"})))
    assert answers[0] == answers[1]
    assert b"builds on this decision" in answers[0][2]
