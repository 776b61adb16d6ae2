"""Understand the words and numbers that stand for a verdict or a stage."""

from __future__ import annotations

import re

from screening.domain.vocabulary import Stage, Verdict

_VERDICTS = {
    Verdict.INCLUDE: "include included in yes y 1 relevant accept accepted",
    Verdict.EXCLUDE: "exclude excluded out no n 0 irrelevant reject rejected",
    Verdict.UNSURE: "unsure maybe uncertain unclear ?",
}
_VERDICT_OF = {word: verdict for verdict, words in _VERDICTS.items() for word in words.split()}
_NOT_SEEN = frozenset({"", "-1", "not seen", "not_seen", "unseen", "undecided", "nil", "none"})
_NUMBER = re.compile(r"^(-?[0-9])\.0*$")
_STAGE_OF = {
    "titleabstract": Stage.TITLE_ABSTRACT,
    "titleandabstract": Stage.TITLE_ABSTRACT,
    "abstract": Stage.TITLE_ABSTRACT,
    "title": Stage.TITLE_ABSTRACT,
    "fulltext": Stage.FULL_TEXT,
}
_NOT_WORD = re.compile(r"[\W_]+")
ACCEPTED = "yes, include or 1; no, exclude or 0; maybe or unsure; blank for no decision"


class UnknownWord(ValueError):
    """Say which words are accepted."""


def verdict_of(word: str) -> Verdict | None:
    """Return the verdict for which a word stands; None where it says that nobody has decided.

    Raises UnknownWord with a sentence that lists the accepted words.
    """
    plain = " ".join(word.split()).casefold()
    plain = _NUMBER.sub(r"\1", plain)
    if plain in _NOT_SEEN:
        return None
    if plain not in _VERDICT_OF:
        raise UnknownWord(f"The decision “{shown(word)}” is not understood. Write {ACCEPTED}.")
    return _VERDICT_OF[plain]


def stage_of(word: str) -> Stage | None:
    """Return the stage for which a word stands; None for a blank.

    Raises UnknownWord with a sentence that lists the accepted words.
    """
    plain = _NOT_WORD.sub("", word).casefold()
    if not plain:
        return None
    if plain not in _STAGE_OF:
        raise UnknownWord(
            f"The stage “{shown(word)}” is not understood. Write title_abstract or full_text, or nothing."
        )
    return _STAGE_OF[plain]


def shown(text: str) -> str:
    """Return a text of the file short enough to quote."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else f"{plain[:60]}…"


def header_of(cell: str) -> str:
    """Return a column's name in lower case without spaces and punctuation."""
    return _NOT_WORD.sub("", cell).casefold()
