"""Imports of decisions that were made elsewhere: what each person may see of them.

Everybody sees that there was an import. What the file says of people stands on the page of whoever uploaded
it, and nothing there depends on a decision made here that this person may not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from reviewsite.workspace.domain.roles import CAPABILITIES, Capability
from reviewsite.workspace.models import Membership, Review, StoredFile, User
from screening.domain.prior_decisions.placing import Known, Standing
from screening.domain.vocabulary import Stage, Status
from screening.models import DecisionImport, ImportBatch, Record, StageState
from screening.queries.decisions import SETTLED, visible_to

State = DecisionImport.State
BROUGHT = (State.IMPORTED, State.WITHDRAWN)
OVER = (*SETTLED, Status.NOT_RETRIEVED)
MARKS = ("RAYYAN-", "ASReview_", "WORKBENCH-DECISION", "WORKBENCH-REVIEWER")
"""What tools write beside decisions, in the text of a record."""

_STANDING_OF = {
    Status.AWAITING: Standing.OPEN,
    Status.AWAITING_RETRIEVAL: Standing.NOT_RETRIEVED,
    Status.NOT_RETRIEVED: Standing.NOT_RETRIEVED,
}


@dataclass(frozen=True)
class Counted:
    """How many decisions stand behind a name of the file, how many can be taken, and whose they became."""

    name: str
    n: int
    n_placed: int
    include: int
    exclude: int
    unsure: int
    member: User | None
    is_outcome: bool


@dataclass(frozen=True)
class Kept:
    """A decision of the file that was left out since a decision made here stands."""

    line: int
    number: int


def decision_imports_for(user: User, review: Review) -> QuerySet[DecisionImport]:
    """Return the imports of decisions, newest first; those not confirmed only for whoever uploaded them."""
    return (
        DecisionImport.objects.filter(review=review)
        .filter(Q(state__in=BROUGHT) | Q(created_by=user))
        .select_related("file", "created_by")
        .annotate(n_rows=F("found__n_rows"))
    )


def people_of(imported: DecisionImport) -> list[Counted]:
    """Return the names of the file with what stands behind them; for whoever uploaded it alone."""
    ids = [int(choice) for choice in imported.people.values() if choice.isdecimal()]
    members = {str(member.pk): member for member in User.objects.filter(pk__in=ids)}
    return [
        Counted(
            name=row["name"],
            n=row["n"],
            n_placed=row["n_placed"],
            include=row["include"],
            exclude=row["exclude"],
            unsure=row["unsure"],
            member=members.get(imported.people.get(row["name"], "")),
            is_outcome=imported.people.get(row["name"]) == "outcome",
        )
        for row in imported.found.get("people", [])
    ]


def screeners_of(review: Review) -> QuerySet[User]:
    """Return the people who may decide in the review, by name."""
    roles = [role for role, held in CAPABILITIES.items() if Capability.SCREEN in held]
    members = Membership.objects.open().filter(review=review, role__in=roles).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name", "pk")


def columns_of(file: StoredFile | None) -> dict[str, str]:
    """Return how the columns of a table are read where its records were imported so; else nothing."""
    batches = ImportBatch.objects.filter(file=file, state=ImportBatch.State.IMPORTED) if file else []
    return next((batch.column_mapping for batch in batches if batch.column_mapping), {})


def known_records(review: Review, stage: Stage, file: StoredFile | None) -> Iterator[Known]:
    """Yield the records of the review with where they stand at the stage, by status alone; a duplicate stands
    where its group does.

    Records of a batch that came from `file` know their line in it.
    """
    statuses = dict(StageState.objects.filter(review=review, stage=stage).values_list("record", "status"))
    rows = Record.objects.filter(review=review).order_by("number")
    for pk, number, canonical, doi, pmid, accession, title, year, line, batch_file in rows.values_list(
        "pk",
        "number",
        "canonical",
        "doi",
        "pmid",
        "accession",
        "title",
        "year",
        "line",
        "batch__file",
    ).iterator(chunk_size=2000):
        status = statuses.get(canonical or pk)
        standing = _STANDING_OF.get(Status(status), Standing.SETTLED) if status else Standing.ELSEWHERE
        if canonical and standing is Standing.OPEN:
            standing = Standing.DUPLICATE
        yield Known(
            id=pk,
            number=number,
            group=canonical or pk,
            doi=doi,
            pmid=pmid,
            accession=accession,
            title=title,
            year=year,
            line=line if file is not None and batch_file == file.pk else None,
            standing=standing,
        )


def kept_for(user: User, imported: DecisionImport) -> list[Kept]:
    """Return the decisions of the file that were left out because of one made here, as far as this one is
    open to the person.

    Whoever uploaded the file sees them once the record is settled; a reviewer those beside own decisions.
    """
    kept = imported.found.get("kept", [])
    if not kept:
        return []
    stage, is_uploader = Stage(imported.stage), imported.created_by_id == user.pk
    seen = visible_to(user, imported.review, stage)
    if not is_uploader:
        seen = seen.filter(reviewer=user)
    pairs = set(seen.values_list("record__number", "reviewer"))
    settled: set[int] = set()
    if is_uploader:
        states = StageState.objects.filter(review=imported.review, stage=stage, status__in=SETTLED)
        settled = set(states.values_list("record__number", flat=True))
    return [
        Kept(line, number)
        for line, number, reviewer in kept
        if (number, reviewer) in pairs or (reviewer is None and number in settled)
    ]


def hides_text(record: Record) -> bool:
    """Say whether the text of a record in its file may tell a decision that nobody may see yet.

    So it may where the file was imported for its decisions or the text carries the marks of a tool, until the
    screening of the record, or of the one that stands for it, is over.
    """
    states = StageState.objects.filter(record=record.canonical_id or record.pk)
    if not states.exclude(status__in=OVER).exists():
        return False
    return holds_decisions(record.batch.file) or Record.objects.filter(_is_marked(), pk=record.pk).exists()


def hidden_remarks(batch: ImportBatch) -> Q:
    """Return which remarks on the records of a batch come without their text, which may tell a decision."""
    told = Q() if holds_decisions(batch.file) else _is_marked()
    return Q(is_lost=False) & told


def _is_marked() -> Q:
    marked = Q()
    for mark in MARKS:
        marked |= Q(raw__contains=mark)
    return marked


def holds_decisions(file: StoredFile) -> bool:
    """Say whether a file was imported, or is about to be, for the decisions in it."""
    return DecisionImport.objects.filter(
        review=file.review_id, file=file, state__in=[State.PREVIEW, State.IMPORTED]
    ).exists()
