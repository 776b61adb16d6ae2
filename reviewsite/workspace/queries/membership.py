"""Who may do what in which review."""

from __future__ import annotations

from django.db.models import QuerySet

from reviewsite.workspace.domain.roles import Capability, Role, capabilities_of
from reviewsite.workspace.models import Membership, Review, User


def reviews_of(user: User) -> QuerySet[Review]:
    """Return the reviews in which the person holds a role now."""
    open_memberships = Membership.objects.open().filter(user=user).values("review")
    return Review.objects.filter(pk__in=open_memberships)


def roles_of(user: User, review: Review) -> frozenset[Role]:
    """Return the roles that the person holds now; a deactivated person holds none."""
    if not user.is_active:
        return frozenset()
    held = Membership.objects.open().filter(user=user, review=review).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def can(user: User, review: Review, capability: Capability) -> bool:
    """Say whether one of the person's roles allows the capability."""
    return capability in capabilities_of(roles_of(user, review))


def members_of(review: Review) -> QuerySet[User]:
    """Return the people who hold a role now, in order of their names."""
    held = Membership.objects.open().filter(review=review).values("user")
    return User.objects.filter(pk__in=held).order_by("name", "pk")


def people_with(review: Review, role: Role) -> QuerySet[User]:
    """Return the active people who hold the role now."""
    held = Membership.objects.open().filter(review=review, role=role).values("user")
    return User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")
