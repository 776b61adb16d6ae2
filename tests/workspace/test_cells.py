"""Texts in cells cannot run, and come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewsite.workspace.domain.cells import neutralise, restore, workbook_text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_could_run_gets_an_apostrophe(start: str) -> None:
    assert neutralise(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "a=1", "'quoted'", "1-2", "’-omics", "''"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert (neutralise(text), restore(text)) == (text, text)


@given(st.text(st.characters(exclude_characters="\x00")))
@example("'=1")
@example("''-1")
@example("=")
def test_what_was_neutralised_is_restored(text: str) -> None:
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a_x000D_b", "a_x005F_x000D_b"),
        ("x\x07y\ufffe", "xy"),
        ("_x12_", "_x12_"),
        ("snow_x2603", "snow_x2603"),
    ],
)
def test_workbook_gets_what_it_can_hold(text: str, stored: str) -> None:
    assert workbook_text(text) == stored
