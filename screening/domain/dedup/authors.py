"""Read lists of authors and compare two of them, whatever the order of names, particles and initials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from screening.domain.normalise import fold, words


class Agreement(IntEnum):
    """Say how far two values of a field agree; UNKNOWN where one of them says nothing."""

    CONFLICT = -1
    UNKNOWN = 0
    PARTIAL = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Authors:
    """Hold the names of a record: for each author the surname's words, and all longer words of the name."""

    surnames: tuple[frozenset[str], ...]
    names: tuple[frozenset[str], ...]
    first_initials: frozenset[str]
    first: str  # key of the first author
    is_cut: bool  # "et al." stands at the end

    def __len__(self) -> int:
        return len(self.surnames)


NOBODY = Authors((), (), frozenset(), "", False)

_GLUED = re.compile(r"(?<=[a-zA-Z]\.)(?=[A-Z][^\W\d_A-Z]|O'|Mc|D'|[a-z]{2,3} [A-Z])")
_NOT_NAMES = frozenset(
    "nct anonymous anon unknown isrctn euctr actrn chictr ctri drks jprn umin tctr irct pactr "
    "undefined none nan null".split()
)
_NOT_A_NAME = re.compile(
    r"^\W*(?:no authors? (?:listed|given|available)|anonymous|et ?al|and others|not available)\b",
    re.I,
)
_PARTICLES = frozenset(
    "de la le el al van von der den dos da do di du del dela della des das ten ter te st jr sr ii iii mc "
    "bin ibn abu zu zur vom y e".split()
)
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_MOST_OF = 0.6
_NEARLY_ALL = 0.8
_ALIKE = 80  # per cent: another spelling of a name
_MOST = 60  # authors compared; what is behind adds nothing


def read_authors(names: Sequence[str]) -> Authors:
    """Return the names of a record; what is no name (Anonymous, a registry's mark, et al.) is left out."""
    if len(names) == 1:
        names = _GLUED.split(names[0]) if "." in names[0] else names
        if len(names) == 1 and names[0].count(";") > 0:
            names = names[0].split(";")
    surnames: list[frozenset[str]] = []
    everything: list[frozenset[str]] = []
    initials: frozenset[str] = frozenset()
    is_cut = False
    for name in names[:_MOST]:
        if _NOT_A_NAME.match(name):
            is_cut = is_cut or "al" in name.lower()
            continue
        surname, full, first_letters = _read_name(name)
        if not full or full <= _NOT_NAMES:
            continue
        if not surnames:
            initials = first_letters
        surnames.append(surname)
        everything.append(full)
    if not surnames:
        return NOBODY
    return Authors(tuple(surnames), tuple(everything), initials, min(surnames[0], default=""), is_cut)


def _read_name(name: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the words of the surname, the longer words of the whole name, and the initials of the rest."""
    last, comma, given = name.partition(",")
    if comma:
        surname, rest = _parts(last), _parts(given)
        letters = frozenset(word[0] for word in words(fold(given)).split())
    else:
        surname, rest, letters = _without_comma(name)
    if not surname:
        # "Le, Quintrec M." has its surname behind the comma.
        surname, rest = rest, surname
    return frozenset(surname), frozenset(surname + rest), letters


def _without_comma(name: str) -> tuple[list[str], list[str], frozenset[str]]:
    """Read "Last FM", "F. M. Last", "First Last": the surname is what is no initial, else the last word."""
    plain = name.replace(".", ". ").replace("-", " ").replace("’", "'").split()
    letters = [w for w in plain if _is_initials(w)]
    longer = [w for w in plain if not _is_initials(w)]
    if not longer:
        return _parts(name), [], frozenset()
    if letters or len(longer) == 1:
        given = frozenset(c for w in letters for c in fold(w) if c.isalpha())
        return _parts(" ".join(longer)), [], given
    return _parts(longer[-1]), _parts(" ".join(longer[:-1])), frozenset(fold(longer[0])[:1])


def _is_initials(word: str) -> bool:
    bare = word.rstrip(".")
    if len(bare) == 1 or (bare.isupper() and len(bare) <= 3 and bare.isascii()):
        return True
    return word.endswith(".") and len(bare) <= 2


def _parts(text: str) -> list[str]:
    """Return the words of a name that tell people apart: no initials or particles, umlauts as vowels."""
    if "'" in text or "’" in text:
        text = text.replace("'", "").replace("’", "")
    found = []
    for word in words(text).split():
        if len(word) < 2 or word in _PARTICLES:
            continue
        if "e" in word:
            for two, one in _UMLAUTS:
                word = word.replace(two, one)
        found.append(word)
    return found


def compare_authors(a: Authors, b: Authors) -> Agreement:
    """Return how far two lists of authors agree.

    SAME: the first authors and at least six in ten of the shorter list are found in the other. PARTIAL: some
    are. CONFLICT: none is, not even with another spelling.
    """
    if not a.surnames or not b.surnames:
        return Agreement.UNKNOWN
    if a.surnames == b.surnames:
        return _check_initials(a, b)
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    hits = _found(short, long)
    if not hits:
        return Agreement.CONFLICT
    is_first = not a.names[0].isdisjoint(b.names[0]) or _are_alike(a.surnames[0], b.surnames[0])
    if hits >= _MOST_OF * len(short) and (is_first or (hits >= 2 and hits >= _NEARLY_ALL * len(short))):
        return _check_initials(a, b)
    return Agreement.PARTIAL


def _found(short: Authors, long: Authors) -> int:
    """Count the authors of one list that are in the other, surname and first name swapped included."""
    everybody = frozenset().union(*long.names)
    surnames = frozenset().union(*long.surnames)
    hits = 0
    for surname, names in zip(short.surnames, short.names, strict=True):
        hits += not surname.isdisjoint(everybody) or not names.isdisjoint(surnames)
    return hits if hits == len(short) else hits + _respelled(short, everybody, len(short) - hits)


def _respelled(short: Authors, everybody: frozenset[str], n_missing: int) -> int:
    """Count the surnames that are found in another spelling."""
    found = 0
    for surname in short.surnames:
        if surname.isdisjoint(everybody):
            found += any(
                fuzz.ratio(mine, other) >= 80 for mine in surname for other in everybody if len(mine) > 3
            )
        if found == n_missing:
            break
    return found


def _are_alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return fuzz.ratio("".join(sorted(a)), "".join(sorted(b))) >= _ALIKE


def _check_initials(a: Authors, b: Authors) -> Agreement:
    """Lower SAME to PARTIAL where single authors share the surname but no initial."""
    if min(len(a), len(b)) > 1 or not a.first_initials or not b.first_initials:
        return Agreement.SAME
    return Agreement.SAME if a.first_initials & b.first_initials else Agreement.PARTIAL
