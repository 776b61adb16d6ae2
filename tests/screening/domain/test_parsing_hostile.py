"""Check that whatever is handed in is read or refused with a sentence, in linear time."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.domain.parsing import UnreadableFile, limits, parse_bytes, table_columns

_FRAGMENTS = {
    "ris": ["TY  - ", "ER  - ", "TI  - ", "AU", "PY", "TY - ", "10.1000/x", "2001"],
    "csv": ['"', ",", ";", "\t", "title", "doi", "abstract", "10.1000/x", "=1+1", "@x", "sep=;"],
    "bibtex": [
        "@article{",
        "@string(",
        "@comment{",
        "k,",
        "title",
        "=",
        "{",
        "}",
        '"',
        "#",
        ",",
        "\\",
        "$",
        "a and b",
    ],
    "pubmed_xml": [
        *(
            "<PubmedArticle>",
            "</PubmedArticle>",
            "<PubmedArticle/>",
            "<ArticleTitle>",
            "</ArticleTitle>",
            "<!--",
        ),
        *(
            "<MedlineCitation>",
            "</MedlineCitation>",
            "<PMID>1</PMID>",
            "&amp;",
            "&",
            "&#x2;",
            "<![CDATA[",
            "]]>",
        ),
    ],
    "endnote_xml": [
        "<record>",
        "</record>",
        "<titles><title>x</title></titles>",
        "<year>",
        "</year>",
        "&lt;",
        "<",
    ],
}
_ANYWHERE = ["\n", "\r", "\r\n", "x", "é", "\u202e", "\ufeff", " ", "\u00a0"]
_OPENINGS = {
    "ris": "TY  - JOUR\n",
    "csv": "title,doi,year\n",
    "bibtex": "@article{a, title={x}}\n",
    "pubmed_xml": "<PubmedArticleSet>",
    "endnote_xml": "<xml><records><record><ref-type>1</ref-type>",
}


def _holds(data: bytes) -> None:
    columns = table_columns(data)
    try:
        parsed = parse_bytes(data)
    except UnreadableFile:
        return
    assert len(parsed.records) + parsed.n_lost == parsed.n_in_file
    assert all(record.raw and record.line >= 1 for record in parsed.records)
    assert columns is None or parsed.format in {"csv", "xlsx"}


@given(st.binary())
@settings(deadline=None)  # a rare encoding loads charset-normalizer
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _holds(data)


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(sum(_FRAGMENTS.values(), _ANYWHERE)), max_size=40).map("".join)
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str, encoding: str) -> None:
    _holds(text.encode(encoding, errors="ignore"))


@pytest.mark.parametrize("kind", _FRAGMENTS)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_text_of_a_kind_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.sampled_from([*_FRAGMENTS[kind], *_ANYWHERE]), max_size=40))
    _holds((_OPENINGS[kind] + "".join(pieces)).encode())


@given(st.binary(max_size=200), st.integers(0, 2000))
@settings(deadline=None)
def test_any_damage_to_an_archive_is_refused_or_harmless(damage: bytes, at: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", "title,year\nBone,2001\n")
    data = file.getvalue()
    at %= len(data)
    _holds(data[:at] + damage + data[at + len(damage) :])


# Each of about one megabyte; a reader that takes quadratic time would need hours.
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"title,year\n" + b'"a' * 500_000, id="quotation marks in one line"),
        pytest.param(b"title,year\n" + b'"a\n' * 100_000, id="quotation marks in many lines"),
        pytest.param(b"a" * 10_000_000, id="one long line"),
        pytest.param(b"title,year\n" + b"a" * 10_000_000 + b",2001", id="one long cell"),
        pytest.param(b"@article{k, title={" + b"{" * 400_000 + b"}" * 400_000 + b"}}", id="nested braces"),
        pytest.param(b"@article{k, title={" + b"{" * 1_000_000, id="open braces"),
        pytest.param(b"@article{k, title={x\n" * 5_000, id="open entries"),
        pytest.param(b"@article{k, title=" + b"a#" * 400_000 + b"b}", id="joined values"),
        pytest.param(b"@article{k, title={" + b"\\textsuperscript{" * 40_000 + b"}}", id="nested macros"),
        pytest.param(b"@article{k, title={x" + b" " * 900_000 + b"}}", id="blanks"),
        pytest.param(b"@article{k, author={" + b"{a} and " * 100_000 + b"b}}", id="authors"),
        pytest.param(b"<PubmedArticleSet>" + b"<PubmedArticle>" * 20_000, id="open records"),
        pytest.param(
            b"<PubmedArticle>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</PubmedArticle>", id="nested XML"
        ),
        pytest.param(b"<PubmedArticle>" + b"&" * 1_000_000 + b"</PubmedArticle>", id="ampersands"),
        pytest.param(b"<PubmedArticle>" + b"<!--" * 250_000 + b"</PubmedArticle>", id="comments"),
    ],
)
def test_hostile_files_take_linear_time(data: bytes) -> None:
    _holds(data)


def test_hidden_signs_that_reorder_a_text_do_not_reach_the_fields() -> None:
    texts = [
        "title,year\nBo\u202ene,2001\n",
        "@article{k, title={Bo\u202ene}, year={2001}}",
        "<record><titles><title>Bo\u202ene</title></titles></record>",
    ]
    records = [parse_bytes(text.encode()).records[0] for text in texts]
    assert [(record.title, "\u202e" in record.raw) for record in records] == [("Bone", True)] * 3


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    assert parse_bytes(b"title,year\n=HYPERLINK(1),2001\n").records[0].title == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    "text", ["title\n" + "x\n" * 11, "@misc{k, title={x}}\n" * 11, "<record><titles/></record>\n" * 11]
)
def test_a_file_of_far_too_many_records_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_RECORDS", 10)
    with pytest.raises(UnreadableFile, match="more than 10 records"):
        parse_bytes(text.encode())
