"""Write down who took records out of a review."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.queries.membership import can
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit
from screening.domain.writing.layouts import Layout
from screening.domain.writing.model import ExportFacts


def note_export(*, user: User, review: Review, layout: Layout, facts: ExportFacts) -> AuditEvent:
    """Append an export to the audit feed; also where the review is read-only, for an export changes nothing
    in it.

    Refused: somebody who may not export.
    """
    with transaction.atomic():
        if not can(user, review, Capability.EXPORT):
            raise Refused(_("You do not have the role that this needs. Ask an owner of the review."))
        return audit(
            user=user,
            review=review,
            action="export_records",
            layout=layout.value,
            n_records=facts.n_records,
            has_decisions=facts.has_decisions,
            stage=facts.stage or "",
            filter=dict(facts.filter),
        )
