"""The frame of every service: one transaction, one permission check, the read-only rule, one audit line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.queries.membership import can
from reviewsite.workspace.refused import Refused


@contextmanager
def business(*, user: User, review: Review, needs: Capability) -> Iterator[None]:
    """Open the transaction of a service call and lock the review, before any of its rows.

    `audit` needs that lock at the end of every call; taken first, two calls wait for each other in one order.

    Raises:
        Refused: the person lacks the capability, or the review is read-only.
    """
    with transaction.atomic():
        if not can(user, review, needs):
            raise Refused(_("You do not have the role that this needs. Ask an owner of the review."))
        if Review.objects.select_for_update().only("is_read_only").get(pk=review.pk).is_read_only:
            raise Refused(_("This review is read-only: nothing in it can be changed."))
        yield


def audit(*, user: User, review: Review, action: str, subject: str = "", **detail: Any) -> AuditEvent:
    """Append to the review's audit feed inside the running transaction; the sequence has no gaps."""
    locked = Review.objects.select_for_update().only("last_audit_sequence").get(pk=review.pk)
    sequence = locked.last_audit_sequence + 1
    Review.objects.filter(pk=review.pk).update(last_audit_sequence=sequence)
    return AuditEvent.objects.create(
        review=review, sequence=sequence, user=user, action=action, subject=subject, detail=detail
    )
