"""Bring the words of titles to one spelling, and tell slips of the pen from other words."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from screening.domain.normalise import words

_DIGITS = re.compile("[0-9]+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_AS_DIGITS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "first": "1st", "second": "2nd", "third": "3rd",
}  # fmt: skip
# Behind these, a single letter is a number, too.
PART_WORDS = frozenset("part volume vol chapter section type phase stage class grade report".split())
_ROMAN_LETTERS = {"i": "1", "v": "5", "x": "10"}
_GREEK = (
    "alpha beta gamma delta epsilon kappa lambda sigma omega theta zeta "
    "mu nu xi pi rho tau upsilon phi chi psi eta iota"
).split()
_LONG_GREEK = tuple(name for name in _GREEK if len(name) > 3)
_STOP = frozenset(
    "a an the of in on for and with to by from at as is are was its it or s into among between via using "
    "de la le les el los las del der die das und et des du en un une y e o na da do dos zu im von".split()
)
_CACHE = 1 << 17


def content(folded: str) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Return the content words, the numbers (sorted) and the Greek letters of a folded text.

    Greek letters are taken out of the words, since some databases lose them: "NF-κB", "NF-kappaB" and "NF-B"
    have the same words.
    """
    kept: list[str] = []
    numbers: list[str] = []
    greek: set[str] = set()
    previous = ""
    for word in words(folded).split():
        plain, letter, digits = _content_word(word)
        if previous in PART_WORDS and word in _ROMAN_LETTERS:
            plain = _ROMAN_LETTERS[word]
            digits = (plain,)
        if letter:
            greek.add(letter)
        if plain:
            kept.append(plain)
            numbers.extend(digits)
        previous = word
    return tuple(kept), tuple(sorted(numbers)), frozenset(greek)


@lru_cache(maxsize=_CACHE)
def _content_word(word: str) -> tuple[str, str, tuple[str, ...]]:
    """Return a word in one spelling ('' for a word without content), a Greek letter it holds, its digits."""
    if word in _STOP:
        return "", "", ()
    if word in _GREEK:
        return "", word, ()
    word = _ROMAN.get(word) or _AS_DIGITS.get(word, word)
    word, letter = _without_greek(word)
    return _one_spelling(word), letter, tuple(digits.lstrip("0") or "0" for digits in _DIGITS.findall(word))


def _without_greek(word: str) -> tuple[str, str]:
    for name in _LONG_GREEK:
        if word.startswith(name) and len(word) - len(name) <= 2:
            return word[len(name) :], name
        if word.endswith(name) and len(word) - len(name) <= 5:
            return word[: -len(name)], name
    return word, ""


def _one_spelling(word: str) -> str:
    """Return British and American spelling, singular and plural of a word alike."""
    if word in ("v", "versus"):
        return "vs"
    if len(word) < 4 or not word.isalpha():
        return word
    word = word.replace("ae", "e").replace("oe", "e")
    if len(word) > 4:
        if word[-1] == "s" and word[-2] != "s":
            word = word[:-1]
        word = word.replace("our", "or").replace("ys", "yz").replace("is", "iz").replace("mme", "m")
        word = word.replace("ll", "l").replace("ph", "f").replace("leuc", "leuk")
        if word.endswith("tre"):
            word = word[:-3] + "ter"
    return word


_ENGLISH = frozenset("the of and for with from by after between during among".split())
_OTHERS = frozenset(
    "de la le les el los las del der die das und et des du mit bei nach von zur een het van voor met "
    "per il di della nel e y en con para pour dans sur chez na da do em och hos med av og i w z u".split()
)


def language_of(spaced: frozenset[str]) -> str:
    """Return "English", "other", or '' where small words do not tell."""
    n_english, n_others = len(spaced & _ENGLISH), len(spaced & _OTHERS)
    if n_english == n_others:
        is_latin = all(word.isascii() for word in spaced)
        return "" if is_latin else "other"
    return "English" if n_english > n_others else "other"


_LONG = 8  # one other letter in a shorter word often makes another word: carotid, parotid
_OPPOSITES = frozenset(
    {"afferent", "efferent", "abduction", "adduction", "typical", "atypical", "symptomatic", "asymptomatic"}
)


def are_spellings(a: str, b: str) -> bool:
    """Say whether two words differ by a slip of the pen: two letters swapped, one doubled, or, in a word of
    eight and more letters, one wrong; in longer words that begin and end alike, two."""
    if not (a.isalpha() and b.isalpha()) or min(len(a), len(b)) < 4 or {a, b} & _OPPOSITES:
        return False
    n = min(len(a), len(b))
    if OSA.distance(a, b, score_cutoff=1) <= 1:
        return (n >= _LONG and a[0] == b[0]) or sorted(a) == sorted(b) or _is_doubled(a, b)
    if n <= _LONG or abs(len(a) - len(b)) > 1 or a[:5] != b[:5] or a[-3:] != b[-3:]:
        return False
    return OSA.distance(a, b, score_cutoff=2) <= 2


def _is_doubled(a: str, b: str) -> bool:
    """Say whether one word has a letter twice in a row where the other has it once."""
    short, long = sorted((a, b), key=len)
    return any(long[:at] + long[at + 1 :] == short and long[at] == long[at - 1] for at in range(1, len(long)))


def are_forms(a: str, b: str) -> bool:
    """Say whether two words share their stem (organisation, organisational) or are one letter apart."""
    if not (a.isalpha() and b.isalpha()):
        return False
    n = min(len(a), len(b))
    stem = max(5, n * 3 // 5)
    if n >= stem and a[:stem] == b[:stem]:
        return True
    return n >= 4 and OSA.distance(a, b, score_cutoff=1) <= 1
