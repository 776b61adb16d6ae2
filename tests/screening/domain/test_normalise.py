"""Check that titles and identifiers are brought to one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.domain.normalise import normalise_doi, normalise_pmid, normalise_title, words


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
    ("pmid", "expected"), [("012345", "12345"), (" 7 ", "7"), ("PMC12", ""), ("", ""), ("１２", "")]
)
def test_pubmed_identifiers_are_normalised(pmid: str, expected: str) -> None:
    assert normalise_pmid(pmid) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_title(normalise_title(text)) == normalise_title(text)
    assert normalise_doi(normalise_doi(text)) == normalise_doi(text)
    assert words(words(text)) == words(text)


@given(st.text(alphabet="10./ab%2)(.,;[]"))
def test_normalising_a_doi_twice_changes_nothing(tail: str) -> None:
    doi = normalise_doi("10.1234/" + tail)
    assert normalise_doi(doi) == doi
