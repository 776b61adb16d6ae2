"""Read the decisions that this workbench writes into its exports: the outcome of a record and the single
decisions, as notes with labels or as the columns of its table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewsite.workspace.domain.cells import restore
from screening.domain.parsing.fields import clean
from screening.domain.parsing.model import ParsedRecord
from screening.domain.prior_decisions.keys import key_of
from screening.domain.prior_decisions.model import NAME_LIMIT, Gathered, PriorVote
from screening.domain.prior_decisions.words import UnknownWord, header_of, shown, stage_of, verdict_of
from screening.domain.vocabulary import Stage

_MARK = re.compile(
    r"WORKBENCH-(DECISION|REASON|STAGE|REVIEWER)[ \t]*:[ \t]*([^\n]*?)"
    r"(?=[ \t]*[|;]?[ \t]*WORKBENCH-[A-Z-]{1,20}[ \t]*:|[ \t]*(?:\n|$))"
)
_STATUS_COLUMNS = {
    "titleabstractstatus": Stage.TITLE_ABSTRACT,
    "fulltextstatus": Stage.FULL_TEXT,
}
_SETTLED = frozenset({"included", "excluded"})
_PARTS = 6


def has_workbench_marks(record: ParsedRecord) -> bool:
    """Say whether this workbench wrote an outcome or a decision on the record."""
    if any("WORKBENCH-DECISION" in note or "WORKBENCH-REVIEWER" in note for note in record.notes):
        return True
    headers = {header_of(header) for header, _value in record.others}
    return "workbenchid" in headers and not headers.isdisjoint({*_STATUS_COLUMNS, "decisions"})


def read_workbench(records: Iterable[ParsedRecord]) -> Gathered:
    """Read the outcomes as final labels and the single decisions as those of their reviewers.

    A decision is written “reviewer | stage | verdict | reason | date | how it was made”.
    """
    found = Gathered()
    for record in records:
        marks = list(_marks_of(record))
        try:
            votes = [*_outcomes(record, marks), *_single(record, marks)]
        except UnknownWord as unknown:
            found.problem(record.line, str(unknown))
            continue
        found.votes += votes
        found.n_undecided += not votes
    return found


def _marks_of(record: ParsedRecord) -> Iterator[tuple[str, str]]:
    for note in record.notes:
        yield from ((match[1], clean(match[2])) for match in _MARK.finditer(note))
    for header, value in record.others:
        if header_of(header) == "decisions":
            yield from (("REVIEWER", clean(restore(line))) for line in value.split("\n") if line.strip())


def _outcomes(record: ParsedRecord, marks: list[tuple[str, str]]) -> Iterator[PriorVote]:
    said = dict(marks)
    if "DECISION" in said and (verdict := verdict_of(said["DECISION"])):
        yield PriorVote(
            line=record.line,
            key=key_of(record),
            person=None,
            verdict=verdict,
            reasons=(said["REASON"],) if said.get("REASON") else (),
            stage=stage_of(said.get("STAGE", "")),
        )
    cells = {header_of(header): clean(value) for header, value in record.others}
    for name, stage in _STATUS_COLUMNS.items():
        if cells.get(name) in _SETTLED and (verdict := verdict_of(cells[name])):
            reason = cells.get("exclusionreason", "") if stage is Stage.FULL_TEXT else ""
            yield PriorVote(
                line=record.line,
                key=key_of(record),
                person=None,
                verdict=verdict,
                reasons=(reason,) if reason else (),
                stage=stage,
            )


def _single(record: ParsedRecord, marks: list[tuple[str, str]]) -> Iterator[PriorVote]:
    for mark, text in marks:
        if mark != "REVIEWER":
            continue
        parts = [part.strip() for part in text.split("|")]
        if len(parts) != _PARTS or not parts[0]:
            raise UnknownWord(
                f"“{shown(text)}” is not understood: a decision is written “reviewer | stage | verdict | "
                "reason | date | how it was made”."
            )
        person, stage, verdict, reason, on, made = parts
        if decided := verdict_of(verdict):
            yield PriorVote(
                line=record.line,
                key=key_of(record),
                person=person[:NAME_LIMIT],
                verdict=decided,
                reasons=(reason,) if reason else (),
                note=f"Decided on {on}, {made}." if on and made else "",
                stage=stage_of(stage),
            )
