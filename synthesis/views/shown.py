"""Pooled cells as they are shown: rounded half up, with marks, and a dash where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from synthesis.domain.rounding import half_up
from synthesis.queries.cells import Cell
from synthesis.queries.exports import PERCENT_DECIMALS, rounded

EMPTY = "–"


@dataclass(frozen=True)
class Flag:
    """A symbol beside a number and what it means."""

    symbol: str
    meaning: str | Promise


FALLBACK = Flag("†", _("weighted by the number enrolled, because the number analysed is not reported"))
SINGLE = Flag("‡", _("read by one person only (single extraction)"))
MIXED = Flag("§", _("with a mixed arm, allocated to the more frequent group"))
FLAGS = (FALLBACK, SINGLE, MIXED)


@dataclass(frozen=True)
class Shown:
    """One cell of a table, ready for the page; `url` leads to the rows behind it, if there are any."""

    text: str
    percent: str
    beside: str
    k: int
    flags: tuple[Flag, ...]
    url: str
    name: str

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing could be computed."""
        return self.text == EMPTY


def shown(cell: Cell, url: str, name: str) -> Shown:
    """Return a cell for the page; `name` says which cell it is, for those who hear the link."""
    value = rounded(cell)
    return Shown(
        text=EMPTY if value is None else plain(value),
        percent="" if cell.pct is None else f"{half_up(cell.pct, PERCENT_DECIMALS)} %",
        beside="" if value is None or cell.kind == "sum" else f"{cell.n}",
        k=cell.k,
        flags=() if value is None else flags_of(cell),
        url=url if value is not None or cell.dropped else "",
        name=name,
    )


def flags_of(cell: Cell) -> tuple[Flag, ...]:
    """Return what the reader must know about a number."""
    counts = ((FALLBACK, cell.n_fallback), (SINGLE, cell.n_single), (MIXED, cell.n_mixed))
    return tuple(flag for flag, n in counts if n)


def flags_in(cells: Iterable[Shown]) -> list[Flag]:
    """Return the flags that occur, in their order, for the legend."""
    seen = {flag for cell in cells for flag in cell.flags}
    return [flag for flag in FLAGS if flag in seen]


def plain(number: Decimal) -> str:
    """Write a number with its decimals and a true minus sign."""
    return f"{number:f}".replace("-", "−")
