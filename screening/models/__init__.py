"""Tables of screening: protocol, sources, imports, records, decisions, full text."""

from screening.models.decisions import (
    Adjudication,
    ConsensusProposal,
    ConsensusSignature,
    Decision,
    DecisionImport,
    ImportedOutcome,
    StageState,
)
from screening.models.fulltext import Report, ReportFile, RetrievalOutcome
from screening.models.protocol import Criterion, CriterionWording, ExclusionReason, StagePolicy
from screening.models.records import (
    DuplicateJudgement,
    ImportBatch,
    ImportProblem,
    PossibleDuplicate,
    PrimaryChoice,
    Record,
    RecordCorrection,
)
from screening.models.sources import Search, SearchLine, Source, UnlistedGroup

__all__ = [
    "Adjudication",
    "ConsensusProposal",
    "ConsensusSignature",
    "Criterion",
    "CriterionWording",
    "Decision",
    "DecisionImport",
    "DuplicateJudgement",
    "ExclusionReason",
    "ImportBatch",
    "ImportProblem",
    "ImportedOutcome",
    "PossibleDuplicate",
    "PrimaryChoice",
    "Record",
    "RecordCorrection",
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
