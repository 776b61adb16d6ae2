"""Judgements about duplicates, and the projection that follows: which record stands for its group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.duplicates import Match, Method
from screening.models import DuplicateJudgement, Record
from screening.queries.duplicates import expected_canonicals, groups_of_ids
from screening.services.projection import recompute_many

ROWS_AT_ONCE = 500
Verdict = DuplicateJudgement.Verdict
PERSON = DuplicateJudgement.Method.PERSON
METHODS = {
    Method.DOI: DuplicateJudgement.Method.DOI,
    Method.PMID: DuplicateJudgement.Method.PMID,
    Method.TITLE: DuplicateJudgement.Method.CITATION,
}


def judge(
    *, user: User, review: Review, first: Record, second: Record, verdict: str, note: str = ""
) -> DuplicateJudgement:
    """Judge whether two records are the same; an earlier judgement of the pair is superseded.

    Refused: a record and itself; the judgement that holds already; "same" for records whose groups hold a
    pair that was judged different.
    """
    if first.pk == second.pk:
        raise Refused(_("A record cannot be a duplicate of itself: choose two records."))
    if verdict not in Verdict.values:
        raise Refused(_("Say whether the two records are the same or different."))
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        pair = _in_order(first, second)
        held = _open_judgement(review, *pair)
        if held and held.verdict == verdict and held.method == PERSON:
            raise Refused(_("This has been judged already: nothing was changed."))
        _check_groups(review, *pair, verdict)
        if held:
            held.supersede(user=user)
        judgement = _write(user, review, pair, verdict, note)
        rebuild_canonicals(review, pair)
        audit(
            user=user,
            review=review,
            action="judge_duplicates",
            subject=f"records:{first.number},{second.number}",
            verdict=verdict,
        )
        return judgement


def split(*, user: User, review: Review, record: Record, note: str = "") -> Record:
    """Take a record out of its group: it counts for itself again, with the decisions that it had.

    It is judged different from every other member, so it is not proposed again; the others stay together.

    Refused: a record without duplicates.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        Review.objects.select_for_update().get(pk=review.pk)
        group = next((ids for ids in groups_of_ids(review) if record.pk in ids), None)
        if group is None:
            raise Refused(_("Record %d has no duplicates: there is nothing to split.") % record.number)
        others = sorted(group - {record.pk})
        _keep_together(user, review, record, others)
        for other in others:
            pair = (min(record.pk, other), max(record.pk, other))
            held = _open_judgement(review, *pair)
            if held and held.verdict == Verdict.DIFFERENT:
                continue
            if held:
                held.supersede(user=user)
            _write(user, review, pair, Verdict.DIFFERENT, note)
        rebuild_canonicals(review, group)
        audit(
            user=user,
            review=review,
            action="split_duplicate",
            subject=f"record:{record.number}",
            n_others=len(others),
        )
        record.refresh_from_db()
        return record


def rebuild_canonicals(review: Review, record_ids: Collection[int]) -> list[int]:
    """Store which record stands for the groups of these records; return the ids of all whose place changed.

    The one writer of `Record.canonical`. Runs inside the transaction of the change itself and stores the
    states of the records concerned again: decisions on a duplicate stay in history, uncounted.
    """
    changed = _store_canonicals(review, record_ids)
    if changed:
        # From some hundred records on, the states of the whole review are compared at once.
        recompute_many(review, changed if len(changed) < ROWS_AT_ONCE else None)
    return changed


def link_new_records(
    *, user: User, review: Review, records: Sequence[Record], matches: Iterable[Match]
) -> frozenset[int]:
    """Write the judgements of an import and store the groups; return the ids of the new duplicates.

    The records that are not must still enter screening. Runs inside the import's transaction.
    """
    rows = [
        DuplicateJudgement(
            review=review,
            first_id=first,
            second_id=second,
            verdict=Verdict.SAME,
            method=METHODS[match.method],
            note=match.detail,
            created_by=user,
        )
        for match in matches
        for first, second in [sorted((int(str(match.a)), int(str(match.b))))]
    ]
    DuplicateJudgement.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    new = {record.pk for record in records}
    touched = {pk for row in rows for pk in (row.first_id, row.second_id)}
    changed = _store_canonicals(review, touched)
    displaced = [pk for pk in changed if pk not in new]
    if displaced:
        recompute_many(review, displaced if len(displaced) < ROWS_AT_ONCE else None)
    return frozenset(pk for pk in changed if pk in new)


def _store_canonicals(review: Review, record_ids: Collection[int]) -> list[int]:
    if not record_ids:
        return []
    expected = expected_canonicals(review, record_ids)
    stored = dict(
        Record.objects.filter(review=review, pk__in=list(expected)).values_list("pk", "canonical_id")
    )
    changed = sorted(pk for pk, head in expected.items() if stored[pk] != head)
    by_head: dict[int | None, list[int]] = {}
    for pk in changed:
        by_head.setdefault(expected[pk], []).append(pk)
    for head, ids in by_head.items():
        for start in range(0, len(ids), ROWS_AT_ONCE):
            Record.objects.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).update(canonical=head)
    return changed


def _in_order(first: Record, second: Record) -> tuple[int, int]:
    return min(first.pk, second.pk), max(first.pk, second.pk)


def _open_judgement(review: Review, first: int, second: int) -> DuplicateJudgement | None:
    judged = DuplicateJudgement.objects.open().filter(review=review, first=first, second=second)
    return judged.first()


def _write(user: User, review: Review, pair: tuple[int, int], verdict: str, note: str) -> DuplicateJudgement:
    first, second = pair
    if Record.objects.filter(review=review, pk__in=pair).count() != 2:
        raise Refused(_("One of the records is not in this review."))
    written: DuplicateJudgement = DuplicateJudgement.objects.create(
        review=review,
        first_id=first,
        second_id=second,
        verdict=verdict,
        method=PERSON,
        note=note.strip(),
        created_by=user,
    )
    return written


def _check_groups(review: Review, first: int, second: int, verdict: str) -> None:
    """Refuse to join two groups across a pair that was judged different."""
    if verdict != Verdict.SAME:
        return
    groups = {pk: ids for ids in groups_of_ids(review) for pk in ids}
    left, right = groups.get(first, frozenset({first})), groups.get(second, frozenset({second}))
    apart = DuplicateJudgement.objects.open().filter(review=review, verdict=Verdict.DIFFERENT)
    for judgement in apart.select_related("first", "second"):
        pair = (judgement.first_id, judgement.second_id)
        crosses = (pair[0] in left and pair[1] in right) or (pair[0] in right and pair[1] in left)
        if crosses and pair != (first, second):
            raise Refused(
                _(
                    "Records %(first)d and %(second)d of these groups were judged different: "
                    "judge that pair first."
                )
                % {"first": judgement.first.number, "second": judgement.second.number}
            )


def _keep_together(user: User, review: Review, record: Record, others: Sequence[int]) -> None:
    """Judge the remaining members the same where only the leaving record had joined them."""
    parts = _parts(review, others)
    for part in parts[1:]:
        pair = (min(parts[0][0], part[0]), max(parts[0][0], part[0]))
        held = _open_judgement(review, *pair)
        if held is None:
            _write(user, review, pair, Verdict.SAME, _("Kept together when record %d left.") % record.number)


def _parts(review: Review, ids: Sequence[int]) -> list[list[int]]:
    """Return the ids in parts that are joined by judgements between them."""
    same = DuplicateJudgement.objects.open().filter(
        review=review, verdict=Verdict.SAME, first__in=ids, second__in=ids
    )
    part_of = {pk: [pk] for pk in ids}
    for first, second in same.values_list("first", "second"):
        if part_of[first] is not part_of[second]:
            joined = part_of[first] + part_of[second]
            part_of |= dict.fromkeys(joined, joined)
    return [part for pk, part in part_of.items() if pk == min(part)]
