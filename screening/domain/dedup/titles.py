"""Read titles: take off what databases add, and keep the content words, numbers and marks."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from screening.domain.dedup import marks
from screening.domain.dedup.words_of_titles import PART_WORDS, content, language_of
from screening.domain.normalise import fold, words


@dataclass(frozen=True, slots=True)
class Title:
    """Hold what of a title takes part in the comparison."""

    tokens: tuple[str, ...]
    words: frozenset[str]  # the tokens, each once
    compact: str  # the tokens without spaces, so that "micro array" is "microarray"
    text: str  # folded, with its punctuation
    letters: str  # all letters and digits, small words included
    others: tuple[str, ...]  # the same as `compact` for the second language of a bilingual title
    numbers: tuple[str, ...]
    greek: frozenset[str]
    notices: frozenset[str]  # marks of a text about another text: never the same work as that
    variants: frozenset[str]  # marks of another version: protocol, update, follow-up
    language: str  # "English", "other", or '' where it is not clear
    footnote: str  # a digit at the end that may be the mark of a footnote
    is_generic: bool
    is_cut: bool


_LONGEST = 2000  # characters read
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|inf|p|br|span|title|jats:\w{1,12}|mml:\w{1,12})\b[^<>]{0,80}>", re.I
)
_LABEL = re.compile(r"^\s*<[^<>]{1,40}>\s*")
_COLUMN = re.compile(r"^\W*editor['’]?s['’]? (?:comments?|notes?)\s*[:–—-]?\s+(?=\w+\W+\w+\W+\w+\W+\w)", re.I)
_INSIDE = re.compile(r"\[(?:corrected|sic|in process citation|published erratum[^\[\]]{0,200})\]", re.I)
_ENDING = re.compile(
    r"\s*(?:\[((?:[^\[\]]|\[[^\[\]]{0,60}\]){0,300})\]|\((?:multiple letters|letters?|reviews?|abstracts?|"
    r"editorial|meeting abstracts?|in [a-z]{4,12}|english|poster)\))[\s.]*$",
    re.I,
)
_OPEN_BRACKET = re.compile(
    r"\s*\[(?:erratum|published erratum|corrected|retraction|comment|see comment)[^\]]{0,300}$", re.I
)
_OPEN_PARENTHESIS = re.compile(r"(?<=\w\w\w)\W{1,9}\((?:[^()]|\([^()]{0,80}\)){0,200}(?:\([^()]{0,100})?$")
_WHOLE = re.compile(r"^\s*\[\s*([^\[\]]{5,})\]\s*\.?\s*$")
_CUT = re.compile(r"(?:\.{3}|…)\s*\.?\s*$")
_FOOTNOTE = re.compile(r"(?<=[a-z?!)\"”’])\s*(1(?:\s?,\s?[1-9])*)\s*$", re.I)
# What an erratum says about its article: "(vol 360, pg 542, 2009)", "(Lancet (2009) 360 (542-544))".
_ABOUT = re.compile(
    r"\(\s*(?:vol(?:ume)?\.?|v\.?)\s[^()]{1,80}\)[\s.]*$"
    r"|\[(?:erratum|corrigendum|retraction|comment) (?:to|of|on)\b"
    r"|\([^()]{3,160}\([^()]{0,25}(?:19|20)[0-9]{2}\)(?:[^()]|\([^()]{0,60}\)){0,120}\)[\s.]*$",
    re.I,
)
_NOTICES = frozenset(
    "corrigendum erratum correction retraction reply response comment commentary retracted withdrawn".split()
) | {"author reply", "authors reply", "authors' reply", "author's reply", "retracted article"}
_ABOUT_OTHERS = ("erratum", "corrected", "retraction", "published", "see ")


def read_title(text: str) -> Title:
    """Return a title's content words and marks; markup, database suffixes and spelling habits are removed."""
    plain = _plain(text[:_LONGEST])
    about = _ABOUT.search(plain) if "(" in plain or "[" in plain else None
    if about:
        plain = plain[: about.start()]
    is_translated = _WHOLE.match(plain.rstrip(". ")) is not None
    plain, others = _strip(plain)
    folded = fold(plain)
    tokens, numbers, greek = content(folded)
    footnote = _footnote(plain)
    if footnote:
        tokens, numbers, greek = content(folded.rstrip()[: -len(footnote)])
    spaced = words(folded)
    every = frozenset(spaced.split())
    return Title(
        tokens=tokens,
        words=frozenset(tokens),
        compact="".join(tokens),
        text=folded,
        letters=spaced.replace(" ", ""),
        others=tuple(filter(None, ("".join(content(fold(other))[0]) for other in others))),
        numbers=numbers,
        greek=greek,
        notices=marks.notices(folded, every) | ({marks.CORRECTION} if about else frozenset()),
        variants=marks.variants(spaced, every),
        language="other" if is_translated else language_of(every),
        footnote=footnote,
        is_generic=bool(spaced) and (_says_little(tokens) or marks.is_generic(spaced, every)),
        is_cut=_CUT.search(plain) is not None,
    )


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text).replace("&", " and ")
    if "<" in text:
        text = _LABEL.sub("", _TAG.sub("", text))
    return _COLUMN.sub("", text)


def _strip(text: str) -> tuple[str, list[str]]:
    """Take off what databases add at the end, and the brackets of a translated title; return the rest and the
    titles in a second language that stood in brackets."""
    others: list[str] = []
    if "[" in text:
        text = _OPEN_BRACKET.sub("", _INSIDE.sub("", text))
    if text.count("(") > text.count(")"):
        text = _OPEN_PARENTHESIS.sub("", text)
    while text.rstrip(" .")[-1:] in ("]", ")"):
        found = _ENDING.search(text)
        if not found or not text[: found.start()].strip(" .["):
            break
        text = text[: found.start()]
        inside = (found[1] or "").strip()
        if fold(inside).rstrip(".") in _NOTICES:
            return f"{text}: {inside}", others
        if inside.count(" ") > 2 and not fold(inside).startswith(_ABOUT_OTHERS):
            others.append(inside)
    whole = _WHOLE.match(text)
    return (whole[1] if whole else text), others


def _footnote(plain: str) -> str:
    """Return digits at the end of a title unless they belong to the words before, as in "part 2", "HIV 1"."""
    found = _FOOTNOTE.search(plain)
    if not found or len(fold(plain)) != len(plain):
        return ""
    last = words(fold(plain[: found.start(1)])).rpartition(" ")[2]
    return "" if last in PART_WORDS or len(last) < 4 else found[1]


def _says_little(tokens: tuple[str, ...]) -> bool:
    return sum(not token.isdigit() for token in tokens) < 2
