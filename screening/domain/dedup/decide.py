"""Decide whether two compared records are one work: yes, perhaps (a person should look), or no."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from screening.domain.dedup.authors import Agreement
from screening.domain.dedup.contradict import contradiction, is_one_place, is_one_text
from screening.domain.dedup.evidence import Evidence
from screening.domain.dedup.likeness import Likeness, is_set_off
from screening.domain.dedup.marks import RETRACTED
from screening.domain.dedup.model import Rule, Settings
from screening.domain.dedup.places import is_own_page

SAME, PARTIAL, UNKNOWN, CONFLICT = Agreement.SAME, Agreement.PARTIAL, Agreement.UNKNOWN, Agreement.CONFLICT


class Level(IntEnum):
    """Say what is done with a pair."""

    NO = 0
    PERHAPS = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold the decision on a pair, the rule behind it, a score from 0 to 1, and the reason."""

    level: Level
    rule: Rule
    score: float
    detail: str


# What each field says for (and against) one work, in points.
_FIELDS = {
    "authors": {SAME: 2.0, PARTIAL: 1.0, UNKNOWN: 0.0, CONFLICT: -1.5},
    "journal": {SAME: 1.0, PARTIAL: 0.5, UNKNOWN: 0.0, CONFLICT: -1.5},
    "volume": {SAME: 1.0, PARTIAL: 0.5, UNKNOWN: 0.0, CONFLICT: -1.5},
    "issue": {SAME: 0.5, PARTIAL: 0.25, UNKNOWN: 0.0, CONFLICT: -0.5},
    "pages": {SAME: 1.5, PARTIAL: 0.75, UNKNOWN: 0.0, CONFLICT: -1.0},
    "doi": {SAME: 3.0, UNKNOWN: 0.0, CONFLICT: -1.0},
    "pmid": {SAME: 3.0, UNKNOWN: 0.0, CONFLICT: -3.0},
    "abstract": {SAME: 2.0, UNKNOWN: 0.0, CONFLICT: -2.0},
}
_TITLES = {
    Likeness.EQUAL: 3.0,
    Likeness.SPELLING: 2.5,
    Likeness.PART: 1.5,
    Likeness.FORMS: 1.5,
    Likeness.SIMILAR: 0.0,
    Likeness.UNKNOWN: 0.0,
    Likeness.DIFFERENT: -3.0,
}
_GENERIC = -3.0
_YEARS = (1.0, 0.5, 0.0)  # none, one, two years apart
_FAR = -1.0
_COMPANY = 3  # so many authors in common prove more than one does
_FULL = 12.0  # points that make a score of 1
ENOUGH = 6.5  # points that make a match where no identifier and no place decide
WORTH_A_LOOK = 4.5  # points that make a pair for people


def points(e: Evidence) -> float:
    """Return the sum of what speaks for and against one work."""
    total = _TITLES[e.title] + _length_points(e)
    if e.year is not UNKNOWN:
        total += _YEARS[e.years_apart] if e.years_apart < len(_YEARS) else _FAR
    if e.authors is SAME and min(len(e.a.authors), len(e.b.authors)) >= _COMPANY:
        total += 0.5
    return total + sum(table[getattr(e, name)] for name, table in _FIELDS.items())


def _length_points(e: Evidence) -> float:
    """A long title proves more than a short one; a generic title proves nothing."""
    if e.title <= Likeness.UNKNOWN:
        return 0.0
    if e.is_generic:
        return _GENERIC
    if e.n_tokens < 4:
        return -1.0
    return 1.0 if e.n_tokens >= 8 else 0.5 if e.n_tokens >= 5 else 0.0


def decide(e: Evidence, settings: Settings) -> Verdict:
    """Decide on a pair: YES where a rule holds and nothing contradicts, PERHAPS where much speaks for it."""
    total = points(e)
    score = round(min(max(total / _FULL, 0.0), 1.0), 3)
    against = contradiction(e, settings)
    rule = None if against else _rule(e, total)
    if rule is not None:
        return Verdict(Level.YES, rule, score, _reason(e))
    if not _is_plausible(e, total):
        return Verdict(Level.NO, Rule.SIMILAR, score, against)
    reason = f"{_reason(e)}; {against}" if against else _reason(e)
    return Verdict(Level.PERHAPS, Rule.SIMILAR, score, reason)


def _is_plausible(e: Evidence, total: float) -> bool:
    """Say whether a person should look at a pair that is not certain."""
    if e.is_generic or not e.a.title.notices ^ e.b.title.notices <= {RETRACTED}:
        return False
    if e.title is Likeness.DIFFERENT:
        return (e.same_text and e.authors is SAME) or is_one_place(e)
    return total >= WORTH_A_LOOK


def _rule(e: Evidence, total: float) -> Rule | None:
    if e.same_identifier and _identifier_is_enough(e):
        return Rule.DOI if e.doi is SAME else Rule.PMID
    if e.same_place and _place_is_enough(e):
        return Rule.CITATION
    if _description_is_enough(e, total):
        return Rule.SIMILAR
    return None


def _identifier_is_enough(e: Evidence) -> bool:
    """A shared identifier decides if the titles go with it: supplements and series share one among many."""
    if e.is_generic:
        return e.title >= Likeness.SPELLING and e.authors >= PARTIAL and e.pages is not CONFLICT
    if e.title >= Likeness.SPELLING:
        return not (e.authors is CONFLICT and e.pages is CONFLICT)
    if e.title is Likeness.PART:
        is_own = e.same_place or e.is_cut or (e.same_variant and not e.is_abstract)
        return e.authors is not CONFLICT and is_own and _fits_supplement(e)
    if e.title is Likeness.UNKNOWN:
        return e.authors is SAME and e.pages is not CONFLICT
    if e.same_place and _place_is_enough(e):
        return True
    is_near = e.title >= Likeness.SIMILAR and e.ratio >= 0.92 and e.pages is not CONFLICT
    return is_near and e.authors is SAME and e.year is not CONFLICT and not e.is_abstract


def _place_is_enough(e: Evidence) -> bool:
    """Volume and first page in common decide if titles, authors and journal go with it."""
    if e.is_generic:
        return _place_is_enough_for_generic(e)
    if e.title >= Likeness.SPELLING:
        return True
    if e.issue is CONFLICT:
        return False
    if e.title is Likeness.PART:
        return e.authors >= PARTIAL and _fits_supplement(e)
    is_known = e.authors is SAME and e.journal >= PARTIAL and e.years_apart < 2
    if e.title is Likeness.UNKNOWN:
        return is_known and e.year is SAME
    if e.title is Likeness.FORMS:
        return is_known
    if e.title is Likeness.SIMILAR:
        return is_known and is_own_page(e.a.place) and is_own_page(e.b.place)
    return is_one_text(e)


def _place_is_enough_for_generic(e: Evidence) -> bool:
    if is_one_text(e):
        return True
    is_part = e.title is Likeness.PART and e.same_range and e.authors is SAME
    if not (e.title >= Likeness.SPELLING or is_part):
        return False
    return e.authors >= UNKNOWN and e.journal >= PARTIAL and (e.issue >= UNKNOWN or e.same_range)


def _description_is_enough(e: Evidence, total: float) -> bool:
    """Without identifier and place, title, authors, journal, year and abstract together must say enough."""
    if e.same_registration or e.same_review:
        return e.title >= Likeness.PART
    if e.is_generic:
        return _generic_is_enough(e)
    if e.title >= Likeness.SPELLING:
        return total >= ENOUGH or _title_is_enough(e)
    if e.title is Likeness.PART:
        return _part_is_enough(e, total)
    if e.title not in (Likeness.FORMS, Likeness.SIMILAR) or e.authors is not SAME:
        return False
    return (total >= ENOUGH and e.same_text) or (e.title is Likeness.FORMS and e.same_issue)


def _generic_is_enough(e: Evidence) -> bool:
    """A generic title ("Editorial") needs the same authors, and a place or an abstract of its own."""
    if e.title < Likeness.SPELLING or e.journal < PARTIAL or e.year in (CONFLICT, PARTIAL):
        return False
    if e.same_issue:
        if e.pages is not SAME and e.a.place.spans and e.b.place.spans:
            return False
        return e.authors is SAME or (e.authors is UNKNOWN and e.abstract is SAME)
    is_one_page = e.pages is SAME and any(span.first > 1 for span in e.a.place.spans)
    return e.authors is SAME and e.year is SAME and (is_one_page or e.abstract is SAME)


def _title_is_enough(e: Evidence) -> bool:
    """Where authors are missing, a long title decides with journal and year, a shorter one with the issue."""
    if e.authors is not UNKNOWN or e.journal is not SAME:
        return False
    if e.n_tokens >= 8 and e.year is SAME:
        return True
    return e.n_tokens >= 4 and e.same_issue and e.title is Likeness.EQUAL


def _part_is_enough(e: Evidence, total: float) -> bool:
    """A dropped subtitle or an added label needs the same text or issue; a title cut off, a little less."""
    if e.same_text and e.authors >= UNKNOWN:
        return True
    if e.authors < PARTIAL:
        return False
    if not e.is_cut and (e.is_abstract or not _same_numbers(e)):
        return False
    if not e.same_variant and not (e.is_cut and (e.pages is SAME or e.abstract is SAME)):
        return False
    if e.same_issue and (e.authors is SAME or e.n_tokens >= 6):
        return True
    if not is_set_off(e.a.title, e.b.title):
        return False
    return total >= (ENOUGH - 0.5 if e.is_cut else ENOUGH + 0.5)


def _fits_supplement(e: Evidence) -> bool:
    """Say whether the longer title is no other abstract of a series ("… II") in a supplement."""
    return not e.is_abstract or e.is_cut or _same_numbers(e)


def _same_numbers(e: Evidence) -> bool:
    """Say whether the titles have the same numbers, years left out."""
    a, b = ([n for n in one.title.numbers if len(n) != 4] for one in (e.a, e.b))
    return a == b


_TITLE_WORDS = {
    Likeness.EQUAL: "titles equal",
    Likeness.SPELLING: "titles differ in spelling only",
    Likeness.PART: "one title is part of the other",
    Likeness.FORMS: "titles differ in the forms of words",
    Likeness.SIMILAR: "titles alike",
    Likeness.UNKNOWN: "a title is missing",
    Likeness.DIFFERENT: "titles differ",
}


def _reason(e: Evidence) -> str:
    """Return in few words what agrees."""
    found = []
    if e.doi is SAME:
        found.append("same DOI")
    if e.pmid is SAME:
        found.append("same PubMed identifier")
    found.append(_TITLE_WORDS[e.title])
    if e.same_place:
        found.append("same volume and first page")
    elif e.volume is SAME:
        found.append("same volume")
    found += [
        f"same {name}" for name in ("authors", "journal", "year", "abstract") if getattr(e, name) is SAME
    ]
    return "; ".join(found)
