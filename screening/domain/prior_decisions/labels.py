"""Read final labels: those of ASReview, and those of lists of which every record has the same decision, as
Covidence exports them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from screening.domain.parsing.fields import clean
from screening.domain.parsing.model import ParsedRecord
from screening.domain.prior_decisions.keys import key_of
from screening.domain.prior_decisions.model import Gathered, PriorVote
from screening.domain.prior_decisions.words import UnknownWord, header_of, verdict_of
from screening.domain.vocabulary import Verdict

# The label that was given in ASReview comes before one that the data set brought along.
ASREVIEW_COLUMNS = ("asreviewlabel", "finalincluded", "labelincluded", "included", "label")
_ASREVIEW_NOTE = re.compile(r"\bASReview_(relevant|irrelevant|not_seen)\b", re.IGNORECASE)
_COVIDENCE_REASON = re.compile(r"Exclusion reason:[ \t]*([^;\n]{1,300})", re.IGNORECASE)


def has_asreview_note(record: ParsedRecord) -> bool:
    """Say whether a note of the record is a label of ASReview."""
    return any(_ASREVIEW_NOTE.search(note) for note in record.notes)


def has_asreview_column(record: ParsedRecord) -> bool:
    """Say whether a column of the record may hold a label of ASReview."""
    return any(header_of(header) in ASREVIEW_COLUMNS for header, _value in record.others)


def looks_like_covidence(record: ParsedRecord) -> bool:
    """Say whether a record carries what Covidence writes: a reason in the notes, or its columns."""
    headers = {header_of(header) for header, _value in record.others}
    is_reason = any(_COVIDENCE_REASON.search(note) for note in record.notes)
    return is_reason or "covidence" in headers or {"study", "ref"} <= headers


def read_asreview_notes(records: Iterable[ParsedRecord]) -> Gathered:
    """Read the notes ASReview_relevant, ASReview_irrelevant and ASReview_not_seen."""
    found = Gathered()
    words = {"relevant": Verdict.INCLUDE, "irrelevant": Verdict.EXCLUDE}
    for record in records:
        said = {match[1].lower() for note in record.notes for match in _ASREVIEW_NOTE.finditer(note)} - {
            "not_seen"
        }
        if len(said) == 1:
            found.votes.append(_final(record, words[said.pop()]))
        elif said:
            found.problem(
                record.line, "ASReview marks this record both relevant and irrelevant: it is left out."
            )
        else:
            found.n_undecided += 1
    return found


def read_asreview_columns(records: Sequence[ParsedRecord]) -> Gathered:
    """Read the column with ASReview's labels: 1 relevant, 0 irrelevant, -1 or blank not seen.

    Of several such columns the first of `ASREVIEW_COLUMNS` is read, and a remark names it and the others.
    """
    found = Gathered()
    headers = {header_of(header): header for record in records for header, _value in record.others}
    present = [name for name in ASREVIEW_COLUMNS if name in headers]
    if not present:
        return found
    if others := present[1:]:
        found.remark(
            1,
            f"The column “{headers[present[0]]}” is read; not read: "
            f"{', '.join(f'“{headers[name]}”' for name in others)}.",
        )
    for record in records:
        cells = {header_of(header): value for header, value in record.others}
        try:
            verdict = verdict_of(cells.get(present[0], ""))
        except UnknownWord as unknown:
            found.problem(record.line, str(unknown))
            continue
        if verdict is None:
            found.n_undecided += 1
        else:
            found.votes.append(_final(record, verdict, note=clean(cells.get("asreviewnote", ""))))
    return found


def read_list(records: Iterable[ParsedRecord], verdict: Verdict) -> Gathered:
    """Give every record of a list the decision that the list stands for; nothing else in it is one.

    Reasons are taken from notes such as “Exclusion reason: Wrong population; ”, labels from a column Tags.
    """
    found = Gathered()
    for record in records:
        reasons = tuple(
            dict.fromkeys(
                reason
                for note in record.notes
                for match in _COVIDENCE_REASON.finditer(note)
                if (reason := clean(match[1]))
            )
        )
        tags = tuple(
            tag
            for header, value in record.others
            if header_of(header) == "tags"
            for part in value.split(";")
            if (tag := clean(part))
        )
        found.votes.append(
            _final(record, verdict, reasons=reasons if verdict is Verdict.EXCLUDE else (), labels=tags)
        )
    return found


def _final(
    record: ParsedRecord,
    verdict: Verdict,
    *,
    reasons: tuple[str, ...] = (),
    labels: tuple[str, ...] = (),
    note: str = "",
) -> PriorVote:
    return PriorVote(
        line=record.line,
        key=key_of(record),
        person=None,
        verdict=verdict,
        reasons=reasons,
        labels=labels,
        note=note,
    )
