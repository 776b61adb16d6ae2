"""Check what holds for any library: order, ids, late batches and judgements."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.domain.dedup import Candidate, Findings, clusters, find_duplicates

# Few values, so that many records are alike and clusters have to be decided.
_TITLES = (
    "Percutaneous vertebroplasty for painful compression fractures",
    "Percutaneous vertebroplasty for painful compression fractures: a randomised trial",
    "Percutaneous vertebroplasty for painless compression fractures",
    "Erratum: Percutaneous vertebroplasty for painful compression fractures",
    "Editorial",
    "",
)
_few = st.builds(
    Candidate,
    id=st.just(0),
    title=st.sampled_from(_TITLES),
    authors=st.sampled_from([(), ("Muster, A.", "Probe, B."), ("A Muster",), ("Exempel, C.",)]),
    year=st.sampled_from([None, 2009, 2010, 2015]),
    journal=st.sampled_from(["", "Journal of Examples", "J Examples", "Annals of Samples"]),
    volume=st.sampled_from(["", "36", "37", "3"]),
    issue=st.sampled_from(["", "3", "Suppl 1"]),
    pages=st.sampled_from(["", "233-8", "233", "401-409", "S12"]),
    doi=st.sampled_from(["", "10.1000/a", "10.1000/b"]),
)
_library = st.lists(_few, max_size=12).map(lambda found: [replace(one, id=n) for n, one in enumerate(found)])
_text = st.text(max_size=60)
_any = st.builds(
    Candidate,
    id=st.uuids(),
    title=_text,
    authors=st.lists(_text, max_size=4).map(tuple),
    year=st.none() | st.integers(-3000, 30000),
    journal=_text,
    volume=_text,
    issue=_text,
    pages=_text | st.from_regex(r"[a-z]{0,2}[0-9]{1,12}-[0-9]{0,12}", fullmatch=True),
    doi=_text,
    pmid=_text,
    isbn_issn=_text,
    abstract=st.text(max_size=300),
    url=_text,
    accession=_text,
    type=_text,
)
_pair = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] != pair[1])


def _groups(found: Findings) -> set[frozenset[object]]:
    return set(clusters(found.matches).groups)


@given(_library, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_records_changes_nothing(library: list[Candidate], random: object) -> None:
    shuffled = list(library)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = find_duplicates(library), find_duplicates(shuffled)
    assert first == second


@given(_library)
@settings(max_examples=150, deadline=None)
def test_the_ids_of_records_change_nothing_but_the_names(library: list[Candidate]) -> None:
    names = {one.id: f"r{97 * (n + 1) % 101}" for n, one in enumerate(library)}
    renamed = find_duplicates([replace(one, id=names[one.id]) for one in library])
    expected = {frozenset(names[one] for one in group) for group in _groups(find_duplicates(library))}
    assert _groups(renamed) == expected


@given(_library)
@settings(max_examples=150, deadline=None)
def test_matches_make_a_tree(library: list[Candidate]) -> None:
    found = find_duplicates(library)
    assert len(found.matches) == sum(len(group) - 1 for group in _groups(found))
    assert not {frozenset((p.a, p.b)) for p in found.possible} & {
        frozenset((m.a, m.b)) for m in found.matches
    }


@given(_library, st.sets(st.integers(0, 11)))
@settings(max_examples=300, deadline=None)
def test_a_late_batch_finds_what_the_whole_library_shows_of_it(
    library: list[Candidate], new: set[int]
) -> None:
    whole, late = find_duplicates(library), find_duplicates(library, new=new)
    assert set(late.matches) == {match for match in whole.matches if match.a in new or match.b in new}
    assert set(late.possible) == {pair for pair in whole.possible if pair.a in new or pair.b in new}


@given(_library, st.lists(_pair, max_size=6))
@settings(max_examples=300, deadline=None)
def test_pairs_judged_different_are_neither_joined_nor_proposed(
    library: list[Candidate], different: list[tuple[int, int]]
) -> None:
    found = find_duplicates(library, different=different)
    groups = _groups(found)
    apart = {frozenset(pair) for pair in different}
    for group in groups:
        assert not any(frozenset(pair) in apart for pair in combinations(group, 2))
    group_of = {one: group for group in groups for one in group}
    for pair in found.possible:
        left, right = group_of.get(pair.a, frozenset({pair.a})), group_of.get(pair.b, frozenset({pair.b}))
        assert not any(frozenset((a, b)) in apart for a in left for b in right)


@given(_library, st.randoms(use_true_random=False), st.lists(_pair, max_size=4))
@settings(max_examples=200, deadline=None)
def test_the_order_changes_nothing_under_judgements(
    library: list[Candidate], random: object, different: list[tuple[int, int]]
) -> None:
    shuffled = list(library)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_duplicates(library, different=different) == find_duplicates(shuffled, different=different)


@given(st.lists(_any, max_size=8))
@settings(max_examples=200, deadline=None)
def test_any_text_is_compared_without_an_error(library: list[Candidate]) -> None:
    twice = [replace(one, id=f"{one.id} again") for one in library]
    found = find_duplicates([*library, *twice])
    assert all(0 <= match.score <= 1 and match.detail for match in found.matches)


def test_progress_is_told_and_may_stop_the_search() -> None:
    told: list[tuple[int, int]] = []
    library = [Candidate(n, title=f"Invented title number {n} of many titles") for n in range(1200)]
    find_duplicates(library, progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1] == (2400, 2400)

    def stop(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_duplicates(library, progress=stop)
