"""Hold the PRISMA 2020 flow: its boxes, what each number follows from, and what does not add up."""

from synthesis.domain.prisma.arithmetic import derive
from synthesis.domain.prisma.boxes import BOX, BOXES, Arm, Band, Box, Kind, Unit
from synthesis.domain.prisma.findings import Finding, Severity
from synthesis.domain.prisma.flow import (
    Flow,
    Line,
    Pending,
    Provenance,
    Template,
    Unlisted,
    flow_from_mapping,
    unlisted_totals,
)
from synthesis.domain.prisma.identities import check
from synthesis.domain.prisma.sets import check_lengths, check_sets

__all__ = [
    "BOX",
    "BOXES",
    "Arm",
    "Band",
    "Box",
    "Finding",
    "Flow",
    "Kind",
    "Line",
    "Pending",
    "Provenance",
    "Severity",
    "Template",
    "Unit",
    "Unlisted",
    "check",
    "check_lengths",
    "check_sets",
    "derive",
    "flow_from_mapping",
    "unlisted_totals",
]
