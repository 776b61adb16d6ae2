"""Answers to proposed pairs beyond a single judgement: taken back, given for many, a primary chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.dedup import Match, Rule, clusters
from screening.models import DuplicateJudgement, PossibleDuplicate, PrimaryChoice, Record, StageState
from screening.queries.duplicates import groups_around, judged_pairs
from screening.queries.possible_duplicates import OpenPair, in_band, open_pairs, rows_of_bulk
from screening.queries.work import work_on
from screening.services.duplicates import ROWS_AT_ONCE, rebuild_canonicals

Verdict = DuplicateJudgement.Verdict
Method = DuplicateJudgement.Method


@dataclass(frozen=True)
class Band:
    """Pairs to judge at once: those from `low` to `high` that were proposed up to `last`, after a person saw
    the pairs in `sample`."""

    low: float
    high: float
    last: int
    sample: tuple[int, ...]


@dataclass(frozen=True)
class Judged:
    """How many pairs were judged at once and how many were left out, since joining them would have brought
    together records that were judged different."""

    n_judged: int
    n_left_out: int


def undo_judgement(*, user: User, review: Review, judgement: DuplicateJudgement) -> DuplicateJudgement:
    """Take a person's judgement of a pair back; what it replaced holds again, as a new row.

    Refused: a judgement that no longer holds, and one that no person made.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        open_rows = DuplicateJudgement.objects.open()
        held: DuplicateJudgement | None = open_rows.filter(pk=judgement.pk, review=review).first()
        if held is None:
            raise Refused(_("This judgement no longer holds: reload the page to see where the pair stands."))
        if held.method != Method.PERSON:
            raise Refused(_("Only a judgement of a single pair can be taken back here."))
        held.supersede(user=user)
        _bring_back_replaced(held)
        rebuild_canonicals(user=user, review=review, record_ids=[held.first_id, held.second_id])
        numbers = Record.objects.filter(pk__in=[held.first_id, held.second_id]).order_by("number")
        audit(
            user=user,
            review=review,
            action="undo_judgement",
            subject="records:" + ",".join(str(number) for number in numbers.values_list("number", flat=True)),
            verdict=held.verdict,
        )
        return held


def judge_band(*, user: User, review: Review, band: Band, verdict: str) -> Judged:
    """Judge all open pairs of a band the same, or all different, in one step that can be undone as a whole.

    Pairs whose joining would bring together records judged different are left out. Refused: an unknown
    verdict; no pair left; a sample that is not of this band or of which a pair was judged since it was seen.
    """
    if verdict not in Verdict.values:
        raise Refused(_("Say whether the records of these pairs are the same or different."))
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        pairs = [pair for pair in in_band(open_pairs(review), band.low, band.high) if pair.pk <= band.last]
        if not pairs:
            raise Refused(_("No pair is left in this band."))
        if not band.sample or not {pair.pk for pair in pairs}.issuperset(band.sample):
            raise Refused(
                _("Pairs of your sample have been judged in the meantime: look at a new sample first.")
            )
        chosen = _joinable(review, pairs) if verdict == Verdict.SAME else pairs
        _write_at_once(user, review, chosen, verdict, _note(band, len(pairs)))
        ids = {pk for pair in chosen for pk in (pair.first, pair.second)}
        rebuild_canonicals(user=user, review=review, record_ids=ids)
        audit(
            user=user,
            review=review,
            action="judge_many_duplicates",
            verdict=verdict,
            n_pairs=len(chosen),
            low=band.low,
            high=band.high,
        )
        return Judged(len(chosen), len(pairs) - len(chosen))


def undo_bulk(*, user: User, review: Review, judgement: DuplicateJudgement) -> int:
    """Take back everything that was judged at once with this judgement and still holds; return how much.

    Refused: a judgement that was not given with others, or of which nothing holds any more.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        rows = rows_of_bulk(review, judgement)
        pairs = list(rows.values_list("first", "second"))
        if not pairs:
            raise Refused(_("Nothing of these judgements holds any more."))
        rows.supersede(user=user)
        rebuild_canonicals(user=user, review=review, record_ids={pk for pair in pairs for pk in pair})
        audit(user=user, review=review, action="undo_many_judgements", n_pairs=len(pairs))
        return len(pairs)


def choose_primary(*, user: User, review: Review, record: Record) -> Record:
    """Let a record stand for its group; of several choices in one group the latest counts.

    Refused: a record without duplicates; one that stands for its group already; one for which an outcome of
    the group would be lost, since decisions, files and studies belong to the record that was judged.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        group = next(iter(groups_around(review, [record.pk])), None)
        held = Record.objects.filter(pk=record.pk, review=review).first()
        if group is None or held is None:
            raise Refused(_("Record %d has no duplicates: it stands for itself.") % record.number)
        if held.canonical is None:
            raise Refused(_("Record %d stands for its group already.") % record.number)
        before = held.canonical
        stood = _states(before)
        PrimaryChoice.objects.filter(record=record).supersede(user=user)
        PrimaryChoice.objects.create(review=review, record=record, created_by=user)
        rebuild_canonicals(user=user, review=review, record_ids=group)
        record.refresh_from_db()
        is_loss = bool(work_on(review, group)) and _states(record) != stood
        if record.canonical_id is not None or is_loss:
            raise Refused(
                _(
                    "Record %(held)d was judged for the group and goes on standing for it. What it lacks is "
                    "shown from its duplicates, record %(wanted)d among them."
                )
                % {"held": before.number, "wanted": record.number}
            )
        audit(
            user=user,
            review=review,
            action="choose_primary",
            subject=f"record:{record.number}",
            before=before.number,
        )
        return record


def _bring_back_replaced(judgement: DuplicateJudgement) -> None:
    replaced = DuplicateJudgement.objects.filter(
        first=judgement.first_id, second=judgement.second_id, superseded_at=judgement.created_at
    ).first()
    if replaced:
        DuplicateJudgement.objects.create(
            review=replaced.review,
            first_id=replaced.first_id,
            second_id=replaced.second_id,
            verdict=replaced.verdict,
            method=replaced.method,
            score=replaced.score,
            note=replaced.note,
            created_by=replaced.created_by,
        )


def _joinable(review: Review, pairs: Sequence[OpenPair]) -> list[OpenPair]:
    same, different = judged_pairs(review)
    wanted = {Match(pair.first, pair.second, Rule.SIMILAR): pair for pair in pairs}
    refused = set(clusters([*same, *wanted], different).refused)
    return [pair for match, pair in wanted.items() if match not in refused]


def _write_at_once(user: User, review: Review, pairs: Sequence[OpenPair], verdict: str, note: str) -> None:
    now = timezone.now()
    DuplicateJudgement.objects.bulk_create(
        [
            DuplicateJudgement(
                review=review,
                first_id=pair.first,
                second_id=pair.second,
                verdict=verdict,
                method=Method.BULK,
                score=pair.score,
                note=note,
                created_by=user,
                created_at=now,
            )
            for pair in pairs
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _note(band: Band, n_pairs: int) -> str:
    sample = PossibleDuplicate.objects.filter(pk__in=band.sample).order_by("pk")
    seen = [f"{first}–{second}" for first, second in sample.values_list("first__number", "second__number")]
    said = ngettext(
        "Scores %(low).2f to %(high).2f, %(n)d pair at once after looking at %(seen)s.",
        "Scores %(low).2f to %(high).2f, %(n)d pairs at once after looking at %(seen)s.",
        n_pairs,
    )
    return said % {"low": band.low, "high": band.high, "n": n_pairs, "seen": ", ".join(seen)}


def _states(record: Record) -> dict[str, tuple[str, int | None]]:
    states = StageState.objects.filter(record=record).values_list("stage", "status", "reason")
    return {stage: (status, reason) for stage, status, reason in states}
