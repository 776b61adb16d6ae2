"""Ruby's printed hashes: every text comes back, and whatever is broken is said to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.prior_decisions.ruby import Broken, read_hash

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def inspect(text: str) -> str:
    """Print a text as Ruby does."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("#{", "\\#{")
    return f'"{escaped}"'


@given(pairs=st.lists(st.tuples(NAMES, NAMES), max_size=6), arrow=st.sampled_from(["=>", " => "]))
def test_whatever_ruby_prints_is_read_back(pairs: list[tuple[str, str]], arrow: str) -> None:
    printed = "{" + ", ".join(f"{inspect(key)}{arrow}{inspect(value)}" for key, value in pairs) + "}"
    assert read_hash(f"before {printed} behind", 7) == (pairs, 7 + len(printed))


@given(text=st.text('{}[]"\\=>,| abnil\n', max_size=200))
def test_any_text_is_read_or_said_to_be_broken(text: str) -> None:
    try:
        _pairs, at = read_hash("{" + text, 0)
    except Broken as broken:
        at = broken.at
    assert 0 <= at <= len(text) + 1


def test_lists_nil_and_nested_hashes_become_texts() -> None:
    pairs, _end = read_hash('{"a"=>["one", "two"], "b"=>nil, "c"=>{"x"=>"inner"}, "d"=>1}', 0)
    assert pairs == [("a", ["one", "two"]), ("b", ""), ("c", ["inner"]), ("d", "1")]


@pytest.mark.parametrize(
    ("escape", "text"),
    [
        (r"\u00e9", "é"),
        (r"\u{1F600}", "😀"),
        (r"\x41", "A"),
        (r"\ud800", "\ufffd"),
        (r"\u{110000}", "\ufffd"),
    ],
)
def test_numbered_characters_are_read(escape: str, text: str) -> None:
    assert read_hash(f'{{"{escape}"=>"x"}}', 0)[0] == [(text, "x")]


def test_deep_nesting_is_broken_not_a_crash() -> None:
    with pytest.raises(Broken):
        read_hash('{"a"=>' * 100_000, 0)


def test_long_unclosed_text_takes_linear_time() -> None:
    with pytest.raises(Broken):
        read_hash('{"' + "a\\" * 1_000_000, 0)
