"""Check that PubMed XML is read as PubMed exports it, whole and in parts."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_bytes

_ARTICLE = """<PubmedArticle>
  <MedlineCitation Status="MEDLINE">
    <PMID Version="1">0012345</PMID>
    <Article>
      <Journal>
        <ISSN>1234-5678</ISSN>
        <JournalIssue><Volume>4</Volume><Issue>2</Issue>
          <PubDate><Year>2012</Year><Month>May</Month></PubDate></JournalIssue>
        <Title>Journal of Bones</Title>
        <ISOAbbreviation>J Bone</ISOAbbreviation>
      </Journal>
      <ArticleTitle>Bone
        <i>cement</i> and CO<sub>2</sub>.</ArticleTitle>
      <Pagination><MedlinePgn>10-9</MedlinePgn></Pagination>
      <ELocationID EIdType="pii">X1</ELocationID>
      <ELocationID EIdType="doi" ValidYN="Y">10.1000/ABC</ELocationID>
      <Abstract>
        <AbstractText Label="AIM">To see <b>if</b> it holds.</AbstractText>
        <AbstractText>It did.</AbstractText>
      </Abstract>
      <AuthorList>
        <Author ValidYN="Y"><LastName>Autor</LastName><ForeName>Anna B</ForeName>
          <Initials>AB</Initials></Author>
        <Author ValidYN="N"><LastName>Author</LastName><Initials>AB</Initials></Author>
        <Author><LastName>Zweit</LastName><Initials>B</Initials><Suffix>Jr</Suffix></Author>
        <Author><CollectiveName>Bone Group, Bonn</CollectiveName></Author>
      </AuthorList>
      <Language>eng</Language><Language>ger</Language>
      <DataBankList><DataBank><AccessionNumberList><AccessionNumber>NCT00000001</AccessionNumber>
        </AccessionNumberList></DataBank></DataBankList>
      <PublicationTypeList><PublicationType>Journal Article</PublicationType>
        <PublicationType>Review</PublicationType></PublicationTypeList>
    </Article>
    <CommentsCorrectionsList>
      <CommentsCorrections RefType="Cites"><RefSource>Old one</RefSource><PMID>99</PMID></CommentsCorrections>
      <CommentsCorrections RefType="RetractionIn"><RefSource>J Bone 2013</RefSource></CommentsCorrections>
    </CommentsCorrectionsList>
    <MeshHeadingList>
      <MeshHeading><DescriptorName>Bone</DescriptorName><QualifierName>injuries</QualifierName></MeshHeading>
    </MeshHeadingList>
    <KeywordList><Keyword>cement</Keyword><Keyword>spine</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData>
    <ArticleIdList><ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList>
    <ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId>
      <ArticleId IdType="pubmed">99</ArticleId></ArticleIdList></Reference></ReferenceList>
  </PubmedData>
</PubmedArticle>"""
_HEAD = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://example.org/pubmed.dtd">
<PubmedArticleSet>
"""


def _read(*records: str, head: str = _HEAD) -> ParsedFile:
    parsed = parse_bytes(f"{head}{chr(10).join(records)}\n</PubmedArticleSet>\n".encode())
    assert parsed.format == "pubmed_xml"
    assert len(parsed.records) + parsed.n_lost == parsed.n_in_file
    return parsed


def _article(inside: str) -> ParsedRecord:
    citation = f"<MedlineCitation><PMID>1</PMID><Article>{inside}</Article></MedlineCitation>"
    record = f"<PubmedArticle>{citation}</PubmedArticle>"
    return _read(record).records[0]


def test_every_field_is_read() -> None:
    assert _read(_ARTICLE).records == (
        ParsedRecord(
            title="Bone cement and CO2.",
            authors=("Autor, Anna B", "Zweit, B Jr", "Bone Group, Bonn"),
            year=2012,
            journal="Journal of Bones",
            volume="4",
            issue="2",
            pages="10-9",
            doi="10.1000/abc",
            pmid="12345",
            abstract="AIM: To see if it holds.\nIt did.",
            keywords=("cement", "spine", "Bone/injuries"),
            type="Journal Article",
            language="eng; ger",
            isbn_issn="1234-5678",
            database="PubMed",
            others=(
                ("ISOAbbreviation", "J Bone"),
                ("PublicationTypes", "Journal Article; Review"),
                ("PMCID", "PMC1"),
                ("AccessionNumber", "NCT00000001"),
                ("RetractionIn", "J Bone 2013"),
            ),
            raw=_ARTICLE,
            line=4,
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    text = f"{_HEAD}{_ARTICLE}\n{_ARTICLE}</PubmedArticleSet>".replace("Bone Group", "Groupe dés os")
    first, second = parse_bytes(text.replace("\n", newline).encode(encoding)).records
    assert (first.authors[2], first.line) == ("Groupe dés os, Bonn", 4)
    assert second.line == 4 + _ARTICLE.count("\n") + 1


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        ("<ArticleTitle/><VernacularTitle>Knochenzement.</VernacularTitle>", "Knochenzement."),
        ("<ArticleTitle>[Bone]</ArticleTitle><VernacularTitle>Knochen</VernacularTitle>", "[Bone]"),
        (
            "<ArticleTitle>Dose <mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup>"
            "</mml:math></ArticleTitle>",
            "Dose x2",
        ),
        ("<ArticleTitle><![CDATA[p < 0.05]]></ArticleTitle>", "p < 0.05"),
    ],
)
def test_titles(inside: str, title: str) -> None:
    assert _article(inside).title == title


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998),
        ("<Year>2001</Year><Season>Spring</Season>", 2001),
        ("<MedlineDate>Spring</MedlineDate>", 2003),
    ],
)
def test_years(date: str, year: int) -> None:
    inside = (
        f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
        "<ArticleTitle>x</ArticleTitle><ArticleDate><Year>2003</Year></ArticleDate>"
    )
    assert _article(inside).year == year


def test_pages_from_first_to_last() -> None:
    assert _article("<Pagination><StartPage>4</StartPage><EndPage>9</EndPage></Pagination>").pages == "4-9"


def test_an_abstract_in_another_place_serves_where_there_is_none() -> None:
    record = (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>x</ArticleTitle></Article>"
        "<OtherAbstract><AbstractText>Text</AbstractText></OtherAbstract></MedlineCitation></PubmedArticle>"
    )
    assert _read(record).records[0].abstract == "Text"


def test_the_doi_of_the_list_of_identifiers_serves_where_the_article_has_none() -> None:
    record = (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation><PubmedData><ArticleIdList>"
        '<ArticleId IdType="doi">10.1000/x</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
    )
    assert _read(record).records[0].doi == "10.1000/x"


def test_books_and_their_chapters() -> None:
    book = (
        "<PubmedBookArticle><BookDocument><PMID>7</PMID><ArticleIdList>"
        '<ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList><Book>'
        "<Publisher><PublisherName>Example Press</PublisherName></Publisher><BookTitle>Bones</BookTitle>"
        '<PubDate><Year>2009</Year></PubDate><AuthorList Type="editors"><Author><LastName>Drit</LastName>'
        '</Author></AuthorList><AuthorList Type="authors"><Author><LastName>Autor</LastName>'
        "<ForeName>Anna</ForeName></Author></AuthorList><Isbn>978</Isbn></Book>{}</BookDocument></PubmedBookArticle>"
    )
    whole, chapter = _read(book.format(""), book.format("<ArticleTitle>Cement</ArticleTitle>")).records
    assert (whole.title, whole.journal, whole.authors, whole.year) == ("Bones", "", ("Autor, Anna",), 2009)
    assert (whole.accession, whole.isbn_issn, whole.others) == (
        "NBK1",
        "978",
        (("Publisher", "Example Press"),),
    )
    assert (chapter.title, chapter.journal) == ("Cement", "Bones")


def test_an_article_alone_and_the_older_set_are_read() -> None:
    article = "<Article><ArticleTitle>Bone</ArticleTitle></Article>"
    citation = f"<MedlineCitation><PMID>1</PMID>{article}</MedlineCitation>"
    alone = parse_bytes(f"<PubmedArticle>{citation}</PubmedArticle>".encode())
    older = parse_bytes(f"<MedlineCitationSet>{citation}{citation}</MedlineCitationSet>".encode())
    assert [record.title for record in alone.records] == ["Bone"]
    assert [record.title for record in older.records] == ["Bone", "Bone"]


def test_deleted_citations_are_remarked_on() -> None:
    parsed = _read(_ARTICLE, "<DeleteCitation><PMID>1</PMID></DeleteCitation>")
    assert (len(parsed.records), [problem.lost for problem in parsed.problems]) == (1, [False])


def test_a_record_that_is_not_well_formed_costs_no_other() -> None:
    broken = "<PubmedArticle>\n<MedlineCitation><PMID>5</MedlineCitation></PubmedArticle>"
    unclosed = "<PubmedArticle><MedlineCitation>"
    parsed = _read(_ARTICLE, broken, unclosed, _ARTICLE)
    assert [record.pmid for record in parsed.records] == ["12345", "12345"]
    at = 4 + _ARTICLE.count("\n") + 1
    assert [(problem.line, problem.lost) for problem in parsed.problems] == [(at, True), (at + 2, True)]
    assert f"(line {at + 1}: mismatched tag)" in parsed.problems[0].reason
    assert parsed.problems[0].raw == broken


def test_a_file_that_is_cut_off_keeps_its_whole_records() -> None:
    parsed = parse_bytes((_HEAD + _ARTICLE + "\n" + _ARTICLE[:400]).encode())
    assert (len(parsed.records), parsed.n_in_file) == (1, 2)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("a & b", "a & b"),
        ("p <0.05", "p <0.05"),
        ("caf&eacute;", "café"),
        ("a\x0bb&#x2;c", "abc"),
        ("&nosuch;", "&nosuch;"),
    ],
)
def test_stray_signs_are_mended_with_a_remark(written: str, title: str) -> None:
    record = (
        f"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{written}</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle>"
    )
    parsed = _read(record)
    assert (parsed.records[0].title, [problem.lost for problem in parsed.problems]) == (title, [False])


def test_a_record_that_says_nothing_is_a_lost_problem() -> None:
    parsed = _read("<PubmedArticle>text</PubmedArticle>", _ARTICLE)
    assert (len(parsed.records), parsed.n_lost, parsed.problems[0].line) == (1, 1, 4)


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY a "b">', '<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY % a SYSTEM "http://x/">'],
)
def test_entities_are_refused(entity: str) -> None:
    head = f"<?xml version='1.0'?><!DOCTYPE PubmedArticleSet [{entity}]><PubmedArticleSet>"
    with pytest.raises(UnreadableFile, match="declares entities"):
        _read(_ARTICLE, head=head)
