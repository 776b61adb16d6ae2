"""Check the names that databases and tools give to columns, and columns chosen by hand."""

from __future__ import annotations

import pytest

from screening.domain.parsing import Column, ParsedRecord, UnreadableFile, parse_bytes, table_columns


def _row(header: str, row: str) -> ParsedRecord:
    parsed = parse_bytes(f"{header}\n{row}\n".encode())
    assert (parsed.format, parsed.n_in_file, parsed.n_lost) == ("csv", 1, 0)
    return parsed.records[0]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        pytest.param(
            "PT\tAU\tAF\tTI\tSO\tDE\tID\tAB\tSN\tPY\tVL\tIS\tBP\tEP\tDI\tPM\tUT\tDT\tLA",
            "J\tAutor, A\tAutor, Anna\tBone\tBONES\tspine; pain\tHIP\tText\t1234-5678\t2012\t4\t2\t10\t19\t"
            "10.1000/x\t123\tWOS:1\tArticle\tEnglish",
            {"journal": "BONES", "pages": "10-19", "pmid": "123", "accession": "WOS:1", "type": "Article"}
            | {"keywords": ("spine", "pain"), "isbn_issn": "1234-5678", "authors": ("Autor, A",)},
            id="Web of Science",
        ),
        pytest.param(
            "Authors,Author full names,Title,Year,Source title,Volume,Issue,Art. No.,Page start,"
            "Page end,DOI,Link,"
            "Author Keywords,Index Keywords,PubMed ID,Language of Original Document,Document Type,Source,EID",
            '"Autor A.; Zweit B.","Autor, Anna (5710000001); Zweit, B (2)",Bone,2012,Bones,4,2,,10,19,'
            "10.1000/x,"
            "https://example.org/1,spine; pain,hip,123,English,Article,Scopus,2-s2.0-1",
            {"journal": "Bones", "pages": "10-19", "keywords": ("spine", "pain", "hip"), "pmid": "123"}
            | {"accession": "2-s2.0-1", "authors": ("Autor, A.", "Zweit, B.")},
            id="Scopus",
        ),
        pytest.param(
            "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,"
            "NIHMS ID,DOI",
            '123,Bone,"Autor A, Zweit BC; Bone Group.","Bones. 2012;4(2)",Autor A,Bones,2012,'
            "2012/05/01,PMC1,,10.1000/x",
            {"pmid": "123", "journal": "Bones", "authors": ("Autor, A", "Zweit, BC", "Bone Group")},
            id="PubMed",
        ),
        pytest.param(
            "Title,Author Names,Source,Source title,Publication Year,First Page,Last Page,Medline PMID,"
            "Embase Accession ID,Publication Type,Open URL Link",
            'Bone,"Autor A., Zweit B.",Bones (2012) 4:2 (10-19),Bones,2012,10,19,123,L1,Article,'
            "https://example.org/1",
            {"journal": "Bones", "pages": "10-19", "pmid": "123", "accession": "L1", "type": "Article"}
            | {"authors": ("Autor, A.", "Zweit, B."), "others": (("Source", "Bones (2012) 4:2 (10-19)"),)},
            id="Embase",
        ),
        pytest.param(
            "Author(s),Title,Source,Year,Volume,Issue,DOI,URL,Keywords",
            '"Autor A, Zweit B",Bone,Bones,2012,4,2,10.1000/x,https://example.org/1,spine',
            {"journal": "Bones", "authors": ("Autor, A", "Zweit, B"), "others": ()},
            id="Cochrane Library",
        ),
        pytest.param(
            "Title,Abstract,StoreId,ArticleType,Authors,digitalObjectIdentifier,documentType,issn,"
            "pubdate,pubtitle,"
            "startPage,volume,year,subjectTerms,DocumentURL,Database",
            "Bone,Text,77,Feature,Autor A,10.1000/x,Journal,1234-5678,May 2012,Bones,10,4,2012,spine; pain,"
            "https://example.org/1,Base",
            {"journal": "Bones", "accession": "77", "pages": "10", "database": "Base"}
            | {"keywords": ("spine", "pain"), "url": "https://example.org/1", "isbn_issn": "1234-5678"},
            id="ProQuest",
        ),
        pytest.param(
            "Title,Authors,Abstract,Published Year,Published Month,Journal,Accession Number,DOI,Ref,"
            "Covidence #,"
            "Study,Notes,Tags",
            'Bone,"Autor, A; Zweit, B",Text,2012,May,Bones,,10.1000/x,,#7,Autor 2012,'
            "Exclusion reason: late; ,hip",
            {"accession": "#7", "notes": ("Exclusion reason: late;",), "year": 2012}
            | {"others": (("Published Month", "May"), ("Study", "Autor 2012"), ("Tags", "hip"))},
            id="Covidence",
        ),
        pytest.param(
            "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,"
            "abstract,notes",
            'r-1,Bone,2012,5,1,Bones,1234-5678,4,2,10-19,"Autor, A and Zweit, B",,eng,Press,Text,'
            "RAYYAN-LABELS: hip",
            {"authors": ("Autor, A", "Zweit, B"), "notes": ("RAYYAN-LABELS: hip",), "isbn_issn": "1234-5678"},
            id="Rayyan",
        ),
        pytest.param(
            "record_id,title,abstract,authors,keywords,asreview_label",
            "3,Bone,Text,\"['Autor, A', 'Zweit, B']\",\"['spine', 'pain']\",1",
            {"keywords": ("spine", "pain"), "others": (("record_id", "3"), ("asreview_label", "1"))},
            id="ASReview",
        ),
        pytest.param(
            "Title,ParentTitle,Authors,Year,TypeName,ItemId,EPPI ID,Comments",
            "Bone,Bones,Autor A;,2012,Article,5,99,Check",
            {"journal": "Bones", "type": "Article", "accession": "99", "notes": ("Check",)},
            id="EPPI-Reviewer",
        ),
        pytest.param(
            "Key,Item Type,Publication Year,Author,Title,Publication Title,ISSN,DOI,Url,Abstract Note,"
            "Date,Pages,"
            "Library Catalog,Extra,Manual Tags,Automatic Tags",
            'K,journalArticle,2012,"Autor, A; Zweit, B",Bone,Bones,1234-5678,,https://doi.org/10.1000/x,Text,'
            "2012-05-01,10-19,PubMed,PMID: 1234567,spine,pain",
            {"doi": "10.1000/x", "pmid": "1234567", "keywords": ("spine", "pain"), "database": "PubMed"}
            | {"type": "journalArticle", "journal": "Bones"},
            id="Zotero",
        ),
        pytest.param(
            "Rank,Publication ID,DOI,PMID,Title,Source title,MeSH terms,Publication date,PubYear,"
            "Pagination,Authors,"
            "Dimensions URL",
            '500,pub.1,10.1000/x,123,Bone,Bones,Spine; Pain,2012-05-01,2012,10-19,"Autor, Anna; Zweit, Bert",'
            "https://example.org/1",
            {"accession": "pub.1", "pages": "10-19", "year": 2012, "url": "https://example.org/1"}
            | {"authors": ("Autor, Anna", "Zweit, Bert"), "keywords": ("Spine", "Pain")},
            id="Dimensions",
        ),
        pytest.param(
            "Lens ID,Title,Date Published,Publication Year,Source Title,ISSNs,Author/s,Issue Number,"
            "Start Page,"
            "End Page,External URL,PMID,DOI",
            "0-1,Bone,2012-05-01,2012,Bones,12345678;87654321,Anna Autor;Bert Zweit,2,10,19,"
            "https://example.org/1,"
            "123,10.1000/x",
            {"accession": "0-1", "pages": "10-19", "issue": "2", "isbn_issn": "12345678;87654321"}
            | {"authors": ("Anna Autor", "Bert Zweit")},
            id="Lens",
        ),
        pytest.param(
            "id,doi,display_name,publication_year,authorships.author.display_name,"
            "primary_location.source.display_name,biblio.volume,biblio.first_page,biblio.last_page,"
            "ids.pmid,type",
            "https://example.org/W1,https://doi.org/10.1000/x,Bone,2012,Anna Autor|Bert Zweit,Bones,4,10,19,"
            "https://pubmed.ncbi.nlm.nih.gov/123,article",
            {"title": "Bone", "journal": "Bones", "volume": "4", "pages": "10-19", "pmid": "123"}
            | {"authors": ("Anna Autor", "Bert Zweit")},
            id="OpenAlex",
        ),
    ],
)
def test_columns_of_databases_and_tools(header: str, row: str, expected: dict[str, object]) -> None:
    record = _row(header, row)
    assert record.title == "Bone"
    assert {name: getattr(record, name) for name in expected} == expected


def test_columns_without_a_place_are_kept_where_they_are_filled() -> None:
    record = _row("Title,Colour,Size,Year", "Bone, red ,,2001")
    assert record.others == (("Colour", "red"),)


def test_the_year_comes_from_the_next_column_where_one_does_not_say_it() -> None:
    assert _row("Title,Year,Date", "Bone,in press,2001-05").year == 2001


def test_names_of_columns_may_stand_on_several_lines() -> None:
    parsed = parse_bytes(b'"Title\n(English)",Authors,Year,Title\nBone,Autor A,2001,Cement\n')
    assert [(record.title, record.year, record.line) for record in parsed.records] == [("Cement", 2001, 3)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_chosen_by_hand(delimiter: str) -> None:
    text = (
        delimiter.join(["Was", "Wer", "Wann", "Titel"])
        + "\n"
        + delimiter.join(["Bone", "Autor A", "2001", "x"])
    )
    parsed = parse_bytes(
        text.encode(), columns={"Was": "title", "Wer": "authors", "Wann": "year", "Titel": ""}
    )
    record = parsed.records[0]
    assert (record.title, record.authors, record.year, record.others) == (
        "Bone",
        ("Autor, A",),
        2001,
        (("Titel", "x"),),
    )


def test_columns_not_chosen_by_hand_are_recognised() -> None:
    parsed = parse_bytes(b"Name,Year\nBone,2001\n", columns={"Name": "title"})
    assert (parsed.records[0].title, parsed.records[0].year) == ("Bone", 2001)


def test_columns_chosen_for_another_table_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="None of the columns"):
        parse_bytes(b"Title,Year\nBone,2001\n", columns={"Name": "title"})


def test_a_field_that_is_not_known_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="colour"):
        parse_bytes(b"Title,Year\nBone,2001\n", columns={"Title": "colour"})


def test_other_formats_ignore_columns() -> None:
    assert parse_bytes(b"TY  - JOUR\nTI  - Bone\nER  -", columns={"x": "title"}).records[0].title == "Bone"


def test_the_columns_of_a_table_are_shown_with_examples() -> None:
    data = b"Title,Colour,Year\nBone,,2001\n,red,2002\nHip,blue,2003\nArm,green,2004\nLeg,white,2005\n"
    assert table_columns(data) == (
        Column("Title", "title", ("Bone", "Hip", "Arm")),
        Column("Colour", "", ("red", "blue", "green")),
        Column("Year", "year", ("2001", "2002", "2003")),
    )


def test_a_table_without_known_columns_shows_its_first_line() -> None:
    assert table_columns(b"Was;Wann\nBone, one;2001\nHip;2002\n") == (
        Column("Was", "", ("Bone, one", "Hip")),
        Column("Wann", "", ("2001", "2002")),
    )


@pytest.mark.parametrize(
    "data",
    [
        b"TY  - JOUR\nTI  - Bone\nER  -",
        b"@article{k, title={Bone}}",
        b"Some words, and more.\nThen others.\n",
        b"<html></html>",
        b"%PDF-1.7",
        b"",
    ],
)
def test_a_file_that_is_no_table_has_no_columns(data: bytes) -> None:
    assert table_columns(data) is None
