"""The recurring cast: one review and a person for each role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.people import set_roles
from reviewsite.workspace.services.reviews import open_review

PASSWORD = "a long enough password"


@pytest.fixture
def make_user(db: None) -> Callable[[str], User]:
    def make(role_name: str) -> User:
        return User.objects.create_user(
            f"{role_name.replace('_', '-')}@example.org",
            PASSWORD,
            name=role_name.replace("_", " ").capitalize(),
        )

    return make


@pytest.fixture
def owner(make_user: Callable[[str], User]) -> User:
    return make_user("owner")


@pytest.fixture
def outsider(make_user: Callable[[str], User]) -> User:
    return make_user("outsider")


@pytest.fixture
def review(owner: User) -> Review:
    return open_review(user=owner, title="Cement for fractures", slug="cement")


@pytest.fixture
def join(owner: User, review: Review, make_user: Callable[[str], User]) -> Callable[..., User]:
    def make(role_name: str, *roles: Role) -> User:
        member = make_user(role_name)
        set_roles(user=owner, review=review, member=member, roles=roles)
        return member

    return make


@pytest.fixture
def admin(join: Callable[..., User]) -> User:
    return join("admin", Role.ADMIN)


@pytest.fixture
def reviewer_a(join: Callable[..., User]) -> User:
    return join("reviewer_a", Role.REVIEWER)


@pytest.fixture
def reviewer_b(join: Callable[..., User]) -> User:
    return join("reviewer_b", Role.REVIEWER)


@pytest.fixture
def adjudicator(join: Callable[..., User]) -> User:
    return join("adjudicator", Role.ADJUDICATOR)


@pytest.fixture
def extractor_a(join: Callable[..., User]) -> User:
    return join("extractor_a", Role.EXTRACTOR)


@pytest.fixture
def extractor_b(join: Callable[..., User]) -> User:
    return join("extractor_b", Role.EXTRACTOR)


@pytest.fixture
def viewer(join: Callable[..., User]) -> User:
    return join("viewer", Role.VIEWER)
