"""Find records that are certainly the same, and join them without ever joining what people judged
different."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz

from screening.domain.normalise import (
    first_author_key,
    fold,
    normalise_doi,
    normalise_pmid,
    normalise_title,
    page_range,
)

__all__ = [
    "Candidate",
    "Clusters",
    "Match",
    "Method",
    "are_titles_compatible",
    "clusters",
    "find_exact",
    "fingerprint_keys",
    "first_author_key",
    "normalise_doi",
    "normalise_title",
]


class Method(StrEnum):
    """Name the rule that found a match."""

    DOI = "doi"
    PMID = "pmid"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold what of a record takes part in the comparison."""

    id: Hashable
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Hold two records that are the same, by which rule, and the value they share."""

    a: Hashable
    b: Hashable
    method: Method
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Hold the groups of two and more records, and the matches refused since they would join a different
    pair."""

    groups: tuple[frozenset[Hashable], ...]
    refused: tuple[Match, ...]


# Kinds of notice that carry the title of the article they speak about.
_KIND = re.compile(
    r"^[\s\[(\"'“‘]*(erratum|errata|corrigendum|corrigenda|correction|corrected|addendum|retraction|retracted|withdrawn|"
    r"expression of concern|reply|response|author'?s'? (?:reply|response)|in reply|comments?|"
    r"commentary|re|letter|"
    r"editorial|discussion|invited commentary)\b[\s\])]*(?:[:;.,–—-]|to\b|on\b|for\b|of\b|$)"
)
_ABOUT_ISSUE = re.compile(r"\(\s*vol\.? [^()]{1,80}\)\s*\.?$")
_GENERIC = frozenset(
    {
        "letter to the editor",
        "letters to the editor",
        "from the editor",
        "message from the editor",
        "editor s comments",
        "note from the editor",
        "in this issue",
        "table of contents",
        "instructions for authors",
        "news and views",
        "introduction to the special issue",
        "guest editorial introduction",
    }
)
_EDITOR = re.compile(r"\beditor(?:s|ial|ials)?\b")
_GENERIC_WORDS = 3
_PREFIX_WORDS = 4
_SAME_RATIO = 90
_SPELLING_RATIO = 80
_ROMAN = re.compile(r"^[ivx]{1,4}$")
# Of so many works under one identifier or title, none is compared with all others.
_MANY = 12


@dataclass(frozen=True, slots=True)
class _Print:
    """Hold a candidate's normalised values, worked out once."""

    id: Hashable
    order: tuple[int, int]
    title: str
    kind: str
    author: str
    year: int | None
    doi: str
    pmid: str
    journal: str
    volume: str
    pages: tuple[str, str]

    @property
    def place(self) -> tuple[str, str] | None:
        """Return volume and first page where both are known."""
        return (self.volume, self.pages[0]) if self.volume and self.pages[0] else None


def fingerprint_keys(record: Candidate) -> tuple[str, ...]:
    """Return the keys under which exact duplicates of the record are looked for; records without a common key
    never match by the rules of `find_exact`."""
    return _keys(_print_of(record, 0))


def are_titles_compatible(a: str, b: str) -> bool:
    """Say whether two titles can name one work under a shared identifier.

    Equal after normalising; or one is the beginning of the other (at least four words); or at least 90 %
    alike with nothing but spelling between them. An erratum, reply or comment is never compatible with its
    article, nor are titles that differ in a number, nor two of which one is empty.
    """
    return _are_compatible(normalise_title(a), _kind_of(a), normalise_title(b), _kind_of(b))


def find_exact(records: Iterable[Candidate]) -> list[Match]:
    """Find pairs that are certainly one work; each record is matched with the first of its group.

    Rule 1: same DOI or PubMed identifier, and compatible titles. Rule 2: same normalised title, year and
    first author's surname, none of them empty. Conflicting DOIs block rule 2 unless volume and pages are
    equal; so do a different volume, pages or journal. A generic title ("Editorial") needs equal volume and
    pages. A record that fits two groups that differ is left to people.
    """
    prints = [_print_of(record, number) for number, record in enumerate(records)]
    blocks: dict[str, list[_Print]] = defaultdict(list)
    for one in prints:
        for key in _keys(one):
            blocks[key].append(one)
    found: dict[tuple[Hashable, Hashable], Match] = {}
    for key, block in blocks.items():
        if len(block) < 2:
            continue
        # The best described records first, so that the outcome does not depend on the order of the file.
        block.sort(key=lambda one: one.order)
        method = Method(key.partition(":")[0])
        pairs = _by_title(block) if method is Method.TITLE else _by_identifier(block)
        detail = key.partition(":")[2]
        for a, b in pairs:
            if (a.id, b.id) not in found and (b.id, a.id) not in found:
                found[a.id, b.id] = Match(a.id, b.id, method, detail)
    return list(found.values())


def clusters(matches: Iterable[Match], different_pairs: Iterable[tuple[Hashable, Hashable]] = ()) -> Clusters:
    """Join matches, in their order, into groups; a match that would bring a different pair together is
    refused."""
    parent: dict[Hashable, Hashable] = {}
    members: dict[Hashable, set[Hashable]] = {}
    foes: dict[Hashable, set[Hashable]] = defaultdict(set)
    for a, b in different_pairs:
        foes[a].add(b)
        foes[b].add(a)

    def root(node: Hashable) -> Hashable:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    refused = []
    for match in matches:
        a, b = root(match.a), root(match.b)
        if a == b:
            continue
        small, large = sorted((a, b), key=lambda r: len(members.get(r, ())))
        inside_small, inside_large = members.get(small, {small}), members.get(large, {large})
        if any(not foes[one].isdisjoint(inside_large) for one in inside_small if one in foes):
            refused.append(match)
            continue
        parent[small] = large
        members[large] = inside_large
        inside_large |= inside_small
        members.pop(small, None)
    return Clusters(tuple(frozenset(group) for group in members.values()), tuple(refused))


def _print_of(record: Candidate, number: int) -> _Print:
    doi, pmid = normalise_doi(record.doi), normalise_pmid(record.pmid)
    volume, pages = normalise_title(record.volume), page_range(record.pages)
    n_known = sum(map(bool, (doi, pmid, volume, pages[0])))
    return _Print(
        id=record.id,
        order=(-n_known, number),
        title=normalise_title(record.title),
        kind=_kind_of(record.title),
        author=first_author_key(record.authors),
        year=record.year,
        doi=doi,
        pmid=pmid,
        volume=volume,
        pages=pages,
        journal=normalise_title(record.journal),
    )


def _keys(one: _Print) -> tuple[str, ...]:
    keys = []
    if one.doi:
        keys.append(f"{Method.DOI}:{one.doi}")
    if one.pmid:
        keys.append(f"{Method.PMID}:{one.pmid}")
    if one.title and one.year and one.author:
        keys.append(f"{Method.TITLE}:{one.title} | {one.year} | {one.author}")
    return tuple(keys)


def _kind_of(title: str) -> str:
    folded = fold(title)
    found = _KIND.match(folded)
    if found:
        return found[1].split()[-1][:6]
    return "correction" if _ABOUT_ISSUE.search(folded[-120:]) else ""


def _is_generic(title: str) -> bool:
    return title in _GENERIC or title.count(" ") < _GENERIC_WORDS or _EDITOR.search(title) is not None


def _are_compatible(a: str, kind_a: str, b: str, kind_b: str) -> bool:
    if kind_a != kind_b or not a or not b:
        return False
    if a == b:
        return True
    short, long = sorted((a.split(), b.split()), key=len)
    if len(short) >= _PREFIX_WORDS and long[: len(short)] == short:
        return not any(word.isdigit() or _ROMAN.match(word) for word in long[len(short) : len(short) + 2])
    return fuzz.token_sort_ratio(a, b) >= _SAME_RATIO and _differ_in_spelling(short, long)


def _differ_in_spelling(a: list[str], b: list[str]) -> bool:
    """Say whether the words that only one title has are spellings of each other, numbers excepted."""
    only_a, only_b = [w for w in a if w not in b], [w for w in b if w not in a]
    if len(only_a) > _MANY or len(only_b) > _MANY:
        return False
    if any(word.isdigit() or _ROMAN.match(word) or len(word) == 1 for word in only_a + only_b):
        return False
    # Compared without spaces, so that "micro array" is "microarray".
    return fuzz.ratio("".join(only_a), "".join(only_b)) >= _SPELLING_RATIO


def _by_identifier(block: list[_Print]) -> Iterator[tuple[_Print, _Print]]:
    leaders: list[_Print] = []
    exact: dict[tuple[str, str, str], _Print] = {}
    for one in block:
        own = one.title, one.kind, one.author if _is_generic(one.title) else ""
        leader = exact.get(own)
        if leader is None and not _is_generic(one.title):
            near = leaders[:_MANY]
            leader = next((x for x in near if _are_compatible(x.title, x.kind, one.title, one.kind)), None)
        if leader is not None and one.title:
            yield leader, one
            exact.setdefault(own, leader)
        else:
            exact[own] = one
            leaders.append(one)


@dataclass(slots=True)
class _Work:
    first: _Print
    dois: set[str] = field(default_factory=set)

    def takes(self, one: _Print) -> bool:
        """Say whether nothing known of the record contradicts this work."""
        if one.doi and self.dois and one.doi not in self.dois:
            return False
        a, b = self.first, one
        if a.kind != b.kind or (a.volume and b.volume and a.volume != b.volume):
            return False
        if not _agree(a.pages[0], b.pages[0]) or not _agree(a.pages[1], b.pages[1]):
            return False
        return (a.place is not None and a.place == b.place) or _are_one_journal(a.journal, b.journal)


def _agree(a: str, b: str) -> bool:
    return not a or not b or a == b


def _are_one_journal(a: str, b: str) -> bool:
    """Say whether two journal names can be one, an abbreviation included; a missing name contradicts
    nothing."""
    if _agree(a, b):
        return True
    short, long = sorted((a.split(), b.split()), key=len)
    words = iter(long)
    if all(any(word.startswith(part) for word in words) for part in short):
        return True
    return fuzz.token_set_ratio(a, b) >= _SPELLING_RATIO


def _by_title(block: list[_Print]) -> Iterator[tuple[_Print, _Print]]:
    works: list[_Work] = []
    by_doi: dict[str, _Work] = {}
    by_place: dict[tuple[str, str, str], _Work] = {}
    for one in block:
        generic = _is_generic(one.title)
        place = one.place
        work = by_place.get((*place, one.pages[1])) if place else None
        if work is None and not generic:
            work = by_doi.get(one.doi) if one.doi else None
            if work is None:
                fitting = [w for w in works[: _MANY + 1] if w.takes(one)]
                work = fitting[0] if len(fitting) == 1 and len(works) <= _MANY else None
        if work is not None:
            yield work.first, one
        else:
            work = _Work(one)
            works.append(work)
        if one.doi:
            work.dois.add(one.doi)
            by_doi.setdefault(one.doi, work)
        if place:
            by_place.setdefault((*place, one.pages[1]), work)
