"""Check each kind of mistake that other tools make: what was missed is found, what was merged stays apart.

All records are invented.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from screening.domain.dedup import Candidate, Findings, Rule, Settings, clusters, find_duplicates

_TITLE = "Percutaneous vertebroplasty for painful osteoporotic compression fractures of the spine"
_PAPER = Candidate(
    1,
    title=_TITLE,
    authors=("Muster, A. B.", "Probe, C.", "Beispiel, D."),
    year=2009,
    journal="Journal of Example Medicine",
    volume="36",
    issue="3",
    pages="233-238",
)
_TRIAL = Candidate(
    1,
    title="Warm milk in adults with insomnia",
    authors=("Nct,",),
    year=2015,
    journal="https://clinicaltrials.gov/show/NCT00000001",
    url="https://clinicaltrials.gov/show/NCT00000001",
)
_REVIEW = replace(
    _PAPER,
    journal="Cochrane Database of Systematic Reviews",
    volume="",
    issue="2",
    pages="CD000001",
    year=2008,
    doi="10.1002/14651858.CD000001.pub2",
)
_NO_PLACE = {"volume": "", "issue": "", "pages": ""}
_SUPPLEMENT = {"issue": "Suppl 1", "pages": "S12", "doi": "10.1000/suppl.1"}


def _find(first: Candidate, second: Candidate, settings: Settings | None = None) -> Findings:
    return find_duplicates([first, replace(second, id=2)], settings=settings or Settings())


def _rules(first: Candidate, **changes: Any) -> list[Rule]:
    return [match.rule for match in _find(first, replace(first, **changes)).matches]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"pages": "e12724"}, id="article number against pages"),
        pytest.param({"pages": "1-6"}, id="pages counted within the article"),
        pytest.param({"pages": "06-Jan"}, id="pages turned into a date"),
        pytest.param({"pages": "A4912"}, id="number of an abstract"),
        pytest.param({"pages": "345-350"}, id="wrong pages, all else equal"),
        pytest.param({"pages": "233-238+230-235"}, id="pages of two editions"),
        pytest.param({"issue": "1204"}, id="running counter as issue"),
        pytest.param({"title": f"[{_TITLE}]. [Spanish]"}, id="translated title"),
        pytest.param({"title": "Vertebroplastia percutánea en fracturas dolorosas"}, id="two languages"),
        pytest.param({"authors": ("Muster A. B.Probe C.Beispiel D.",)}, id="authors glued"),
        pytest.param({"authors": ("de Muster, A. B.", "Probe, C.", "Beispiel, D.")}, id="particle"),
        pytest.param({"authors": ()}, id="authors missing"),
        pytest.param({"volume": "36 (Supplement 1)"}, id="volume with its supplement"),
        pytest.param({"volume": "3", "issue": "36"}, id="volume and issue swapped"),
        pytest.param({"volume": "Conference: 22nd Congress of Examples 36"}, id="volume with a congress"),
        pytest.param({"year": 2008, **_NO_PLACE}, id="online first"),
        pytest.param({"year": 2007}, id="two years apart"),
        pytest.param({"title": _TITLE + ": a randomised trial"}, id="subtitle dropped"),
        pytest.param({"title": _TITLE[:60] + "...", "journal": "Journal of Example..."}, id="web search"),
        pytest.param({"title": _TITLE + " [Review] [33 refs]"}, id="database suffix"),
        pytest.param({"title": ""}, id="title missing"),
        pytest.param({"journal": "J Example Med"}, id="journal abbreviated"),
    ],
)  # fmt: skip
def test_two_exports_of_one_paper_are_joined(changes: dict[str, Any]) -> None:
    assert len(_rules(_PAPER, **changes)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"title": f"Erratum: {_TITLE}", "pages": "401"}, id="erratum"),
        pytest.param({"title": f"Retraction: {_TITLE}", "pages": "401"}, id="retraction"),
        pytest.param({"title": f"{_TITLE} (vol 36, pg 233, 2009)", "pages": "401"}, id="erratum by its end"),
        pytest.param({"title": f"Comment on: {_TITLE}", "pages": "239"}, id="comment"),
        pytest.param({"title": f"{_TITLE}: authors' reply", "pages": "240"}, id="reply"),
        pytest.param({"journal": "European Archives", "volume": "12", "pages": "9-19"}, id="two journals"),
        pytest.param({"volume": "37", "year": 2010, "pages": "11-19"}, id="another year"),
        pytest.param({"issue": "4", "pages": "345-350"}, id="another issue"),
        pytest.param({"issue": "Suppl. 2", "pages": "S45"}, id="abstract in a supplement"),
        pytest.param({"journal": f"{_PAPER.journal}. Conference: 5th Congress", **_NO_PLACE}, id="meeting"),
        pytest.param({"doi": "10.1000/b", "volume": "37"}, id="another DOI"),
        pytest.param({"title": _TITLE.replace("painful", "painless"), "pages": "239-244"}, id="another word"),
        pytest.param({"title": _TITLE + ", part 2", "pages": "239-244"}, id="part two"),
        pytest.param({"authors": ("Exempel, X.", "Voorbeeld, Y."), "pages": "239-244"}, id="other authors"),
    ],
)  # fmt: skip
def test_two_works_are_not_joined(changes: dict[str, Any]) -> None:
    first = replace(_PAPER, doi="10.1000/a") if "doi" in changes else _PAPER
    assert _rules(first, **changes) == []


def test_a_shared_identifier_decides_with_the_title() -> None:
    bare = replace(_PAPER, **_NO_PLACE, authors=(), journal="")
    same = {"doi": "https://doi.org/10.1000/ABC"}
    assert _rules(replace(bare, doi="10.1000/abc"), year=2013, **same) == [Rule.DOI]
    assert _rules(replace(bare, pmid="012345"), pmid="12345", year=2013) == [Rule.PMID]
    assert _rules(replace(bare, doi="10.1000/abc"), title="Kyphoplasty in tumours", **same) == []


def test_place_and_title_decide_without_identifier() -> None:
    assert _rules(_PAPER, year=2010) == [Rule.CITATION]
    assert _rules(replace(_PAPER, **_NO_PLACE)) == [Rule.SIMILAR]


@pytest.mark.parametrize(
    "title", [_TITLE.replace("painful", "painless"), "Kyphoplasty in tumours", _TITLE + " II"]
)
def test_abstracts_of_one_supplement_stay_apart(title: str) -> None:
    first = replace(_PAPER, **_SUPPLEMENT)
    assert _rules(first, title=title, pages="S13") == []
    assert _rules(first, title=title) == []


@pytest.mark.parametrize(
    "title", ["Editorial", "Editor's Comments", "Research update for articles published in JEX"]
)
def test_serial_titles_need_their_place(title: str) -> None:
    first = replace(_PAPER, title=title)
    assert _rules(first) == [Rule.CITATION]
    assert _rules(first, issue="4") == []
    assert _rules(replace(first, **_NO_PLACE), year=2010) == []


def test_a_title_found_in_many_years_is_taken_for_a_series() -> None:
    issues = [
        replace(_PAPER, id=year, title="Gaps between hens and eggs", year=year, **_NO_PLACE)
        for year in range(2001, 2007)
    ]
    found = find_duplicates([*issues, replace(issues[0], id="copy")])
    assert (found.matches, found.possible) == ((), ())


def test_entries_of_a_register_go_by_their_number() -> None:
    other = "https://clinicaltrials.gov/show/NCT00000002"
    assert _rules(_TRIAL, title="Warm milk in adults with insomnia.") == [Rule.SIMILAR]
    assert _rules(_TRIAL, journal=other, url=other) == []
    assert _rules(_TRIAL, journal="Journal of Example Medicine", url="", authors=_PAPER.authors) == []


def test_updates_of_a_cochrane_review_go_by_the_setting() -> None:
    update = replace(_REVIEW, id=2, year=2012, issue="7", doi="10.1002/14651858.CD000001.pub3")
    joined = Settings(cochrane_updates_are_duplicates=True)
    assert _find(_REVIEW, update).matches == ()
    assert len(_find(_REVIEW, update).possible) == 1
    assert len(_find(_REVIEW, update, joined).matches) == 1
    assert (
        _find(
            _REVIEW, replace(update, doi="10.1002/14651858.CD000002.pub2", pages="CD000002"), joined
        ).matches
        == ()
    )


def test_an_early_amendment_of_a_cochrane_review_is_no_update() -> None:
    early = replace(_REVIEW, year=2005)
    amendment = replace(_REVIEW, id=2, year=2006, issue="1", doi="10.1002/14651858.CD000001.pub3")
    assert len(_find(early, amendment).matches) == 1


@pytest.mark.parametrize("abstract", ["", f"We searched for trials of warm milk. {'Sleep is long. ' * 20}"])
def test_versions_of_a_living_review_stay_apart(abstract: str) -> None:
    first = replace(_REVIEW, year=2020, abstract=abstract)
    update = replace(first, id=2, issue="10", doi="10.1002/14651858.CD000001.pub3")
    assert _find(first, update).matches == ()


def test_an_unclear_pair_is_left_to_people_with_the_reason() -> None:
    other = replace(_PAPER, journal="European Example Archives", **_NO_PLACE)
    found = _find(_PAPER, other)
    assert [(pair.a, pair.b) for pair in found.possible] == [(1, 2)]
    assert found.possible[0].detail == "titles equal; same authors; same year; journals differ"


def test_a_record_that_fits_two_works_joins_neither() -> None:
    works = [
        replace(_PAPER, id=n, doi=f"10.1000/{n}", volume=str(30 + n), pages=f"{n}11-{n}19") for n in (1, 2)
    ]
    found = find_duplicates([*works, replace(_PAPER, id=3, **_NO_PLACE)])
    assert found.matches == ()
    assert {frozenset((pair.a, pair.b)) for pair in found.possible} >= {frozenset({1, 3}), frozenset({2, 3})}


def test_contradicting_records_are_not_joined_through_a_third() -> None:
    erratum = replace(_PAPER, id=2, title=f"Erratum: {_TITLE}", pages="401")
    bare = replace(_PAPER, id=3, pages="")
    groups = clusters(find_duplicates([_PAPER, erratum, bare]).matches).groups
    assert groups == (frozenset({1, 3}),)


@pytest.mark.parametrize(
    ("more", "n_matches"), [(": a randomised trial", 1), (" after stroke", 0), (" 2", 0)]
)
def test_a_title_that_goes_on_is_another_work_but_a_subtitle_is_not(more: str, n_matches: int) -> None:
    assert len(_rules(_PAPER, title=_TITLE + more, issue="", pages="")) == n_matches
