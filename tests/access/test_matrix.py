"""Every role, at every address of a review, with every method; generated from the URL configuration."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from extraction.models import Entry, Measurement, Value
from reviewsite.workspace.domain.roles import CAPABILITIES, Capability, Role, capabilities_of
from reviewsite.workspace.models import User
from reviewsite.workspace.services.people import set_roles
from reviewsite.workspace.services.reviews import make_read_only
from screening.models import (
    Adjudication,
    ConsensusProposal,
    ConsensusSignature,
    Decision,
    ImportedOutcome,
    Record,
    StageState,
)
from tests.access.addresses import (
    Address,
    Kwargs,
    all_addresses,
    attribute_of,
    foreign_kwargs,
    kwargs_of,
    path_of,
    review_addresses,
    usual,
)
from tests.access.policy import ELSEWHERE, POLICY, Door
from tests.scenario import Scenario

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MEMBERS = {
    "owner": Role.OWNER,
    "admin": Role.ADMIN,
    "reviewer_a": Role.REVIEWER,
    "adjudicator": Role.ADJUDICATOR,
    "extractor_a": Role.EXTRACTOR,
    "viewer": Role.VIEWER,
}
ANSWERS_TO_EMPTY_FORM = {200, 302, 400, 409, 422}
MISSING_SLUG = "no-such-review"
VOLATILE = {"django_session", "django_migrations"}
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(autouse=True)
def _silent_log() -> Iterator[None]:
    """Keep thousands of meant refusals out of the log, which would take longer than the requests."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Case:
    """One address with its objects, and one method."""

    address: Address
    kwargs: Kwargs
    method: str

    def path(self, slug: str = "cement") -> str:
        return path_of(self.address.name, slug, self.kwargs)

    def __str__(self) -> str:
        return f"{self.method} {self.path()} ({self.address.name})"


def cases_of(scenario: Scenario) -> list[Case]:
    objects = kwargs_of(scenario.own)
    return [
        Case(address, kwargs, method)
        for address in review_addresses()
        for kwargs in usual(objects.get(address.name, [{}]))
        for method in METHODS
    ]


def client_for(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(client: Client, case: Case, slug: str = "cement") -> Answer:
    response = client.generic(case.method, case.path(slug))
    body = response.getvalue() if response.streaming else response.content
    return Answer(response.status_code, response.headers, body)


def fingerprint() -> dict[str, tuple[int, str]]:
    """Return the number of rows of each table and a hash of all they hold."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - VOLATILE):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            rows = cursor.fetchall()
            found[table] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


@contextmanager
def nothing_changes(cases: list[str]) -> Iterator[None]:
    before = fingerprint()
    yield
    after = fingerprint()
    changed = [table for table in before.keys() | after.keys() if before.get(table) != after.get(table)]
    assert not changed, f"{changed} changed by one of {cases}"


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_tokens(answer: Answer, slug: str) -> tuple[int, bytes]:
    return answer.status, CSRF.sub(b"", answer.body).replace(slug.encode(), b"<slug>")


# The list of addresses


def test_every_address_of_a_review_has_a_policy() -> None:
    names = {address.name for address in review_addresses()}
    assert not names - POLICY.keys(), "State in tests/access/policy.py who may open these addresses."
    assert not POLICY.keys() - names, "These addresses are gone: take them out of tests/access/policy.py."


@pytest.mark.parametrize("address", review_addresses(), ids=lambda address: address.name)
def test_guard_says_what_the_policy_says(address: Address) -> None:
    rule = POLICY[address.name]
    said = attribute_of(address.view, "capability"), attribute_of(address.view, "methods")
    assert said == (rule.reads, rule.methods)


def test_every_other_address_is_public_for_the_signed_in_or_of_the_administration() -> None:
    others = {a.name for a in all_addresses() if not a.is_of_review and not a.is_of_admin}
    assert others == ELSEWHERE.keys(), "State in tests/access/policy.py who may open these addresses."


def test_names_of_addresses_are_unique() -> None:
    names = [address.name for address in all_addresses() if not address.is_of_admin]
    assert sorted(names) == sorted(set(names))


def test_every_address_with_objects_has_objects_in_the_scenario(scenario: Scenario) -> None:
    known = kwargs_of(scenario.own)
    with_objects = {a.name for a in review_addresses() if a.route.count("<") > 1}
    assert with_objects == known.keys(), (
        "State in tests/access/addresses.py which objects these addresses name."
    )


# Who gets in


def test_anonymous_is_sent_to_sign_in_by_every_method(scenario: Scenario) -> None:
    client, cases = client_for(None), cases_of(scenario)
    with nothing_changes(["anonymous"]):
        answers = {str(case): ask(client, case) for case in cases}
    login = reverse("account_login")
    assert [
        c for c, r in answers.items() if r.status != 302 or not r.headers["Location"].startswith(login)
    ] == []


def test_person_whose_account_is_closed_is_sent_to_sign_in(scenario: Scenario) -> None:
    client = client_for(scenario.people.reviewer_a)
    User.objects.filter(pk=scenario.people.reviewer_a.pk).update(is_active=False)
    answers = {str(case): ask(client, case).status for case in cases_of(scenario)}
    assert set(answers.values()) == {302}


@pytest.mark.parametrize("role", ["outsider", "superuser", "former"])
def test_non_member_finds_the_same_nothing_as_where_no_review_is(role: str, scenario: Scenario) -> None:
    user = scenario.people.former if role == "former" else getattr(scenario, role)
    client, wrong = client_for(user), []
    with nothing_changes([role]):
        for case in cases_of(scenario):
            here = without_tokens(ask(client, case), "cement")
            missing = without_tokens(ask(client, case, MISSING_SLUG), MISSING_SLUG)
            expected = 404 if case.method in POLICY[case.address.name].known else 405
            if here[0] != expected or here != missing:
                wrong.append(f"{case}: {here[0]}, where no review is {missing[0]}, expected {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", MEMBERS)
def test_member_without_the_capability_is_refused_and_changes_nothing(role: str, scenario: Scenario) -> None:
    client, held, wrong = client_for(getattr(scenario.people, role)), capabilities_of([MEMBERS[role]]), []
    with nothing_changes([role]):
        for case in cases_of(scenario):
            rule = POLICY[case.address.name]
            if case.method in rule.known and rule.allows(case.method, held):
                continue
            expected = 403 if case.method in rule.known else 405
            status = ask(client, case).status
            if status != expected:
                wrong.append(f"{case}: {status}, expected {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", MEMBERS)
def test_member_with_the_capability_reads_without_changing_anything(role: str, scenario: Scenario) -> None:
    client, held, wrong = client_for(getattr(scenario.people, role)), capabilities_of([MEMBERS[role]]), []
    with nothing_changes([role]):
        for case in cases_of(scenario):
            if case.method not in ("GET", "HEAD") or not POLICY[case.address.name].allows(case.method, held):
                continue
            if not _is_there_for(case, role):
                continue
            if POLICY[case.address.name].known.isdisjoint({case.method}):
                continue
            wrong += [f"{case}: {problem}" for problem in _problems(ask(client, case))]
    assert not wrong, "\n".join(wrong)


def _is_there_for(case: Case, role: str) -> bool:
    """Say whether the object exists for the person: whoever is not a decider or adjudicator finds no
    such conflict, and whoever did not upload a file with decisions finds no rows of it."""
    there = {"conflict": ("reviewer_a", "adjudicator"), "decision-import-rows": ("owner",)}
    return role in there.get(case.address.name, MEMBERS)


def _problems(answer: Answer) -> list[str]:
    problems = []
    if answer.status not in (200, 302):
        problems.append(f"answers {answer.status}")
    if "private" not in answer.headers.get("Cache-Control", ""):
        problems.append("may be kept by a shared cache")
    if "default-src 'none'" not in answer.headers.get("Content-Security-Policy", ""):
        problems.append("has no content security policy")
    return problems


@pytest.mark.parametrize("role", MEMBERS)
def test_member_with_the_capability_may_send_an_empty_form(role: str, scenario: Scenario) -> None:
    client, held, wrong = client_for(getattr(scenario.people, role)), capabilities_of([MEMBERS[role]]), []
    for case in cases_of(scenario):
        rule = POLICY[case.address.name]
        if case.method != "POST" or "POST" not in rule.known or not rule.allows("POST", held):
            continue
        with undone():
            status = client.post(case.path()).status_code
        if status not in ANSWERS_TO_EMPTY_FORM:
            wrong.append(f"{case}: {status}")
    assert not wrong, "\n".join(wrong)


def test_object_of_another_review_is_not_found(scenario: Scenario) -> None:
    """Somebody who may do everything in both reviews meets the foreign object only at its own address."""
    set_roles(
        user=scenario.people.owner, review=scenario.review, member=scenario.people.owner, roles=list(Role)
    )
    client, wrong = client_for(scenario.people.owner), []
    own, foreign = kwargs_of(scenario.own), kwargs_of(scenario.foreign)
    with nothing_changes(["foreign objects"]):
        for address in review_addresses():
            for mine, theirs in zip(
                own.get(address.name, [])[:1], foreign.get(address.name, [])[:1], strict=True
            ):
                for kwargs in foreign_kwargs(address, mine, theirs):
                    for method in POLICY[address.name].methods:
                        case = Case(address, kwargs, method)
                        status = ask(client, case).status
                        if status != 404:
                            wrong.append(f"{case}: {status}")
    assert not wrong, "\n".join(wrong)


def test_read_only_review_refuses_every_change_and_stays_readable(scenario: Scenario) -> None:
    set_roles(
        user=scenario.people.owner, review=scenario.review, member=scenario.people.owner, roles=list(Role)
    )
    make_read_only(user=scenario.people.owner, review=scenario.review)
    client, wrong = client_for(scenario.people.owner), []
    with nothing_changes(["read-only"]):
        for case in cases_of(scenario):
            if case.method == "POST" and "POST" in POLICY[case.address.name].known:
                answer = ask(client, case)
                if answer.status != 409 or b"read-only" not in answer.body:
                    wrong.append(f"{case}: {answer.status}")
    assert not wrong, "\n".join(wrong)
    assert client.get(reverse("review-home", args=["cement"])).status_code == 200


def test_no_form_field_or_header_turns_one_method_into_another(scenario: Scenario) -> None:
    client, path = client_for(scenario.people.owner), reverse("interval-set", args=["cement"])
    with nothing_changes(["_method"]):
        assert client.get(f"{path}?_method=POST").status_code == 405
        assert client.get(path, headers={"X-HTTP-Method-Override": "POST"}).status_code == 405
        home = reverse("review-home", args=["cement"])
        assert client.post(home, {"_method": "GET"}).status_code == 405


def test_cross_site_form_is_refused_at_every_address(scenario: Scenario) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(scenario.people.owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    with nothing_changes(["without a CSRF token"]):
        answers = {str(c): ask(client, c).status for c in cases_of(scenario) if c.method == "POST"}
    assert set(answers.values()) == {403}


# Outside of reviews


@pytest.mark.parametrize("name", sorted(name for name, door in ELSEWHERE.items() if door is Door.SIGNED_IN))
def test_page_for_the_signed_in_sends_anonymous_to_sign_in(name: str, scenario: Scenario) -> None:
    response = Client().get(reverse(name))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", sorted(name for name, door in ELSEWHERE.items() if door is Door.PUBLIC))
def test_public_page_answers_everybody(name: str, scenario: Scenario) -> None:
    args = ["a-broken-link"] if name == "invitation" else []
    expected = {"invitation": 404, "demo-login": 404, "account_logout": 302}.get(name, 200)
    assert Client().get(reverse(name, args=args)).status_code == expected


@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_administration_is_closed_to_whoever_is_not_staff(role: str, scenario: Scenario) -> None:
    client, wrong = client_for(scenario.people.owner if role == "owner" else None), []
    for path in _admin_paths():
        if path in (reverse("admin:login"), reverse("admin:logout")):
            continue
        response = client.get(path)
        if response.status_code != 302 or reverse("admin:login") not in response["Location"]:
            wrong.append(f"{path}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_administration_shows_no_decision_and_no_record(scenario: Scenario) -> None:
    hidden = {
        Adjudication, ConsensusProposal, ConsensusSignature, Decision, Entry, ImportedOutcome, Measurement,
        StageState, Value,
    }  # fmt: skip
    assert not hidden & admin.site._registry.keys()
    client = client_for(scenario.superuser)
    titles = [title for title in Record.objects.values_list("title", flat=True) if title]
    assert titles
    shows = [
        path
        for path in _admin_paths()
        for page in [client.get(path).content.decode(errors="replace")]
        if any(title in page for title in titles)
    ]
    assert not shows, "\n".join(shows)


def _admin_paths() -> list[str]:
    paths = []
    for address in all_addresses():
        if address.is_of_admin and address.name:
            try:
                paths.append(reverse(f"admin:{address.name}"))
            except NoReverseMatch:
                continue
    return paths


# The page on permissions


def test_page_on_permissions_says_what_the_code_does() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "permissions.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    roles = [Role(name) for name in rows[0][1:]]
    written = {
        role: frozenset(Capability(row[0].split(":")[0]) for row in rows[2:] if row[1 + column] == "yes")
        for column, role in enumerate(roles)
    }
    assert written == CAPABILITIES
    assert {row[0].split(":")[0] for row in rows[2:]} == set(Capability)
    assert {cell for row in rows[2:] for cell in row[1:]} <= {"yes", "–"}
