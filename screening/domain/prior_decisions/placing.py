"""Find the record of the review to which each decision of a file belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.domain.normalise import normalise_title
from screening.domain.prior_decisions.model import Finding, PriorFile, PriorVote, RecordKey, reason_of
from screening.domain.prior_decisions.words import shown
from screening.domain.vocabulary import Stage, Verdict

_PREFIX_WORDS = 4


class Standing(StrEnum):
    """Say whether a record takes decisions at the stage; those on a duplicate of an open record count for
    the group once they settle the duplicate."""

    OPEN = "open"
    DUPLICATE = "duplicate"
    SETTLED = "settled"
    NOT_RETRIEVED = "not_retrieved"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold what of a record of the review takes part; `group` is the id of the record that stands for it.

    `line` is its line in the very file with the decisions, where its batch came from that file.
    """

    id: int
    number: int
    group: int
    doi: str = ""
    pmid: str = ""
    accession: str = ""
    title: str = ""
    year: int | None = None
    line: int | None = None
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Placed:
    """Hold a decision and the record that it is about."""

    vote: PriorVote
    record: Known


@dataclass(frozen=True, slots=True)
class Placing:
    """Hold the decisions that can be taken; `left_out` and `remarks` are sorted by line."""

    placed: tuple[Placed, ...]
    n_rows_placed: int
    left_out: tuple[Finding, ...]
    remarks: tuple[Finding, ...]


class Misplaced(Exception):
    """Say why a row belongs to no record."""


class Shelf:
    """Find records by number, by line in the same file, DOI, PubMed number, accession number, at last by
    title and year."""

    def __init__(self, records: Iterable[Known]) -> None:
        self._by: dict[tuple[str, object], list[Known]] = defaultdict(list)
        self._titles: dict[int, str] = {}
        for record in records:
            title = self._titles[record.id] = normalise_title(record.title)
            for key in _keys_of(record, title):
                self._by[key].append(record)

    def find(self, line: int, key: RecordKey) -> Known:
        """Return the record to which a row belongs.

        A number counts only where DOI and title of the row do not contradict it. One of several records of a
        group of duplicates is enough: the one that stands for it is taken. Raises Misplaced where none or
        several fit.
        """
        title = normalise_title(key.title)
        numbered = self._by.get(("number", key.number), [])
        if numbered and not self._differs(key, title, numbered[0]):
            return numbered[0]
        for rule, name in _rules(line, key, title):
            found = self._by.get(rule, [])
            if rule[0] == "accession":
                found = [record for record in found if not self._differs(key, title, record)]
            if found:
                return self._one_of(found, title, name)
        if numbered:
            raise Misplaced(f"Record {key.number} of this review is another one: its DOI or title differs.")
        raise Misplaced(f"No record of this review has {_described(key)}.")

    def _one_of(self, found: list[Known], title: str, name: str) -> Known:
        if len({record.group for record in found}) > 1 and title:
            found = [record for record in found if self._titles[record.id] == title] or found
        if len(found) == 1:
            return found[0]
        if len({record.group for record in found}) > 1:
            numbers = ", ".join(str(record.number) for record in found[:5])
            raise Misplaced(
                f"Several records of this review have {name}: {numbers}. Give the number of the one that is "
                "meant in a column “record”."
            )
        return next((record for record in found if record.id == record.group), found[0])

    def _differs(self, key: RecordKey, title: str, record: Known) -> bool:
        if key.doi and record.doi:
            return key.doi != record.doi
        other = self._titles[record.id]
        if not title or not other:
            return False
        short, long = sorted((title, other), key=len)
        return not (long == short or (short.count(" ") + 1 >= _PREFIX_WORDS and long.startswith(f"{short} ")))


def place(prior: PriorFile, records: Iterable[Known], stage: Stage) -> Placing:
    """Say which decisions of a file can be taken at a stage, and of each other one, in a sentence, why not.

    Left out are rows without one certain record, decisions at the other stage, “maybe” at full text, records
    that take no decision at the stage (any more), and two decisions of one person on one record that differ.
    """
    shelf = Shelf(records)
    left_out: list[Finding] = list(prior.problems)
    remarks: list[Finding] = list(prior.remarks)
    places = _places(prior, shelf, left_out)
    candidates: dict[tuple[int, str | None], list[Placed]] = defaultdict(list)
    for vote in prior.votes:
        record = places.get(vote.line)
        if record is None or vote.stage not in (None, stage):
            continue
        why_not = _why_not(vote, record, stage)
        if why_not:
            left_out.append(Finding(vote.line, why_not))
        else:
            candidates[record.id, vote.person].append(Placed(vote, record))
    placed = [
        kept
        for found in candidates.values()
        if (kept := _agreed(found, stage, left_out, remarks)) is not None
    ]
    remarks += [*_duplicates(placed), *_of_other_stage(prior, stage)]
    return Placing(
        placed=tuple(placed),
        n_rows_placed=len(places),
        left_out=tuple(_sorted(left_out)),
        remarks=tuple(_sorted(remarks)),
    )


def _places(prior: PriorFile, shelf: Shelf, left_out: list[Finding]) -> Mapping[int, Known]:
    """Look each row up once; several decisions may stand in one."""
    places: dict[int, Known] = {}
    for line, key in {vote.line: vote.key for vote in prior.votes}.items():
        try:
            places[line] = shelf.find(line, key)
        except Misplaced as misplaced:
            left_out.append(Finding(line, str(misplaced)))
    return places


def _why_not(vote: PriorVote, record: Known, stage: Stage) -> str:
    if stage is Stage.FULL_TEXT and vote.verdict is Verdict.UNSURE:
        return f"{_by(vote)} says “maybe”, which full text does not offer."
    if record.standing is Standing.SETTLED:
        return f"Record {record.number} is settled or in conflict at this stage: it takes no more decisions."
    if record.standing is Standing.NOT_RETRIEVED:
        return (
            f"The full text of record {record.number} is not there yet: record that it was retrieved, then "
            "import the file again."
        )
    if record.standing is Standing.ELSEWHERE or (
        record.standing is Standing.DUPLICATE and stage is Stage.FULL_TEXT
    ):
        return f"Record {record.number} is not at this stage: it is a duplicate, or an earlier stage is open."
    return ""


def _agreed(
    found: list[Placed], stage: Stage, left_out: list[Finding], remarks: list[Finding]
) -> Placed | None:
    """Return the one decision that all rows of a person on a record say."""
    first = found[0]
    said = {
        (placed.vote.verdict, reason_of(placed.vote) if stage is Stage.FULL_TEXT else "") for placed in found
    }
    lines = [placed.vote.line for placed in found]
    if len(said) > 1:
        left_out += [
            Finding(
                line,
                f"Lines {_listed(lines)} give record {first.record.number} different decisions of "
                f"{_whose(first.vote)}: all are left out. Keep one of them in the file.",
            )
            for line in lines
        ]
        return None
    remarks += [Finding(line, f"The same decision stands in line {lines[0]} already.") for line in lines[1:]]
    return first


def _of_other_stage(prior: PriorFile, stage: Stage) -> list[Finding]:
    lines = [vote.line for vote in prior.votes if vote.stage not in (None, stage)]
    if not lines:
        return []
    return [
        Finding(
            lines[0],
            f"{len(lines)} of the decisions, this the first, are about the other stage and no part of this "
            "import: import the file again for that stage.",
        )
    ]


def _duplicates(placed: Iterable[Placed]) -> list[Finding]:
    return [
        Finding(
            one.vote.line,
            f"Record {one.record.number} is a duplicate: decisions stay there and count once they settle it.",
        )
        for one in placed
        if one.record.standing is Standing.DUPLICATE
    ]


def _keys_of(record: Known, title: str) -> Iterable[tuple[str, object]]:
    yield "number", record.number
    if record.line is not None:
        yield "line", record.line
    if record.doi:
        yield "doi", record.doi
    if record.pmid:
        yield "pmid", record.pmid
    if record.accession:
        yield "accession", record.accession
    if title:
        yield "title", (title, record.year)


def _rules(line: int, key: RecordKey, title: str) -> Iterable[tuple[tuple[str, object], str]]:
    yield ("line", line), "this line of this file"
    if key.doi:
        yield ("doi", key.doi), f"the DOI {shown(key.doi)}"
    if key.pmid:
        yield ("pmid", key.pmid), f"the PubMed number {shown(key.pmid)}"
    if key.accession:
        yield ("accession", key.accession), f"the accession number {shown(key.accession)}"
    if title:
        yield ("title", (title, key.year)), f"the title “{shown(key.title)}” and this year"


def _described(key: RecordKey) -> str:
    parts = [] if key.number is None else [f"the number {key.number}"]
    parts += [name for _rule, name in _rules(0, key, normalise_title(key.title))][1:]
    return " or ".join(parts) if parts else "what the row gives"


def _by(vote: PriorVote) -> str:
    return "The final label" if vote.person is None else f"The decision of “{shown(vote.person)}”"


def _whose(vote: PriorVote) -> str:
    return "nobody in particular" if vote.person is None else f"“{shown(vote.person)}”"


def _listed(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:5])) + (" and more" if len(lines) > 5 else "")


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.line)
