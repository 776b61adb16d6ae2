"""Take an imported batch back out of the review; nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.models import ImportBatch, Record
from screening.queries.withdrawals import evidence_on, has_work, records_built_upon
from screening.services.duplicates import rebuild_after_withdrawal

State = ImportBatch.State
N_NAMED = 20


def withdraw(*, user: User, review: Review, batch: ImportBatch, reason: str = "") -> ImportBatch:
    """Take the records of an imported batch out of every count and list; withdrawing twice changes nothing.

    Their numbers are not given again, their evidence is closed and stays on record, groups of duplicates
    form anew without them, and the same file can be imported again. Refused: a batch that is not imported; a
    record that is included at full text or on whose report other work builds; a blank reason where people
    have worked on a record, or may have: once there is a decision in the review.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk, review=review)
        if locked.state == State.WITHDRAWN:
            return locked
        if locked.state != State.IMPORTED:
            raise Refused(_("Only an imported batch can be withdrawn; discard this one instead."))
        _refuse_if_built_upon(records_built_upon(locked))
        if not reason.strip() and has_work(locked):
            raise Refused(
                _(
                    "Screening has begun, or people have worked on records of this import: write down why it "
                    "is withdrawn."
                )
            )
        n_records = Record.objects.filter(batch=locked).update(is_withdrawn=True)
        locked.state, locked.withdrawn_at, locked.withdrawn_by = State.WITHDRAWN, timezone.now(), user
        locked.withdrawal_reason = reason.strip()
        locked.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawal_reason"])
        # The groups first: they are known by the judgements.
        rebuild_after_withdrawal(user=user, review=review, batch=locked)
        for rows in evidence_on(locked):
            rows.supersede(user=user)
        audit(
            user=user,
            review=review,
            action="withdraw_import",
            subject=f"batch:{locked.pk}",
            n_records=n_records,
            reason=locked.withdrawal_reason,
        )
        return locked


def _refuse_if_built_upon(numbers: Sequence[int]) -> None:
    if not numbers:
        return
    named = ", ".join(str(number) for number in numbers[:N_NAMED]) + (", …" if len(numbers) > N_NAMED else "")
    raise Refused(
        ngettext(
            "Record %(named)s of this import is included at full text or belongs to a study: an import on "
            "which a study rests stays.",
            "Records %(named)s of this import are included at full text or belong to a study: an import on "
            "which a study rests stays.",
            len(numbers),
        )
        % {"named": named}
    )
