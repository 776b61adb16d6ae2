"""The bytes of single records, and what other programs' libraries make of the files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from screening.domain.parsing import parse_bytes
from screening.domain.vocabulary import Stage, Status, Verdict
from screening.domain.writing.layouts import Layout, write
from screening.domain.writing.model import ExportDecision, ExportFacts, ExportOutcome, ExportRecord
from screening.domain.writing.table import COLUMNS
from screening.domain.writing.types import bibtex_type, ris_type
from screening.render.workbook import write_workbook
from tests.screening.domain.writing.normal import RECORDS

FACTS = ExportFacts(
    review="cement", title="Cement", made_at="2026-01-05T09:00:00+00:00", n_records=1, filter={"q": "=1+1"}
)
RECORD = ExportRecord(
    id="cement-7",
    number=7,
    title="Cement & care: 5 % of {all}",
    authors=("Example, Anna", "Health Institute", "Beispiel, Bert, Jr."),
    year=2012,
    journal="Journal of Examples",
    volume="4",
    issue="2",
    pages="10-19",
    doi="10.1000/abc_1",
    pmid="123",
    abstract="AIM: to test.\nAB - no field",
    keywords=("spine", "Fractures, Spontaneous"),
    url="https://example.org/1",
    type="Journal Article",
    language="English",
    accession="CN-01",
    isbn_issn="1234-567X",
    database="MEDLINE",
    sources=("MEDLINE", "Embase"),
    databases=("MEDLINE",),
    duplicates=("cement-9",),
    outcomes=(
        ExportOutcome(Stage.TITLE_ABSTRACT, Status.INCLUDED),
        ExportOutcome(Stage.FULL_TEXT, Status.EXCLUDED, "Wrong population"),
    ),
)
DECISION = ExportDecision(
    reviewer="Reviewer A",
    stage=Stage.FULL_TEXT,
    verdict=Verdict.EXCLUDE,
    reason="Wrong population",
    on="2026-01-04",
)
RIS = """TY  - JOUR
AU  - Example, Anna
AU  - Health Institute
AU  - Beispiel, Bert, Jr.
TI  - Cement & care: 5 % of {all}
T2  - Journal of Examples
PY  - 2012
VL  - 4
IS  - 2
SP  - 10
EP  - 19
SN  - 1234-567X
DO  - 10.1000/abc_1
UR  - https://example.org/1
AB  - AIM: to test.
      AB - no field
KW  - spine
KW  - Fractures, Spontaneous
LA  - English
AN  - CN-01
C2  - 123
DB  - MEDLINE
M3  - Journal Article
ID  - cement-7
N1  - WORKBENCH-ID: cement-7
N1  - WORKBENCH-STAGE: full text
N1  - WORKBENCH-STATUS: excluded
N1  - WORKBENCH-DECISION: exclude
N1  - WORKBENCH-REASON: Wrong population
N1  - WORKBENCH-SOURCE: MEDLINE
N1  - WORKBENCH-SOURCE: Embase
N1  - WORKBENCH-DUPLICATE: cement-9
ER  -\x20

"""
BIBTEX = r"""@article{cement-7,
  title = {Cement \& care: 5 \% of \{all\}},
  author = {Example, Anna and {Health Institute} and Beispiel, Jr., Bert},
  year = {2012},
  journal = {Journal of Examples},
  volume = {4},
  number = {2},
  pages = {10--19},
  doi = {10.1000/abc_1},
  pmid = {123},
  issn = {1234-567X},
  url = {https://example.org/1},
  language = {English},
  keywords = {spine; Fractures, Spontaneous},
  accession = {CN-01},
  database = {MEDLINE},
  abstract = {AIM: to test.
      AB - no field},
  annote = {WORKBENCH-ID: cement-7
WORKBENCH-STAGE: full text
WORKBENCH-STATUS: excluded
WORKBENCH-DECISION: exclude
WORKBENCH-REASON: Wrong population
WORKBENCH-SOURCE: MEDLINE
WORKBENCH-SOURCE: Embase
WORKBENCH-DUPLICATE: cement-9}
}

"""
slow = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))


def text_of(layout: Layout, *records: ExportRecord, facts: ExportFacts = FACTS) -> str:
    return "".join(write(layout, records, facts))


def lines_of(
    layout: Layout, tag: str, record: ExportRecord = RECORD, facts: ExportFacts = FACTS
) -> list[str]:
    start = f"{tag}  - "
    lines = text_of(layout, record, facts=facts).split("\r\n")
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


# RIS


def test_the_text_of_a_ris_record() -> None:
    assert text_of(Layout.COMPLETE_RIS, RECORD) == RIS.replace("\n", "\r\n")


def test_ris_for_endnote_ends_groups_in_a_comma_and_fills_its_columns() -> None:
    assert lines_of(Layout.ENDNOTE, "AU") == ["Example, Anna", "Health Institute,", "Beispiel, Bert, Jr."]
    assert lines_of(Layout.ENDNOTE, "LB") == ["cement-7"]
    assert lines_of(Layout.ENDNOTE, "C1") == ["exclude"]
    assert lines_of(Layout.ENDNOTE, "C1", facts=replace(FACTS, stage=Stage.TITLE_ABSTRACT)) == ["include"]


@pytest.mark.parametrize("layout", [Layout.RAYYAN_RIS, Layout.COVIDENCE, Layout.REVMAN])
def test_ris_for_screening_elsewhere_says_nothing_of_the_outcome(layout: Layout) -> None:
    assert lines_of(layout, "N1") == ["WORKBENCH-ID: cement-7"]


@pytest.mark.parametrize(
    ("outcomes", "label"),
    [
        ((ExportOutcome(Stage.FULL_TEXT, Status.INCLUDED),), "ASReview_relevant"),
        ((ExportOutcome(Stage.FULL_TEXT, Status.EXCLUDED),), "ASReview_irrelevant"),
        ((ExportOutcome(Stage.FULL_TEXT, Status.CONFLICT),), "ASReview_not_seen"),
        ((), "ASReview_not_seen"),
    ],
)
def test_ris_for_asreview_has_its_labels(outcomes: tuple[ExportOutcome, ...], label: str) -> None:
    assert lines_of(Layout.ASREVIEW_RIS, "N1", replace(RECORD, outcomes=outcomes))[1:] == [label]


def test_single_decisions_stand_in_notes_that_are_not_taken_for_the_outcome() -> None:
    notes = lines_of(Layout.COMPLETE_RIS, "N1", replace(RECORD, decisions=(DECISION,)))
    told = "Reviewer A | full text | exclude | Wrong population | 2026-01-04 | blind"
    assert notes[-1] == f"WORKBENCH-DECISION-BY: {told}"
    assert [note for note in notes if note.startswith("WORKBENCH-DECISION:")] == [
        "WORKBENCH-DECISION: exclude"
    ]


@pytest.mark.parametrize("pages", ["e12", "10-", "-19", "10–19", "7-7", "no-specified", "1-2-3", "S1 -S5"])
def test_pages_that_are_no_plain_range_stay_whole(pages: str) -> None:
    record = replace(RECORD, pages=pages)
    assert parse_bytes(text_of(Layout.COMPLETE_RIS, record).encode()).records[0].pages == pages


def rispy_values(record: ExportRecord) -> tuple[object, ...]:
    (found,) = rispy.loads(text_of(Layout.COMPLETE_RIS, record))
    return (
        found.get("title") or found.get("primary_title", ""),
        tuple(found.get("authors", ())),
        int(found["year"]) if "year" in found else None,
        found.get("doi", ""),
        tuple(found.get("keywords", ())),
    )


@given(record=RECORDS)
@slow
def test_rispy_reads_the_same_from_ris(record: ExportRecord) -> None:
    expected = (record.title, record.authors, record.year, record.doi, record.keywords)
    assert rispy_values(record) == expected


def test_rispy_finds_every_record_and_no_tag_that_it_does_not_know() -> None:
    found = rispy.loads(text_of(Layout.COMPLETE_RIS, *[RECORD] * 30))
    assert len(found) == 30
    assert "unknown_tag" not in found[0]


# BibTeX


def test_the_text_of_a_bibtex_entry() -> None:
    assert text_of(Layout.COMPLETE_BIBTEX, RECORD) == BIBTEX


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Example, A.", "Example, A."),
        ("World Health Organization", "{World Health Organization}"),
        ("Ministry of Health and Welfare", "{{Ministry of Health and Welfare}}"),
        ("Example, Anna, III", "Example, III, Anna"),
        ("Example, Jr.", "{Example, Jr.}"),
        ("& Sons", "{{}\\& Sons}"),
        ("['a', 'b']", "{['a', 'b']}"),
    ],
)
def test_names_in_bibtex(name: str, written: str) -> None:
    text = text_of(Layout.COMPLETE_BIBTEX, replace(RECORD, authors=(name,)))
    assert f"  author = {{{written}}},\n" in text
    assert parse_bytes(text.encode()).records[0].authors == (name,)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("{a} \\ b", r"\{a\} {\textbackslash} b"),
        ("one { alone", r"one {$\lbrace$} alone"),
        ("a--b ''c'' ~ ^", r"a-{}-b '{}'c'{}' {\textasciitilde} {\textasciicircum}"),
        ("@article{x", r"{@}article{$\lbrace$}x"),
    ],
)
def test_signs_of_tex_are_escaped(title: str, written: str) -> None:
    assert f"  title = {{{written}}},\n" in text_of(Layout.COMPLETE_BIBTEX, replace(RECORD, title=title))


def test_entry_without_a_title_keeps_its_book() -> None:
    record = replace(RECORD, title="", type="CHAP", journal="Book of Examples")
    read = parse_bytes(text_of(Layout.COMPLETE_BIBTEX, record).encode()).records[0]
    assert (read.title, read.journal) == ("", "Book of Examples")


WORDS = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=2, max_size=8)
TITLES = st.lists(st.one_of(WORDS, st.sampled_from(["&", "%", "$", "#", "{x}", "a_b"])), min_size=1).map(
    " ".join
)


@given(title=TITLES, last=WORDS, first=WORDS, year=st.integers(1000, 2100))
@slow
def test_bibtexparser_reads_the_same_from_bibtex(title: str, last: str, first: str, year: int) -> None:
    record = replace(RECORD, title=title, authors=(f"{last}, {first}", f"{first}, {last}"), year=year)
    library = bibtexparser.parse_string(
        text_of(Layout.COMPLETE_BIBTEX, record),
        append_middleware=[SeparateCoAuthors(), LatexDecodingMiddleware()],
    )
    (entry,) = library.entries
    assert library.failed_blocks == []
    fields = {name: entry[name] for name in ("title", "author", "year", "doi", "pages")}
    assert (entry.entry_type, entry.key, fields) == (
        "article",
        "cement-7",
        {
            "title": title,
            "author": [f"{last}, {first}", f"{first}, {last}"],
            "year": str(year),
            "doi": "10.1000/abc_1",
            "pages": "10–19",
        },
    )


def test_bibtexparser_finds_every_entry_under_a_key_of_its_own() -> None:
    records = [replace(RECORD, id=f"cement-{number}", number=number) for number in range(30)]
    library = bibtexparser.parse_string(text_of(Layout.COMPLETE_BIBTEX, *records))
    assert ([entry.key for entry in library.entries], library.failed_blocks) == (
        [record.id for record in records],
        [],
    )


# Types


@pytest.mark.parametrize(
    ("given_type", "ris", "bibtex"),
    [
        ("JOUR", "JOUR", "article"),
        ("chap", "CHAP", "incollection"),
        ("Journal Article", "JOUR", "article"),
        ("Randomized Controlled Trial", "JOUR", "article"),
        ("Conference Paper", "CPAPER", "inproceedings"),
        ("Book Section", "CHAP", "incollection"),
        ("phdthesis", "THES", "phdthesis"),
        ("techreport", "RPRT", "techreport"),
        ("Web Page", "ELEC", "misc"),
        ("Something else", "GEN", "misc"),
        ("", "GEN", "misc"),
    ],
)
def test_types_are_translated(given_type: str, ris: str, bibtex: str) -> None:
    assert (ris_type(given_type, has_journal=False), bibtex_type(given_type, has_journal=False)) == (
        ris,
        bibtex,
    )


def test_type_that_is_not_known_follows_the_journal() -> None:
    assert (ris_type("?", has_journal=True), bibtex_type("", has_journal=True)) == ("JOUR", "article")


@given(st.text(), st.booleans())
def test_translated_type_stays_as_it_is(text: str, has_journal: bool) -> None:
    translated = ris_type(text, has_journal=has_journal)
    assert ris_type(translated, has_journal=not has_journal) == translated


# Tables


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_has_a_mark_its_line_ends_and_the_columns_of_the_codebook() -> None:
    text = text_of(Layout.COMPLETE_CSV, RECORD)
    assert text.startswith("\ufeffworkbench_id,record_number,title,")
    assert text.endswith("\r\n")
    header, row = rows_of(text)
    assert header == [column.name for column in COLUMNS]
    assert dict(zip(header, row, strict=True)) | {"abstract": ""} == {
        "workbench_id": "cement-7",
        "record_number": "7",
        "title": "Cement & care: 5 % of {all}",
        "authors": "Example, Anna; Health Institute; Beispiel, Bert, Jr.",
        "year": "2012",
        "journal": "Journal of Examples",
        "volume": "4",
        "issue": "2",
        "pages": "10-19",
        "doi": "10.1000/abc_1",
        "pmid": "123",
        "abstract": "",
        "keywords": "spine; Fractures, Spontaneous",
        "url": "https://example.org/1",
        "type": "Journal Article",
        "language": "English",
        "accession_number": "CN-01",
        "issn_isbn": "1234-567X",
        "database": "MEDLINE",
        "sources": "MEDLINE; Embase",
        "all_databases": "MEDLINE",
        "duplicates": "cement-9",
        "duplicate_of": "",
        "title_abstract_status": "included",
        "full_text_status": "excluded",
        "exclusion_reason": "Wrong population",
        "remark": "",
    }


@pytest.mark.parametrize("layout", [Layout.COMPLETE_CSV, Layout.RAYYAN_CSV, Layout.ASREVIEW_CSV])
@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "＝1"])
def test_text_that_could_run_stands_behind_an_apostrophe(layout: Layout, title: str) -> None:
    header, row = rows_of(text_of(layout, replace(RECORD, title=title)))
    assert row[header.index("title")] == f"'{title}"


def test_csv_for_rayyan_has_its_columns_in_its_order() -> None:
    header, row = rows_of(text_of(Layout.RAYYAN_CSV, replace(RECORD, abstract="Text", url="")))
    assert ",".join(header) == (
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,"
        "abstract,notes"
    )
    assert row == [
        *("cement-7", RECORD.title, "2012", "", "", "Journal of Examples", "1234-567X", "4", "2", "10-19"),
        *("Example, Anna and Health Institute and Beispiel, Bert, Jr.", "https://doi.org/10.1000/abc_1"),
        *("English", "", "", "Text", "WORKBENCH-ID: cement-7"),
    ]


@pytest.mark.parametrize(
    ("stage", "label"), [(Stage.TITLE_ABSTRACT, "1"), (Stage.FULL_TEXT, "0"), (None, "0")]
)
def test_csv_for_asreview_labels_the_outcome_of_the_stage(stage: Stage | None, label: str) -> None:
    header, row = rows_of(text_of(Layout.ASREVIEW_CSV, RECORD, facts=replace(FACTS, stage=stage)))
    assert header == [
        *("workbench_id", "title", "abstract", "authors", "keywords", "year", "doi", "url", "included")
    ]
    assert row[-1] == label


def test_csv_for_asreview_leaves_what_is_not_settled_blank() -> None:
    record = replace(RECORD, outcomes=(ExportOutcome(Stage.TITLE_ABSTRACT, Status.CONFLICT),))
    assert rows_of(text_of(Layout.ASREVIEW_CSV, record))[1][-1] == ""


# Workbook


def workbook(*records: ExportRecord, facts: ExportFacts = FACTS) -> bytes:
    file = io.BytesIO()
    write_workbook(records, facts, file)
    return file.getvalue()


def test_equal_records_give_equal_workbooks() -> None:
    assert workbook(RECORD) == workbook(RECORD)


def test_workbook_explains_each_column_and_what_it_was_made_from() -> None:
    facts = replace(FACTS, has_decisions=True)
    book = load_workbook(io.BytesIO(workbook(replace(RECORD, decisions=(DECISION,)), facts=facts)))
    assert book.sheetnames == ["Records", "Codebook", "Export"]
    header, row = book["Records"].values
    assert row[header.index("decisions")] == (
        "Reviewer A | full text | exclude | Wrong population | 2026-01-04 | blind"
    )
    explained = list(book["Codebook"].values)
    assert explained[0] == ("Column", "Meaning", "Values", "Blank means")
    assert [line[0] for line in explained[1:]] == list(header)
    assert [line for line in explained if not all(line)] == []
    assert list(book["Export"].values)[-1] == ("Filter: q", "'=1+1")


@pytest.mark.parametrize("title", ["=1+1", "#N/A", "-1", "007", "2012-01-01", "_x0041_"])
def test_every_text_in_a_workbook_is_a_text(title: str) -> None:
    cell = load_workbook(io.BytesIO(workbook(replace(RECORD, title=title))))["Records"]["C2"]
    assert cell.data_type == "s"


def test_text_that_is_too_long_for_a_cell_is_cut_and_says_so() -> None:
    cell = load_workbook(io.BytesIO(workbook(replace(RECORD, abstract="x" * 40_000))))["Records"]["L2"]
    assert (len(cell.value), cell.value[-30:]) == (32_767, "x… [cut: a cell holds no more]"[-30:])


# JSON


def test_json_says_what_it_was_made_from() -> None:
    read = json.loads(text_of(Layout.COMPLETE_JSON, replace(RECORD, decisions=(DECISION,))))
    assert {name: value for name, value in read.items() if name != "records"} == {
        "format": "workbench-records/1",
        "review": {"slug": "cement", "title": "Cement"},
        "made_from": {
            "made_at": "2026-01-05T09:00:00+00:00",
            "n_records": 1,
            "filter": {"q": "=1+1"},
            "has_decisions": False,
        },
    }
    assert read["records"][0]["decisions"] == [
        {
            "reviewer": "Reviewer A",
            "stage": "full_text",
            "verdict": "exclude",
            "reason": "Wrong population",
            "on": "2026-01-04",
            "is_blind": True,
            "is_imported": False,
        }
    ]


def test_json_without_records_is_json() -> None:
    assert json.loads(text_of(Layout.COMPLETE_JSON))["records"] == []


def test_json_holds_one_record_per_line() -> None:
    lines = text_of(Layout.COMPLETE_JSON, RECORD, RECORD).splitlines()
    assert [json.loads(line.rstrip(","))["id"] for line in lines[2:4]] == ["cement-7", "cement-7"]


# What no layout may say


@pytest.mark.parametrize("layout", [each for each in Layout if each is not Layout.COMPLETE_XLSX])
def test_no_layout_mentions_a_decision_that_was_not_given(layout: Layout) -> None:
    assert "Reviewer A" not in text_of(layout, RECORD)
