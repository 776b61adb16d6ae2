"""Hold what a file says about decisions that were made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from screening.domain.vocabulary import Stage, Verdict

NAME_LIMIT = 200
NOTE_LIMIT = 5_000


class Layout(StrEnum):
    """Name the ways in which tools write down decisions."""

    ASREVIEW = "asreview"
    RAYYAN = "rayyan"
    COVIDENCE = "covidence"
    WORKBENCH = "workbench"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one sentence about a line of the file, counted from 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKey:
    """Hold by what a row names its record; blank means not given."""

    number: int | None = None
    doi: str = ""
    pmid: str = ""
    accession: str = ""
    title: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorVote:
    """Hold one decision; without a person it is a final label, which is nobody's decision.

    `reasons`, `labels` and `note` are those of this person; `shared_reasons` stand on the record and the file
    does not say whose they are. `stage` is the one that the row names, if any.
    """

    line: int
    key: RecordKey
    person: str | None
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    shared_reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    note: str = ""
    stage: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorFile:
    """Hold the decisions of a file; `n_rows` counts its rows, `n_undecided` those without a decision.

    `layout` is None where the file holds no decision in a known form. `problems` are rows of which something
    was not understood, `remarks` say what else the reader should know.
    """

    layout: Layout | None
    n_rows: int
    n_undecided: int = 0
    votes: tuple[PriorVote, ...] = ()
    problems: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()

    @property
    def people(self) -> tuple[str | None, ...]:
        """Return the people of the file in the order in which they occur; None stands for final labels."""
        return tuple(dict.fromkeys(vote.person for vote in self.votes))

    @property
    def stage_hint(self) -> Stage | None:
        """Return the stage that the file names, if it names just one."""
        stages = {vote.stage for vote in self.votes}
        return next(iter(stages)) if len(stages) == 1 else None


@dataclass(slots=True)
class Gathered:
    """Gather what one reader finds, row by row."""

    votes: list[PriorVote] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    n_undecided: int = 0

    def problem(self, line: int, sentence: str) -> None:
        """Note a row, or a part of one, that is not understood."""
        self.problems.append(Finding(line, sentence))

    def remark(self, line: int, sentence: str) -> None:
        """Note what the reader should know."""
        self.remarks.append(Finding(line, sentence))

    def as_file(self, layout: Layout, n_rows: int) -> PriorFile:
        """Return all of it."""
        return PriorFile(
            layout=layout,
            n_rows=n_rows,
            n_undecided=self.n_undecided,
            votes=tuple(self.votes),
            problems=tuple(self.problems),
            remarks=tuple(self.remarks),
        )


def reason_of(vote: PriorVote) -> str:
    """Return the words of the file for which one of the review's reasons has to stand, or ''.

    The person's first reason; without one, all that stand on the record, for a person to choose from.
    """
    return vote.reasons[0] if vote.reasons else "; ".join(vote.shared_reasons)


def note_of(vote: PriorVote) -> str:
    """Return what the person said beside the verdict, as the note of the decision, cut to its limit.

    What is not certainly theirs is left out: a private note must tell nothing of what others decided.
    """
    lines = []
    if vote.reasons:
        lines.append(f"Reason: {'; '.join(vote.reasons)}")
    if vote.labels:
        lines.append(f"Labels: {'; '.join(vote.labels)}")
    if vote.note:
        lines.append(vote.note)
    text = "\n".join(lines)
    return text if len(text) <= NOTE_LIMIT else f"{text[: NOTE_LIMIT - 1]}…"
