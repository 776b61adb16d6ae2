"""What would go out of the review with a batch, in numbers that tell nothing of an unsettled record."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from reviewsite.workspace.models import LedgerQuerySet, LedgerRow, Review, User
from screening.domain.vocabulary import Stage, Status
from screening.models import (
    Adjudication,
    ConsensusProposal,
    ConsensusSignature,
    Decision,
    DuplicateJudgement,
    ImportBatch,
    ImportedOutcome,
    PrimaryChoice,
    Record,
    RecordCorrection,
    Report,
    ReportFile,
    RetrievalOutcome,
    StageState,
)
from screening.models.choices import STAGE_CHOICES, STATUS_CHOICES
from screening.queries.decisions import visible_to

OF_RECORDS = (Adjudication, ConsensusProposal, ImportedOutcome, RecordCorrection, PrimaryChoice)
OF_SCREENING = (RetrievalOutcome, ReportFile)
BY_PEOPLE = (DuplicateJudgement.Method.PERSON, DuplicateJudgement.Method.BULK)
WAITING = (Status.AWAITING, Status.AWAITING_RETRIEVAL)


@dataclass(frozen=True)
class Standing:
    """How many records of the batch stand where."""

    stage: str
    status: str
    label: str
    n: int


@dataclass(frozen=True)
class GoingOut:
    """What leaves the count with a batch.

    Of the decisions only those are counted that the person may see: the number of the others would tell who
    has judged what is not settled.
    """

    n_records: int
    n_duplicates: int
    n_left_behind: int
    """Records of other batches whose group is represented by a record of this one."""
    standings: tuple[Standing, ...]
    n_decisions: int
    n_outcomes: int
    n_retrievals: int
    n_files: int
    n_judgements: int
    n_corrections: int

    @property
    def has_work(self) -> bool:
        """Tell whether work that the person may know of depends on the records."""
        return bool(
            self.n_decisions
            or self.n_outcomes
            or self.n_retrievals
            or self.n_files
            or self.n_judgements
            or self.n_corrections
            or any(standing.status not in WAITING for standing in self.standings)
        )


def going_out(user: User, review: Review, batch: ImportBatch) -> GoingOut:
    """Count what leaves the review with the batch, as far as the person may know of it."""
    records = Record.objects.filter(batch=batch)
    left_behind = Record.objects.filter(review=review, canonical__batch=batch).exclude(batch=batch)
    return GoingOut(
        n_records=records.count(),
        n_duplicates=records.filter(canonical__isnull=False).count(),
        n_left_behind=left_behind.count(),
        standings=_standings(batch),
        n_decisions=sum(
            visible_to(user, review, stage).open().filter(record__batch=batch).count() for stage in Stage
        ),
        n_outcomes=ImportedOutcome.objects.open().filter(record__batch=batch).count(),
        n_retrievals=RetrievalOutcome.objects.open().filter(report__record__batch=batch).count(),
        n_files=ReportFile.objects.filter(report__record__batch=batch).count(),
        n_judgements=judged_by_people(batch).count() + _open(PrimaryChoice, batch).count(),
        n_corrections=_open(RecordCorrection, batch).count(),
    )


def has_work(batch: ImportBatch) -> bool:
    """Say whether any person's work may depend on the records; for rules, never for display.

    One open decision anywhere in the review is enough: a rule that asked for those on these records would
    tell that somebody has decided on them.
    """
    return (
        Decision.objects.open().filter(review=batch.review_id).exists()
        or any(_open(model, batch).exists() for model in OF_RECORDS)
        or RetrievalOutcome.objects.open().filter(report__record__batch=batch).exists()
        or ReportFile.objects.filter(report__record__batch=batch).exists()
        or judged_by_people(batch).exists()
    )


def records_built_upon(batch: ImportBatch) -> list[int]:
    """Return the numbers of the records that are included at full text, that carry evidence for the record
    included in their place, or on whose report other work builds, such as a study.
    """
    included = StageState.objects.filter(stage=Stage.FULL_TEXT, status=Status.INCLUDED)
    numbers = set(included.filter(record__batch=batch).values_list("record__number", flat=True))
    carries = Q(Exists(RetrievalOutcome.objects.open().filter(report__record=OuterRef("pk"))))
    for judged in (Decision, Adjudication, ImportedOutcome):
        carries |= Q(Exists(judged.objects.open().filter(record=OuterRef("pk"))))
    behind = Record.objects.filter(carries, batch=batch, canonical__in=included.values("record"))
    numbers |= set(behind.values_list("number", flat=True))
    # Whatever points to a report builds on it, whichever app it belongs to: screening need not know them.
    for relation in Report._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if model in OF_SCREENING:
            continue
        rows = model._default_manager.filter(**{f"{name}__record__batch": batch})
        if issubclass(model, LedgerRow):
            rows = rows.filter(superseded_at__isnull=True)
        numbers |= set(rows.values_list(f"{name}__record__number", flat=True))
    return sorted(numbers)


def judged_by_people(batch: ImportBatch) -> LedgerQuerySet:
    """Return the open judgements of people that a record of the batch is the same as another one or not."""
    of_batch = Q(first__batch=batch) | Q(second__batch=batch)
    found: LedgerQuerySet = DuplicateJudgement.objects.open().filter(of_batch, method__in=BY_PEOPLE)
    return found


def evidence_on(batch: ImportBatch) -> list[LedgerQuerySet]:
    """Return the open evidence on the records that holds no longer without them, by kind; corrections stay,
    for they say what the record says.
    """
    return [
        Decision.objects.open().filter(record__batch=batch),
        ConsensusSignature.objects.open().filter(proposal__record__batch=batch),
        ConsensusProposal.objects.open().filter(record__batch=batch),
        Adjudication.objects.open().filter(record__batch=batch),
        ImportedOutcome.objects.open().filter(record__batch=batch),
        RetrievalOutcome.objects.open().filter(report__record__batch=batch),
        judged_by_people(batch),
        _open(PrimaryChoice, batch),
    ]


def _open(model: type[LedgerRow], batch: ImportBatch) -> LedgerQuerySet:
    return model.objects.open().filter(record__batch=batch)


def _standings(batch: ImportBatch) -> tuple[Standing, ...]:
    states = StageState.objects.filter(record__batch=batch).order_by().values_list("stage", "status")
    counted = {(stage, status): n for stage, status, n in states.annotate(n=Count("pk"))}
    return tuple(
        Standing(str(stage_label), status, str(label), counted[stage, status])
        for stage, stage_label in STAGE_CHOICES
        for status, label in STATUS_CHOICES
        if counted.get((stage, status))
    )
