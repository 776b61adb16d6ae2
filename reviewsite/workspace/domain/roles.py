"""Roles and what they may do. Views ask for a capability, never for a role."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one review; a person may hold several."""

    OWNER = "owner"
    ADMIN = "admin"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    EXTRACTOR = "extractor"
    VIEWER = "viewer"


class Capability(StrEnum):
    """What a request may need."""

    VIEW = "view"
    """See the review, its settings, records, flow and tables (never an unsettled decision)."""
    CONFIGURE = "configure"
    """Change the review's settings, criteria, reasons, stage policies, forms."""
    MANAGE_PEOPLE = "manage_people"
    """Invite people, give and take roles."""
    IMPORT = "import"
    """Add sources, searches and import batches; judge duplicates."""
    SCREEN = "screen"
    """Give decisions on title/abstract and full text."""
    ADJUDICATE = "adjudicate"
    """Resolve conflicts of other people's decisions and settle extraction differences."""
    RETRIEVE = "retrieve"
    """Record retrieval outcomes and upload full texts."""
    EXTRACT = "extract"
    """Form studies from reports and fill entries."""
    EXPORT = "export"
    """Download tables and figures."""


_EVERYBODY = frozenset({Capability.VIEW, Capability.EXPORT})

CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.OWNER: _EVERYBODY
    | {Capability.CONFIGURE, Capability.MANAGE_PEOPLE, Capability.IMPORT, Capability.RETRIEVE},
    Role.ADMIN: _EVERYBODY | {Capability.CONFIGURE, Capability.IMPORT, Capability.RETRIEVE},
    Role.REVIEWER: _EVERYBODY | {Capability.SCREEN, Capability.RETRIEVE},
    Role.ADJUDICATOR: _EVERYBODY | {Capability.ADJUDICATE},
    Role.EXTRACTOR: _EVERYBODY | {Capability.EXTRACT},
    Role.VIEWER: frozenset({Capability.VIEW}),
}


def capabilities_of(roles: Iterable[Role]) -> frozenset[Capability]:
    """Return everything that any of the roles allows."""
    return frozenset().union(*(CAPABILITIES[role] for role in roles))
