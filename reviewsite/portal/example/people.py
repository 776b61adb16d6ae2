"""The people of the example: one per role, named after it."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.people import set_roles

DEMO_PASSWORD = "only for looking around"  # noqa: S105 - documented; it opens demo accounts in demo mode alone

ROLES = {
    "owner": ("Owner", Role.OWNER),
    "reviewer_a": ("Reviewer A", Role.REVIEWER),
    "reviewer_b": ("Reviewer B", Role.REVIEWER),
    "adjudicator": ("Adjudicator", Role.ADJUDICATOR),
    "extractor_a": ("Extractor A", Role.EXTRACTOR),
    "extractor_b": ("Extractor B", Role.EXTRACTOR),
    "viewer": ("Viewer", Role.VIEWER),
}

People = dict[str, User]


def demo_people() -> People:
    """Return the demo accounts by role name, made where they are missing.

    They have the documented password, and the owner enters the site administration, in demo mode alone;
    without it nobody can sign in as one of them.

    Refused: an e-mail address of theirs that belongs to somebody else.
    """
    with transaction.atomic():
        return {key: _demo_person(key, name) for key, (name, _role) in ROLES.items()}


def join(people: People, review: Review) -> None:
    """Give everybody their role in a review that the owner has opened."""
    for key, (_name, role) in ROLES.items():
        set_roles(user=people["owner"], review=review, member=people[key], roles=[role])


def email_of(key: str) -> str:
    """Return the e-mail address of a demo account."""
    return f"{key.replace('_', '-')}@demo.example"


def _demo_person(key: str, name: str) -> User:
    email = email_of(key)
    person = User.objects.filter(email=email).first() or User(email=email, name=name, is_demo=True)
    if not person.is_demo:
        raise Refused(
            _("The account %(email)s is not a demo account: give it another e-mail address first.")
            % {"email": email}
        )
    person.is_staff = person.is_superuser = settings.DEMO_MODE and key == "owner"
    if not settings.DEMO_MODE:
        person.set_unusable_password()
    elif not person.check_password(DEMO_PASSWORD):
        person.set_password(DEMO_PASSWORD)
    person.save()
    return person
