"""Check that files are recognised by their content, and that others are refused with a clear sentence."""

from __future__ import annotations

import pytest

from screening.domain.parsing import UnreadableFile, parse_bytes

_XML = '<?xml version="1.0"?>'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TY  - JOUR\nTI  - Bone\nER  -\n", "ris"),
        ("@article{k, title={Bone}}", "bibtex"),
        ("% Encoding: UTF-8\n@STRING{a = {b}}\n@misc{k, title={Bone}}", "bibtex"),
        (
            f"{_XML}<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>",
            "pubmed_xml",
        ),
        (f"{_XML}<xml><records><record><titles><title>Bone</title></titles></record>", "endnote_xml"),
        ("Title,Year\nBone,2001\n", "csv"),
        ("Title\tYear\nBone\t2001\n", "csv"),
        ("Title;Year\nSee @article{k, in another file;2001\n", "csv"),
    ],
)
@pytest.mark.parametrize("file_name", ["upload.txt", "upload.csv", "upload.xml", "upload"])
def test_the_content_tells_the_format_and_the_name_does_not(text: str, name: str, file_name: str) -> None:
    parsed = parse_bytes(text.encode(), file_name)
    assert (parsed.format, len(parsed.records)) == (name, 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04 xl/workbook", "Excel"),
        (b"PK\x03\x04 a.txt", "ZIP"),
        (b"\x89PNG\r\n", "image"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"{\\rtf1 x}", "RTF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "declares entities"),
        (b"XX - 1\nYY- 2\nZZ - 3\nXY - A\n", "tagged export"),
        (b'[{"title": "Bone"}]', "JSON"),
        (b"\x00\x01\x02abc", "binary"),
        (b"title,year\nBo\x00ne,2001\n", "binary"),
        (b"@string{a = {b}}\n", "no record"),
    ],
)
def test_other_files_are_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        parse_bytes(data, "upload.bin")


def test_a_refusal_names_the_file() -> None:
    with pytest.raises(UnreadableFile, match=r"^scan\.pdf: This is a PDF document\."):
        parse_bytes(b"%PDF-1.7", "scan.pdf")
