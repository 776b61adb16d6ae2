"""The protocol: eligibility criteria, exclusion reasons and the rules of each stage."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.domain.vocabulary import AgreementRule, Stage, UnsurePolicy
from screening.models import Criterion, CriterionWording, ExclusionReason, Record, StagePolicy
from screening.services.projection import recompute_many

CODE_LENGTH = 20
Row = TypeVar("Row", Criterion, ExclusionReason)


class Direction(StrEnum):
    """Where a criterion or a reason moves in its list."""

    UP = "up"
    DOWN = "down"


def add_criterion(*, user: User, review: Review, kind: str, text: str) -> Criterion:
    """Append a criterion with its first wording.

    Refused: a blank wording, an unknown kind, the wording of another criterion of the kind.
    """
    wording = _wording(text)
    if kind not in Criterion.Kind.values:
        raise Refused(_("A criterion either includes or excludes: choose one of the two."))
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        Review.objects.select_for_update().get(pk=review.pk)
        _refuse_repeat(review, kind, wording)
        last = Criterion.objects.filter(review=review, kind=kind).aggregate(last=Max("position"))["last"]
        criterion = Criterion.objects.create(review=review, kind=kind, position=(last or 0) + 1)
        CriterionWording.objects.create(review=review, criterion=criterion, text=wording, created_by=user)
        audit(
            user=user,
            review=review,
            action="add_criterion",
            subject=f"criterion:{criterion.pk}",
            text=wording,
        )
        return criterion


def reword_criterion(*, user: User, review: Review, criterion: Criterion, text: str) -> CriterionWording:
    """Supersede a criterion's wording; the older ones stay on record with their dates.

    Refused: a blank wording, the wording that holds already or that of another criterion of the kind, an
    archived criterion.
    """
    wording = _wording(text)
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        locked = Criterion.objects.select_for_update().get(pk=criterion.pk, review=review)
        if locked.is_archived:
            raise Refused(_("This criterion is archived: restore it before you change its wording."))
        held = CriterionWording.objects.open().filter(criterion=locked).first()
        if held and held.text == wording:
            raise Refused(_("The criterion already says exactly this: nothing was changed."))
        _refuse_repeat(review, locked.kind, wording, besides=locked)
        if held:
            held.supersede(user=user)
        written = CriterionWording.objects.create(
            review=review, criterion=locked, text=wording, created_by=user
        )
        audit(
            user=user,
            review=review,
            action="reword_criterion",
            subject=f"criterion:{locked.pk}",
            before=held.text if held else "",
            after=wording,
        )
        return written


def move_criterion(*, user: User, review: Review, criterion: Criterion, direction: Direction) -> Criterion:
    """Swap a criterion with its neighbour of the same kind; at the end of the list it stays where it is."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        rows = list(
            Criterion.objects.select_for_update().filter(
                review=review, kind=criterion.kind, is_archived=False
            )
        )
        moved = _swap(rows, criterion, direction)
        if moved:
            Criterion.objects.bulk_update(moved, ["position"])
            audit(
                user=user,
                review=review,
                action="move_criterion",
                subject=f"criterion:{criterion.pk}",
                direction=direction.value,
            )
        criterion.refresh_from_db()
        return criterion


def archive_criterion(
    *, user: User, review: Review, criterion: Criterion, is_archived: bool = True
) -> Criterion:
    """Take a criterion out of use, or back into it; it is never deleted."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        locked = Criterion.objects.select_for_update().get(pk=criterion.pk, review=review)
        if locked.is_archived != is_archived:
            locked.is_archived = is_archived
            locked.save(update_fields=["is_archived"])
            audit(
                user=user,
                review=review,
                action="archive_criterion" if is_archived else "restore_criterion",
                subject=f"criterion:{locked.pk}",
            )
        return locked


def add_exclusion_reason(*, user: User, review: Review, label: str, code: str = "") -> ExclusionReason:
    """Append a reason for exclusion at full text; without a code, one is made from the label.

    Refused: a blank label, a label or code that another reason has.
    """
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        name = _free_label(review, label)
        short = slugify(code or name)[:CODE_LENGTH].strip("-") or "reason"
        taken = set(ExclusionReason.objects.filter(review=review).values_list("code", flat=True))
        if code and short in taken:
            raise Refused(_("Another reason has the code “%(code)s”: choose another one.") % {"code": short})
        last = ExclusionReason.objects.filter(review=review).aggregate(last=Max("position"))["last"]
        reason = ExclusionReason.objects.create(
            review=review, code=_free_code(short, taken), label=name, position=(last or 0) + 1
        )
        audit(
            user=user, review=review, action="add_exclusion_reason", subject=f"reason:{reason.pk}", label=name
        )
        return reason


def rename_exclusion_reason(
    *, user: User, review: Review, reason: ExclusionReason, label: str
) -> ExclusionReason:
    """Rename a reason; what was excluded for it stays excluded for it.

    Refused: a blank label, a label that another reason has.
    """
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        locked = ExclusionReason.objects.select_for_update().get(pk=reason.pk, review=review)
        name = _free_label(review, label, besides=locked)
        if name != locked.label:
            before, locked.label = locked.label, name
            locked.save(update_fields=["label"])
            audit(
                user=user,
                review=review,
                action="rename_exclusion_reason",
                subject=f"reason:{locked.pk}",
                before=before,
                after=name,
            )
        return locked


def move_exclusion_reason(
    *, user: User, review: Review, reason: ExclusionReason, direction: Direction
) -> ExclusionReason:
    """Swap a reason with its neighbour; at the end of the list it stays where it is."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        rows = list(ExclusionReason.objects.select_for_update().filter(review=review, is_archived=False))
        moved = _swap(rows, reason, direction)
        for row in moved:
            row.save(update_fields=["position"])
        if moved:
            audit(
                user=user,
                review=review,
                action="move_exclusion_reason",
                subject=f"reason:{reason.pk}",
                direction=direction.value,
            )
        reason.refresh_from_db()
        return reason


def archive_exclusion_reason(
    *, user: User, review: Review, reason: ExclusionReason, is_archived: bool = True
) -> ExclusionReason:
    """Offer a reason no longer, or again; what was excluded for it keeps it."""
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        locked = ExclusionReason.objects.select_for_update().get(pk=reason.pk, review=review)
        if locked.is_archived != is_archived:
            locked.is_archived = is_archived
            locked.save(update_fields=["is_archived"])
            audit(
                user=user,
                review=review,
                action="archive_exclusion_reason" if is_archived else "restore_exclusion_reason",
                subject=f"reason:{locked.pk}",
            )
        return locked


def set_stage_policy(
    *,
    user: User,
    review: Review,
    stage: Stage,
    n_reviewers: int,
    unsure: UnsurePolicy,
    rule: AgreementRule,
    shows_decisions: bool,
    may_resolve_own: bool,
    note: str = "",
) -> StagePolicy:
    """Supersede the stage's rules and settle every record of the stage again under the new ones.

    Refused: fewer than 1 or more than 3 reviewers; two who need not both agree; rules equal to those that
    hold; no note once the review holds records. (The note is asked for whether or not somebody has decided:
    asking only then would tell that decisions exist.)
    """
    if not 1 <= n_reviewers <= 3:
        raise Refused(_("A stage needs one, two or three reviewers per record."))
    if n_reviewers == 2 and rule != AgreementRule.UNANIMOUS:
        raise Refused(_("Two reviewers must both agree: choose “All agree”, or another number of reviewers."))
    rules = {
        "n_reviewers": n_reviewers,
        "unsure": UnsurePolicy(unsure).value,
        "rule": AgreementRule(rule).value,
        "shows_decisions": shows_decisions,
        "may_resolve_own": may_resolve_own,
    }
    with business(user=user, review=review, needs=Capability.CONFIGURE):
        Review.objects.select_for_update().get(pk=review.pk)
        held = StagePolicy.objects.open().filter(review=review, stage=stage).first()
        if held and all(getattr(held, name) == value for name, value in rules.items()):
            raise Refused(_("These rules hold already: nothing was changed."))
        if not note.strip() and Record.objects.filter(review=review).exists():
            raise Refused(
                _(
                    "The review holds records already: write why the rules change, "
                    "for the protocol amendments."
                )
            )
        if held:
            held.supersede(user=user)
        policy = StagePolicy.objects.create(
            review=review, stage=stage, note=note.strip(), created_by=user, **rules
        )
        audit(user=user, review=review, action="set_stage_policy", subject=f"stage:{stage}", **rules)
        recompute_many(review)
        return policy


def _wording(text: str) -> str:
    wording = text.strip()
    if not wording:
        raise Refused(_("Write what the criterion says: it cannot be blank."))
    return wording


def _refuse_repeat(review: Review, kind: str, wording: str, besides: Criterion | None = None) -> None:
    """Refuse a wording that another criterion of the kind has, whatever its case and spaces."""
    others = CriterionWording.objects.open().filter(criterion__review=review, criterion__kind=kind)
    if besides:
        others = others.exclude(criterion=besides)
    said = {" ".join(text.casefold().split()) for text in others.values_list("text", flat=True)}
    if " ".join(wording.casefold().split()) in said:
        raise Refused(_("Another criterion of this kind says the same, perhaps among the archived ones."))


def _free_label(review: Review, label: str, besides: ExclusionReason | None = None) -> str:
    name = " ".join(label.split())
    if not name:
        raise Refused(_("Write the reason: it cannot be blank."))
    others = ExclusionReason.objects.filter(review=review, label__iexact=name)
    if besides:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise Refused(_("There is a reason with this name already, perhaps among the archived ones."))
    return name


def _free_code(short: str, taken: set[str]) -> str:
    code, number = short, 2
    while code in taken:
        suffix = f"-{number}"
        code, number = short[: CODE_LENGTH - len(suffix)] + suffix, number + 1
    return code


def _swap(rows: Sequence[Row], row: Row, direction: Direction) -> list[Row]:
    """Number the rows from 1 with `row` moved by one; return those whose number changes, none at the end."""
    order = list(rows)
    if row not in order:
        raise Refused(_("What is archived has no place in the list: restore it first."))
    at = order.index(row)
    to = at - 1 if direction is Direction.UP else at + 1
    if not 0 <= to < len(order):
        return []
    order[at], order[to] = order[to], order[at]
    moved = [(position, other) for position, other in enumerate(order, start=1) if other.position != position]
    for position, other in moved:
        other.position = position
    return [other for _position, other in moved]
