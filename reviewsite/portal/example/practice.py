"""The practice review: two search files and the invented work of the demo roles on them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from reviewsite.portal.example.files import PRACTICE, PUBLISHED, Row, content, document, rows
from reviewsite.portal.example.imports import import_file
from reviewsite.portal.example.people import People, join
from reviewsite.portal.example.practice_extraction import extract
from reviewsite.portal.example.protocol import (
    add_sources,
    describe,
    set_eligibility,
    set_policy,
    set_up_extraction,
)
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.reviews import open_review
from screening.domain.vocabulary import Stage, Verdict
from screening.models import ExclusionReason, Record, Report
from screening.services.adjudication import adjudicate, propose_consensus, sign_consensus
from screening.services.decisions import record_decision
from screening.services.fulltext import record_retrieval

Key = tuple[str, str]
"""A file and an accession number in it."""
Records = dict[Key, Record]
Reasons = dict[str, ExclusionReason]


def load_practice(people: People) -> Review:
    """Enter the practice review: import both files, then screen, assess and extract as the files say."""
    owner, plan = people["owner"], document(PRACTICE, "review.json")
    facts = document(PUBLISHED, "review.json")
    review = open_review(user=owner, title=plan["title"], slug=plan["slug"], is_demo=True)
    join(people, review)
    describe(user=owner, review=review, document=facts)
    reasons = set_eligibility(user=owner, review=review, document=facts)
    _set_policies(owner, review, facts)
    records = _import_files(owner, review, plan)
    _screen(people, review, records, reasons)
    _resolve(people, review, records, reasons, Stage.TITLE_ABSTRACT)
    _assess(people, review, records, reasons)
    _resolve(people, review, records, reasons, Stage.FULL_TEXT)
    version = set_up_extraction(user=owner, review=review, document=facts)
    extract(people, review, version, records, form=facts["form"])
    return review


def _set_policies(owner: User, review: Review, facts: dict[str, Any]) -> None:
    for policy in facts["stage_policies"]:
        set_policy(
            user=owner,
            review=review,
            stage=Stage(policy["stage"]),
            n_reviewers=policy["practice"]["reviewers"],
            unsure=policy["practice"]["unsure"],
            note="Rules of the practice review.",
        )


def _import_files(owner: User, review: Review, plan: dict[str, Any]) -> Records:
    sources = add_sources(user=owner, review=review, document=plan)
    records: Records = {}
    for each in plan["imports"]:
        name = each["file"]
        stored = import_file(
            user=owner,
            review=review,
            source=sources[each["source"]],
            name=name,
            content=content(PRACTICE, name),
        )
        records |= {(name, accession): record for accession, record in stored.items()}
    return records


def _screen(people: People, review: Review, records: Records, reasons: Reasons) -> None:
    """Record the decisions on title and abstract; a reason there becomes the private note."""
    for row in rows(PRACTICE, "decisions.csv"):
        reason = reasons[row["reason_code"]].label if row["reason_code"] else ""
        record_decision(
            user=people[row["reviewer"]],
            review=review,
            record=records[row["file"], row["key"]],
            stage=Stage(row["stage"]),
            verdict=Verdict(row["verdict"]),
            note=". ".join(filter(None, [reason, row["note"]])),
            token=uuid4(),
        )


def _resolve(people: People, review: Review, records: Records, reasons: Reasons, stage: Stage) -> None:
    for row in rows(PRACTICE, "adjudications.csv"):
        if row["stage"] != stage:
            continue
        judgement: dict[str, Any] = {
            "review": review,
            "record": records[row["file"], row["key"]],
            "stage": stage,
            "verdict": Verdict(row["verdict"]),
            "reason": reasons.get(row["reason_code"]) if stage is Stage.FULL_TEXT else None,
            "rationale": row["rationale"],
        }
        first, *others = [people[role] for role in row["resolved_by"].split(";")]
        if not others:
            adjudicate(user=first, **judgement)
            continue
        proposal = propose_consensus(user=first, **judgement)
        for other in others:
            sign_consensus(user=other, proposal=proposal)


def _assess(people: People, review: Review, records: Records, reasons: Reasons) -> None:
    """Record what came of seeking each report and the decisions on its full text."""
    reports = {report.record_id: report for report in Report.objects.filter(review=review)}
    today = timezone.localdate()
    for row in rows(PRACTICE, "full_text.csv"):
        record = records[row["file"], row["key"]]
        record_retrieval(
            user=people["owner"],
            review=review,
            report=reports[record.pk],
            status=row["retrieval"],
            on=today,
            note=row["retrieval_note"],
        )
        for reviewer, suffix in (("reviewer_a", "a"), ("reviewer_b", "b")):
            if row[f"verdict_{suffix}"]:
                _decide(people[reviewer], record, reasons, row, suffix)


def _decide(reviewer: User, record: Record, reasons: Reasons, row: Row, suffix: str) -> None:
    record_decision(
        user=reviewer,
        review=record.review,
        record=record,
        stage=Stage.FULL_TEXT,
        verdict=Verdict(row[f"verdict_{suffix}"]),
        reason=reasons.get(row[f"reason_{suffix}"]),
        note=row[f"note_{suffix}"],
        token=uuid4(),
    )
