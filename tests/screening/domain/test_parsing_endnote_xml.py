"""Check that EndNote XML is read as EndNote, Zotero, Mendeley and Bookends write it."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_bytes

_STYLE = '<style face="normal" font="default" size="100%">'
_STYLED = f"""<record>
<database name="My.enl" path="C:\\My.enl">My.enl</database><source-app name="EndNote">EndNote</source-app>
<rec-number>1</rec-number><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>{_STYLE}Autor, Anna</style></author>
<author>{_STYLE}Bone Group,</style></author></authors>
<secondary-authors><author>{_STYLE}Drit, C.</style></author></secondary-authors></contributors>
<titles><title>{_STYLE}Bone </style><style face="italic">cement</style>{_STYLE} today</style></title>
<secondary-title>{_STYLE}J Bone</style></secondary-title></titles>
<periodical><full-title>{_STYLE}Journal of Bones</style></full-title></periodical>
<pages>{_STYLE}10-19</style></pages><volume>{_STYLE}4</style></volume><number>{_STYLE}2</style></number>
<keywords><keyword>{_STYLE}spine</style></keyword><keyword>{_STYLE}pain&#xD;bone</style></keyword></keywords>
<dates><year>{_STYLE}2012</style></year></dates><isbn>{_STYLE}1234-5678&#xD;8765-4321</style></isbn>
<accession-num>{_STYLE}12345678</style></accession-num><abstract>{_STYLE}First.&#xD;Second.</style></abstract>
<notes>{_STYLE}Read it</style></notes><label>{_STYLE}B1</style></label>
<urls><pdf-urls><url>internal-pdf://x.pdf</url></pdf-urls>
<related-urls><url>{_STYLE}https://example.org/1</style></url></related-urls></urls>
<electronic-resource-num>{_STYLE}https://doi.org/10.1000/ABC</style></electronic-resource-num>
<remote-database-name>{_STYLE}Medline</style></remote-database-name>
<language>{_STYLE}eng</style></language></record>"""
_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<xml><records>'


def _read(*records: str, head: str = _HEAD) -> ParsedFile:
    parsed = parse_bytes(f"{head}{''.join(records)}</records></xml>".encode())
    assert parsed.format == "endnote_xml"
    assert len(parsed.records) + parsed.n_lost == parsed.n_in_file
    return parsed


def _record(inside: str) -> ParsedRecord:
    return _read(f'<record><ref-type name="Book">6</ref-type>{inside}</record>').records[0]


def test_every_field_is_read_and_styles_are_joined() -> None:
    assert _read(_STYLED).records == (
        ParsedRecord(
            title="Bone cement today",
            authors=("Autor, Anna", "Bone Group"),
            year=2012,
            journal="Journal of Bones",
            volume="4",
            issue="2",
            pages="10-19",
            doi="10.1000/abc",
            pmid="12345678",
            abstract="First.\nSecond.",
            keywords=("spine", "pain", "bone"),
            url="https://example.org/1",
            type="Journal Article",
            language="eng",
            accession="12345678",
            isbn_issn="1234-5678; 8765-4321",
            database="Medline",
            notes=("Read it",),
            others=(("secondary-authors", "Drit, C."), ("label", "B1")),
            raw=_STYLED,
            line=2,
        ),
    )


def test_records_without_styles_say_the_same() -> None:
    bare = _STYLED.replace(_STYLE, "").replace('<style face="italic">', "").replace("</style>", "")
    assert _read(bare).records == (_read(_STYLED).records[0]._replace(raw=bare),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    text = f"{_HEAD}{_STYLED}\n{_STYLED}</records></xml>".replace("cement", "cément")
    first, second = parse_bytes(text.replace("\n", newline).encode(encoding)).records
    assert (first.title, first.line, second.line) == ("Bone cément today", 2, 2 + _STYLED.count("\n") + 1)


@pytest.mark.parametrize(
    ("inside", "journal"),
    [
        ("<titles><title>x</title><secondary-title>Bones</secondary-title></titles>", "Bones"),
        ("<titles><title>x</title></titles><periodical><abbr-1>J Bone</abbr-1></periodical>", "J Bone"),
        ("<titles><title>x</title><alt-title>Bones</alt-title></titles><periodical/>", "Bones"),
    ],
)
def test_journals(inside: str, journal: str) -> None:
    assert _record(inside).journal == journal


@pytest.mark.parametrize(
    ("inside", "doi", "pmid"),
    [
        ("<urls><web-urls><url>http://dx.doi.org/10.1000/x</url></web-urls></urls>", "10.1000/x", ""),
        (
            "<urls><web-urls><url>https://pubmed.ncbi.nlm.nih.gov/123456/</url></web-urls></urls>",
            "",
            "123456",
        ),
        ("<electronic-resource-num>doi: 10.1000/x</electronic-resource-num>", "10.1000/x", ""),
        ("<accession-num>12345678</accession-num>", "", ""),
        ("<notes>PMID: 1234567</notes><titles><title>x</title></titles>", "", "1234567"),
    ],
)
def test_identifiers(inside: str, doi: str, pmid: str) -> None:
    record = _record(inside)
    assert (record.doi, record.pmid) == (doi, pmid)


def test_the_date_gives_the_year_where_the_year_is_missing() -> None:
    inside = "<titles><title>x</title></titles><dates><pub-dates><date>12 May 2004</date></pub-dates></dates>"
    assert _record(inside).year == 2004


def test_editors_are_no_authors() -> None:
    inside = (
        "<titles><title>x</title></titles>"
        "<contributors><secondary-authors><author>Drit, C.</author></secondary-authors></contributors>"
    )
    assert (_record(inside).authors, _record(inside).others) == ((), (("secondary-authors", "Drit, C."),))


def test_a_name_is_never_cut_at_a_semicolon() -> None:
    inside = (
        "<titles><title>x</title></titles><contributors><authors><author>Dept; Bones</author>"
        "<author>Autor, A&#xD;Zweit, B</author></authors></contributors>"
    )
    assert _record(inside).authors == ("Dept; Bones", "Autor, A", "Zweit, B")


def test_a_year_that_is_not_understood_leaves_one_remark() -> None:
    parsed = _read("<record><titles><title>x</title></titles><dates><year>in press</year></dates></record>")
    assert [problem.reason for problem in parsed.problems] == [
        "The year “in press” is not understood: the record is read without a year."
    ]


def test_a_record_that_is_not_well_formed_costs_no_other() -> None:
    broken = "\n<record><titles><title>x</titles></record>\n"
    parsed = _read(_STYLED, broken, _STYLED)
    line = 2 + _STYLED.count("\n") + 1
    assert (len(parsed.records), [(problem.line, problem.lost) for problem in parsed.problems]) == (
        2,
        [(line, True)],
    )


def test_a_record_that_says_nothing_is_a_lost_problem() -> None:
    parsed = _read("<record><titles/></record>", "<record/>", _STYLED)
    assert (len(parsed.records), parsed.n_lost) == (1, 2)


def test_entities_are_refused() -> None:
    head = '<!DOCTYPE xml [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><records>'
    with pytest.raises(UnreadableFile, match="declares entities"):
        _read(_STYLED, head=head)


def test_a_file_without_records_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="neither of PubMed nor of EndNote"):
        parse_bytes(b"<xml><records></records></xml>")
