"""Members come and go; a review never loses its last owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Membership, Review, User
from reviewsite.workspace.queries.membership import members_of, roles_of
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import deactivate_member, set_roles
from reviewsite.workspace.services.reviews import make_read_only, open_review


def test_who_opens_a_review_owns_it(owner: User, review: Review) -> None:
    assert roles_of(owner, review) == {Role.OWNER}


def test_two_reviews_cannot_share_an_address(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="Another review has the address “cement”"):
        open_review(user=owner, title="Another", slug="cement")


def test_a_title_without_letter_or_digit_is_refused(owner: User) -> None:
    with pytest.raises(Refused, match="at least one letter or digit"):
        open_review(user=owner, title="…")


def test_the_address_is_made_from_the_title(owner: User) -> None:
    assert open_review(user=owner, title="Cement or No Cement?").slug == "cement-or-no-cement"


def test_setting_roles_closes_some_rows_and_opens_others(
    owner: User, review: Review, reviewer_a: User
) -> None:
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.REVIEWER, Role.EXTRACTOR])
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.EXTRACTOR])
    rows = Membership.objects.filter(user=reviewer_a).order_by("role").values_list("role", "superseded_by")
    assert list(rows) == [("extractor", None), ("reviewer", owner.pk)]


def test_setting_the_same_roles_again_changes_no_row(owner: User, review: Review, reviewer_a: User) -> None:
    before = list(Membership.objects.values())
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.REVIEWER])
    assert list(Membership.objects.values()) == before


def test_a_role_is_held_once_even_for_the_database(owner: User, review: Review, reviewer_a: User) -> None:
    again = {"review": review, "user": reviewer_a, "role": Role.REVIEWER, "created_by": owner}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**again)


def test_the_last_owner_stays_owner(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="make somebody else an owner first"):
        set_roles(user=owner, review=review, member=owner, roles=[Role.VIEWER])


def test_the_last_owner_cannot_leave(owner: User, review: Review) -> None:
    with pytest.raises(Refused, match="make somebody else an owner first"):
        deactivate_member(user=owner, review=review, member=owner)


def test_an_owner_who_is_switched_off_does_not_count(owner: User, review: Review, reviewer_a: User) -> None:
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.OWNER])
    User.objects.filter(pk=reviewer_a.pk).update(is_active=False)
    with pytest.raises(Refused, match="make somebody else an owner first"):
        set_roles(user=owner, review=review, member=owner, roles=[])


def test_an_owner_may_step_back_when_there_is_another(owner: User, review: Review, reviewer_a: User) -> None:
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.OWNER])
    deactivate_member(user=owner, review=review, member=owner)
    assert list(members_of(review)) == [reviewer_a]


def test_deactivating_takes_every_role_and_keeps_the_rows(
    owner: User, review: Review, reviewer_a: User
) -> None:
    set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.REVIEWER, Role.VIEWER])
    assert deactivate_member(user=owner, review=review, member=reviewer_a) == 2
    assert roles_of(reviewer_a, review) == frozenset()
    assert Membership.objects.filter(user=reviewer_a).count() == 2


def test_somebody_switched_off_holds_no_role(review: Review, reviewer_a: User) -> None:
    reviewer_a.is_active = False
    assert roles_of(reviewer_a, review) == frozenset()


@pytest.mark.parametrize("role", ["admin", "reviewer_a", "adjudicator", "extractor_a", "viewer", "outsider"])
def test_only_an_owner_gives_roles(role: str, review: Review, request: pytest.FixtureRequest) -> None:
    actor: Any = request.getfixturevalue(role)
    with pytest.raises(Refused, match="You do not have the role that this needs"):
        set_roles(user=actor, review=review, member=actor, roles=[Role.OWNER])


def test_nobody_changes_roles_in_a_read_only_review(owner: User, review: Review, reviewer_a: User) -> None:
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        set_roles(user=owner, review=review, member=reviewer_a, roles=[Role.VIEWER])
