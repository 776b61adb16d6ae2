"""Say what contradicts that two records are one work."""

from __future__ import annotations

from screening.domain.dedup.authors import Agreement
from screening.domain.dedup.evidence import Evidence
from screening.domain.dedup.likeness import Likeness, contradiction_of_titles
from screening.domain.dedup.marks import CORRECTION
from screening.domain.dedup.model import Settings
from screening.domain.dedup.places import are_abstract_and_article, has_full_range, is_article_long

SAME, PARTIAL, UNKNOWN, CONFLICT = Agreement.SAME, Agreement.PARTIAL, Agreement.UNKNOWN, Agreement.CONFLICT
_BOUND_TO_UPDATES = 2008  # year
_ALIKE = 0.9  # titles so alike may be one title if abstract, journal, year and authors agree
_TELLING = 8  # content words of a title that no two abstracts of one volume and group share


def contradiction(e: Evidence, settings: Settings) -> str:
    """Return the first reason why two records cannot be one work, or ''.

    A pair with a reason is never joined, neither directly nor through others.
    """
    for check in _CHECKS:
        reason = check(e)
        if reason:
            return reason
    return _cochrane(e, settings)


def _titles(e: Evidence) -> str:
    reason = _notices(e) or contradiction_of_titles(e.a.title, e.b.title)
    if reason:
        return reason
    if e.title is Likeness.DIFFERENT and not is_one_text(e):
        return "titles differ"
    if e.title in (Likeness.SIMILAR, Likeness.FORMS):
        is_known = e.same_identifier or e.same_place or _same_issue(e)
        is_alike = e.same_text and e.authors is SAME and e.ratio >= _ALIKE
        return "" if is_known or is_alike else "titles differ in words"
    return ""


def _notices(e: Evidence) -> str:
    """Return whether one title announces a text about the other.

    A title cut off may have lost the mark: then the page decides. And no issue prints an article together
    with its correction, so that a single page without the mark is the correction.
    """
    if e.a.title.notices == e.b.title.notices:
        return ""
    marked, bare = (e.a, e.b) if e.a.title.notices > e.b.title.notices else (e.b, e.a)
    only = marked.title.notices - bare.title.notices
    if bare.title.notices < marked.title.notices and e.authors is SAME:
        if bare.title.is_cut and e.pages is SAME:
            return ""
        is_single_page = bool(bare.place.spans) and not bare.place.spans[0].is_range
        if only == {CORRECTION} and e.same_issue and e.title >= Likeness.PART and is_single_page:
            return ""
    return "one is a notice, reply or comment"


def is_one_text(e: Evidence) -> bool:
    """Say whether the two stand on the same range of pages, have the same authors, and titles that can be
    one: alike, in two languages, or one of them the first word of the other."""
    a, b = e.a.title, e.b.title
    can_be_one = e.title is not Likeness.DIFFERENT or (a.language == "other") != (b.language == "other")
    return is_one_place(e) and (
        can_be_one or a.compact.startswith(b.compact) or b.compact.startswith(a.compact)
    )


def is_one_place(e: Evidence) -> bool:
    """Say whether the two stand on the same range of pages and have the same authors."""
    return (
        e.same_range
        and e.authors is SAME
        and min(len(e.a.authors), len(e.b.authors)) > 1
        and e.journal is SAME
        and e.year is not CONFLICT
        and not e.is_supplement
    )


def _same_issue(e: Evidence) -> bool:
    return e.same_issue and e.authors is SAME


def _registers(e: Evidence) -> str:
    a, b = e.a, e.b
    if a.registry and b.registry and not a.registry & b.registry:
        return "registry numbers differ"
    if a.is_registration != b.is_registration:
        return "one is the entry of a register"
    return ""


def _identifiers(e: Evidence) -> str:
    if e.pmid is CONFLICT:
        return "PubMed identifiers differ"
    if e.doi is CONFLICT and e.pmid is not SAME and not _cochrane_pair(e):
        same = e.title >= Likeness.SPELLING and e.issue is not CONFLICT
        if not (same and (e.same_place or (_same_issue(e) and not e.is_generic) or _same_page(e))):
            return "DOIs differ"
    return ""


def _same_page(e: Evidence) -> bool:
    """Say whether all but the volume agrees, and the volume is not known or misplaced."""
    agrees = e.pages is SAME and e.journal is SAME and e.year is SAME and e.authors is SAME
    return agrees and e.volume >= UNKNOWN and not e.is_generic


def _meeting(e: Evidence) -> str:
    """Return whether one is an abstract of a meeting and the other an article in the same journal."""
    if e.pages is SAME or e.same_identifier:
        return ""
    for one, other in ((e.a, e.b), (e.b, e.a)):
        is_abstract = one.is_meeting and not is_article_long(one.place)
        is_article = not other.is_meeting and is_article_long(other.place) and not other.place.is_supplement
        if is_abstract and is_article:
            return "one is an abstract of a meeting"
    return ""


def _journal(e: Evidence) -> str:
    if e.journal is not CONFLICT or e.same_identifier or e.same_registration:
        return ""
    if e.same_place and e.title >= Likeness.PART and e.authors >= PARTIAL and e.years_apart < 2:
        return ""
    return "journals differ"


def _volume(e: Evidence) -> str:
    if e.volume is not CONFLICT or e.same_identifier or _cochrane_pair(e):
        return ""
    is_slip = e.pages is SAME and has_full_range(e.a.place) and e.authors >= PARTIAL and e.journal >= PARTIAL
    if is_slip and e.title >= Likeness.SPELLING and e.years_apart < 2 and not e.is_generic:
        return ""
    return "volumes differ"


def _issue(e: Evidence) -> str:
    if e.issue is not CONFLICT or e.same_identifier or _cochrane_pair(e):
        return ""
    is_known = e.authors is SAME and e.journal is SAME and e.year is SAME and e.volume is SAME
    if e.same_span and (not e.is_generic or (is_known and not e.has_generic_title)):
        return ""
    return "issues differ"


def _pages(e: Evidence) -> str:
    if e.pages is not CONFLICT:
        return ""
    same = e.title >= Likeness.SPELLING
    if e.same_identifier and same and (e.authors is not CONFLICT or not e.is_supplement):
        return ""
    near = e.journal is SAME and e.volume >= PARTIAL and e.year is SAME and e.authors >= PARTIAL
    if near and same and not e.is_generic and not are_abstract_and_article(e.a.place, e.b.place):
        return ""
    return "pages differ"


def _year(e: Evidence) -> str:
    if e.year is not CONFLICT or e.same_identifier or e.same_place or e.same_review:
        return ""
    if _same_issue(e) and e.title >= Likeness.SPELLING and not e.is_generic:
        return ""
    return "years differ"


def _authors(e: Evidence) -> str:
    if e.authors is not CONFLICT:
        return ""
    same = e.title >= Likeness.SPELLING and not e.is_generic
    return "" if same and (e.same_identifier or e.same_place) else "authors differ"


def _abstracts(e: Evidence) -> str:
    if e.abstract is not CONFLICT:
        return ""
    if e.title >= Likeness.PART and (e.same_identifier or e.same_place):
        return ""
    agrees = e.authors is SAME and e.journal is SAME and e.volume >= PARTIAL and e.year is SAME
    is_telling = e.title is Likeness.EQUAL and e.n_tokens >= _TELLING and not e.is_generic
    return "" if agrees and is_telling else "abstracts differ"


def _cochrane_pair(e: Evidence) -> bool:
    return e.a.cochrane is not None and e.b.cochrane is not None


def _cochrane(e: Evidence, settings: Settings) -> str:
    """Return whether two Cochrane reviews differ in number or version.

    Until 2008, when new citations became bound to updates, mere amendments raised the version too: versions
    of that time that follow each other within a year, with equal title and authors, are one.
    """
    a, b = e.a.cochrane, e.b.cochrane
    if a is None or b is None:
        return ""
    if a.number and b.number and a.number != b.number:
        return "numbers of the Cochrane reviews differ"
    if settings.cochrane_updates_are_duplicates or e.same_identifier:
        return ""
    if not (a.number or b.number) and e.same_place:
        return ""
    if a.version and b.version:
        return "" if a.version == b.version or _is_amendment(e) else "versions of the Cochrane review differ"
    if e.years_apart or (e.issue is CONFLICT and e.year is SAME):
        return "versions of the Cochrane review may differ"
    return ""


def _is_amendment(e: Evidence) -> bool:
    a, b = e.a.cochrane, e.b.cochrane
    is_next = a is not None and b is not None and abs(a.version - b.version) == 1
    is_early = max(e.a.year or _BOUND_TO_UPDATES, e.b.year or _BOUND_TO_UPDATES) < _BOUND_TO_UPDATES
    return is_next and is_early and e.years_apart < 2 and e.authors is SAME and e.title is Likeness.EQUAL


_CHECKS = (
    _titles,
    _registers,
    _identifiers,
    _meeting,
    _journal,
    _volume,
    _issue,
    _pages,
    _year,
    _authors,
    _abstracts,
)
