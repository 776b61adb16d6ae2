"""Arial-metric widths and wrapping; expected widths are the font's advance widths in 1/2048 em."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.render.fonts import text_width, wrap


@pytest.mark.parametrize(
    ("text", "bold", "units"),
    [
        ("A", False, 1366),
        ("A", True, 1479),
        ("i1 ", False, 455 + 1139 + 569),
        ("(n\u00a0=\u00a01,234)", False, 682 + 1139 + 569 + 1196 + 569 + 1139 + 569 + 3 * 1139 + 682),
        ("Ł", False, 1139),
        ("Ω", False, 1531),
        ("—", True, 2048),
        ("漢", False, 2048),
        ("e\u0301", False, 1139),
    ],
)
def test_widths_are_those_of_the_font(text: str, bold: bool, units: int) -> None:
    assert text_width(text, 2048, bold=bold) == units


def test_lines_break_at_spaces_where_the_next_word_does_not_fit() -> None:
    # At 2048 units per em "aa aa" is 4 × 1139 + 569 = 5125 units wide.
    assert wrap("aa aa aa", 5125, 2048) == ["aa aa", "aa"]
    assert wrap("aa aa aa", 5124, 2048) == ["aa", "aa", "aa"]


def test_a_no_break_space_holds_a_number_together() -> None:
    assert wrap("aa (n\u00a0=\u00a05)", 7000, 2048) == ["aa", "(n\u00a0=\u00a05)"]


def test_a_long_word_breaks_after_a_hyphen_else_between_letters() -> None:
    assert wrap("aaa-aaa", 5000, 2048) == ["aaa-", "aaa"]
    assert wrap("aaaaaa", 3500, 2048) == ["aaa", "aaa"]


def test_a_hanging_indent_narrows_all_lines_but_the_first() -> None:
    assert wrap("aa aa aa aa", 5125, 2048, hang=1) == ["aa aa", "aa", "aa"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert wrap("", 100, 10) == [""]


@given(st.text(max_size=80), st.floats(min_value=20, max_value=200), st.booleans())
def test_every_line_fits_and_no_letter_is_lost(text: str, width: float, bold: bool) -> None:
    lines = wrap(text, width, 8, bold=bold)
    assert all(text_width(line, 8, bold=bold) <= width + 1e-9 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
