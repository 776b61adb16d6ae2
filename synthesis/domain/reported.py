"""Mark each printed number as reproduced, different or not derivable from what the review holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from synthesis.domain.rounding import Number, exact, half_up


class Mark(StrEnum):
    """Say how a printed number relates to the computed one."""

    REPRODUCED = "reproduced"
    DIFFERENT = "different"
    NOT_DERIVABLE = "not_derivable"


@dataclass(frozen=True)
class Comparison:
    """Hold a printed number, the computed one rounded to the same decimals, and a sentence with both."""

    mark: Mark
    reported: Decimal
    computed: Decimal | None
    difference: Decimal | None
    sentence: str


def compare_reported(
    reported: Decimal, decimals: int, computed: Number | None, *, why_not: str = "", coverage: str = ""
) -> Comparison:
    """Compare a printed number with the computed one at the printed number of decimals, rounding half up.

    `computed` None means that the review does not hold what is needed; `why_not` says what. `coverage` names
    the studies and patients behind the computed number (“7 of 87 studies, 333 of 1445 patients”).
    """
    printed = half_up(reported, decimals)
    beside = f" ({coverage})" if coverage else ""
    if computed is None:
        reason = why_not or "The data needed for it are not in this review."
        return Comparison(
            Mark.NOT_DERIVABLE, printed, None, None, f"Printed {printed}; not derivable. {reason}"
        )
    rounded = half_up(computed, decimals)
    if rounded == printed:
        sentence = f"Printed {printed}, computed {rounded}{beside}."
        return Comparison(Mark.REPRODUCED, printed, rounded, Decimal(0), sentence)
    difference = rounded - printed
    cut = int(exact(computed) * 10**decimals) == int(exact(printed) * 10**decimals)
    hint = " The printed number is the computed one cut off instead of rounded." if cut else ""
    sentence = f"Printed {printed}, computed {rounded}{beside}: a difference of {difference:+}.{hint}"
    return Comparison(Mark.DIFFERENT, printed, rounded, difference, sentence)
