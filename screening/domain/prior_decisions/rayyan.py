"""Read the decisions in exports of Rayyan: each person's, in the notes of a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from screening.domain.parsing.fields import clean
from screening.domain.parsing.model import ParsedRecord
from screening.domain.prior_decisions.keys import key_of
from screening.domain.prior_decisions.model import NAME_LIMIT, Gathered, PriorVote
from screening.domain.prior_decisions.ruby import Broken, Value, read_hash
from screening.domain.prior_decisions.words import shown
from screening.domain.vocabulary import Verdict

_VERDICT_OF = {"included": Verdict.INCLUDE, "excluded": Verdict.EXCLUDE, "maybe": Verdict.UNSURE}
_NO_DECISION = frozenset({"", "undecided"})
_SECTION = "RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES"
_START = re.compile(rf"({_SECTION})[ \t]*:[ \t]*")
_NOTHING = re.compile(r"\||\n|$")
_END_OF_LIST = re.compile(rf"[ \t]*\|[ \t]*(?=(?:{_SECTION})[ \t]*:)|\n")


@dataclass(slots=True)
class _Marks:
    inclusion: list[tuple[str, Value]] = field(default_factory=list)
    notes: list[tuple[str, Value]] = field(default_factory=list)
    labels: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def has_marks(record: ParsedRecord) -> bool:
    """Say whether a record carries decisions as Rayyan writes them."""
    return any("RAYYAN-INCLUSION" in note for note in record.notes)


def read_rayyan(records: Iterable[ParsedRecord]) -> Gathered:
    """Read each person's decision on each record.

    Rayyan does not say whose a reason or a label is. The reasons of a record stand beside each exclusion, for
    full text; a remark names them and the labels. They never become part of a person's note, whose wording
    would then tell what others decided. Notes go to the decision of whoever wrote them. What cannot be read
    becomes a problem of the record's line, and none of its decisions is taken.
    """
    found = Gathered()
    for record in records:
        try:
            marks = _marks_in("\n".join(record.notes))
        except Broken as broken:
            place = shown("\n".join(record.notes)[broken.at : broken.at + 80]) or "(the end)"
            found.problem(
                record.line,
                f"What Rayyan wrote cannot be read from “{place}” on: the text may be cut off. "
                "Export the records from Rayyan again.",
            )
            continue
        votes = _votes(record, marks, found)
        found.votes += votes
        if unsigned := [*marks.reasons, *marks.labels]:
            sentence = f"Reasons and labels of the record, by whom is not said: {shown('; '.join(unsigned))}."
            found.remark(record.line, sentence)
        found.n_undecided += not votes
    return found


def _marks_in(text: str) -> _Marks:
    marks, at = _Marks(), 0
    while start := _START.search(text, at):
        at = start.end()
        if start[1] in ("RAYYAN-INCLUSION", "USER-NOTES"):
            if _NOTHING.match(text, at):
                continue
            pairs, at = read_hash(text, at)
            (marks.inclusion if start[1] == "RAYYAN-INCLUSION" else marks.notes).extend(pairs)
        else:
            end = _END_OF_LIST.search(text, at)
            stop = end.start() if end else len(text)
            items = _items(text[at:stop])
            if start[1] == "RAYYAN-LABELS":
                marks.labels += items
            else:
                marks.reasons += items
            at = stop
    return marks


def _items(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for part in text.split(",") if (item := clean(part))))


def _votes(record: ParsedRecord, marks: _Marks, found: Gathered) -> list[PriorVote]:
    key = key_of(record)
    return [
        PriorVote(
            line=record.line,
            key=key,
            person=person,
            verdict=verdict,
            shared_reasons=marks.reasons if verdict is Verdict.EXCLUDE else (),
            note=_note_of(person, marks.notes),
        )
        for person, verdict in _verdicts(record.line, marks.inclusion, found).items()
    ]


def _verdicts(line: int, pairs: Sequence[tuple[str, Value]], found: Gathered) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    contradicted = set()
    for name, value in pairs:
        person = clean(name)[:NAME_LIMIT]
        word = clean(value if isinstance(value, str) else " ".join(value))
        verdict = _VERDICT_OF.get(word.casefold())
        if not person:
            found.problem(line, f"A decision “{shown(word)}” stands behind no name: it is left out.")
        elif verdict is None:
            if word.casefold() not in _NO_DECISION:
                found.problem(
                    line,
                    f"The decision “{shown(word)}” of “{shown(person)}” is not understood: Rayyan writes "
                    "Included, Excluded or Maybe.",
                )
        elif verdicts.setdefault(person, verdict) is not verdict:
            contradicted.add(person)
    for person in sorted(contradicted):
        del verdicts[person]
        found.problem(
            line,
            f"“{shown(person)}” stands there with two different decisions: both are left out.",
        )
    return verdicts


def _note_of(person: str, notes: Sequence[tuple[str, Value]]) -> str:
    own = [value for name, value in notes if clean(name)[:NAME_LIMIT] == person]
    return "\n".join(text for value in own for text in ([value] if isinstance(value, str) else value) if text)
