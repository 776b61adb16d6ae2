"""What writing to an own draft needs: that it is one, that nobody else saved first, that texts fit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from extraction.domain.values import InvalidAnswer
from extraction.models import Entry
from extraction.queries.entries import consensus_entry
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused

MAX_CHARACTERS = {"page": 40, "source": 400, "detail": 120, "time_label": 120, "as_reported": 300}
MAX_DECIMALS = 10
MAX_BEFORE_POINT = Decimal(10) ** 14


class InvalidEntry(Refused):
    """Some answers cannot be stored; `errors` maps (field key, slot) to a sentence."""

    def __init__(self, errors: Mapping[tuple[str, str], str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class Stale(Refused):
    """Another window saved the entry after this one was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This entry was changed in another window since you opened this page. Nothing was saved. "
                "Compare with what is saved now, then try again."
            )
        )


def own_draft(user: User, review: Review, entry: Entry, *, seen: int | None = None) -> Entry:
    """Lock and return the person's own draft.

    Refused: another person's entry, a submitted one, a settled study. Raises Stale if its edit count is no
    longer `seen`.
    """
    locked = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("study", "version")
        .filter(pk=entry.pk, review=review)
        .first()
    )
    if locked is None or locked.extractor_id != user.pk or locked.kind != Entry.Kind.EXTRACTION:
        raise Refused(_("This is not your entry."))
    if locked.submitted_at is not None:
        raise Refused(_("This entry is submitted and can no longer be changed."))
    if consensus_entry(locked.study, locked.version):
        raise Refused(_("This study is settled already: your draft can no longer be changed."))
    if seen is not None and locked.edit_count != seen:
        raise Stale
    return locked


def count_edit(entry: Entry) -> None:
    """Raise the edit count, so that other windows notice."""
    Entry.objects.filter(pk=entry.pk).update(edit_count=F("edit_count") + 1)
    entry.refresh_from_db(fields=["edit_count"])


def refuse_long(name: str, text: str) -> None:
    """Raise InvalidAnswer for a text that its column cannot hold."""
    limit = MAX_CHARACTERS.get(name)
    if limit is not None and len(text) > limit:
        raise InvalidAnswer(_("Shorten this to %(limit)s characters.") % {"limit": limit})


def refuse_inexact(value: object) -> None:
    """Raise InvalidAnswer for a number that its column would round or could not hold."""
    if not isinstance(value, Decimal):
        return
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MAX_DECIMALS:
        raise InvalidAnswer(_("Give at most %(n)s decimals.") % {"n": MAX_DECIMALS})
    if abs(value) >= MAX_BEFORE_POINT:
        raise InvalidAnswer(_("This number is too large."))
