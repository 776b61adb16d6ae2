"""Which stored records are, or may be, the same as one that is typed or was corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from screening.domain.dedup import Match, Pair
from screening.models import PossibleDuplicate, Record
from screening.queries.comparison import Comparison


@dataclass(frozen=True)
class Alike:
    """A record that is, or may be, the same as the one compared."""

    record: Record
    is_certain: bool


def alike(found: Comparison) -> list[Alike]:
    """Return the stored records that one new record was found to resemble, certain ones first.

    `found` is the comparison of that one record. Of a group of duplicates the record that stands for it is
    returned.
    """
    certain, possible = _stored_ids(found.matches), _stored_ids(found.possible)
    wanted = Record.objects.filter(pk__in=certain | possible).select_related("canonical", "source")
    heads: dict[int, Alike] = {}
    for record in sorted(wanted, key=lambda one: (one.pk not in certain, one.number)):
        head = record.canonical or record
        heads.setdefault(head.pk, Alike(head, record.pk in certain))
    return list(heads.values())


def possible_pairs_of(record: Record) -> list[PossibleDuplicate]:
    """Return the pairs with this record that wait for a person, most alike first."""
    pairs = PossibleDuplicate.objects.filter(Q(first=record) | Q(second=record))
    return list(pairs.select_related("first", "second").order_by("-score", "pk"))


def _stored_ids(pairs: Iterable[Match | Pair]) -> set[int]:
    return {pk for pair in pairs for pk in (pair.a, pair.b) if isinstance(pk, int)}
