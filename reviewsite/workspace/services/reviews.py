"""Reviews: opening one and changing its settings."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability, Role
from reviewsite.workspace.models import Membership, Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business

SETTINGS = (
    "title",
    "question",
    "population",
    "intervention",
    "comparison",
    "outcomes",
    "registration",
    "registration_url",
)


def open_review(*, user: User, title: str, slug: str = "", is_demo: bool = False) -> Review:
    """Create a review whose owner is the person.

    Refused: an address that another review has, or a title without a letter or digit.
    """
    address = slug or slugify(title)[:80]
    if not address:
        raise Refused(_("The title needs at least one letter or digit."))
    with transaction.atomic():
        if Review.objects.filter(slug=address).exists():
            raise Refused(
                _("Another review has the address “%(slug)s”: choose another one.") % {"slug": address}
            )
        review = Review.objects.create(title=title, slug=address, created_by=user, is_demo=is_demo)
        Membership.objects.create(review=review, user=user, role=Role.OWNER, created_by=user)
        audit(user=user, review=review, action="open_review", title=title)
        return review


def change_settings(*, user: User, review: Review, settings: Mapping[str, str]) -> Review:
    """Change the question, PICO and registration; the audit feed keeps both versions."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        locked = Review.objects.select_for_update().get(pk=review.pk)
        before = {name: getattr(locked, name) for name in SETTINGS}
        for name in SETTINGS:
            setattr(locked, name, settings.get(name, before[name]))
        after = {name: getattr(locked, name) for name in SETTINGS}
        locked.save(update_fields=SETTINGS)
        changed = {name: [before[name], after[name]] for name in SETTINGS if before[name] != after[name]}
        if changed:
            audit(user=user, review=review, action="change_settings", changed=changed)
        return locked


def make_read_only(*, user: User, review: Review) -> Review:
    """Close the review for good: from now on every write is refused."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        audit(user=user, review=review, action="make_read_only")
        Review.objects.filter(pk=review.pk).update(is_read_only=True)
        review.refresh_from_db()
        return review
