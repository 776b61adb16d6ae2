"""The pages of the workspace: reviews, people, profile, entrance."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.template import engines
from django.test import Client, RequestFactory

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Invitation, Membership, Review, User
from reviewsite.workspace.queries.membership import roles_of
from reviewsite.workspace.services.people import invite, set_roles
from reviewsite.workspace.services.reviews import make_read_only, open_review

PEOPLE = "/reviews/cement/people/"


def text(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_the_list_shows_my_reviews_with_my_roles(
    client: Client, owner: User, review: Review, outsider: User, make_user: Callable[[str], User]
) -> None:
    open_review(user=outsider, title="Somebody else’s review")
    both = make_user("both")
    set_roles(user=owner, review=review, member=both, roles=[Role.REVIEWER, Role.EXTRACTOR])
    client.force_login(both)
    mine = client.get("/").context["mine"]
    assert [(my.review, my.roles) for my in mine] == [(review, (Role.REVIEWER, Role.EXTRACTOR))]
    assert "Somebody else’s review" not in text(client, "/")


def test_somebody_without_review_is_told_what_to_do(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    assert "You are not a member of a review yet" in text(client, "/")


@pytest.mark.parametrize("n_reviews", [1, 4])
def test_the_list_needs_the_same_queries_for_any_number(
    client: Client, owner: User, n_reviews: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(n_reviews):
        open_review(user=owner, title=f"Review {number}")
    client.force_login(owner)
    with django_assert_max_num_queries(4):
        client.get("/")


def test_opening_a_review_makes_its_owner(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    response = client.post("/new-review/", {"title": "A new question", "slug": ""})
    assert response.status_code == 302
    assert roles_of(outsider, Review.objects.get(slug="a-new-question")) == {Role.OWNER}


def test_a_taken_address_is_refused_in_the_form(client: Client, owner: User, review: Review) -> None:
    client.force_login(owner)
    page = client.post("/new-review/", {"title": "Another", "slug": "cement"}).content.decode()
    assert "Another review has the address “cement”: choose another one." in page
    assert Review.objects.count() == 1


def test_an_owner_sees_links_that_others_do_not(
    client: Client, owner: User, review: Review, viewer: User
) -> None:
    invite(user=owner, review=review, email="new@example.org", roles=[Role.VIEWER])
    client.force_login(owner)
    assert 'value="http://testserver/invitations/' in text(client, PEOPLE)
    client.force_login(viewer)
    page = text(client, PEOPLE)
    assert "new@example.org" not in page
    assert "owner@example.org" not in page
    assert "Owner" in page


def test_the_shown_link_opens_the_invitation(client: Client, owner: User, review: Review) -> None:
    invite(user=owner, review=review, email="new@example.org", roles=[Role.VIEWER])
    client.force_login(owner)
    link = client.get(PEOPLE).context["invitations"][0].link
    client.logout()
    assert "Choose your name and a password" in text(client, link)


@pytest.mark.parametrize("n_members", [1, 4])
def test_the_people_page_needs_the_same_queries_for_any_number(
    client: Client,
    owner: User,
    review: Review,
    make_user: Callable[[str], User],
    n_members: int,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(n_members):
        member = make_user(f"member_{number}")
        set_roles(user=owner, review=review, member=member, roles=[Role.VIEWER, Role.REVIEWER])
        invite(user=owner, review=review, email=f"new{number}@example.org", roles=[Role.VIEWER])
    client.force_login(owner)
    with django_assert_max_num_queries(6):
        client.get(PEOPLE)


def test_roles_are_changed_from_the_page(client: Client, owner: User, review: Review, viewer: User) -> None:
    client.force_login(owner)
    client.post(f"{PEOPLE}{viewer.pk}/roles/", {"roles": ["extractor", "adjudicator"]})
    assert roles_of(viewer, review) == {Role.EXTRACTOR, Role.ADJUDICATOR}


def test_no_role_at_all_is_a_mistake_of_the_form(
    client: Client, owner: User, review: Review, viewer: User
) -> None:
    client.force_login(owner)
    response = client.post(f"{PEOPLE}{viewer.pk}/roles/", {})
    assert response.status_code == 422
    assert "Choose at least one role." in response.content.decode()
    assert roles_of(viewer, review) == {Role.VIEWER}


def test_a_role_that_does_not_exist_is_refused(
    client: Client, owner: User, review: Review, viewer: User
) -> None:
    client.force_login(owner)
    assert client.post(f"{PEOPLE}{viewer.pk}/roles/", {"roles": ["king"]}).status_code == 422


def test_roles_are_not_given_to_somebody_who_never_joined(
    client: Client, owner: User, review: Review, outsider: User
) -> None:
    client.force_login(owner)
    assert client.post(f"{PEOPLE}{outsider.pk}/roles/", {"roles": ["viewer"]}).status_code == 404
    assert not Membership.objects.filter(user=outsider).exists()


def test_a_former_member_can_come_back(client: Client, owner: User, review: Review, viewer: User) -> None:
    client.force_login(owner)
    client.post(f"{PEOPLE}{viewer.pk}/deactivate/")
    assert [row.person.user for row in client.get(PEOPLE).context["former"]] == [viewer]
    client.post(f"{PEOPLE}{viewer.pk}/roles/", {"roles": ["reviewer"]})
    assert roles_of(viewer, review) == {Role.REVIEWER}


def test_an_invitation_is_withdrawn_from_the_page(client: Client, owner: User, review: Review) -> None:
    invitation = invite(user=owner, review=review, email="new@example.org", roles=[Role.VIEWER])
    client.force_login(owner)
    client.post(f"{PEOPLE}invitations/{invitation.pk}/rescind/")
    invitation.refresh_from_db()
    assert invitation.status == "rescinded"


def test_the_invitation_of_another_review_is_not_found(
    client: Client, owner: User, review: Review, outsider: User
) -> None:
    other = open_review(user=outsider, title="Other")
    foreign = invite(user=outsider, review=other, email="new@example.org", roles=[Role.VIEWER])
    client.force_login(owner)
    assert client.post(f"{PEOPLE}invitations/{foreign.pk}/rescind/").status_code == 404
    assert Invitation.objects.get(pk=foreign.pk).status == "open"


def test_a_read_only_review_offers_no_form(client: Client, owner: User, review: Review) -> None:
    make_read_only(user=owner, review=review)
    client.force_login(owner)
    page = text(client, PEOPLE)
    assert "This review is read-only" in page
    assert "Invite somebody" not in page


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        ("owner", {"Import"}, {"Title/abstract", "Conflicts"}),
        ("reviewer_a", {"Title/abstract", "Conflicts"}, {"Import"}),
        ("adjudicator", {"Conflicts"}, {"Import", "Title/abstract"}),
        ("viewer", {"Flow", "Tables"}, {"Import", "Title/abstract", "Conflicts"}),
    ],
)
def test_the_navigation_shows_what_the_roles_allow(
    client: Client,
    review: Review,
    request: pytest.FixtureRequest,
    role: str,
    own: set[str],
    foreign: set[str],
) -> None:
    client.force_login(request.getfixturevalue(role))
    navigation = text(client, PEOPLE).split('id="areas"')[1].split("</nav>")[0]
    shown = set(re.findall(r">([^<>]+)</a>", navigation))
    assert own <= shown
    assert not foreign & shown
    assert re.findall(r'aria-current="page">([^<]+)<', navigation) == ["People"]


def test_the_profile_keeps_name_and_shortcuts(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    assert 'data-shortcuts="on"' in text(client, "/profile/")
    client.post("/profile/", {"name": "Librarian"})
    outsider.refresh_from_db()
    assert (outsider.name, outsider.has_shortcuts) == ("Librarian", False)
    assert 'data-shortcuts="on"' not in text(client, "/profile/")


def test_a_monitor_hears_that_the_site_works(client: Client, db: None) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_a_monitor_hears_that_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewsite.workspace.views.persons.is_database_answering", lambda: False)
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize("path", ["/", "/new-review/", "/profile/", "/accounts/password/change/"])
def test_the_site_asks_strangers_to_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/?next=")


def test_sign_up_is_closed(client: Client, db: None) -> None:
    assert "People join by invitation" in text(client, "/accounts/signup/")
    client.post("/accounts/signup/", {"email": "x@example.org", "password1": "y" * 15, "password2": "y" * 15})
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["email/", "confirm-email/", "password/reset/", "login/code/confirm/"])
def test_account_pages_that_are_not_used_do_not_exist(client: Client, outsider: User, path: str) -> None:
    client.force_login(outsider)
    assert client.get(f"/accounts/{path}").status_code == 404


def test_signing_in_and_out(client: Client, outsider: User) -> None:
    client.post("/accounts/login/", {"login": "Outsider@example.org", "password": "a long enough password"})
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_reading_the_sign_out_page_does_not_sign_out(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    assert "Sign out" in text(client, "/accounts/logout/")
    assert client.get("/").status_code == 200


def test_a_password_is_changed(client: Client, outsider: User) -> None:
    client.force_login(outsider)
    new = "another long password"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": "a long enough password", "password1": new, "password2": new},
    )
    outsider.refresh_from_db()
    assert outsider.check_password(new)


def test_an_account_that_is_switched_off_is_told_so(client: Client, outsider: User) -> None:
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    response = client.post(
        "/accounts/login/", {"login": outsider.email, "password": "a long enough password"}, follow=True
    )
    assert "Your account is switched off" in response.content.decode()


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html", "403_csrf.html"])
def test_error_pages_can_be_drawn_without_a_signed_in_person(name: str) -> None:
    page = engines["django"].get_template(name).render({}, RequestFactory().get("/"))
    assert "<h1" in page
