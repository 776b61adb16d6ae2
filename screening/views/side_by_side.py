"""Two records beside each other, field by field, with the words in which they differ marked."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.domain.normalise import normalise_doi, normalise_pmid, words
from screening.domain.worddiff import Piece, word_differences
from screening.models import PossibleDuplicate, Record
from screening.services.record_fields import LABELS

FIELDS = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "isbn_issn",
    "type",
    "language",
    "accession",
    "database",
    "url",
    "keywords",
    "abstract",
)
MORE_LABELS = {"database": _("Database named in the record")}
LONG = 400  # characters of an abstract that are shown before it is unfolded
SHOWN = 20_000  # characters of one value that the page shows at all


@dataclass(frozen=True)
class Row:
    """One field of both records: `standing` is "same", "differs" or "one", where only one has a value."""

    key: str
    label: str | Promise
    first: list[Piece]
    second: list[Piece]
    standing: str
    first_rest: list[Piece] = field(default_factory=list)
    second_rest: list[Piece] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        """Tell whether a part is folded until somebody asks for it."""
        return bool(self.first_rest or self.second_rest)


@dataclass(frozen=True)
class SideBySide:
    """A pair with the rows in which at least one record has something to show."""

    pair: PossibleDuplicate
    rows: list[Row]


def side_by_side(pair: PossibleDuplicate) -> SideBySide:
    """Compare the two records of a pair for display."""
    rows = [_row(key, pair.first, pair.second) for key in FIELDS]
    return SideBySide(pair, [row for row in rows if row.first or row.second])


def _row(key: str, first: Record, second: Record) -> Row:
    a, b = _text(first, key), _text(second, key)
    label = LABELS.get(key) or MORE_LABELS[key]
    if a and b and not _are_same(key, a, b):
        sides, standing = word_differences(a, b), "differs"
    else:
        sides = ([Piece(a, differs=False)] if a else [], [Piece(b, differs=False)] if b else [])
        standing = "same" if a and b else "one"
    if key != "abstract":
        return Row(key, label, *sides, standing)
    (first, first_rest), (second, second_rest) = (_cut(side) for side in sides)
    return Row(key, label, first, second, standing, first_rest, second_rest)


def _text(record: Record, key: str) -> str:
    value = getattr(record, key)
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text[:SHOWN]


def _are_same(key: str, first: str, second: str) -> bool:
    normalise = _NORMALISED.get(key, words)
    return first == second or normalise(first) == normalise(second) != ""


def _cut(pieces: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Cut after so many characters, at a space; a little more is not worth a fold."""
    if sum(len(piece.text) for piece in pieces) <= 2 * LONG:
        return pieces, []
    begin: list[Piece] = []
    left = LONG
    for at, piece in enumerate(pieces):
        if len(piece.text) <= left:
            begin.append(piece)
            left -= len(piece.text)
            continue
        cut = max(piece.text.rfind(" ", 0, left), 0)
        head, tail = piece.text[:cut], piece.text[cut:]
        return [*begin, Piece(head, piece.differs)], [Piece(tail, piece.differs), *pieces[at + 1 :]]
    return begin, []


_NORMALISED = {"doi": normalise_doi, "pmid": normalise_pmid}
