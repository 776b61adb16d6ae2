"""Words in which two texts differ."""

from __future__ import annotations

import pytest

from screening.domain.worddiff import MOST_WORDS, Piece, word_differences


def marked(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.differs]


def test_words_that_the_other_text_lacks_are_marked() -> None:
    a, b = word_differences("Bone cement in old fractures", "Bone cement in new bad fractures")
    assert (marked(a), marked(b)) == (["old"], ["new bad"])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bone Cement.", "bone cement"),
        ("Müller, A.", "Muller A"),
        ("one  two", "one two"),
        ("same", "same"),
        ("text", ""),
        ("", ""),
    ],
)
def test_case_accents_punctuation_space_and_blanks_are_no_differences(a: str, b: str) -> None:
    assert [marked(pieces) for pieces in word_differences(a, b)] == [[], []]


@pytest.mark.parametrize("text", ["A (b) — c.", "  spaced ", "µg/ml 2.5", "x"])
def test_the_pieces_are_the_text_verbatim(text: str) -> None:
    for pieces, whole in zip(word_differences(text, "A c x 2"), (text, "A c x 2"), strict=True):
        assert "".join(piece.text for piece in pieces) == whole


def test_very_long_texts_are_shown_unmarked() -> None:
    a, b = word_differences("a " * (MOST_WORDS + 1), "b")
    assert (marked(a), marked(b)) == ([], [])
