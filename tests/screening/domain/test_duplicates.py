"""Check exact duplicates, clusters and normalisation."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.duplicates import (
    Candidate,
    Match,
    Method,
    are_titles_compatible,
    clusters,
    find_exact,
    fingerprint_keys,
    first_author_key,
    normalise_doi,
    normalise_title,
)

_TITLE = "Percutaneous vertebroplasty for painful compression fractures"


def _pair(first: dict[str, Any], second: dict[str, Any]) -> list[Method]:
    base: dict[str, Any] = {"title": _TITLE, "authors": ("Autor, A.",), "year": 2009}
    found = find_exact([Candidate(1, **(base | first)), Candidate(2, **(base | second))])
    return [match.method for match in found]


def test_same_doi_and_title_match_whatever_the_year() -> None:
    same = {"doi": "10.1000/ABC"}
    assert _pair(same, {"doi": "https://doi.org/10.1000/abc", "year": 2010, "authors": ()}) == [Method.DOI]


def test_same_pmid_and_truncated_title_match() -> None:
    first = {"pmid": "012345", "title": _TITLE + ": a randomised trial"}
    assert _pair(first, {"pmid": "12345", "year": None}) == [Method.PMID]


def test_a_supplement_doi_shared_by_abstracts_does_not_match() -> None:
    assert _pair({"doi": "10.1000/s1"}, {"doi": "10.1000/s1", "title": "Kyphoplasty in osteoporosis"}) == []


@pytest.mark.parametrize("notice", ["Erratum: ", "Reply to: ", "Retraction: ", "Comment on: ", "RETRACTED: "])
def test_a_notice_does_not_match_its_article(notice: str) -> None:
    assert _pair({"doi": "10.1000/1"}, {"doi": "10.1000/1", "title": notice + _TITLE}) == []


def test_title_year_and_first_author_match() -> None:
    assert _pair({}, {"title": _TITLE.upper() + ".", "authors": ("Autor A", "Zweit B")}) == [Method.TITLE]


@pytest.mark.parametrize("missing", [{"authors": ()}, {"year": None}, {"title": ""}])
def test_the_title_rule_needs_all_three(missing: dict[str, Any]) -> None:
    assert _pair(missing, missing) == []


def test_a_generic_title_needs_volume_and_pages() -> None:
    assert _pair({"title": "Editorial"}, {"title": "Editorial"}) == []
    place = {"title": "Editorial", "volume": "4", "pages": "1-2"}
    assert _pair(place, place) == [Method.TITLE]


def test_conflicting_dois_block_the_title_rule_unless_the_place_is_equal() -> None:
    assert _pair({"doi": "10.1000/1"}, {"doi": "10.1000/2"}) == []
    place = {"volume": "4", "pages": "101-9"}
    assert _pair(place | {"doi": "10.1000/1"}, place | {"doi": "10.1000/2", "pages": "101-109"}) == [
        Method.TITLE
    ]


def test_an_abstract_on_other_pages_does_not_match_its_paper() -> None:
    assert _pair({"volume": "25", "pages": "1875"}, {"volume": "25", "pages": "2539-2542"}) == []


def test_a_record_that_fits_two_works_is_left_to_people() -> None:
    base: dict[str, Any] = {"title": _TITLE, "authors": ("Autor, A.",), "year": 2009}
    works = [Candidate(n, **base, doi=f"10.1000/{n}") for n in (1, 2)]
    assert find_exact([*works, Candidate(3, **base)]) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (_TITLE, _TITLE.lower(), True),
        ("Cremaphor in the treatment of bone pain", "Cremophor in the treatment of bone pain", True),
        ("Pain in fractures of the spine, part 1", "Pain in fractures of the spine, part 2", False),
        ("Outcomes of vertebroplasty in adult patients with severe pain",
         "Outcomes of vertebroplasty in adolescent patients with severe pain", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_titles_are_compatible(a: str, b: str, expected: bool) -> None:
    assert are_titles_compatible(a, b) is expected


def test_records_that_match_share_a_key() -> None:
    keys = fingerprint_keys(Candidate(1, _TITLE, ("Autor, A.",), 2009, doi="10.1000/1", pmid="7"))
    assert [key.split(":")[0] for key in keys] == ["doi", "pmid", "title"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Étude de l’α-synucléine <i>in vivo</i> [12 refs].", "etude de l alpha synucleine in vivo"),
        ("Pain &amp; bone", "pain and bone"),
        ("Straße, Ångström; Łódź", "strasse angstrom lodz"),
        ("椎体成形术", "椎体成形术"),
    ],
)
def test_titles_are_normalised(title: str, expected: str) -> None:
    assert normalise_title(title) == expected


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        (("Müller, H.",), "muller"),
        (("Müller H",), "muller"),
        (("Hans Müller",), "muller"),
        ((), ""),
        ((" ", "X, Y"), "x"),
    ],
)
def test_first_author_is_normalised(authors: tuple[str, ...], expected: str) -> None:
    assert first_author_key(authors) == expected


def test_a_pair_judged_different_never_shares_a_cluster() -> None:
    matches = [Match(1, 2, Method.DOI), Match(2, 3, Method.TITLE), Match(3, 4, Method.DOI)]
    joined = clusters(matches, [(1, 3)])
    assert set(joined.groups) == {frozenset({1, 2}), frozenset({3, 4})}
    assert joined.refused == (matches[1],)


_pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] != p[1]), max_size=25)


@given(_pairs, _pairs)
def test_clusters_partition_and_respect_different_pairs(
    edges: list[tuple[int, int]], foes: list[tuple[int, int]]
) -> None:
    joined = clusters([Match(a, b, Method.DOI) for a, b in edges], foes)
    for a, b in combinations(joined.groups, 2):
        assert a.isdisjoint(b)
    for group in joined.groups:
        assert len(group) > 1
        assert not any(a in group and b in group for a, b in foes)
    refused = {(match.a, match.b) for match in joined.refused}
    for a, b in set(edges) - refused:
        assert any(a in group and b in group for group in joined.groups)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_title(normalise_title(text)) == normalise_title(text)
    assert normalise_doi(normalise_doi(text)) == normalise_doi(text)


@given(st.text(alphabet="10./ab%2)(.,;[]"))
def test_normalising_a_doi_twice_changes_nothing(tail: str) -> None:
    doi = normalise_doi("10.1234/" + tail)
    assert normalise_doi(doi) == doi
