"""Bring decisions along that were made elsewhere: look at a file, say whose they are, take them in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, StoredFile, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from reviewsite.workspace.services.files import content_of, store_file
from screening.domain.prior_decisions import Finding, PriorFile, note_of, reason_of
from screening.domain.prior_decisions.placing import Placed, Placing, place
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.models import Adjudication, Decision, DecisionImport, ImportedOutcome, StageState
from screening.queries.prior_decisions import columns_of, known_records, screeners_of
from screening.queries.protocol import reasons_of
from screening.services.prior_decision_files import (
    check_manageable,
    check_size,
    found_in,
    read_file,
    rows_of,
)
from screening.services.projection import recompute_many
from screening.services.rows import insert, make_ready

State = DecisionImport.State
OUTCOME, LEFT_OUT = "outcome", ""


class AlreadyHere(Refused):
    """The same decisions came with `known` before, so nothing was stored."""

    def __init__(self, sentence: str, known: DecisionImport) -> None:
        super().__init__(sentence)
        self.known = known


@dataclass(frozen=True)
class _Planned:
    """A decision of the file, whose it is here (None: nobody's) and the review's reason for it."""

    placed: Placed
    reviewer: int | None
    reason: int | None


def preview(
    *,
    user: User,
    review: Review,
    stage: Stage,
    name: str,
    content: bytes,
    whole_list: Verdict | None = None,
) -> DecisionImport:
    """Keep a file and say what it would bring; no decision is made before `confirm`.

    `whole_list` is the decision that every record of the file has, where it is one list. The person's earlier
    dry run of the same file at the stage is replaced. Refused: an empty file, one over the size limit, one
    that cannot be read or holds no decision, more names or reasons than a person can sort out.
    """
    check_size(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    known_file = StoredFile.objects.filter(review=review, sha256=sha256).first()
    prior = read_file(content, name, whole_list, columns_of(known_file))
    placing = place(prior, known_records(review, stage, known_file), stage)
    found = found_in(prior, placing, stage, whole_list)
    check_manageable(found)
    with business(user=user, review=review, needs=Capability.IMPORT):
        file = store_file(
            user=user, review=review, name=name, content_type="application/octet-stream", content=content
        )
        same = DecisionImport.objects.select_for_update().filter(
            review=review, file=file, stage=stage, created_by=user, state=State.PREVIEW
        )
        imported = same.first() or DecisionImport(review=review, file=file, stage=stage, created_by=user)
        imported.layout, imported.found, imported.created_at = found["layout"], found, timezone.now()
        imported.save()
        audit(
            user=user,
            review=review,
            action="preview_decision_import",
            subject=f"decision_import:{imported.pk}",
            name=file.name,
            stage=stage,
        )
        return imported


def confirm(
    *,
    user: User,
    review: Review,
    imported: DecisionImport,
    people: Mapping[str, str],
    reasons: Mapping[str, str],
) -> DecisionImport:
    """Take the decisions of a file in, all or none, and settle their records; a second time changes nothing.

    `people` says for each name of the file, "" standing for final labels, whose the decisions are: the id of
    a member who screens, OUTCOME or LEFT_OUT; `reasons` gives at full text the id of one of the review's
    reasons for each of the file's. Decisions are marked as imported and as not blind: no statistic of
    independent judgements counts them. Where the member has an open decision on the record it is kept and
    the one of the file left out. Refused: a file that somebody else uploaded; two names for one member; an
    outcome beside decisions of members; an exclusion at full text without a reason. Raises AlreadyHere where
    the same file brought all of it before.
    """
    check_uploader(user, imported)
    stage = Stage(imported.stage)
    whole_list = Verdict(imported.found["list"]) if imported.found.get("list") else None
    file = imported.file
    prior = read_file(content_of(file), file.name, whole_list, columns_of(file))
    placing = place(prior, known_records(review, stage, file), stage)
    chosen = _chosen(review, prior, people)
    planned, left_out = _plan(review, stage, placing, chosen, reasons)
    imported.people = chosen
    imported.found = found_in(prior, placing, stage, whole_list) | {"chosen_reasons": dict(reasons)}
    known = _known(imported, planned)
    if known:
        discard(user=user, review=review, imported=imported)
        raise AlreadyHere(_already(known), known)
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = DecisionImport.objects.select_for_update().get(pk=imported.pk, review=review)
        if locked.state == State.IMPORTED:
            return locked
        if locked.state != State.PREVIEW:
            raise Refused(_("This file is not waiting for a confirmation: upload it again."))
        in_time, late = _in_time(review, stage, planned)
        if not in_time:
            raise Refused(_("Nothing of this file can be taken: see the list of rows for the reasons."))
        locked.people, locked.found = imported.people, imported.found
        locked.found["left_out"] = rows_of(sorted([*placing.left_out, *left_out, *late], key=_line))
        locked.found["kept"] = _write(user, locked, in_time)
        locked.state, locked.imported_at = State.IMPORTED, timezone.now()
        locked.save(update_fields=["people", "found", "state", "imported_at"])
        recompute_many(review, {one.placed.record.id for one in in_time})
        audit(
            user=user,
            review=review,
            action="import_decisions",
            subject=f"decision_import:{locked.pk}",
            name=locked.file.name,
            stage=stage,
            n_rows=prior.n_rows,
        )
        return locked


def discard(*, user: User, review: Review, imported: DecisionImport) -> DecisionImport:
    """Set a dry run aside; discarding twice changes nothing.

    Refused: a file that somebody else uploaded, and one whose decisions are in the review.
    """
    check_uploader(user, imported)
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = DecisionImport.objects.select_for_update().get(pk=imported.pk, review=review)
        if locked.state == State.DISCARDED:
            return locked
        if locked.state != State.PREVIEW:
            raise Refused(_("The decisions of this file are in the review: withdraw the import instead."))
        locked.state = State.DISCARDED
        locked.save(update_fields=["state"])
        audit(
            user=user,
            review=review,
            action="discard_decision_import",
            subject=f"decision_import:{locked.pk}",
        )
        return locked


def check_uploader(user: User, imported: DecisionImport) -> None:
    """Refuse everybody but the person who uploaded the file: the dry run shows what is in it."""
    if imported.created_by_id != user.pk:
        raise Refused(_("Only the person who uploaded this file can work on it."))


def _line(finding: Finding) -> int:
    return finding.line


def _chosen(review: Review, prior: PriorFile, people: Mapping[str, str]) -> dict[str, str]:
    """Check and return whose the decisions behind each name are."""
    chosen = {person or "": people.get(person or "", LEFT_OUT) for person in prior.people}
    taken = [choice for choice in chosen.values() if choice != LEFT_OUT]
    if not taken:
        raise Refused(_("Say whose the decisions are: every name is left out."))
    if len(set(taken)) < len(taken):
        raise Refused(
            _("Two names stand for the same: a person, or the outcome, can take one name of the file only.")
        )
    if OUTCOME in taken and len(taken) > 1:
        raise Refused(
            _(
                "Outcomes and decisions of members cannot come in one import: leave one of them out and "
                "import the file again for it."
            )
        )
    screeners = {str(pk) for pk in screeners_of(review).values_list("pk", flat=True)}
    if not {OUTCOME, *screeners}.issuperset(taken):
        raise Refused(_("Choose a member who screens in this review."))
    return chosen


def _plan(
    review: Review,
    stage: Stage,
    placing: Placing,
    people: Mapping[str, str],
    reasons: Mapping[str, str],
) -> tuple[list[_Planned], list[Finding]]:
    """Return the decisions to take with their reviewers and reasons, and why others of them cannot be."""
    in_use = {str(pk): pk for pk in reasons_of(review).values_list("pk", flat=True)}
    planned, left_out = [], []
    for one in placing.placed:
        choice, verdict = people[one.vote.person or ""], one.vote.verdict
        if choice == LEFT_OUT:
            continue
        if choice == OUTCOME and verdict is Verdict.UNSURE:
            left_out.append(Finding(one.vote.line, _("“Maybe” is no outcome: the row is left out.")))
            continue
        reason = None
        if stage is Stage.FULL_TEXT and verdict is Verdict.EXCLUDE:
            label = reason_of(one.vote)
            reason = in_use.get(reasons.get(label, ""))
            if reason is None:
                raise Refused(
                    _("Choose one of the review's reasons for “%s”.") % (label or _("no reason given"))
                )
        planned.append(_Planned(one, None if choice == OUTCOME else int(choice), reason))
    return planned, left_out


def _known(imported: DecisionImport, planned: Sequence[_Planned]) -> DecisionImport | None:
    """Return the import by which the same file brought all of these decisions in the same way."""
    earlier = DecisionImport.objects.filter(
        review=imported.review_id, file=imported.file_id, stage=imported.stage, state=State.IMPORTED
    )
    for known in earlier.select_related("file").exclude(pk=imported.pk):
        same = [
            (row.people, *(row.found.get(key) for key in ("list", "chosen_reasons")))
            for row in (known, imported)
        ]
        left_out = {line for line, _sentence in known.found.get("left_out", [])}
        if same[0] == same[1] and not any(one.placed.vote.line in left_out for one in planned):
            return known
    return None


def _already(known: DecisionImport) -> str:
    return _(
        "The decisions of “%(name)s” came for this stage before, for the same people: nothing was stored."
    ) % {"name": known.file.name}


def _in_time(
    review: Review, stage: Stage, planned: Sequence[_Planned]
) -> tuple[list[_Planned], list[Finding]]:
    """Lock the states of the stage and set aside what a record no longer takes since it was looked at."""
    states = StageState.objects.select_for_update().filter(review=review, stage=stage)
    statuses = dict(states.order_by("pk").values_list("record", "status"))
    in_time, late = [], []
    for one in planned:
        record = one.placed.record
        if statuses.get(record.group) == Status.AWAITING:
            in_time.append(one)
        else:
            sentence = _("Record %d takes no more decisions at this stage.") % record.number
            late.append(Finding(one.placed.vote.line, sentence))
    return in_time, late


def _write(user: User, imported: DecisionImport, planned: Sequence[_Planned]) -> list[list[int | None]]:
    """Insert the decisions and outcomes; return line, record and reviewer of those that one made here
    keeps out.
    """
    judged = _judged_at(imported)
    brought = set(
        Decision.objects.filter(
            imported_in__file=imported.file_id, imported_in__state=State.IMPORTED, stage=imported.stage
        ).values_list("record", "reviewer")
    )
    records = {record for record, _reviewer in judged}
    now = timezone.now()
    decisions, outcomes, kept = [], [], []
    for one in planned:
        record = one.placed.record
        is_kept = record.id in records if one.reviewer is None else (record.id, one.reviewer) in judged
        if is_kept:
            kept.append([one.placed.vote.line, record.number, one.reviewer])
        elif one.reviewer is None:
            outcomes.append(_outcome(user, imported, one, now))
        elif (record.id, one.reviewer) not in brought:
            decisions.append(_decision(user, imported, one, one.reviewer, now))
    try:
        with transaction.atomic():
            for rows in (decisions, outcomes):
                if rows:
                    insert(make_ready(rows))
    except IntegrityError:
        raise Refused(
            _("Somebody decided on one of these records in this moment: nothing was taken. Try again.")
        ) from None
    return kept


def _judged_at(imported: DecisionImport) -> set[tuple[int, int | None]]:
    """Return record and reviewer of all that is judged at the stage; rulings are nobody's."""
    at_stage = {"review": imported.review_id, "stage": imported.stage}
    judged: set[tuple[int, int | None]] = set(
        Decision.objects.open().filter(**at_stage).values_list("record", "reviewer")
    )
    for model in (Adjudication, ImportedOutcome):
        judged |= {
            (pk, None) for pk in model.objects.open().filter(**at_stage).values_list("record", flat=True)
        }
    return judged


def _decision(user: User, imported: DecisionImport, one: _Planned, reviewer: int, at: datetime) -> Decision:
    return Decision(
        review=imported.review,
        record_id=one.placed.record.id,
        stage=imported.stage,
        reviewer_id=reviewer,
        verdict=one.placed.vote.verdict,
        reason_id=one.reason,
        note=note_of(one.placed.vote),
        token=uuid4(),
        is_blind=False,
        imported_in=imported,
        created_by=user,
        created_at=at,
    )


def _outcome(user: User, imported: DecisionImport, one: _Planned, at: datetime) -> ImportedOutcome:
    return ImportedOutcome(
        review=imported.review,
        record_id=one.placed.record.id,
        stage=imported.stage,
        verdict=one.placed.vote.verdict,
        reason_id=one.reason,
        stated_by=imported.file.name[:200],
        note=note_of(one.placed.vote),
        imported_in=imported,
        created_by=user,
        created_at=at,
    )
