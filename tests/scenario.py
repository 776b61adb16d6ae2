"""One populated review, made through the services as people would make it, beside a foreign one.

Every page object exists: protocol, sources, an import with duplicates, decisions that are one's own,
another's, settled and in conflict, full texts, studies, a form, entries that agree and differ, printed
numbers. What `Hidden` says is decided where nothing may be seen of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock
from uuid import NAMESPACE_OID, uuid5

from django.test import TestCase
from django.utils import timezone

from extraction.models import Entry, FormVersion, Study
from extraction.services.consensus import settle_entries
from extraction.services.entries import Given, open_entry, save_answers, submit_entry
from extraction.services.forms import add_field, open_form, publish_version, revise_form
from extraction.services.measurements import GivenMeasurement, save_measurement
from extraction.services.protocol import add_arm_group, add_outcome, set_intervals
from extraction.services.studies import add_arm, form_study
from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Invitation, Review, User
from reviewsite.workspace.services.people import deactivate_member, invite, set_roles
from reviewsite.workspace.services.reviews import open_review
from screening.domain.vocabulary import AgreementRule, Stage, UnsurePolicy, Verdict
from screening.models import (
    ConsensusProposal,
    Criterion,
    DecisionImport,
    DuplicateJudgement,
    ExclusionReason,
    ImportBatch,
    PossibleDuplicate,
    Record,
    Report,
    ReportFile,
    Search,
    Source,
    UnlistedGroup,
)
from screening.services.adjudication import adjudicate, propose_consensus
from screening.services.decisions import change_decision, record_decision
from screening.services.duplicates import judge
from screening.services.fulltext import add_file, record_retrieval
from screening.services.imports import confirm, upload
from screening.services.possible_duplicates import Band, judge_band
from screening.services.prior_decisions import confirm as confirm_decisions
from screening.services.prior_decisions import preview as preview_decisions
from screening.services.protocol import add_criterion, add_exclusion_reason, set_stage_policy
from screening.services.sources import add_source, declare_unlisted_group, record_search
from synthesis.services.reported import load_reported

TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
INCLUDE, EXCLUDE, UNSURE = Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.UNSURE
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

TITLES = {
    1: "Augmentation awaiting both reviewers",
    2: "Augmentation judged by one reviewer only",
    3: "Augmentation judged by the other reviewer only",
    4: "Osteoporotic fractures without cancer",
    5: "Radiation before augmentation",
    6: "Balloon augmentation in myeloma",
    7: "Cement leakage after augmentation",
    8: "Pain after augmentation in metastases",
    9: "Disability after augmentation",
    10: "Narrative review of augmentation",
    11: "Randomised comparison of cement and care",
    12: "Cohort of balloon augmentation",
    13: "Registry of augmentation",
    14: "Series of augmented vertebrae",
    15: "Series of augmented vertebrae",
    16: "Lost conference abstract",
    17: "Augmentation on which opinions are weak",
    18: "Reasons that differ",
    19: "Retrieved but nowhere judged",
    20: "Second thoughts on augmentation",
}
"""Records by number; 15 repeats 14 under the same DOI. A foreign review has three more."""
DUPLICATE_OF = {15: 14}

AT_FULL_TEXT = (7, 8, 9, 10, 11, 12, 13, 14, 18, 19)
PASS_TITLE_ABSTRACT = (*AT_FULL_TEXT, 16)


@dataclass(frozen=True)
class Hidden:
    """What reviewer B and extractor B do where nobody else may notice; None leaves it undone.

    `title_abstract` falls on record 2 (undecided by A) and 17 (“maybe” by A, which asks for
    another decision),
    `full_text` on report 8, `value` and `is_submitted` on the entry of study 3, which A has not submitted.
    `brought` is B's decision on record 2 in a file that the owner imports.
    """

    title_abstract: Verdict | None = INCLUDE
    full_text: Verdict | None = INCLUDE
    note: str = "note of the other reviewer"
    hours: int = 0
    value: str | None = "3.0"
    is_submitted: bool = True
    brought: Verdict | None = None


@dataclass(frozen=True)
class Cast:
    """Who is who in one review."""

    owner: User
    admin: User
    reviewer_a: User
    reviewer_b: User
    adjudicator: User
    extractor_a: User
    extractor_b: User
    viewer: User
    former: User


@dataclass(frozen=True)
class Populated:
    """One review with the objects that addresses name."""

    review: Review
    people: Cast
    records: Mapping[int, Record]
    criterion: Criterion
    reasons: Sequence[ExclusionReason]
    source: Source
    search: Search
    group: UnlistedGroup
    batch: ImportBatch
    waiting_batch: ImportBatch
    decision_import: DecisionImport
    waiting_decisions: DecisionImport
    pair: PossibleDuplicate
    judgement: DuplicateJudgement
    bulk: DuplicateJudgement
    proposal: ConsensusProposal
    file: ReportFile
    studies: Mapping[str, Study]
    version: FormVersion
    own_entry: Entry
    invitation: Invitation


@dataclass(frozen=True)
class Scenario:
    """The review under test, a foreign one, and people who stand outside."""

    own: Populated
    foreign: Populated
    outsider: User
    superuser: User

    @property
    def review(self) -> Review:
        return self.own.review

    @property
    def people(self) -> Cast:
        return self.own.people


class Clock(datetime):
    """A clock that stands still until the scenario moves it, so that two runs write the same times."""

    moment = START

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.moment if tz else cls.moment.replace(tzinfo=None)


@contextmanager
def standing_clock(moment: datetime = START) -> Iterator[type[Clock]]:
    """Let every `timezone.now()` answer the same moment."""
    Clock.moment = moment
    with mock.patch.object(timezone, "datetime", Clock):
        yield Clock


def build_scenario() -> Scenario:
    """Make the review “cement” and a foreign one of the same kind, which has three records and one
    study more."""
    with standing_clock():
        own = _Builder("cement", "").build()
        foreign = _Builder("foreign", "outsider-", n_more=3).build()
        superuser = User.objects.create_superuser("superuser@example.org", None, name="Superuser")
        for made in (own, foreign):
            conceal(made, Hidden())
    return Scenario(own, foreign, foreign.people.owner, superuser)


def build_review() -> Populated:
    """Make the review “cement” alone, before anything is decided that nobody may notice."""
    with standing_clock():
        return _Builder("cement", "").build()


def conceal(made: Populated, hidden: Hidden) -> None:
    """Decide as B what is hidden, then go on working as A, so that everything of A's comes behind it."""
    Clock.moment = START + timedelta(days=1, hours=hidden.hours)
    if hidden.title_abstract:
        for number in (2, 17):
            _decide(made.people.reviewer_b, made.records[number], TA, hidden.title_abstract, note=hidden.note)
    if hidden.full_text:
        reason = made.reasons[0] if hidden.full_text is EXCLUDE else None
        _decide(
            made.people.reviewer_b, made.records[8], FT, hidden.full_text, reason=reason, note=hidden.note
        )
    if hidden.brought:
        bring_decision(made, hidden.brought, hidden.note)
    if hidden.value is not None:
        fill_entry(
            made.studies["open"],
            made.version,
            made.people.extractor_b,
            hidden.value,
            is_submitted=hidden.is_submitted,
        )
    Clock.moment = START + timedelta(days=3)
    _decide(made.people.reviewer_a, made.records[19], FT, INCLUDE)
    _decide(made.people.reviewer_a, made.records[20], TA, EXCLUDE, service=change_decision)


def bring_decision(made: Populated, verdict: Verdict, note: str) -> DecisionImport:
    """Import a file in which B decided on record 2, beside somebody who is nobody here."""
    rows = [f"2,B,{verdict},{note}", f"2,C,{verdict},", f"99,B,{verdict},"]
    imported = look_at_decisions(made.people.owner, made.review, "elsewhere.csv", rows)
    return confirm_decisions(
        user=made.people.owner,
        review=made.review,
        imported=imported,
        people={"B": str(made.people.reviewer_b.pk)},
        reasons={},
    )


def look_at_decisions(user: User, review: Review, name: str, rows: Sequence[str]) -> DecisionImport:
    """Upload a table of decisions on titles and abstracts for its dry run."""
    content = "\n".join(["record,reviewer,decision,note", *rows, ""]).encode()
    return preview_decisions(user=user, review=review, stage=TA, name=name, content=content)


def _decide(
    user: User,
    record: Record,
    stage: Stage,
    verdict: Verdict,
    *,
    reason: ExclusionReason | None = None,
    note: str = "",
    service: Callable[..., Any] = record_decision,
) -> None:
    service(
        user=user,
        review=record.review,
        record=record,
        stage=stage,
        verdict=verdict,
        reason=reason,
        note=note,
        token=uuid5(NAMESPACE_OID, f"{user.pk} {record.pk} {stage} {verdict} {Clock.moment}"),
    )


def fill_entry(
    study: Study, version: FormVersion, user: User, age: str, *, is_submitted: bool = True
) -> Entry:
    """Fill in the form for a study and submit it, or leave it as a draft."""
    mine: dict[str, Any] = {"user": user, "review": study.review}
    entry = open_entry(**mine, study=study, version=version)
    given = [
        Given("patients", "40", slot="cohort"),
        Given("age", age, slot="cohort", quote="Mean age.", page="2"),
        Given("design", "", missing="not_reported"),
    ]
    save_answers(**mine, entry=entry, seen=entry.edit_count, given=given, source_note="Full text")
    numbers = {"n": "40", "mean": age[:3], "sd": "1.5"}
    save_measurement(**mine, entry=entry, given=GivenMeasurement("cohort", "vas", "6 weeks", numbers))
    entry.refresh_from_db()
    return submit_entry(**mine, entry=entry) if is_submitted else entry


def ris(numbers: Sequence[int], titles: Mapping[int, str]) -> bytes:
    """Return the records as an RIS file."""
    return "".join(
        f"TY  - JOUR\nTI  - {titles[n]}\nAU  - Author{n}, A.\nPY  - {2000 + n}\nT2  - Journal of Examples\n"
        f"DO  - 10.1000/example.{DUPLICATE_OF.get(n, n)}\nAB  - Abstract of record {n}.\nER  - \n\n"
        for n in numbers
    ).encode()


class _Builder:
    """The steps, in the order in which people take them."""

    def __init__(self, slug: str, prefix: str, *, n_more: int = 0) -> None:
        self.slug, self.prefix = slug, prefix
        self.more = tuple(21 + n for n in range(n_more))
        self.titles = TITLES | {number: f"Foreign record {number}" for number in self.more}

    def build(self) -> Populated:
        self._people()
        self._protocol()
        self._sources()
        self._import()
        self._compare()
        self._screen()
        self._full_text()
        self._elsewhere()
        self._studies()
        return self._populated()

    def tick(self) -> None:
        Clock.moment += timedelta(minutes=1)

    # People, protocol, sources

    def _people(self) -> None:
        self.owner = self._user("owner")
        self.review = open_review(
            user=self.owner, title=f"{self.slug.capitalize()} for fractures", slug=self.slug
        )
        roles = {
            name: Role(name.removesuffix("_a").removesuffix("_b"))
            for name in Cast.__annotations__
            if name != "former"
        }
        members = {name: self._user(name) for name in roles if name != "owner"}
        for name, member in members.items():
            set_roles(user=self.owner, review=self.review, member=member, roles=[roles[name]])
        former = self._user("former")
        set_roles(user=self.owner, review=self.review, member=former, roles=[Role.REVIEWER])
        deactivate_member(user=self.owner, review=self.review, member=former)
        self.people = Cast(owner=self.owner, former=former, **members)
        self.invitation = invite(
            user=self.owner,
            review=self.review,
            email=f"{self.prefix}invited@example.org",
            roles=[Role.VIEWER],
        )
        self.tick()

    def _user(self, role: str) -> User:
        name = f"{self.prefix}{role}".replace("_", "-")
        return User.objects.create_user(f"{name}@example.org", None, name=name.replace("-", " ").capitalize())

    def _protocol(self) -> None:
        as_owner: dict[str, Any] = {"user": self.owner, "review": self.review}
        self.criterion = add_criterion(
            **as_owner, kind="inclusion", text="Adults with cancer-related fractures"
        )
        add_criterion(**as_owner, kind="exclusion", text="Animal studies")
        self.reasons = [
            add_exclusion_reason(**as_owner, label="Wrong population"),
            add_exclusion_reason(**as_owner, label="No outcome"),
        ]
        set_stage_policy(
            **as_owner,
            stage=TA,
            n_reviewers=2,
            unsure=UnsurePolicy.NEUTRAL,
            rule=AgreementRule.UNANIMOUS,
            shows_decisions=True,
            may_resolve_own=False,
            note="From the protocol.",
        )
        add_arm_group(**as_owner, key="pvp", label="Vertebroplasty")
        self.group_arms = add_arm_group(**as_owner, key="kp", label="Kyphoplasty")
        add_outcome(
            **as_owner, key="vas", label="Pain", scale_min=Decimal(0), scale_max=Decimal(10), better="lower"
        )
        set_intervals(**as_owner)
        draft = open_form(**as_owner, slug=f"{self.slug}-form", title="Baseline")
        add_field(
            **as_owner,
            version=draft,
            key="patients",
            label="Patients",
            kind="integer",
            scope="arm",
            is_arm_size=True,
            summary="sum",
        )
        add_field(
            **as_owner,
            version=draft,
            key="age",
            label="Mean age",
            kind="number",
            scope="arm",
            summary="weighted_mean",
        )
        add_field(**as_owner, version=draft, key="design", label="Design", kind="text")
        self.version = publish_version(**as_owner, version=draft)
        load_reported(**as_owner, document=PRINTED)
        self.tick()

    def _sources(self) -> None:
        as_owner: dict[str, Any] = {"user": self.owner, "review": self.review}
        self.source = add_source(**as_owner, name="MEDLINE", kind="database", platform="Ovid")
        self.search = record_search(
            **as_owner,
            source=self.source,
            searched_on=START.date(),
            n_hits_reported=len(self.titles),
            lines=[(1, "exp Spinal Fractures/", 100), (2, "vertebroplasty.ti,ab.", 50)],
        )
        self.unlisted = declare_unlisted_group(
            **as_owner,
            source=self.source,
            box="excluded_other",
            n=5,
            reason="Language",
            provenance="reported",
        )
        self.tick()

    def _import(self) -> None:
        content = ris(sorted(self.titles), self.titles)
        self.batch = self._upload("search.ris", content)
        with TestCase.captureOnCommitCallbacks(execute=True):
            confirm(user=self.owner, review=self.review, batch=self.batch)
        self.batch.refresh_from_db()
        self.waiting_batch = self._upload(
            "waiting.ris", ris([1], {1: "A record that waits for confirmation"})
        )
        self.records = {record.number: record for record in Record.objects.filter(review=self.review)}
        self.tick()

    def _upload(self, name: str, content: bytes) -> ImportBatch:
        with TestCase.captureOnCommitCallbacks(execute=True):
            batch = upload(
                user=self.owner,
                review=self.review,
                source=self.source,
                search=self.search,
                name=name,
                content=content,
            )
        batch.refresh_from_db()
        return batch

    # Screening

    def _decide(self, user: User, number: int, verdict: Verdict, *, stage: Stage = TA, **more: Any) -> None:
        self.tick()
        _decide(user, self.records[number], stage, verdict, **more)

    def _screen(self) -> None:
        a, b, ta = self.people.reviewer_a, self.people.reviewer_b, self._decide
        for number in (*PASS_TITLE_ABSTRACT, *self.more):
            ta(a, number, INCLUDE)
            ta(b, number, INCLUDE)
        ta(a, 3, INCLUDE, note="own note of reviewer A")
        ta(a, 4, EXCLUDE)
        ta(b, 4, EXCLUDE)
        for number in (5, 6):
            ta(a, number, INCLUDE, note="to discuss")
            ta(b, number, EXCLUDE, note="wrong population, I think")
        ta(a, 17, UNSURE)
        ta(a, 20, EXCLUDE)
        ta(a, 20, INCLUDE, service=change_decision)
        self.tick()
        adjudicate(
            user=self.people.adjudicator,
            review=self.review,
            record=self.records[6],
            stage=TA,
            verdict=INCLUDE,
            rationale="Cancer is named in the abstract.",
        )
        self.proposal = propose_consensus(
            user=a,
            review=self.review,
            record=self.records[5],
            stage=TA,
            verdict=INCLUDE,
            rationale="Agreed by phone.",
        )

    def _full_text(self) -> None:
        a, b = self.people.reviewer_a, self.people.reviewer_b
        population, outcome = self.reasons
        for number in (*AT_FULL_TEXT, *self.more):
            self.tick()
            added = self._add_file(number)
            self.file = added if number == 7 else self.file
        record_retrieval(
            user=a,
            review=self.review,
            report=self._report(16),
            status="not_retrieved",
            on=START.date(),
            note="Asked twice.",
        )
        for number in (11, 12, 13, 14):
            self._decide(a, number, INCLUDE, stage=FT)
            self._decide(b, number, INCLUDE, stage=FT)
        for number in (9, *self.more):
            self._decide(a, number, INCLUDE, stage=FT)
            self._decide(b, number, EXCLUDE, stage=FT, reason=population)
        self._decide(a, 10, EXCLUDE, stage=FT, reason=outcome)
        self._decide(b, 10, EXCLUDE, stage=FT, reason=outcome)
        self._decide(a, 18, EXCLUDE, stage=FT, reason=population)
        self._decide(b, 18, EXCLUDE, stage=FT, reason=outcome)
        self._decide(a, 7, INCLUDE, stage=FT, note="own note at full text")

    def _report(self, number: int) -> Report:
        return Report.objects.get(record=self.records[number])

    def _add_file(self, number: int) -> ReportFile:
        return add_file(
            user=self.owner,
            review=self.review,
            report=self._report(number),
            name=f"report-{number}.pdf",
            content=PDF + f"% {self.slug} {number}\n".encode(),
        )

    def _compare(self) -> None:
        """Judge one pair alone and one at once with others, and let a third wait."""
        self.tick()
        mine: dict[str, Any] = {"user": self.owner, "review": self.review}
        pairs = [(self.records[n], self.records[n + 1]) for n in (10, 11, 12)]
        proposed = [
            PossibleDuplicate.objects.create(review=self.review, first=a, second=b, score=0.5 + n / 10)
            for n, (a, b) in enumerate(pairs)
        ]
        first, second = pairs[0]
        self.judgement = judge(**mine, first=first, second=second, verdict="different")
        band = Band(0.6, 0.6, proposed[1].pk, (proposed[1].pk,))
        judge_band(**mine, band=band, verdict="different")
        self.bulk = DuplicateJudgement.objects.get(review=self.review, method="bulk")
        self.pair = proposed[2]

    def _elsewhere(self) -> None:
        """Import a decision of A, who has decided here already, and leave another file waiting."""
        self.tick()
        imported = look_at_decisions(
            self.owner, self.review, "earlier.csv", ["20,A,exclude,", "77,A,include,"]
        )
        self.decision_import = confirm_decisions(
            user=self.owner,
            review=self.review,
            imported=imported,
            people={"A": str(self.people.reviewer_a.pk)},
            reasons={},
        )
        self.waiting_decisions = look_at_decisions(
            self.owner, self.review, "waiting.csv", ["1,A,include,", "1,A,perhaps,"]
        )

    # Extraction

    def _studies(self) -> None:
        a, b = self.people.extractor_a, self.people.extractor_b
        self.studies = {
            "settled": self._study("Settled 2011", 11),
            "differing": self._study("Differing 2012", 12),
            "open": self._study("Open 2013", 13),
        }
        if self.more:
            self.studies["more"] = self._study("Foreign study", 14)
        self._entry(a, "settled", "70.0")
        self._entry(b, "settled", "70.0")
        settle_entries(
            user=self.people.adjudicator,
            review=self.review,
            study=self.studies["settled"],
            version=self.version,
            choices=[],
        )
        self._entry(a, "differing", "65.0")
        self._entry(b, "differing", "66.0")
        self.own_entry = self._entry(a, "open", "61.0", is_submitted=False)
        revise_form(user=self.owner, review=self.review, form=self.version.form)

    def _study(self, label: str, number: int) -> Study:
        self.tick()
        a = self.people.extractor_a
        study = form_study(user=a, review=self.review, label=label, reports=[self._report(number)])
        add_arm(user=a, review=self.review, study=study, label="Cohort", group=self.group_arms)
        return study

    def _entry(self, user: User, study: str, age: str, **more: Any) -> Entry:
        self.tick()
        return fill_entry(self.studies[study], self.version, user, age, **more)

    def _populated(self) -> Populated:
        return Populated(
            review=Review.objects.get(pk=self.review.pk),
            people=self.people,
            records=self.records,
            criterion=self.criterion,
            reasons=self.reasons,
            source=self.source,
            search=self.search,
            group=self.unlisted,
            batch=self.batch,
            waiting_batch=self.waiting_batch,
            decision_import=self.decision_import,
            waiting_decisions=self.waiting_decisions,
            pair=self.pair,
            judgement=self.judgement,
            bulk=self.bulk,
            proposal=self.proposal,
            file=self.file,
            studies=self.studies,
            version=self.version,
            own_entry=self.own_entry,
            invitation=self.invitation,
        )


PRINTED: dict[str, Any] = {
    "format": "reported-cells/1",
    "doi": "10.1000/printed",
    "source": "A printed review",
    "cells": [
        {
            "id": f"flow.{name}",
            "table": "flow",
            "row": name.capitalize(),
            "column": "n",
            "statistic": "n",
            "value": value,
            "decimals": 0,
            "computes": {"kind": "flow_box", "box": box},
            "note": "",
        }
        for name, value, box in (("identified", 25, "database_results"), ("screened", 19, "records_screened"))
    ],
    "relations": [],
    "tables": [],
    "series": [],
    "text_claims": [],
    "literal_flow": {
        "template": "T1",
        "description": "As printed.",
        "inferred_inputs": [],
        "input": {"database_results": 25},
        "unaccounted": 0,
    },
    "inferred_flow": {
        "template": "T1",
        "description": "As inferred.",
        "inferred_inputs": [],
        "input": {"database_results": 25},
        "unaccounted": 0,
    },
}
