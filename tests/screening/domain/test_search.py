"""Words of a search, whatever their case and accents."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.search import pattern_of, words_of


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("sudhoff", "Südhoff"),
        ("SÜDHOFF", "südhoff"),
        ("Südhoff", "Sudhoff"),
        ("fracture", "Fractures"),
        ("ostergaard", "Østergaard"),
        ("позвонок", "ПОЗВОНОК"),
        ("c++", "C++"),
        ("10.1000/a(1)2", "10.1000/A(1)2"),
    ],
)
def test_case_and_accents_play_no_part(word: str, text: str) -> None:
    assert re.search(pattern_of(word), text)
    assert re.search(pattern_of(word, is_escaped=True), json.dumps([text]))


def test_other_words_do_not_match() -> None:
    assert not re.search(pattern_of("bone"), "Bane")
    assert not re.search(pattern_of("a.c"), "abc")


def test_quotation_marks_are_no_part_of_a_word() -> None:
    assert words_of(' "bone  cement" “spine”') == ["bone", "cement", "spine"]


@given(st.text(max_size=60))
def test_every_word_is_a_valid_pattern(text: str) -> None:
    for word in words_of(text):
        re.compile(pattern_of(word))
        re.compile(pattern_of(word, is_escaped=True))
