"""Read decisions that were made elsewhere: ASReview, Rayyan, Covidence, this workbench and plain tables.

Only this reader takes marks and columns for decisions; the import of records never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_bytes
from screening.domain.parsing.encoding import decode
from screening.domain.prior_decisions import labels, rayyan, workbench
from screening.domain.prior_decisions.model import (
    Finding,
    Gathered,
    Layout,
    PriorFile,
    PriorVote,
    RecordKey,
    note_of,
    reason_of,
)
from screening.domain.prior_decisions.table import (
    has_decision_column,
    read_decision_columns,
    read_plain_table,
)
from screening.domain.vocabulary import Verdict

__all__ = [
    "Finding",
    "Layout",
    "PriorFile",
    "PriorVote",
    "RecordKey",
    "note_of",
    "read_prior",
    "reason_of",
    "why_none",
]

_COVIDENCE_LIST = (
    "This looks like a list from Covidence. Such a file does not say what was decided: say which list it is."
)
_NONE = (
    "No decision was found in this file. It may hold the columns record, doi, pmid or title, then reviewer, "
    "decision and reason; or what ASReview, Rayyan or this workbench write. If it is a list of which every "
    "record has the same decision, say which list it is."
)


class _Reader(NamedTuple):
    layout: Layout
    name: str
    has_marks: Callable[[ParsedRecord], bool]
    read: Callable[[Sequence[ParsedRecord]], Gathered]


_READERS = (
    _Reader(
        Layout.WORKBENCH, "decisions of a workbench", workbench.has_workbench_marks, workbench.read_workbench
    ),
    _Reader(Layout.RAYYAN, "decisions of Rayyan", rayyan.has_marks, rayyan.read_rayyan),
    _Reader(Layout.ASREVIEW, "notes of ASReview", labels.has_asreview_note, labels.read_asreview_notes),
    _Reader(Layout.TABLE, "a column of decisions", has_decision_column, read_decision_columns),
    _Reader(Layout.ASREVIEW, "a column of labels", labels.has_asreview_column, labels.read_asreview_columns),
)


def read_prior(
    data: bytes,
    name: str = "",
    *,
    whole_list: Verdict | None = None,
    columns: Mapping[str, str] | None = None,
) -> PriorFile:
    """Read the decisions in a file; with `whole_list`, every record of it has this one and no mark counts.

    `columns` says how the columns of a table are read, as for `parse_bytes`. Raises UnreadableFile, and
    nothing else, with a sentence that says what the file is and what to do.
    """
    if whole_list is None and (table := _plain_table(data)):
        return table
    parsed = parse_bytes(data, name, columns=columns)
    if whole_list is not None:
        return _file(parsed, Layout.COVIDENCE, labels.read_list(parsed.records, whole_list))
    present = [reader for reader in _READERS if any(map(reader.has_marks, parsed.records))]
    if not present:
        return PriorFile(layout=None, n_rows=parsed.n_in_file, n_undecided=len(parsed.records))
    found = present[0].read(parsed.records)
    if others := present[1:]:
        found.remark(1, f"The file also holds {' and '.join(other.name for other in others)}: not read.")
    return _file(parsed, present[0].layout, found)


def why_none(data: bytes, name: str, prior: PriorFile, *, columns: Mapping[str, str] | None = None) -> str:
    """Say why a file without decisions has none, and what to do about it."""
    if prior.problems:
        return f"Line {prior.problems[0].line}: {prior.problems[0].sentence}"
    if prior.layout is not None:
        return "The file holds no decision: in no row has somebody decided."
    if any(map(labels.looks_like_covidence, parse_bytes(data, name, columns=columns).records)):
        return _COVIDENCE_LIST
    return _NONE


def _plain_table(data: bytes) -> PriorFile | None:
    try:
        return read_plain_table(decode(data).text)
    except UnreadableFile:
        return None


def _file(parsed: ParsedFile, layout: Layout, found: Gathered) -> PriorFile:
    found.problems = sorted([*found.problems, *_lost(parsed)], key=lambda finding: finding.line)
    return found.as_file(layout, parsed.n_in_file)


def _lost(parsed: ParsedFile) -> Iterator[Finding]:
    return (Finding(problem.line, problem.reason) for problem in parsed.problems if problem.lost)
