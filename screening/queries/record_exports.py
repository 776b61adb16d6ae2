"""What an export says of each record, read in chunks so that a large review needs little memory.

Decisions are those that `visible_to` lets the person see; where a record stands is safe for everybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from reviewsite.workspace.models import LedgerQuerySet, Review, User
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.domain.writing.model import BIBLIOGRAPHIC, ExportDecision, ExportOutcome, ExportRecord
from screening.models import Decision, Record, StageState
from screening.queries.decisions import visible_to
from screening.queries.records import RecordFilter, Standing, records_of

AT_ONCE = 500  # records whose texts are in memory together
_LISTS = {"authors", "keywords"}

Decisions = Mapping[int, list[ExportDecision]]


@dataclass(frozen=True)
class RecordExport:
    """The records of an export, chosen at one moment and read chunk by chunk."""

    review: Review
    pks: Sequence[int]
    decisions: Mapping[Stage, LedgerQuerySet]
    names: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.pks)

    def __iter__(self) -> Iterator[ExportRecord]:
        """Yield the records in the order of the list; one that vanished in the meantime is left out."""
        for start in range(0, len(self.pks), AT_ONCE):
            yield from self._chunk(self.pks[start : start + AT_ONCE])

    def _chunk(self, pks: Sequence[int]) -> Iterator[ExportRecord]:
        records = Record.everything.select_related("canonical", "source").defer(
            "raw", "canonical__raw", "canonical__abstract", "canonical__keywords", "canonical__authors"
        )
        by_pk = records.in_bulk(pks)
        heads = {record.canonical_id or record.pk for record in by_pk.values()}
        groups, outcomes = _groups(heads), _outcomes(pks)
        decisions = self._decisions(pks)
        for pk in pks:
            if pk in by_pk:
                record = by_pk[pk]
                members = groups[record.canonical_id or pk]
                exported = _with_group(_exported(self.review, record), self.review, record, members)
                yield replace(exported, outcomes=tuple(outcomes[pk]), decisions=tuple(decisions[pk]))

    def _decisions(self, pks: Sequence[int]) -> Decisions:
        found: dict[int, list[ExportDecision]] = defaultdict(list)
        for stage, visible in self.decisions.items():
            seen = visible.filter(record__in=pks).select_related("reason", "reviewer").order_by("pk")
            for decision in seen:
                found[decision.record_id].append(_decision(decision, stage, self.names))
        return found


@dataclass(frozen=True)
class _Member:
    number: int
    source: str
    database: str
    is_head: bool


def export_of(
    review: Review, wanted: RecordFilter, *, with_duplicates: bool, decisions_for: User | None = None
) -> RecordExport:
    """Choose the records of the filter; duplicates come along only where the filter or the caller says so.

    With `decisions_for` each record carries the decisions that this person may see now.
    """
    if wanted.standing is None and not with_duplicates:
        wanted = replace(wanted, standing=Standing.UNIQUE)
    decisions = {} if decisions_for is None else _visible(decisions_for, review)
    return RecordExport(
        review=review,
        pks=list(records_of(review, wanted).values_list("pk", flat=True)),
        decisions=decisions,
        names=_names(decisions.values()),
    )


def count_of(review: Review, wanted: RecordFilter) -> tuple[int, int]:
    """Return how many records the filter gives without duplicates, and how many duplicates could come along;
    where the filter itself speaks of duplicates, all count as wanted."""
    counted = records_of(review, wanted).aggregate(
        n=Count("pk"), n_duplicates=Count("pk", filter=Q(canonical__isnull=False))
    )
    n_optional: int = 0 if wanted.standing else counted["n_duplicates"]
    return counted["n"] - n_optional, n_optional


def has_visible_decisions(user: User, review: Review) -> bool:
    """Say whether there is any decision that the person may see."""
    return any(visible.exists() for visible in _visible(user, review).values())


def record_id(review: Review, number: int) -> str:
    """Return the stable id of a record outside of the review."""
    return f"{review.slug}-{number}"


def _visible(user: User, review: Review) -> dict[Stage, LedgerQuerySet]:
    return {stage: visible_to(user, review, stage).open() for stage in Stage}


def _names(decisions: Iterable[LedgerQuerySet]) -> dict[int, str]:
    """Return what each decider is called; two of one name are told apart by their addresses."""
    people = {
        pk: (name, email)
        for visible in decisions
        for pk, name, email in visible.order_by()
        .values_list("reviewer", "reviewer__name", "reviewer__email")
        .distinct()
    }
    n_called = Counter(name for name, _email in people.values())
    return {pk: name if n_called[name] == 1 else f"{name} ({email})" for pk, (name, email) in people.items()}


def _groups(heads: set[int]) -> Mapping[int, list[_Member]]:
    found: dict[int, list[_Member]] = defaultdict(list)
    members = Record.objects.filter(Q(pk__in=heads) | Q(canonical__in=heads)).order_by("number")
    for pk, canonical, number, source, database in members.values_list(
        "pk", "canonical", "number", "source__name", "database"
    ):
        found[canonical or pk].append(_Member(number, source, database, canonical is None))
    return found


def _outcomes(pks: Sequence[int]) -> Mapping[int, list[ExportOutcome]]:
    found: dict[int, list[ExportOutcome]] = defaultdict(list)
    # "title_abstract" is the earlier stage and the later word.
    states = StageState.objects.filter(record__in=pks).order_by("-stage")
    for pk, stage, status, reason in states.values_list("record", "stage", "status", "reason__label"):
        found[pk].append(ExportOutcome(Stage(stage), Status(status), reason or ""))
    return found


def _exported(review: Review, record: Record) -> ExportRecord:
    fields: dict[str, Any] = {
        name: tuple(getattr(record, name)) if name in _LISTS else getattr(record, name)
        for name in BIBLIOGRAPHIC
    }
    return ExportRecord(
        id=record_id(review, record.number), number=record.number, remark=record.note, **fields
    )


def _with_group(
    exported: ExportRecord, review: Review, record: Record, members: Sequence[_Member]
) -> ExportRecord:
    """Add sources and databases of the whole group, and which record stands for which."""
    head = record.canonical
    others = () if head else tuple(record_id(review, m.number) for m in members if not m.is_head)
    return replace(
        exported,
        sources=tuple(dict.fromkeys([record.source.name, *(m.source for m in members)])),
        databases=tuple(dict.fromkeys(name for m in members if (name := m.database))),
        duplicates=others,
        duplicate_of=record_id(review, head.number) if head else "",
    )


def _decision(decision: Decision, stage: Stage, names: Mapping[int, str]) -> ExportDecision:
    return ExportDecision(
        reviewer=names.get(decision.reviewer_id, decision.reviewer.name),
        stage=stage,
        verdict=Verdict(decision.verdict),
        reason=decision.reason.label if decision.reason else "",
        on=timezone.localdate(decision.created_at).isoformat(),
        is_blind=decision.is_blind,
        is_imported=decision.imported_in_id is not None,
    )
