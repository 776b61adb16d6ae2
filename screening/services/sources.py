"""The search log: sources, searches with their strategies, and records known only as a total."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from reviewsite.workspace.domain.roles import Capability
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.business import audit, business
from screening.models import ImportBatch, Record, Search, SearchLine, Source, UnlistedGroup

KEY_LENGTH = 40
Line = tuple[int, str, int | None]
"""Number, text and hits of a strategy line; hits of None were not reported."""

BOXES_OF_DATABASES_ALONE = frozenset(
    {
        UnlistedGroup.Box.DUPLICATES,
        UnlistedGroup.Box.AUTOMATION,
        UnlistedGroup.Box.REMOVED_OTHER,
        UnlistedGroup.Box.EXCLUDED_TITLE_ABSTRACT,
    }
)
"""Boxes that the column “other methods” of the flow does not have."""


def add_source(
    *,
    user: User,
    review: Review,
    name: str,
    kind: str,
    platform: str = "",
    enters_at_full_text: bool = False,
    note: str = "",
    key: str = "",
) -> Source:
    """Add a place that records come from; without a key, one is made from the name.

    Refused: a blank name, an unknown kind, a key in use, a database or register whose records skip title and
    abstract.
    """
    title = _checked(name, kind, enters_at_full_text=enters_at_full_text)
    with business(user=user, review=review, needs=Capability.IMPORT):
        source = Source(
            review=review,
            key=_free_key(review, key, title),
            name=title,
            kind=kind,
            platform=platform.strip(),
            enters_at_full_text=enters_at_full_text,
            note=note.strip(),
        )
        source.save()
        audit(user=user, review=review, action="add_source", subject=f"source:{source.pk}", name=title)
        return source


def edit_source(
    *,
    user: User,
    review: Review,
    source: Source,
    name: str,
    kind: str,
    platform: str = "",
    enters_at_full_text: bool = False,
    note: str = "",
) -> Source:
    """Change what is written about a source; batches that came before keep the stage at which they enter.

    Refused, once the source has records or unlisted groups: moving it to the other column of the flow.
    """
    title = _checked(name, kind, enters_at_full_text=enters_at_full_text)
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = Source.objects.select_for_update().get(pk=source.pk, review=review)
        arm = locked.arm
        locked.name, locked.kind, locked.platform = title, kind, platform.strip()
        locked.enters_at_full_text, locked.note = enters_at_full_text, note.strip()
        if locked.arm != arm and _is_used(locked):
            raise Refused(
                _("This source already counts in the flow: its column cannot change. Add another source.")
            )
        locked.save()
        audit(user=user, review=review, action="edit_source", subject=f"source:{locked.pk}", name=title)
        return locked


def record_search(
    *,
    user: User,
    review: Review,
    source: Source,
    searched_on: date | None = None,
    covers: str = "",
    limits: str = "",
    n_hits_reported: int | None = None,
    note: str = "",
    lines: Sequence[Line] = (),
) -> Search:
    """Write down one run of one strategy; hits of None were not reported, 0 found nothing."""
    with business(user=user, review=review, needs=Capability.IMPORT):
        search = Search(review=review, source=Source.objects.get(pk=source.pk, review=review))
        _fill(search, searched_on, covers, limits, n_hits_reported, note)
        _write_lines(search, lines)
        audit(
            user=user,
            review=review,
            action="record_search",
            subject=f"search:{search.pk}",
            n_hits_reported=n_hits_reported,
            n_lines=len(lines),
        )
        return search


def edit_search(
    *,
    user: User,
    review: Review,
    search: Search,
    searched_on: date | None = None,
    covers: str = "",
    limits: str = "",
    n_hits_reported: int | None = None,
    note: str = "",
    lines: Sequence[Line] = (),
) -> Search:
    """Replace what is written about a search; the audit feed keeps the strategy that stood there before."""
    with business(user=user, review=review, needs=Capability.IMPORT):
        locked = Search.objects.select_for_update().get(pk=search.pk, review=review)
        before = [[line.number, line.text, line.n_hits] for line in locked.lines.all()]
        hits = locked.n_hits_reported
        _fill(locked, searched_on, covers, limits, n_hits_reported, note)
        after = [list(line) for line in sorted(lines)]
        if after != before:
            locked.lines.all().delete()
            _write_lines(locked, lines)
        audit(
            user=user,
            review=review,
            action="edit_search",
            subject=f"search:{locked.pk}",
            n_hits_reported=[hits, n_hits_reported],
            lines_before=before if after != before else "unchanged",
        )
        return locked


def declare_unlisted_group(
    *,
    user: User,
    review: Review,
    source: Source,
    box: str,
    n: int,
    reason: str = "",
    provenance: str,
    note: str = "",
) -> UnlistedGroup:
    """State that n records of a source, never listed here, end in a box of the flow.

    Refused: fewer than 1 record; a box that the source's column of the flow does not have.
    """
    if n < 1:
        raise Refused(_("A group holds at least one record. If there are none, declare nothing."))
    if box not in UnlistedGroup.Box.values or provenance not in UnlistedGroup.Provenance.values:
        raise Refused(
            _("Choose the box in which the records end and whether the number is reported or inferred.")
        )
    with business(user=user, review=review, needs=Capability.IMPORT):
        held = Source.objects.select_for_update().get(pk=source.pk, review=review)
        _check_box(held, UnlistedGroup.Box(box))
        group: UnlistedGroup = UnlistedGroup.objects.create(
            review=review,
            source=held,
            box=box,
            n=n,
            reason=reason.strip(),
            provenance=provenance,
            note=note.strip(),
            created_by=user,
        )
        audit(
            user=user,
            review=review,
            action="declare_unlisted_group",
            subject=f"unlisted_group:{group.pk}",
            box=box,
            n=n,
            provenance=provenance,
        )
        return group


def withdraw_unlisted_group(*, user: User, review: Review, group: UnlistedGroup) -> UnlistedGroup:
    """Take a group out of the flow; the row stays, closed.

    Refused: a group that was withdrawn before.
    """
    with business(user=user, review=review, needs=Capability.IMPORT):
        held: UnlistedGroup = UnlistedGroup.objects.select_for_update().get(pk=group.pk, review=review)
        if not held.is_open:
            raise Refused(_("This group was withdrawn before."))
        held.supersede(user=user)
        audit(
            user=user,
            review=review,
            action="withdraw_unlisted_group",
            subject=f"unlisted_group:{held.pk}",
            n=held.n,
        )
        return held


def refuse_skipping(kind: str, *, enters_at_full_text: bool) -> None:
    """Refuse records of a database or register that enter at full text."""
    if enters_at_full_text and Source(kind=kind).arm == Source.Arm.DATABASES:
        raise Refused(
            _(
                "Records of a database or register are screened on title and abstract first. Only other "
                "methods, such as an earlier review or reference lists, may enter at full text."
            )
        )


def _checked(name: str, kind: str, *, enters_at_full_text: bool) -> str:
    title = " ".join(name.split())
    if not title:
        raise Refused(_("Give the source a name, for example “Ovid MEDLINE”."))
    if kind not in Source.Kind.values:
        raise Refused(_("Choose what kind of source this is."))
    refuse_skipping(kind, enters_at_full_text=enters_at_full_text)
    return title


def _free_key(review: Review, key: str, name: str) -> str:
    taken = set(Source.objects.filter(review=review).values_list("key", flat=True))
    short = slugify(key or name)[:KEY_LENGTH].strip("-") or "source"
    if key and short in taken:
        raise Refused(_("Another source has the key “%(key)s”: choose another one.") % {"key": short})
    free, number = short, 2
    while free in taken:
        free, number = f"{short[: KEY_LENGTH - 4]}-{number}", number + 1
    return free


def _is_used(source: Source) -> bool:
    has_records = Record.objects.filter(source=source).exists()
    is_storing = ImportBatch.objects.filter(source=source, state=ImportBatch.State.STORING).exists()
    return has_records or is_storing or UnlistedGroup.objects.open().filter(source=source).exists()


def _fill(
    search: Search, searched_on: date | None, covers: str, limits: str, n_hits_reported: int | None, note: str
) -> None:
    search.searched_on, search.covers, search.limits = searched_on, covers.strip(), limits.strip()
    search.n_hits_reported, search.note = n_hits_reported, note.strip()
    search.save()


def _write_lines(search: Search, lines: Sequence[Line]) -> None:
    rows = [SearchLine(search=search, number=number, text=text, n_hits=n) for number, text, n in lines]
    try:
        with transaction.atomic():
            SearchLine.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused(_("Two lines of the strategy have the same number: give each its own.")) from None


def _check_box(source: Source, box: UnlistedGroup.Box) -> None:
    if source.arm == Source.Arm.OTHER and box in BOXES_OF_DATABASES_ALONE:
        raise Refused(
            _(
                "“%(source)s” belongs to the column “other methods”, which has no box “%(box)s”. Choose "
                "“Reports not retrieved” or “Excluded at full text”."
            )
            % {"source": source.name, "box": box.label}
        )
