"""The demo's entrance without a password: off by default, and for demo accounts only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.test import Client

from reviewsite.workspace.models import User


@pytest.fixture
def demo_person(make_user: Callable[[str], User]) -> User:
    person = make_user("reviewer_a")
    User.objects.filter(pk=person.pk).update(is_demo=True)
    person.refresh_from_db()
    return person


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO_MODE = True


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


def test_the_demo_is_off_by_default() -> None:
    assert project_settings.DEMO_MODE is False


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_demo_the_entrance_does_not_exist(client: Client, demo_person: User, method: str) -> None:
    assert getattr(client, method)("/demo-login/", {"person": demo_person.pk}).status_code == 404
    assert not is_signed_in(client)


def test_without_the_demo_the_sign_in_page_offers_no_accounts(client: Client, demo_person: User) -> None:
    assert "Enter as" not in client.get("/accounts/login/").content.decode()


@pytest.mark.usefixtures("demo")
def test_the_sign_in_page_offers_the_demo_accounts_only(
    client: Client, demo_person: User, outsider: User
) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Enter as Reviewer a" in page
    assert "Enter as Outsider" not in page


@pytest.mark.usefixtures("demo")
def test_a_demo_account_enters_without_password(client: Client, demo_person: User) -> None:
    response = client.post("/demo-login/", {"person": demo_person.pk})
    assert response["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.usefixtures("demo")
def test_other_accounts_do_not_enter(client: Client, outsider: User) -> None:
    assert client.post("/demo-login/", {"person": outsider.pk}).status_code == 404
    assert not is_signed_in(client)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("person", ["", "x", "-1", "999999", "²"])
def test_a_strange_choice_is_not_found(client: Client, db: None, person: str) -> None:
    assert client.post("/demo-login/", {"person": person}).status_code == 404


@pytest.mark.usefixtures("demo")
def test_a_demo_account_that_is_switched_off_does_not_enter(client: Client, demo_person: User) -> None:
    User.objects.filter(pk=demo_person.pk).update(is_active=False)
    assert client.post("/demo-login/", {"person": demo_person.pk}).status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_entrance_refuses_a_post_from_elsewhere(demo_person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo-login/", {"person": demo_person.pk}).status_code == 403


def test_a_demo_account_keeps_its_name(client: Client, demo: None, demo_person: User) -> None:
    client.force_login(demo_person)
    page = client.post("/profile/", {"name": "Other"}).content.decode()
    assert "A demo account keeps its name" in page
    demo_person.refresh_from_db()
    assert demo_person.name == "Reviewer a"


@pytest.mark.parametrize("place", ["change", "set"])
def test_a_demo_account_gets_no_password(client: Client, demo: None, demo_person: User, place: str) -> None:
    client.force_login(demo_person)
    response = client.post(f"/accounts/password/{place}/", {"password1": "y" * 15, "password2": "y" * 15})
    assert response.status_code == 409
    assert "no password of its own" in response.content.decode()


def test_without_the_demo_a_demo_account_cannot_sign_in(
    client: Client, demo_person: User, settings: Any
) -> None:
    settings.DEMO_MODE = True
    demo_person.set_password("a long enough password")
    demo_person.save()
    assert client.login(email=demo_person.email, password="a long enough password")

    settings.DEMO_MODE = False

    assert not is_signed_in(client)
    assert not client.login(email=demo_person.email, password="a long enough password")
