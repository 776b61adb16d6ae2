"""Tables of synthesis: the numbers that a publication printed, to hold against what we compute."""

from synthesis.models.reported import ReportedCell, ReportedRelation

__all__ = ["ReportedCell", "ReportedRelation"]
