"""What every number of a pooled table carries: the arms behind it, used or left out, and why."""

from __future__ import annotations

from dataclasses import dataclass

TOTAL = "total"
MIXED_NOTE = "A mixed arm, allocated to the more frequent group."
FALLBACK_NOTE = "Weighted by the patients enrolled; the number analysed is not reported."


@dataclass(frozen=True)
class Contribution:
    """Hold what one arm gives to a cell, or why it gives nothing; an empty reason means that it is used."""

    study_number: int
    study_label: str
    arm_label: str
    shown: str
    weight: int | None
    reason: str
    notes: tuple[str, ...]
    entry_id: int
    source: str
    quote: str
    page: str
    basis: str


@dataclass(frozen=True)
class Cell:
    """Hold one number of a table with the patients (n), studies (k) and arms (k_rows) behind it.

    `value` is None where nothing could be used. `n_fallback` counts arms weighted by the enrolled number,
    `n_single` studies extracted by one person, `n_mixed` arms allocated to the more frequent group.
    """

    kind: str
    value: float | None
    n: int
    k: int
    k_rows: int
    used: tuple[Contribution, ...] = ()
    dropped: tuple[Contribution, ...] = ()
    pct: float | None = None
    unit: str = ""
    se: float | None = None
    n_fallback: int = 0

    @property
    def n_single(self) -> int:
        return len({each.study_number for each in self.used if each.basis == "single"})

    @property
    def n_mixed(self) -> int:
        return sum(MIXED_NOTE in each.notes for each in self.used)
