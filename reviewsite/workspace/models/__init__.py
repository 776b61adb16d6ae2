"""Tables of the workspace: people, reviews, memberships, invitations, files, jobs and the audit feed."""

from reviewsite.workspace.models.audit import AuditEvent
from reviewsite.workspace.models.files import StoredFile
from reviewsite.workspace.models.jobs import Job
from reviewsite.workspace.models.ledger import LedgerQuerySet, LedgerRow
from reviewsite.workspace.models.people import Invitation, Membership, User
from reviewsite.workspace.models.reviews import Review

__all__ = [
    "AuditEvent",
    "Invitation",
    "Job",
    "LedgerQuerySet",
    "LedgerRow",
    "Membership",
    "Review",
    "StoredFile",
    "User",
]
