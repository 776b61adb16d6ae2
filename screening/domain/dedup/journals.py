"""Read names of journals and compare two of them, abbreviations included."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from screening.domain.dedup.authors import Agreement
from screening.domain.normalise import fold, words

_BEHIND = re.compile(r"\s*(?:\(|\[|\.\s*conference\b|;|\.{3}|…|\s=\s|/| : |: ).*$")
_PREFIX = re.compile(r"^\W*(?:the|le|la|die|der|das)\s+")
_SUPPLEMENT = re.compile(r"\b(?:suppl\w*|online|electronic resource|print|no pagination)\b")
_MEETING = re.compile(
    r"\b(?:conference|congress|meeting|symposium|workshop|convention|scientific sessions?|abstracts of)\b"
    r"|\bproc(?:eedings)? (?:of )?(?:the )?(?:annual|[0-9]+(?:st|nd|rd|th)?)\b"
)
_REGISTER = re.compile(
    r"clinicaltrials|ictrp|trialsearch|isrctn|controlled-trials\.com|\bregist(?:ry|er) of\b"
    r"|anzctr|chictr|clinicaltrialsregister|drks\.de|umin\.ac|\bctri\b|\birct\b|^https?://|\bnct[0-9]{8}"
)
# A web search names the publisher where it knows no journal.
_PUBLISHER = re.compile(
    r"\bpublish(?:ing|ers?)\b|\buniversity press\b"
    r"|^(?:elsevier|springer|wiley|karger|sage|lippincott|taylor)\b"
)
_STOP = frozenset(
    "the of and for in on to a an de la le les et der die das und fur des e y i del di do da en".split()
)
_KNOWN = {
    "bmj": "british medical journal",
    "jama": "journal american medical association",
    "pnas": "proceedings national academy sciences united states america",
    "nejm": "new england journal medicine",
    "jacc": "journal american college cardiology",
    "cmaj": "canadian medical association journal",
    "cjem": "canadian journal emergency medicine",
    "bjog": "british journal obstetrics gynaecology",
    "mmwr": "morbidity mortality weekly report",
    "jnci": "journal national cancer institute",
}
_CACHE = 1 << 15


@lru_cache(maxsize=_CACHE)
def journal_words(name: str) -> tuple[str, ...]:
    """Return the words of a journal's name without articles, places in parentheses, subtitles, meetings."""
    folded = fold(name[:400]).replace("&", " and ")
    if _PUBLISHER.search(folded):
        return ()
    shown = _BEHIND.sub("", folded) or folded
    shown = _SUPPLEMENT.sub(" ", _PREFIX.sub("", shown))
    found = tuple(word for word in words(shown).split() if word not in _STOP)
    if len(found) == 1 and found[0] in _KNOWN:
        return tuple(_KNOWN[found[0]].split())
    return found


@lru_cache(maxsize=_CACHE)
def is_register(name: str) -> bool:
    """Say whether the "journal" is a register of trials."""
    return bool(name) and _REGISTER.search(name.lower()) is not None


@lru_cache(maxsize=_CACHE)
def is_meeting(name: str) -> bool:
    """Say whether the name speaks of a meeting."""
    return bool(name) and _MEETING.search(fold(name)) is not None


@lru_cache(maxsize=_CACHE)
def compare_journals(a: tuple[str, ...], b: tuple[str, ...]) -> Agreement:
    """Return whether two names can be one journal.

    SAME: equal, or word by word an abbreviation. PARTIAL: one is the beginning of the other, or they are much
    alike. CONFLICT: else.
    """
    if not a or not b:
        return Agreement.UNKNOWN
    if a == b:
        return Agreement.SAME
    short, long = sorted((a, b), key=lambda one: (len(one), len("".join(one))))
    if len(short) == len(long) and all(map(_abbreviate, short, long)):
        return Agreement.SAME
    if len(short) == 1 and _is_initialism(short[0], long):
        return Agreement.SAME
    if all(map(_abbreviate, short, long)):
        return Agreement.PARTIAL
    words_of_long = iter(long)
    if len(short) > 1 and all(any(_abbreviate(part, word) for word in words_of_long) for part in short):
        return Agreement.SAME if len(short) * 3 >= len(long) * 2 else Agreement.PARTIAL
    if fuzz.token_set_ratio(" ".join(a), " ".join(b)) >= 80:
        return Agreement.PARTIAL
    return Agreement.CONFLICT


def _abbreviate(a: str, b: str) -> bool:
    """Say whether one word shortens the other: the beginning of it, or its first letter and ending."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if long.startswith(short):
        return True
    # "Natl", "Ztg", "Intl": letters left out in the middle.
    return (
        3 <= len(short) <= 5 and short[:2] == long[:2] and short[-1] in long[2:] and _is_inside(short, long)
    )


def _is_inside(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _is_initialism(short: str, long: tuple[str, ...]) -> bool:
    return 3 <= len(short) <= 7 and short == "".join(word[0] for word in long)
