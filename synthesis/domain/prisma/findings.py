"""Describe a difference that an identity of the flow leaves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from synthesis.domain.prisma.boxes import Unit


class Severity(StrEnum):
    """Tell what blocks a final export from what the reader must be told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Hold one failed identity; ``delta`` is reported − expected, None where no number can be given.

    ``ids`` are the offending records, reports or studies (``unit`` says which); empty for findings on counts.
    """

    code: str
    severity: Severity
    delta: int | None
    message: str
    boxes: tuple[str, ...]
    unit: Unit | None = None
    ids: tuple[int, ...] = ()
    identity: int | None = None
