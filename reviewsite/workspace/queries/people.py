"""The people of a review and of the site, with their roles, for display."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Invitation, Membership, Review, User
from reviewsite.workspace.models.people import ROLE_LABELS
from reviewsite.workspace.queries.membership import reviews_of


@dataclass(frozen=True)
class Person:
    """Somebody who holds or has held a role in a review; without roles they are a former member."""

    user: User
    roles: tuple[Role, ...]

    @property
    def role_labels(self) -> list[str | Promise]:
        return [ROLE_LABELS[role] for role in self.roles]


@dataclass(frozen=True)
class MyReview:
    """A review with the roles that one person holds in it."""

    review: Review
    roles: tuple[Role, ...]

    @property
    def role_labels(self) -> list[str | Promise]:
        return [ROLE_LABELS[role] for role in self.roles]


def people_of(review: Review) -> list[Person]:
    """Return everybody who holds or has held a role, by name; one query."""
    held: dict[User, set[Role]] = {}
    rows = (
        Membership.objects.filter(review=review)
        .select_related("user")
        .order_by("user__name", "user_id", "pk")
    )
    for row in rows:
        roles = held.setdefault(row.user, set())
        if row.is_open:
            roles.add(Role(row.role))
    return [Person(user, _in_order(roles)) for user, roles in held.items()]


def ever_members_of(review: Review) -> QuerySet[User]:
    """Return everybody who holds or has held a role."""
    return User.objects.filter(pk__in=Membership.objects.filter(review=review).values("user"))


def reviews_with_roles(user: User) -> list[MyReview]:
    """Return the person's reviews by title, each with the person's roles; two queries."""
    held: dict[int, set[Role]] = {}
    for review_id, role in Membership.objects.open().filter(user=user).values_list("review_id", "role"):
        held.setdefault(review_id, set()).add(Role(role))
    return [MyReview(review, _in_order(held[review.pk])) for review in reviews_of(user)]


def invitations_of(review: Review) -> QuerySet[Invitation]:
    """Return the review's invitations, the latest first, with who sent them."""
    return Invitation.objects.filter(review=review).select_related("created_by", "accepted_by")


def open_invitations(review: Review, email: str) -> QuerySet[Invitation]:
    """Return the invitations of an address to the review that can still be accepted."""
    return Invitation.objects.filter(
        review=review,
        email__iexact=email,
        accepted_at__isnull=True,
        rescinded_at__isnull=True,
        expires_at__gt=timezone.now(),
    )


def is_meant_for(invitation: Invitation, user: User) -> bool:
    """Say whether the invitation bears the person's address."""
    return invitation.email.casefold() == user.email.casefold()


def has_account(email: str) -> bool:
    """Say whether somebody signs in with this e-mail address."""
    return User.objects.filter(email__iexact=email).exists()


def demo_people() -> QuerySet[User]:
    """Return the active demo accounts in the order in which they were made."""
    return User.objects.filter(is_demo=True, is_active=True).order_by("pk")


def _in_order(roles: set[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)
