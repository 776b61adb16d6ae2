"""Hits reported against records read."""

from __future__ import annotations

import pytest

from screening.queries.sources import HitCheck


@pytest.mark.parametrize(
    ("n_reported", "n_read", "has_note", "agreement", "difference"),
    [
        (None, 242, False, "not_reported", 0),
        (243, None, False, "not_imported", 0),
        (243, 243, False, "equal", 0),
        (0, 0, False, "equal", 0),
        (243, 242, False, "different", -1),
        (243, 245, True, "explained", 2),
    ],
)
def test_comparison_says_what_is_known(
    n_reported: int | None, n_read: int | None, has_note: bool, agreement: str, difference: int
) -> None:
    check = HitCheck(n_reported=n_reported, n_read=n_read, n_lost=0, has_note=has_note)
    assert (check.agreement, check.difference) == (agreement, difference)
