"""Read where a text stands (year, volume, issue, pages) and compare two places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from screening.domain.dedup.authors import Agreement
from screening.domain.normalise import fold

_NUMBER = re.compile("[0-9]+")
_SUPPLEMENT = re.compile(r"suppl|^s ?[0-9]|[0-9] ?s\b|\babstr|^s$")
_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH_DATE = re.compile(r"^(?:([0-9]{1,4})[-./ ])?([a-z]{3})[a-z]*(?:[-./ ]([0-9]{1,4}))?$")
_LABEL = re.compile(r"^\W*(?:pp?|pages?|pag|s\.)\b[. ]*")
_RANGE = re.compile(r"([a-z]{0,3})\.?\s?([0-9]+)([a-z]?)(?:\s*(?:-+|to)\s*([a-z]{0,3})\s?([0-9]+))?")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", "-"))
_NO_PLACE = re.compile(r"epub|ahead of|in press|forthcoming|pending")
_NO_PAGES = re.compile(r"\(?no pagination[^()]*\)?")
_INNER_ISSUE = re.compile(r"^\W*[0-9]+\s*\(([^()]{1,40})\)")
_ARTICLE = re.compile(r"^\W*[a-z]+[0-9]{3,}\W*$|^\W*[0-9]{5,}\W*$")
_FEW_PAGES = 40  # a single number up to here may count pages
_ARTICLE_NUMBER = 1000
_LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Hold one range of pages; `letter` is what stands before the number, as in S321 or e12724.

    In a damaged range ("2297-2108") the last page is smaller than the first.
    """

    letter: str
    first: int
    last: int

    @property
    def is_range(self) -> bool:
        return self.last != self.first


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where a text stands; empty sets where nothing usable is given."""

    year: int | None
    volume: frozenset[int]
    issue: frozenset[int]
    is_supplement: bool
    spans: tuple[Span, ...]

    @property
    def first_page(self) -> int | None:
        return self.spans[0].first if self.spans else None


@lru_cache(maxsize=1 << 16)
def read_pages(text: str) -> tuple[Span, ...]:
    """Return the ranges of pages; "1234-9" ends at 1239, a spreadsheet's "01-Jun" is 1-6, "p. 5" is 5."""
    folded = fold(text[:80]).translate(_DASHES)
    damaged = _MONTH_DATE.match(folded.strip())
    if damaged and damaged[2] in _MONTHS:
        return _from_date(damaged)
    folded = _LABEL.sub("", folded)
    spans = []
    for found in _RANGE.finditer(folded):
        first = int(found[2])
        last = _end(found[2], found[5]) if found[5] else first
        if max(first, last) <= _LARGEST:
            spans.append(Span(found[1], first, last))
    return tuple(spans[:4])


def _from_date(found: re.Match[str]) -> tuple[Span, ...]:
    month = _MONTHS[found[2]]
    other = found[1] or found[3]
    if not other:
        return ()
    return (Span("", *sorted((month, int(other)))),)


def _end(first: str, last: str) -> int:
    return int(first[: len(first) - len(last)] + last) if len(last) < len(first) else int(last)


@lru_cache(maxsize=1 << 14)
def read_volume(text: str) -> frozenset[int]:
    """Return the numbers of a volume without those of a supplement; empty for "Epub ahead of print"."""
    folded = _NO_PAGES.sub("", fold(text[:200]))
    if _NO_PLACE.search(folded):
        return frozenset()
    main = re.split(r"[(\[]|suppl|\bpt\b|\bpart\b|\bno\b|\biss", folded)[0] or folded
    numbers = [int(n) for n in _NUMBER.findall(main)[:6] if len(n) < 10]
    return frozenset(numbers)


@lru_cache(maxsize=1 << 14)
def read_issue(text: str) -> tuple[frozenset[int], bool]:
    """Return the numbers of an issue and whether it is a supplement."""
    folded = fold(text[:120])
    numbers = frozenset(int(n) for n in _NUMBER.findall(folded)[:4] if len(n) < 8)
    return numbers, _SUPPLEMENT.search(folded) is not None


def read_place(year: int | None, volume: str, issue: str, pages: str) -> Place:
    """Return the place of a record."""
    if issue and _ARTICLE.match(issue.lower()):
        # The number of an article in the field of the issue.
        issue, pages = "", pages or issue.strip("() ")
    if not issue and volume and (inner := _INNER_ISSUE.match(volume)):
        issue = inner[1]
    numbers, is_supplement = read_issue(issue) if issue else (frozenset(), False)
    return Place(
        year=year,
        volume=read_volume(volume) if volume else frozenset(),
        issue=numbers,
        is_supplement=is_supplement or (bool(volume) and "suppl" in volume.lower()),
        spans=read_pages(pages) if pages else (),
    )


def compare_years(a: int | None, b: int | None) -> Agreement:
    """Return SAME for one year, PARTIAL for up to two years apart (online first), CONFLICT beyond."""
    if a is None or b is None:
        return Agreement.UNKNOWN
    return Agreement.SAME if a == b else Agreement.PARTIAL if abs(a - b) <= 2 else Agreement.CONFLICT


def compare_volumes(a: Place, b: Place) -> Agreement:
    """Return how the volumes agree; PARTIAL where a number is misplaced; a volume that is the year says
    nothing."""
    mine, theirs = _informative(a), _informative(b)
    if mine & theirs:
        return Agreement.SAME
    if _is_misplaced(mine, a, theirs, b) or _is_misplaced(theirs, b, mine, a):
        return Agreement.PARTIAL
    return Agreement.CONFLICT if mine and theirs else Agreement.UNKNOWN


def _is_misplaced(mine: frozenset[int], a: Place, theirs: frozenset[int], b: Place) -> bool:
    """Say whether a volume stands in the field of the issue or the other way round: "(26) 9" for 26 (9)."""
    if not mine & b.issue:
        return False
    # "1" for the supplement of "128 (3 Suppl. 1)" is no volume either.
    is_supplement = b.is_supplement and bool(a.issue & b.issue)
    return not theirs or not a.issue or bool(theirs & a.issue) or is_supplement


def _informative(place: Place) -> frozenset[int]:
    return frozenset(n for n in place.volume if n != place.year and not 1900 <= n <= 2100)


_WEEKS = 60
_THOUSANDS = 3000


def compare_issues(a: Place, b: Place) -> Agreement:
    """Return how the issues agree; running counters, which no journal counts to, contradict nothing."""
    if a.is_supplement != b.is_supplement and (a.issue or a.is_supplement) and (b.issue or b.is_supplement):
        return Agreement.CONFLICT if not (a.issue and b.issue and a.issue & b.issue) else Agreement.PARTIAL
    if not a.issue or not b.issue:
        return Agreement.SAME if a.is_supplement and b.is_supplement else Agreement.UNKNOWN
    if a.issue & b.issue:
        return Agreement.SAME
    if any(_WEEKS < n < _THOUSANDS for n in (*a.issue, *b.issue)):
        return Agreement.UNKNOWN
    is_misplaced = compare_volumes(a, b) is Agreement.PARTIAL
    return Agreement.UNKNOWN if is_misplaced else Agreement.CONFLICT


def compare_pages(a: Place, b: Place) -> Agreement:
    """Return how the pages agree.

    SAME: a first page in common. PARTIAL: one range lies in the other or they end together. UNKNOWN: missing,
    or not comparable, as an article number is with a range. CONFLICT: else.
    """
    if not a.spans or not b.spans:
        return Agreement.UNKNOWN
    pairs = [(x, y) for x in a.spans for y in b.spans]
    if any(x.first == y.first and (not x.letter or not y.letter or x.letter == y.letter) for x, y in pairs):
        return Agreement.SAME
    if any(x.is_range and y.is_range and x.last == y.last for x, y in pairs):
        return Agreement.PARTIAL
    if any(x.first <= y.first <= x.last or y.first <= x.first <= y.last for x, y in pairs):
        return Agreement.PARTIAL
    if all(_are_incomparable(x, y) for x, y in pairs):
        return Agreement.UNKNOWN
    return Agreement.CONFLICT


def _are_incomparable(x: Span, y: Span) -> bool:
    if x.letter != y.letter:
        return True
    if x.letter:
        return False
    # Pages counted from 1 within the article, or the number of pages.
    return _counts(x) or _counts(y)


def _counts(span: Span) -> bool:
    return (span.first == 1 and span.last <= _FEW_PAGES) or (not span.is_range and span.first <= _FEW_PAGES)


def is_article_long(place: Place) -> bool:
    """Say whether the pages are those of a full article, not of an abstract."""
    return (
        bool(place.spans)
        and not place.spans[0].letter
        and abs(place.spans[0].last - place.spans[0].first) >= 3
    )


def are_abstract_and_article(a: Place, b: Place) -> bool:
    """Say whether one stands on a single page and the other on several."""
    for one, other in ((a, b), (b, a)):
        if one.spans and not one.spans[0].is_range and is_article_long(other) and not _counts(one.spans[0]):
            return True
    return False


def is_own_page(place: Place) -> bool:
    """Say whether the first page is one that no other text of the volume can begin on: that of a range of
    pages, or the number of an article."""
    if not place.spans:
        return False
    span = place.spans[0]
    return has_full_range(place) or (bool(span.letter) and span.first >= _ARTICLE_NUMBER)


def has_full_range(place: Place) -> bool:
    """Say whether the pages are a range that one article alone can have in a volume."""
    return bool(place.spans) and place.spans[0].is_range and place.spans[0].first > 1
