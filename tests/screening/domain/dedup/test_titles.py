"""Check what is read from a title and how two titles are compared."""

from __future__ import annotations

import pytest

from screening.domain.dedup.likeness import Likeness, compare_titles, contradiction_of_titles
from screening.domain.dedup.titles import read_title

_LONG = "Percutaneous vertebroplasty for painful osteoporotic compression fractures of the spine"


def _likeness(a: str, b: str) -> Likeness:
    return compare_titles(read_title(a), read_title(b))[0]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bone &amp; cement", "Bone and cement"),
        ("<i>In vivo</i> bone cement", "In vivo bone cement"),
        ("[Bone cement in the spine]. [Spanish]", "Bone cement in the spine"),
        ("Bone cement in the spine [Review] [33 refs].", "Bone cement in the spine"),
        ("Bone cement in the spine.[Erratum appears in J Ex. 2009 Sep;9(9):22 Note: Foo, P [added]]",
         "Bone cement in the spine"),
        ("<ORIGINAL> Bone cement in the spine", "Bone cement in the spine"),
        ("Bone cement (multiple letters) [1]", "Bone cement"),
        ("Randomised trial of haemodialysis in leukaemia", "Randomized trial of hemodialysis in leukemia"),
        ("NF-κB and TNF-α in the β-cell", "NF-kappaB and TNF-alpha in the beta-cell"),
        ("NF-κB and TNF-α in the β-cell", "NF-B and TNF- in the -cell"),
        ("Three cases of cement leakage", "3 cases of cement leakage"),
        ("Micro array study of bone", "Microarray study of bone"),
        ("Effects of cement", "The effect of cement"),
        ("Ciment et os [Bone cement in the old spine]", "Bone cement in the old spine"),
    ],
)  # fmt: skip
def test_spelling_and_suffixes_do_not_matter(a: str, b: str) -> None:
    assert _likeness(a, b) is Likeness.EQUAL


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (_LONG, _LONG.replace("compression", "compresion"), Likeness.SPELLING),
        (_LONG, _LONG.replace("for painful", "fo rpainful"), Likeness.SPELLING),
        (_LONG, _LONG + " 1", Likeness.SPELLING),
        (_LONG, _LONG + ": a randomised trial", Likeness.PART),
        (_LONG, "Medical progress: " + _LONG, Likeness.PART),
        (_LONG, _LONG[:60] + "…", Likeness.PART),
        (_LONG, "Non-" + _LONG, Likeness.SIMILAR),
        (_LONG, _LONG.replace("painful", "painless"), Likeness.SIMILAR),
        ("Ultrasound of the carotid region", "Ultrasound of the parotid region", Likeness.FORMS),
        ("Exercise and the course of depression", "Depression and the course of exercise", Likeness.SIMILAR),
        (_LONG, "Kyphoplasty in tumours", Likeness.DIFFERENT),
        (_LONG, "", Likeness.UNKNOWN),
    ],
)  # fmt: skip
def test_titles_are_compared(a: str, b: str, expected: Likeness) -> None:
    assert _likeness(a, b) is expected
    assert _likeness(b, a) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Cement in osteoporosis, part 1", "Cement in osteoporosis, part 2", "numbers in the titles differ"),
        ("Cement in type I fractures", "Cement in type II fractures", "numbers in the titles differ"),
        ("Role of IL-6 in bone", "Role of IL-8 in bone", "numbers in the titles differ"),
        ("Interferon alpha in bone", "Interferon beta in bone", "Greek letters in the titles differ"),
        ("Cement in osteoporosis, part 1", "Cement in osteoporosis", ""),
        ("Interferon-α in bone", "Interferon in bone", ""),
    ],
)
def test_numbers_and_greek_letters_contradict(a: str, b: str, expected: str) -> None:
    assert contradiction_of_titles(read_title(a), read_title(b)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (f"Erratum: {_LONG}", {"correction"}),
        (f"{_LONG} (vol 36, pg 42, 2009)", {"correction"}),
        (f"{_LONG} (Example Journal (2009) 36 (42-44))", {"correction"}),
        (f"{_LONG} [Corrigendum]", {"correction"}),
        (f"Retraction: {_LONG}", {"correction"}),
        (f"RETRACTED: {_LONG}", {"retracted"}),
        (f"Reply to: {_LONG}", {"reply"}),
        (f"{_LONG}: authors' reply", {"reply"}),
        (f"{_LONG} - Reply", {"reply"}),
        (f"Comment on: {_LONG}", {"comment"}),
        (f"Re: {_LONG}", {"comment"}),
        (f"Letter to the editor regarding “{_LONG}”", {"comment"}),
        (_LONG, set()),
        ("Correction of deformity after fracture", set()),
        ("Response rate of patients in surveys of pain", set()),
        ("Response of bone to loading", set()),
        ("Retraction pockets of the ear drum", set()),
        ("Letters of recommendation in surgery", set()),
    ],
)
def test_notices_are_recognised(title: str, expected: set[str]) -> None:
    assert read_title(title).notices == expected


@pytest.mark.parametrize(
    "title",
    ["Editorial", "Editor's Comments", "In this issue", "ICEX 2013 Volume 1", "Annual report of the registry",
     "Research update for articles published in JEX", "Introduction to the minitrack on hens", "Book review",
     "Poster presentations", "Reply", "Authors' reply", "Obesity statistics, 2004"],
)  # fmt: skip
def test_generic_titles_are_recognised(title: str) -> None:
    assert read_title(title).is_generic is True


@pytest.mark.parametrize("title", [_LONG, "", "Editor's comments: a camel going through the eye of a needle"])
def test_telling_titles_are_not_generic(title: str) -> None:
    assert read_title(title).is_generic is False


@pytest.mark.parametrize("title", ["(" * 2000, "[" * 2000, "([" * 1000, "a (" * 700, "<" * 2000, "1 " * 1000])
def test_hostile_titles_are_read_in_time(title: str) -> None:
    assert read_title(title).others == ()
