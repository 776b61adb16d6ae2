"""Who gets in: members only, with the right role, as long as they are members."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Membership, Review, User
from reviewsite.workspace.services.people import deactivate_member, set_roles
from reviewsite.workspace.services.reviews import make_read_only

PEOPLE = "/reviews/cement/people/"
INVITE = "/reviews/cement/people/invite/"


def without_csrf(page: bytes) -> bytes:
    """Blank the token that is masked anew each time it is drawn."""
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", page)


def test_a_stranger_is_sent_to_sign_in(client: Client, review: Review) -> None:
    response = client.get(PEOPLE)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={PEOPLE}")


def test_a_foreign_review_and_a_missing_one_look_the_same(
    client: Client, review: Review, outsider: User
) -> None:
    client.force_login(outsider)
    foreign, missing = client.get(PEOPLE), client.get("/reviews/absent/people/")
    assert foreign.status_code == missing.status_code == 404
    assert without_csrf(foreign.content) == without_csrf(missing.content)
    assert foreign.headers == missing.headers


def test_a_foreign_review_is_not_found_by_posting_either(
    client: Client, review: Review, outsider: User
) -> None:
    client.force_login(outsider)
    assert client.post(INVITE, {"email": "x@example.org", "roles": ["owner"]}).status_code == 404


def test_a_superuser_who_is_no_member_stays_outside(client: Client, review: Review) -> None:
    client.force_login(
        User.objects.create_superuser("root@example.org", "a long enough password", name="Root")
    )
    assert client.get(PEOPLE).status_code == 404


@pytest.mark.parametrize("role", ["admin", "reviewer_a", "adjudicator", "extractor_a", "viewer"])
def test_a_member_without_the_role_is_forbidden(
    role: str, client: Client, review: Review, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(PEOPLE).status_code == 200
    response = client.post(INVITE, {"email": "x@example.org", "roles": ["owner"]})
    assert response.status_code == 403
    assert "Your role does not allow this" in response.content.decode()


def test_a_page_that_only_takes_posts_refuses_to_be_read(client: Client, owner: User, review: Review) -> None:
    client.force_login(owner)
    assert client.get(INVITE).status_code == 405


def test_a_read_only_review_refuses_with_a_sentence(client: Client, owner: User, review: Review) -> None:
    make_read_only(user=owner, review=review)
    client.force_login(owner)
    response = client.post(INVITE, {"email": "x@example.org", "roles": ["viewer"]})
    assert response.status_code == 409
    assert "This review is read-only: nothing in it can be changed." in response.content.decode()


def test_a_refusal_for_a_fragment_is_a_fragment(client: Client, owner: User, review: Review) -> None:
    make_read_only(user=owner, review=review)
    client.force_login(owner)
    response = client.post(INVITE, {}, headers={"hx-request": "true"})
    assert response.status_code == 409
    assert "<html" not in response.content.decode()
    assert "This review is read-only" in response.content.decode()


def test_what_a_service_refuses_becomes_a_page(client: Client, owner: User, review: Review) -> None:
    client.force_login(owner)
    response = client.post(f"/reviews/cement/people/{owner.pk}/deactivate/")
    assert response.status_code == 409
    assert "make somebody else an owner first" in response.content.decode()
    assert Membership.objects.open().filter(user=owner).count() == 1


def test_access_ends_with_the_next_request(client: Client, owner: User, review: Review, viewer: User) -> None:
    client.force_login(viewer)
    assert client.get(PEOPLE).status_code == 200
    deactivate_member(user=owner, review=review, member=viewer)
    assert client.get(PEOPLE).status_code == 404


def test_a_person_switched_off_is_signed_out(client: Client, review: Review, viewer: User) -> None:
    client.force_login(viewer)
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    assert client.get(PEOPLE).status_code == 302


def test_a_new_role_works_at_once(client: Client, owner: User, review: Review, viewer: User) -> None:
    set_roles(user=owner, review=review, member=viewer, roles=[Role.OWNER])
    client.force_login(viewer)
    assert client.post(INVITE, {"email": "x@example.org", "roles": ["viewer"]}).status_code == 302


def test_pages_are_not_kept_by_caches(client: Client, owner: User, review: Review) -> None:
    client.force_login(owner)
    assert "no-store" in client.get(PEOPLE)["Cache-Control"]


def test_no_page_allows_inline_code(client: Client, owner: User, review: Review) -> None:
    client.force_login(owner)
    policy = client.get(PEOPLE)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
