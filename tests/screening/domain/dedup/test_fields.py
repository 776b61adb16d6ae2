"""Check how authors, journals, places and abstracts of two records are compared."""

from __future__ import annotations

import pytest

from screening.domain.dedup.abstracts import compare_abstracts
from screening.domain.dedup.authors import Agreement, compare_authors, read_authors
from screening.domain.dedup.journals import compare_journals, is_meeting, is_register, journal_words
from screening.domain.dedup.places import (
    Place,
    compare_issues,
    compare_pages,
    compare_volumes,
    compare_years,
    read_place,
)

SAME, PARTIAL, UNKNOWN, CONFLICT = Agreement.SAME, Agreement.PARTIAL, Agreement.UNKNOWN, Agreement.CONFLICT


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("Muster, A.", "Probe, B. C."), ("A Muster", "BC Probe"), SAME),
        (("Muster, A.", "Probe, B. C."), ("Muster A.Probe B. C.",), SAME),
        (("Le Muster, A.", "Probe, B."), ("Muster, A.", "Probe, B."), SAME),
        (("Le Muster, A.", "Probe, B."), ("Le, Muster A.", "Probe, B."), SAME),
        (("Muster Probe, J.", "Beispiel, C."), ("Probe, J. M.", "Beispiel, C."), SAME),
        (("Müster, A.", "Probe, B."), ("Muester, A.", "Probe, B."), SAME),
        (("Muster, A.", "Probe, B.", "Beispiel, C."), ("A Muster", "et al."), SAME),
        (("Muster, A.", "Probe, B.", "Beispiel, C."), ("Probe, B.", "Beispiel, C.", "Muster, A."), SAME),
        (("Muster, Anna",), ("Muster, Berta",), PARTIAL),
        (("Muster, A.", "Probe, B.", "Beispiel, C."), ("Exempel, D.", "Probe, B.", "Voorbeeld, E."), PARTIAL),
        (("Muster, A.", "Probe, B."), ("Exempel, D.", "Voorbeeld, E."), CONFLICT),
        (("Muster, A.",), (), UNKNOWN),
        (("Muster, A.",), ("Anonymous",), UNKNOWN),
        (("Nct,",), ("Nct",), UNKNOWN),
    ],
)  # fmt: skip
def test_authors_are_compared(a: tuple[str, ...], b: tuple[str, ...], expected: Agreement) -> None:
    assert compare_authors(read_authors(a), read_authors(b)) is expected
    assert compare_authors(read_authors(b), read_authors(a)) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Journal of Example Medicine", "J Example Med", SAME),
        ("The Journal of Example Medicine (London, England)", "JOURNAL OF EXAMPLE MEDICINE", SAME),
        ("Example: a journal of samples", "Example", SAME),
        ("Example. Conference: 5th Congress of Examples", "Example", SAME),
        ("BMJ", "British Medical Journal", SAME),
        ("Journal of Example...", "Journal of Example Medicine", PARTIAL),
        ("Example", "Example Care", PARTIAL),
        ("Example Medicine", "Example Surgery", CONFLICT),
        ("Journal of Digital Samples", "Workshop of Digital Samples", CONFLICT),
        ("", "Example", UNKNOWN),
    ],
)
def test_journals_are_compared(a: str, b: str, expected: Agreement) -> None:
    assert compare_journals(journal_words(a), journal_words(b)) is expected
    assert compare_journals(journal_words(b), journal_words(a)) is expected


def test_registers_and_meetings_are_no_journals() -> None:
    assert is_register("https://clinicaltrials.gov/show/NCT00000001") is True
    assert is_register("Journal of Examples") is False
    assert is_meeting("Example. Conference: 5th Congress of Examples") is True
    assert is_meeting("Proceedings of the Example Academy of Sciences") is False


def _place(year: int | None = None, volume: str = "", issue: str = "", pages: str = "") -> Place:
    return read_place(year, volume, issue, pages)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("233-8", "233-238", SAME),
        ("233--238", "p. 233‐238", SAME),
        ("01-Jun", "1-6", SAME),
        ("c37-c42", "37-42", SAME),
        ("233-238+230-235", "230-5, 246-51", SAME),
        ("P63 [tp 104]", "63", SAME),
        ("2297-2108", "2097-2108", PARTIAL),
        ("943-945", "945", PARTIAL),
        ("e12724", "1-6", UNKNOWN),
        ("a1754", "969-972", UNKNOWN),
        ("c1804", "1014", UNKNOWN),
        ("101576", "7", UNKNOWN),
        ("233-238", "", UNKNOWN),
        ("233-238", "345-351", CONFLICT),
        ("S51", "S52", CONFLICT),
    ],
)
def test_pages_are_compared(a: str, b: str, expected: Agreement) -> None:
    assert compare_pages(_place(pages=a), _place(pages=b)) is expected
    assert compare_pages(_place(pages=b), _place(pages=a)) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"volume": "38 (Supplement 1)"}, {"volume": "38"}, SAME),
        ({"volume": "10 Suppl 2"}, {"volume": "10"}, SAME),
        ({"volume": "Conference: 22nd Congress of Examples 143"}, {"volume": "143"}, SAME),
        ({"volume": "10 (11) (no pagination)"}, {"volume": "10", "issue": "11"}, SAME),
        ({"volume": "3", "issue": "12"}, {"volume": "12", "issue": "3"}, PARTIAL),
        ({"volume": "", "issue": "26"}, {"volume": "26", "issue": "9"}, PARTIAL),
        ({"volume": "1"}, {"volume": "55", "issue": "Suppl. 1"}, PARTIAL),
        ({"volume": "Apr 25 [Epub ahead of print]"}, {"volume": "12"}, UNKNOWN),
        ({"volume": "2020", "year": 2020}, {"volume": "9"}, UNKNOWN),
        ({"volume": "3", "issue": "4"}, {"volume": "12", "issue": "3"}, CONFLICT),
        ({"volume": "12"}, {"volume": "13"}, CONFLICT),
    ],
)
def test_volumes_are_compared(a: dict[str, str], b: dict[str, str], expected: Agreement) -> None:
    assert compare_volumes(_place(**a), _place(**b)) is expected  # type: ignore[arg-type]
    assert compare_volumes(_place(**b), _place(**a)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("3", "3", SAME),
        ("3", "4", CONFLICT),
        ("3", "Suppl. 1", CONFLICT),
        ("3", "1204", UNKNOWN),
        ("3", "", UNKNOWN),
    ],
)  # fmt: skip
def test_issues_are_compared(a: str, b: str, expected: Agreement) -> None:
    assert compare_issues(_place(volume="9", issue=a), _place(volume="9", issue=b)) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(2009, 2009, SAME), (2009, 2011, PARTIAL), (2009, 2012, CONFLICT), (2009, None, UNKNOWN)],
)
def test_years_are_compared(a: int, b: int | None, expected: Agreement) -> None:
    assert compare_years(a, b) is expected


_ABSTRACT = (
    "background: fractures of the spine hurt. methods: we asked 120 invented patients of 7 centres on pain, "
    "sleep and work after 3, 6 and 12 months. results: pain fell from 71 to 23 points; 88 slept better."
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (_ABSTRACT, SAME),
        (_ABSTRACT.replace("background: ", ""), SAME),
        (_ABSTRACT[:160] + "...", SAME),
        (_ABSTRACT.translate(str.maketrans("1234567", "7654321")), CONFLICT),
        ("cement was mixed by hand in a theatre. " * 8, CONFLICT),
        ("short", UNKNOWN),
    ],
)
def test_abstracts_are_compared(other: str, expected: Agreement) -> None:
    assert compare_abstracts(_ABSTRACT, other) is expected
