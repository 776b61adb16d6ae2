"""Close the discussion of a conflict when what was discussed changes."""

from __future__ import annotations

from reviewsite.workspace.models import User
from screening.domain.vocabulary import Stage
from screening.models import ConsensusProposal, ConsensusSignature, Record


def close_discussion(*, user: User, record: Record, stage: Stage) -> int:
    """Supersede the record's open proposal and its signatures; return the number of proposals closed."""
    proposals = ConsensusProposal.objects.open().filter(record=record, stage=stage)
    ConsensusSignature.objects.filter(proposal__in=proposals).supersede(user=user)
    closed: int = proposals.supersede(user=user)
    return closed
