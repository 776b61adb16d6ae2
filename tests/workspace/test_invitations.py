"""Invitations: one link, one use, no mail server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Invitation, Review, User
from reviewsite.workspace.queries.membership import roles_of
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import (
    accept_invitation,
    invitation_from,
    invitation_token,
    invite,
    rescind_invitation,
)

GOOD = {"name": "Librarian", "password": "a long enough password"}


@pytest.fixture
def invitation(owner: User, review: Review) -> Invitation:
    return invite(user=owner, review=review, email="New@Example.org", roles=[Role.EXTRACTOR, Role.VIEWER])


@pytest.fixture
def invited() -> User:
    return User.objects.create_user("New@example.org", GOOD["password"], name="Invited")


@pytest.fixture
def link(invitation: Invitation) -> str:
    return f"/invitations/{invitation_token(invitation)}/"


def test_the_link_leads_to_its_invitation(invitation: Invitation) -> None:
    assert invitation_from(invitation_token(invitation)) == invitation


def test_an_invitation_needs_a_role(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="at least one role"):
        invite(user=owner, review=review, email="new@example.org", roles=[])


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "Z" + token[1:], lambda _: "x"])
def test_a_changed_link_is_refused(invitation: Invitation, change: object) -> None:
    with pytest.raises(Refused, match="not complete"):
        invitation_from(change(invitation_token(invitation)))  # type: ignore[operator]


def test_a_used_link_is_refused(invitation: Invitation, invited: User) -> None:
    accept_invitation(invitation=invitation, user=invited)
    with pytest.raises(Refused, match="has been used"):
        invitation_from(invitation_token(invitation))


def test_a_withdrawn_link_is_refused(owner: User, review: Review, invitation: Invitation) -> None:
    rescind_invitation(user=owner, review=review, invitation=invitation)
    with pytest.raises(Refused, match="was withdrawn"):
        invitation_from(invitation_token(invitation))


def test_an_expired_link_is_refused(invitation: Invitation) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="has expired"):
        invitation_from(invitation_token(invitation))


def test_an_invitation_is_used_once(invitation: Invitation, invited: User) -> None:
    accept_invitation(invitation=invitation, user=invited)
    with pytest.raises(Refused, match="no longer open"):
        accept_invitation(invitation=invitation, user=invited)


def test_nobody_else_accepts_an_invitation(invitation: Invitation, reviewer_a: User, review: Review) -> None:
    sentence = "This invitation is for new@example.org; you are signed in as reviewer-a@example.org."
    with pytest.raises(Refused, match=sentence):
        accept_invitation(invitation=invitation, user=reviewer_a)
    assert roles_of(reviewer_a, review) == {Role.REVIEWER}
    assert invitation_from(invitation_token(invitation)) == invitation


def test_a_second_invitation_of_an_address_replaces_the_first(
    client: Client, owner: User, review: Review, invitation: Invitation
) -> None:
    client.force_login(owner)
    data = {"email": "NEW@example.org", "roles": ["viewer"]}
    page = client.post("/reviews/cement/people/invite/", data, follow=True).content.decode()
    assert "replaces the earlier one" in page
    with pytest.raises(Refused, match="was withdrawn"):
        invitation_from(invitation_token(invitation))
    assert [found.status for found in Invitation.objects.order_by("pk")] == ["rescinded", "open"]


def test_a_used_invitation_cannot_be_withdrawn(
    owner: User, review: Review, invitation: Invitation, invited: User
) -> None:
    accept_invitation(invitation=invitation, user=invited)
    with pytest.raises(Refused, match="no longer open"):
        rescind_invitation(user=owner, review=review, invitation=invitation)


def test_a_new_person_joins_with_name_and_password(client: Client, link: str, review: Review) -> None:
    response = client.post(link, GOOD)
    person = User.objects.get(email="new@example.org")
    assert response["Location"] == "/reviews/cement/"
    assert (person.name, person.check_password(GOOD["password"])) == ("Librarian", True)
    assert roles_of(person, review) == {Role.EXTRACTOR, Role.VIEWER}
    assert client.get("/reviews/cement/people/").status_code == 200


def test_no_mail_is_sent(client: Client, link: str) -> None:
    client.post(link, GOOD)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short", "at least 12 characters"), ("new@example.org", "too similar"), ("q1w2e3r4t5y6", "too common")],
)
def test_a_weak_password_is_refused_with_its_reason(
    client: Client, link: str, password: str, sentence: str
) -> None:
    response = client.post(link, GOOD | {"password": password})
    errors = response.context["form"].errors["password"]
    assert any(sentence in error for error in errors)
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_signed_in_person_accepts_with_one_button(
    client: Client, link: str, invited: User, review: Review
) -> None:
    client.force_login(invited)
    assert "Accept the invitation" in client.get(link).content.decode()
    assert roles_of(invited, review) == frozenset()
    client.post(link)
    assert roles_of(invited, review) == {Role.EXTRACTOR, Role.VIEWER}


def test_somebody_else_who_is_signed_in_is_told_to_sign_out(
    client: Client, link: str, outsider: User, review: Review
) -> None:
    client.force_login(outsider)
    page = client.get(link).content.decode()
    assert "you are signed in as outsider@example.org. Sign out and open the link again." in page
    assert "Accept the invitation" not in page
    assert client.post(link).status_code == 409
    assert roles_of(outsider, review) == frozenset()


def test_somebody_with_an_account_is_asked_to_sign_in(client: Client, link: str) -> None:
    User.objects.create_user("new@example.org", GOOD["password"], name="Known")
    page = client.post(link, GOOD | {"password": "another long password"})
    assert "Sign in with it to accept the invitation" in page.content.decode()
    assert User.objects.get(email="new@example.org").name == "Known"


@pytest.mark.parametrize("token", ["x", "MQ:1aaaaa:bbbb"])
def test_a_void_link_says_what_to_do(client: Client, token: str, db: None) -> None:
    response = client.get(f"/invitations/{token}/")
    assert response.status_code == 404
    assert "Copy the whole link and try again" in response.content.decode()


def test_opening_the_page_does_not_accept(client: Client, link: str, invitation: Invitation) -> None:
    client.get(link)
    invitation.refresh_from_db()
    assert invitation.status == "open"
