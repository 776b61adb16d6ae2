"""Rows that tests of several areas need."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from reviewsite.workspace.models import Review, StoredFile, User
from screening.domain.vocabulary import Stage, Verdict
from screening.models import Decision, ExclusionReason, ImportBatch, Record, Report, RetrievalOutcome, Source
from screening.services.decisions import record_decision
from screening.services.fulltext import record_retrieval
from screening.services.projection import enter_records

INCLUDE, EXCLUDE, UNSURE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.UNSURE


def make_source(review: Review, key: str = "medline", **fields: Any) -> Source:
    """Return the review's source with this key, made at the first call."""
    values = {"name": key.capitalize(), "kind": Source.Kind.DATABASE} | fields
    return Source.objects.get_or_create(review=review, key=key, defaults=values)[0]


def make_record(review: Review, user: User, **fields: Any) -> Record:
    """Create a record that has entered its first stage; `source` names another source, `enters=False` keeps
    it out.
    """
    enters = fields.pop("enters", True)
    source = fields.pop("source", None) or make_source(review)
    stored, _ = StoredFile.objects.get_or_create(
        review=review,
        sha256=f"{source.pk:064d}",
        defaults={
            "size": 1,
            "name": "search.ris",
            "content_type": "text/plain",
            "content": "none",
            "uploaded_by": user,
        },
    )
    batch, _ = ImportBatch.objects.get_or_create(
        review=review,
        source=source,
        file=stored,
        defaults={
            "state": ImportBatch.State.IMPORTED,
            "created_by": user,
            "enters_at_full_text": source.enters_at_full_text,
        },
    )
    number = Record.objects.filter(review=review).count() + 1
    values = {"number": number, "raw": "TY  - JOUR", "title": f"Record {number}", "year": 2020} | fields
    record = Record.objects.create(review=review, source=source, batch=batch, **values)
    Review.objects.filter(pk=review.pk).update(last_record_number=record.number)
    if enters:
        enter_records(user=user, review=review, records=[record])
    return record


def make_reason(review: Review, code: str = "population", **fields: Any) -> ExclusionReason:
    """Create an exclusion reason."""
    values = {
        "label": code.capitalize(),
        "position": ExclusionReason.objects.filter(review=review).count(),
    } | fields
    return ExclusionReason.objects.create(review=review, code=code, **values)


def decide(
    user: User,
    record: Record,
    verdict: Verdict,
    *,
    stage: Stage = Stage.TITLE_ABSTRACT,
    reason: ExclusionReason | None = None,
    **fields: Any,
) -> Decision:
    """Record a decision with a token of its own."""
    return record_decision(
        user=user,
        review=record.review,
        record=record,
        stage=stage,
        verdict=verdict,
        reason=reason,
        **({"token": uuid4()} | fields),
    )


def retrieve(user: User, record: Record, status: str = "retrieved") -> RetrievalOutcome:
    """Write down what came of seeking the record's report."""
    report = Report.objects.get(record=record)
    return record_retrieval(
        user=user, review=record.review, report=report, status=status, on=timezone.localdate()
    )


def status_of(record: Record, stage: Stage = Stage.TITLE_ABSTRACT) -> str | None:
    """Return the stored status of the record at the stage."""
    state = record.stage_states.filter(stage=stage).first()
    return state.status if state else None
