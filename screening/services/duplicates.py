"""Judgements about duplicates and what follows from them: groups, and where their records stand.

An import calls `compare_new` before its transaction and `apply_comparison` inside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.dedup import Match, Pair, Rule
from screening.models import DuplicateJudgement, ImportBatch, PossibleDuplicate, Record
from screening.queries.comparison import Comparison, compare_among, compare_new, compare_stored, still_holds
from screening.queries.duplicates import as_matches, groups_around, groups_by, stored_groups
from screening.services.canonicals import store_canonicals
from screening.services.projection import store_states
from screening.services.rulings import close_outdated_rulings

__all__ = [
    "Comparison",
    "apply_comparison",
    "compare_new",
    "judge",
    "rebuild_after_withdrawal",
    "rebuild_canonicals",
    "split",
]

ROWS_AT_ONCE = 500
Verdict = DuplicateJudgement.Verdict
Method = DuplicateJudgement.Method
PERSON = Method.PERSON
BY_PEOPLE = (Method.PERSON, Method.BULK)
METHODS = {
    Rule.DOI: Method.DOI,
    Rule.PMID: Method.PMID,
    Rule.CITATION: Method.CITATION,
    Rule.SIMILAR: Method.SIMILAR,
}
UNKNOWN_SCORE = 0.5


def apply_comparison(
    *, user: User, review: Review, records: Sequence[Record], comparison: Comparison
) -> frozenset[int]:
    """Write what `compare_new` found for these records, now stored in the order in which they were compared,
    and store the groups; return the ids of the new duplicates. The records that are not must still enter
    screening.

    Runs inside the import's transaction, which has locked the review. If records or judgements changed since
    the comparison, it compares anew.
    """
    if not records:
        return frozenset()
    ids = {record.pk for record in records}
    if still_holds(review, comparison, before=min(ids)):
        stored = {("new", place): record.pk for place, record in enumerate(records)}
    else:
        comparison, stored = compare_stored(review, ids, settings=comparison.settings), {}
    return write_findings(user=user, review=review, comparison=comparison, stored=stored, new=ids)


def write_findings(
    *,
    user: User,
    review: Review,
    comparison: Comparison,
    stored: Mapping[tuple[str, int], int] | None = None,
    new: Collection[int] = (),
) -> frozenset[int]:
    """Write the judgements and possible pairs of a comparison that still holds, and store the groups.

    `stored` gives the ids of records that had none when they were compared. Records in `new` have no states
    yet and get none here; those of them that are duplicates are returned.
    """
    known = stored or {}
    rows = [_automatic(user, review, match, known) for match in comparison.matches]
    DuplicateJudgement.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    _propose(review, comparison.possible, known)
    changed = store_canonicals(review, {pk for row in rows for pk in (row.first_id, row.second_id)})
    displaced = set(changed).difference(new)
    # Where two groups met, their decisions may stand against each other.
    heads = Record.objects.filter(review=review, duplicates__in=displaced) if displaced else []
    store_states(review, displaced.union(head.pk for head in heads).difference(new))
    return frozenset(pk for pk in changed if pk in new)


def rebuild_after_withdrawal(*, user: User, review: Review, batch: ImportBatch) -> None:
    """Take the records of a withdrawn batch out of their groups, inside the transaction of the withdrawal and
    after its records were marked.

    The remaining members are compared anew among themselves: those that match stay together, those that only
    a withdrawn record had joined are proposed for people to compare.
    """
    gone = frozenset(Record.everything.filter(batch=batch).values_list("pk", flat=True))
    before = stored_groups(review, gone)
    groups = [group - gone for group in groups_around(review, gone)]
    left = frozenset().union(*groups)
    judged = DuplicateJudgement.objects.open().filter(review=review, verdict=Verdict.SAME)
    possible = PossibleDuplicate.objects.filter(review=review)
    for side in ("first", "second"):
        judged.filter(**{f"{side}__batch": batch}).supersede(user=user)
        possible.filter(**{f"{side}__batch": batch}).delete()
    Record.everything.filter(batch=batch).update(canonical=None)
    again = compare_among(review, left)
    write_findings(user=user, review=review, comparison=again)
    store_canonicals(review, left)
    close_outdated_rulings(user=user, review=review, before=before)
    store_states(review, left | gone)
    for group in groups:
        _propose_parts(review, group, again)


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
        held = open_judgement(review, *pair)
        if held and held.verdict == verdict and held.method in BY_PEOPLE:
            raise Refused(_("This has been judged already: nothing was changed."))
        _check_groups(review, *pair, verdict)
        judgement = write_judgement(
            user=user, review=review, pair=pair, verdict=verdict, note=note, held=held
        )
        rebuild_canonicals(user=user, review=review, record_ids=pair)
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
        group = next(iter(groups_around(review, [record.pk])), None)
        if group is None:
            raise Refused(_("Record %d has no duplicates: there is nothing to split.") % record.number)
        others = sorted(group - {record.pk})
        _keep_together(user, review, record, others)
        for other in others:
            pair = (min(record.pk, other), max(record.pk, other))
            held = open_judgement(review, *pair)
            if held is None or held.verdict != Verdict.DIFFERENT:
                write_judgement(
                    user=user, review=review, pair=pair, verdict=Verdict.DIFFERENT, note=note, held=held
                )
        rebuild_canonicals(user=user, review=review, record_ids=group)
        audit(
            user=user,
            review=review,
            action="split_duplicate",
            subject=f"record:{record.number}",
            n_others=len(others),
        )
        record.refresh_from_db()
        return record


def rebuild_canonicals(*, user: User, review: Review, record_ids: Collection[int]) -> list[int]:
    """Store which record stands for the groups of these records; return the ids of all whose place changed.

    Runs inside the transaction of the change itself and stores the states of the records concerned again:
    decisions on a duplicate stay in history, uncounted. An adjudication that only settled a group against a
    member that has left it is closed.
    """
    before = stored_groups(review, record_ids)
    changed = store_canonicals(review, record_ids)
    if changed:
        close_outdated_rulings(user=user, review=review, before=before)
        store_states(review, set(changed).union(*before.values()))
    return changed


def open_judgement(review: Review, first: int, second: int) -> DuplicateJudgement | None:
    """Return the judgement that holds for a pair, the lower id first."""
    judged = DuplicateJudgement.objects.open().filter(review=review, first=first, second=second)
    return judged.first()


def write_judgement(
    *,
    user: User,
    review: Review,
    pair: tuple[int, int],
    verdict: str,
    note: str,
    held: DuplicateJudgement | None,
) -> DuplicateJudgement:
    """Write a person's judgement in place of the one that holds; their common moment links the two."""
    if Record.objects.filter(review=review, pk__in=pair).count() != 2:
        raise Refused(_("One of the records is not in this review."))
    now = timezone.now()
    if held:
        DuplicateJudgement.objects.filter(pk=held.pk).supersede(user=user, at=now)
    first, second = pair
    proposed = PossibleDuplicate.objects.filter(first=first, second=second).first()
    written: DuplicateJudgement = DuplicateJudgement.objects.create(
        review=review,
        first_id=first,
        second_id=second,
        verdict=verdict,
        method=PERSON,
        score=proposed.score if proposed else None,
        note=note.strip(),
        created_by=user,
        created_at=now,
    )
    return written


def _automatic(
    user: User, review: Review, match: Match, stored: Mapping[tuple[str, int], int]
) -> DuplicateJudgement:
    first, second = _stored_pair(match, stored)
    return DuplicateJudgement(
        review=review,
        first_id=first,
        second_id=second,
        verdict=Verdict.SAME,
        method=METHODS[match.rule],
        score=match.score,
        note=match.detail,
        created_by=user,
    )


def _propose(review: Review, pairs: Iterable[Pair], stored: Mapping[tuple[str, int], int]) -> None:
    found = [(*_stored_pair(pair, stored), pair.score, pair.detail) for pair in pairs]
    rows = [
        PossibleDuplicate(review=review, first_id=first, second_id=second, score=score, detail=detail)
        for first, second, score, detail in found
    ]
    PossibleDuplicate.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "detail"],
    )


def _propose_parts(review: Review, group: Collection[int], again: Comparison) -> None:
    """Propose to compare the parts into which a group fell."""
    heads = Record.objects.filter(pk__in=group, canonical__isnull=True).order_by("pk")
    parts = list(heads.values_list("pk", flat=True))
    found = {(pair.a, pair.b) for pair in again.possible} | {(pair.b, pair.a) for pair in again.possible}
    detail = _("Both were duplicates of a record that was withdrawn.")
    apart = [part for part in parts[1:] if (parts[0], part) not in found]
    _propose(review, [Pair(parts[0], part, UNKNOWN_SCORE, detail) for part in apart], {})


def _stored_pair(found: Match | Pair, stored: Mapping[tuple[str, int], int]) -> tuple[int, int]:
    ids = [stored[pk] if isinstance(pk, tuple) else int(str(pk)) for pk in (found.a, found.b)]
    return min(ids), max(ids)


def _in_order(first: Record, second: Record) -> tuple[int, int]:
    return min(first.pk, second.pk), max(first.pk, second.pk)


def _check_groups(review: Review, first: int, second: int, verdict: str) -> None:
    """Refuse to join two groups across a pair that was judged different."""
    if verdict != Verdict.SAME:
        return
    groups = {pk: ids for ids in groups_around(review, [first, second]) for pk in ids}
    left, right = groups.get(first, frozenset({first})), groups.get(second, frozenset({second}))
    apart = DuplicateJudgement.objects.open().filter(review=review, verdict=Verdict.DIFFERENT)
    crossing = apart.filter(
        Q(first__in=left, second__in=right) | Q(first__in=right, second__in=left)
    ).exclude(first=first, second=second)
    judgement = crossing.select_related("first", "second").order_by("pk").first()
    if judgement:
        raise Refused(
            _(
                "Records %(first)d and %(second)d of these groups were judged different: "
                "judge that pair first."
            )
            % {"first": judgement.first.number, "second": judgement.second.number}
        )


def _keep_together(user: User, review: Review, record: Record, others: Sequence[int]) -> None:
    """Judge the remaining members the same where only the leaving record had joined them."""
    same = DuplicateJudgement.objects.open().filter(
        review=review, verdict=Verdict.SAME, first__in=others, second__in=others
    )
    groups = groups_by(as_matches(same.values_list("first", "second")), [])
    parts = [sorted(group) for group in groups]
    parts += [[pk] for pk in others if not any(pk in group for group in groups)]
    parts.sort()
    for part in parts[1:]:
        pair = (min(parts[0][0], part[0]), max(parts[0][0], part[0]))
        note = _("Kept together when record %d left.") % record.number
        if open_judgement(review, *pair) is None:
            write_judgement(user=user, review=review, pair=pair, verdict=Verdict.SAME, note=note, held=None)
