"""Check what holds for all tagged formats: none is taken for another, and no text makes a reader fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.domain.parsing import ParsedRecord, Problem, UnreadableFile, parse_bytes
from screening.domain.parsing.inspec import looks_like_inspec, read_inspec
from screening.domain.parsing.nbib import looks_like_nbib, read_nbib
from screening.domain.parsing.ovid import looks_like_ovid, read_ovid
from screening.domain.parsing.refer import looks_like_refer, read_refer
from screening.domain.parsing.refworks import looks_like_refworks, read_refworks
from screening.domain.parsing.ris import looks_like_ris, read_ris
from screening.domain.parsing.wos import looks_like_wos, read_wos

_READERS: dict[str, Callable[[str], tuple[list[ParsedRecord], list[Problem]]]] = {
    "ris": read_ris,
    "nbib": read_nbib,
    "wos": read_wos,
    "enw": read_refer,
    "ovid": read_ovid,
    "refworks": read_refworks,
    "inspec": read_inspec,
}
_LOOKS: dict[str, Callable[[str], bool]] = {
    "ris": looks_like_ris,
    "nbib": looks_like_nbib,
    "wos": looks_like_wos,
    "enw": looks_like_refer,
    "ovid": looks_like_ovid,
    "refworks": looks_like_refworks,
    "inspec": looks_like_inspec,
}
_SAMPLES = [
    ("ris", "TY  - JOUR\nTI  - Bone\nAU  - Autor, A\nPMID- 1\nER  - \n"),
    ("ris", "1.\n\nTY  - JOUR\nT1  - Bone\nER  - \nNL  - Note\n\nLink: x\n"),
    ("nbib", "PMID- 1111\nOWN - NLM\nTI  - Bone\nFAU - Autor, A\nPT  - Journal Article\n"),
    ("nbib", "OWN - ERIC\nTI  - Bone\nAU  - Autor, A\nSO  - v10\n"),
    ("wos", "FN ISI Export Format\nVR 1.0\nPT J\nAU Autor, A\nTI Bone\nER\n\nEF\n"),
    ("wos", "PT J\nAU Autor, A\nTI Bone\nRI A-1\nER\n"),
    ("enw", "%0 Journal Article\n%A Autor, A\n%T Bone\n"),
    ("enw", "%T Bone\n%A Autor, A\n%0 Journal Article\n"),
    ("ovid", "<1. >\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nTI  - Bone\nPT  - Review\n"),
    ("ovid", "<1>\nAccession Number\n  1\nTitle\n  Bone\n"),
    ("ovid", "<1>\nUI  - 12345678\nTI  - Bone\nAU  - Autor A\n"),
    ("refworks", "RT Journal Article\nSR Print(0)\nID 1\nA1 Autor,A\nT1 Bone\n"),
    ("inspec", "Record 1 - INSPEC\n\nTI ~ Bone\nAU ~ Autor, A\n"),
    ("inspec", "Record #1 of 1\nID: CN-1\nAU: Autor A\nTI: Bone\n"),
    ("inspec", "TI- Bone\nAU- Autor, A\nPY- 2001\n"),
]
_FRAGMENTS = {
    "ris": [
        "TY  - ",
        "TY - ",
        "ER  - ",
        "TI  - ",
        "AU  - ",
        "PY  - ",
        "DO  - ",
        "KW  - ",
        "\nTY  - J\n",
        "TI\t- ",
    ],
    "nbib": [
        "PMID- 1",
        "\nPMID- ",
        "OWN - ",
        "TI  - ",
        "FAU - ",
        "AU  - ",
        "DP  - ",
        "AID - ",
        "      ",
        "MH  - *",
    ],
    "wos": [
        "FN ISI",
        "\nPT J\n",
        "AU ",
        "AF ",
        "TI ",
        "   ",
        "ER",
        "EF",
        "UT WOS:1",
        "BP 1",
        "\nER\n",
        "UK 1",
    ],
    "enw": ["%0 ", "%T ", "%A ", "%X ", "%", "\n%0 Book\n", "%D ", "%K "],
    "ovid": [
        "<1>",
        "<2. >",
        "\nTitle\n  ",
        "\nAuthor\n  ",
        "\nSource\n  ",
        "TI  - ",
        "AU  - ",
        "SO  - ",
        ";",
        "MD",
    ],
    "refworks": ["RT Book", "\nRT ", "T1 ", "A1 ", "YR ", "AB ", "K1 "],
    "inspec": ["Record 1 INSPEC", "\nTI ~ ", "AU ~ ", "TI: ", "AU: ", "TI- ", "AU- ", "SO: ", "PY: "],
}
_ANYWHERE = [
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "x",
    "é",
    "\u202e",
    "\ufeff",
    " ",
    "\u00a0",
    "2001",
    "10.1000/x",
    ",",
    ".",
]


@pytest.mark.parametrize(("name", "text"), _SAMPLES)
def test_one_format_alone_is_recognised(name: str, text: str) -> None:
    assert [other for other, looks_like in _LOOKS.items() if looks_like(text)] == [name]


@pytest.mark.parametrize(("name", "text"), _SAMPLES)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_line_ends_and_encodings_change_nothing(name: str, text: str, newline: str, encoding: str) -> None:
    written = text.replace("Bone", "Größe des Knochens").replace("\n", newline)
    parsed = parse_bytes(written.encode(encoding), "export")
    assert (parsed.format, [record.title for record in parsed.records]) == (name, ["Größe des Knochens"])


@pytest.mark.parametrize("name", _READERS)
@settings(max_examples=150)
@given(data=st.data())
def test_any_text_is_read_or_refused(name: str, data: st.DataObject) -> None:
    pieces = st.lists(st.sampled_from(_FRAGMENTS[name] + _ANYWHERE), max_size=30)
    text = "".join(data.draw(pieces))
    try:
        records, problems = _READERS[name](text)
    except UnreadableFile:
        return
    n_lines = text.count("\n") + text.count("\r") + 1
    assert all(record.raw and record.raw in text and 1 <= record.line <= n_lines for record in records)
    assert all(1 <= problem.line <= n_lines and problem.reason for problem in problems)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(["TI  - a", "AU  - b, c", "N1  - d", "words", ""])), st.booleans())
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_records_and_losses_are_as_many_as_the_file_begins(
    records: list[tuple[list[str], bool]], newline: str
) -> None:
    text = newline.join(
        line
        for lines, is_ended in records
        for line in ("TY  - JOUR", *lines, *(["ER  - ", ""] if is_ended else []))
    )
    read, problems = read_ris(text)
    assert len(read) + sum(problem.lost for problem in problems) == len(records)


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("ris", "TY  - J\n"),
        ("nbib", "PMID- 1\nTI  - a\n\n"),
        ("wos", "PT J\nTI a\nER\n"),
        ("enw", "%0 J\n%T a\n\n"),
        ("ovid", "<1>\nTitle\n  a\n"),
        ("refworks", "RT J\nT1 a\n\n"),
        ("inspec", "Record 1\nTI ~ a\n"),
    ],
)
def test_more_records_than_can_be_imported_are_refused(
    name: str, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.domain.parsing.limits.MAX_RECORDS", 20)
    with pytest.raises(UnreadableFile, match="more than 20 records"):
        _READERS[name](record * 21)
