"""Tables of screening: protocol, sources, imports, records, decisions, full text."""

from screening.models.decisions import (
    Adjudication,
    ConsensusProposal,
    ConsensusSignature,
    Decision,
    ImportedOutcome,
    StageState,
)
from screening.models.fulltext import Report, ReportFile, RetrievalOutcome
from screening.models.protocol import Criterion, CriterionWording, ExclusionReason, StagePolicy
from screening.models.records import DuplicateJudgement, ImportBatch, ImportProblem, Record
from screening.models.sources import Search, SearchLine, Source, UnlistedGroup

__all__ = [
    "Adjudication",
    "ConsensusProposal",
    "ConsensusSignature",
    "Criterion",
    "CriterionWording",
    "Decision",
    "DuplicateJudgement",
    "ExclusionReason",
    "ImportBatch",
    "ImportProblem",
    "ImportedOutcome",
    "Record",
    "Report",
    "ReportFile",
    "RetrievalOutcome",
    "Search",
    "SearchLine",
    "Source",
    "StagePolicy",
    "StageState",
    "UnlistedGroup",
]
