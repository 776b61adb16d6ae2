"""Say in notes what is known of a record beside its publication: its id, where it stands, who decided what.

The labels are those that the workbench reads again; ASReview's are its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.domain.vocabulary import Stage, Verdict
from screening.domain.writing.model import STAGE_WORDS, ExportDecision, ExportRecord

PREFIX = "WORKBENCH-"
_ASREVIEW = {Verdict.INCLUDE: "ASReview_relevant", Verdict.EXCLUDE: "ASReview_irrelevant"}


def id_note(record: ExportRecord) -> Iterator[str]:
    """Yield the id alone, for programs in which the screening goes on blind."""
    yield f"{PREFIX}ID: {record.id}"


def notes(record: ExportRecord, stage: Stage | None) -> Iterator[str]:
    """Yield all that is known, a line each; the outcome is that of the stage, or of the last one reached."""
    yield from id_note(record)
    if outcome := record.at(stage):
        yield f"{PREFIX}STAGE: {STAGE_WORDS[outcome.stage]}"
        yield f"{PREFIX}STATUS: {outcome.status.replace('_', ' ')}"
        if outcome.verdict:
            yield f"{PREFIX}DECISION: {outcome.verdict}"
        if outcome.reason:
            yield f"{PREFIX}REASON: {outcome.reason}"
    for label, values in (("SOURCE", record.sources), ("DUPLICATE", record.duplicates)):
        for value in values:
            yield f"{PREFIX}{label}: {value}"
    if record.duplicate_of:
        yield f"{PREFIX}DUPLICATE-OF: {record.duplicate_of}"
    for decision in record.decisions:
        yield f"{PREFIX}DECISION-BY: {decision_line(decision)}"


def decision_line(decision: ExportDecision) -> str:
    """Return a decision on one line: reviewer, stage, verdict, reason, date and how it was made."""
    made = "imported" if decision.is_imported else "blind" if decision.is_blind else "not blind"
    parts = (
        decision.reviewer,
        STAGE_WORDS[decision.stage],
        decision.verdict,
        decision.reason,
        decision.on,
        made,
    )
    return " | ".join(part.replace("|", "/") for part in parts)


def asreview_note(record: ExportRecord, stage: Stage | None) -> Iterator[str]:
    """Yield the id and the label that ASReview reads: relevant, irrelevant or not seen."""
    yield from id_note(record)
    outcome = record.at(stage)
    verdict = outcome.verdict if outcome else None
    yield _ASREVIEW[verdict] if verdict else "ASReview_not_seen"
