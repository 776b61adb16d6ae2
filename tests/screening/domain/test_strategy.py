"""A search strategy as numbered lines with hits."""

from __future__ import annotations

import pytest

from screening.domain.strategy import StrategyLine, UnreadableStrategy, read_strategy, write_strategy


def test_numbered_lines_with_hits_are_read() -> None:
    text = "1. exp Spinal Fractures/ | 31,439\n\n2) kypho?plasty.mp. | 0\n#3 1 and 2\n"
    assert read_strategy(text) == [
        StrategyLine(1, "exp Spinal Fractures/", 31439),
        StrategyLine(2, "kypho?plasty.mp.", 0),
        StrategyLine(3, "1 and 2", None),
    ]


def test_lines_without_numbers_are_counted_on() -> None:
    lines = read_strategy("5. cement\nvertebroplasty | 12\n5 and 6")
    assert [(line.number, line.text) for line in lines] == [
        (5, "cement"),
        (6, "vertebroplasty"),
        (7, "5 and 6"),
    ]


def test_lines_copied_from_a_table_keep_their_numbers() -> None:
    assert read_strategy("12\tcement") == [StrategyLine(12, "cement")]


def test_bar_within_the_text_stays_text_when_hits_follow() -> None:
    assert read_strategy("1. a | b | 7") == [StrategyLine(1, "a | b", 7)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1. cement | many", "Line 1: “many” after the bar is not a number of hits"),
        ("1. cement | 5\n1. bone | 6", "Line 2: the number 1 is used twice"),
        ("1. cement\n | 6", "Line 2: there is no search text"),
        ("1. cement | 1,43", "Line 1: “1,43”"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableStrategy, match=sentence):
        read_strategy(text)


def test_written_strategy_is_read_back() -> None:
    lines = [StrategyLine(1, "cement", 1234), StrategyLine(4, "bone", None), StrategyLine(5, "both", 0)]
    assert read_strategy(write_strategy(lines)) == lines
