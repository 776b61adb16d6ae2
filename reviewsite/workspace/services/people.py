"""Members, roles and invitations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability, Role
from reviewsite.workspace.models import Invitation, Membership, Review, User
from reviewsite.workspace.queries.people import is_meant_for, open_invitations
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business

SALT = "workspace.invitation"


def set_roles(*, user: User, review: Review, member: User, roles: Collection[Role]) -> list[Membership]:
    """Make these the member's roles in the review and return the open rows.

    Refused: taking the owner role from the last active owner.
    """
    with business(user=user, review=review, needs=Capability.MANAGE_PEOPLE):
        Review.objects.select_for_update().get(pk=review.pk)
        held = Membership.objects.open().filter(review=review, user=member)
        if Role.OWNER not in roles and _is_last_owner(review, member):
            raise Refused(_("The review needs an owner: make somebody else an owner first."))
        held.exclude(role__in=list(roles)).supersede(user=user)
        kept = set(held.values_list("role", flat=True))
        for role in sorted(set(roles) - {Role(role) for role in kept}):
            Membership.objects.create(review=review, user=member, role=role, created_by=user)
        audit(user=user, review=review, action="set_roles", subject=f"user:{member.pk}", roles=sorted(roles))
        return list(Membership.objects.open().filter(review=review, user=member))


def _is_last_owner(review: Review, member: User) -> bool:
    owners = Membership.objects.open().filter(review=review, role=Role.OWNER, user__is_active=True)
    return set(owners.values_list("user_id", flat=True)) == {member.pk}


def invite(*, user: User, review: Review, email: str, roles: Collection[Role]) -> Invitation:
    """Open an invitation; its link is shown to the inviter, so no mail server is needed.

    An open invitation of the same address to the review is withdrawn: one address has one link.
    Refused: no role.
    """
    if not roles:
        raise Refused(_("Choose at least one role for the invitation."))
    with business(user=user, review=review, needs=Capability.MANAGE_PEOPLE):
        address = email.strip().lower()
        Review.objects.select_for_update().get(pk=review.pk)
        for earlier in open_invitations(review, address):
            rescind_invitation(user=user, review=review, invitation=earlier)
        invitation = Invitation.objects.create(
            review=review,
            email=address,
            roles=sorted(roles),
            created_by=user,
            expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
        )
        audit(
            user=user,
            review=review,
            action="invite",
            subject=f"invitation:{invitation.pk}",
            roles=invitation.roles,
        )
        return invitation


def rescind_invitation(*, user: User, review: Review, invitation: Invitation) -> Invitation:
    """Make an open invitation's link worthless."""
    with business(user=user, review=review, needs=Capability.MANAGE_PEOPLE):
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk, review=review)
        if locked.status != "open":
            raise Refused(_("This invitation is no longer open."))
        locked.rescinded_at = timezone.now()
        locked.save(update_fields=["rescinded_at"])
        audit(user=user, review=review, action="rescind_invitation", subject=f"invitation:{locked.pk}")
        return locked


def invitation_token(invitation: Invitation) -> str:
    """Return the signed part of the invitation's link."""
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_from(token: str) -> Invitation:
    """Return the open invitation behind a link.

    Refused: a changed link, and one that is accepted, rescinded or expired.
    """
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Refused(_("This invitation link is not complete. Copy the whole link and try again.")) from None
    invitation = Invitation.objects.select_related("review").filter(pk=pk).first()
    sentences = {
        "accepted": _("This invitation has been used. Sign in to enter the review."),
        "rescinded": _("This invitation was withdrawn. Ask an owner of the review for a new one."),
        "expired": _("This invitation has expired. Ask an owner of the review for a new one."),
    }
    if invitation is None:
        raise Refused(_("This invitation does not exist. Ask an owner of the review for a new one."))
    if invitation.status != "open":
        raise Refused(sentences[invitation.status])
    return invitation


def accept_invitation(*, invitation: Invitation, user: User) -> Review:
    """Give the person the invitation's roles, once.

    Refused: a used, withdrawn or expired invitation; a read-only review; an invitation of another address.
    """
    if not is_meant_for(invitation, user):
        raise Refused(
            _(
                "This invitation is for %(invited)s; you are signed in as %(own)s. "
                "Sign out and open the link again."
            )
            % {"invited": invitation.email, "own": user.email}
        )
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.status != "open":
            raise Refused(_("This invitation is no longer open."))
        review = Review.objects.select_for_update().get(pk=locked.review_id)
        if review.is_read_only:
            raise Refused(_("This review is read-only: nobody can join it any more."))
        held = set(Membership.objects.open().filter(review=review, user=user).values_list("role", flat=True))
        for role in sorted(set(locked.roles) - held):
            Membership.objects.create(review=review, user=user, role=role, created_by=user)
        locked.accepted_at, locked.accepted_by = timezone.now(), user
        locked.save(update_fields=["accepted_at", "accepted_by"])
        audit(user=user, review=review, action="accept_invitation", subject=f"invitation:{locked.pk}")
        return review


def join_as_new_person(*, invitation: Invitation, name: str, password: str) -> User:
    """Create the invited person's account and accept the invitation with it.

    Refused: an account with this e-mail address exists.
    """
    with transaction.atomic():
        if User.objects.filter(email__iexact=invitation.email).exists():
            raise Refused(_("There is an account with this e-mail address: sign in and open the link again."))
        user = User.objects.create_user(invitation.email, password, name=name)
        accept_invitation(invitation=invitation, user=user)
        return user


def deactivate_member(*, user: User, review: Review, member: User) -> int:
    """Take all roles of a member in this review and return their number; what they decided stays."""
    with business(user=user, review=review, needs=Capability.MANAGE_PEOPLE):
        Review.objects.select_for_update().get(pk=review.pk)
        if _is_last_owner(review, member):
            raise Refused(_("The review needs an owner: make somebody else an owner first."))
        n_taken = Membership.objects.filter(review=review, user=member).supersede(user=user)
        audit(user=user, review=review, action="deactivate_member", subject=f"user:{member.pk}")
        return n_taken
