"""Reviews and their settings."""

from __future__ import annotations

from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.services.reviews import change_settings


def test_saving_a_stale_review_keeps_its_counters(owner: User, review: Review) -> None:
    stale = Review.objects.get(pk=review.pk)
    change_settings(user=owner, review=review, settings={"question": "Which cement?"})

    stale.title = "Another title"
    stale.save()

    change_settings(user=owner, review=review, settings={"question": "Which bone cement?"})
    events = AuditEvent.objects.filter(review=review).values_list("sequence", flat=True)
    assert list(events) == list(range(1, len(events) + 1))
