"""Check that BibTeX and BibLaTeX are read as reference managers and publishers write them."""

from __future__ import annotations

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, parse_bytes

_PLAIN = r"""% Encoding: UTF-8

@article{autor2012,
  author = {Autor, Anna and Zweit, Bert},
  title = {{Bone cement}},
  journal = {Journal of Bones},
  year = 2012,
  volume = {4},
  number = {2},
  pages = {10--19},
  doi = {https://doi.org/10.1000/ABC},
  pmid = {12345678},
  issn = {1234-5678},
  abstract = {First line.
Second line.},
  keywords = {spine, pain},
  url = {https://example.org/a\_b},
  language = {English},
  unique-id = {WOS:000000000000001},
  database = {Example base},
  note = {Cited by 3},
  publisher = {Example Press},
}
"""


def _read(text: str) -> ParsedFile:
    parsed = parse_bytes(text.encode())
    assert parsed.format == "bibtex"
    assert len(parsed.records) + parsed.n_lost == parsed.n_in_file
    return parsed


def _one(text: str) -> ParsedRecord:
    parsed = _read(text)
    assert len(parsed.records) == 1
    return parsed.records[0]


def _entry(fields: str) -> ParsedRecord:
    return _one(f"@article{{k, {fields}}}")


def _title(written: str) -> str:
    return _entry(f"title = {{{written}}}").title


def test_every_field_is_read() -> None:
    assert _one(_PLAIN) == ParsedRecord(
        title="Bone cement",
        authors=("Autor, Anna", "Zweit, Bert"),
        year=2012,
        journal="Journal of Bones",
        volume="4",
        issue="2",
        pages="10-19",
        doi="10.1000/abc",
        pmid="12345678",
        abstract="First line.\nSecond line.",
        keywords=("spine", "pain"),
        url="https://example.org/a_b",
        type="article",
        language="English",
        accession="WOS:000000000000001",
        isbn_issn="1234-5678",
        database="Example base",
        notes=("Cited by 3",),
        others=(("cite key", "autor2012"), ("publisher", "Example Press")),
        raw=_PLAIN[_PLAIN.index("@") :].rstrip(),
        line=3,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    text = (_PLAIN + _PLAIN).replace("Bone cement", "Zément osseux").replace("\n", newline)
    parsed = parse_bytes(text.encode(encoding))
    assert [(record.title, record.line) for record in parsed.records] == [
        ("Zément osseux", 3),
        ("Zément osseux", 26),
    ]


def test_the_encoding_that_a_file_declares_is_used_where_it_is_not_utf8() -> None:
    text = "% Encoding: windows-1251\n@article{k, title = {Костный цемент}}"
    assert parse_bytes(text.encode("cp1251")).records[0].title == "Костный цемент"


def test_biblatex_names_of_fields() -> None:
    record = _one(
        "@online{k, title={Bone}, subtitle={A trial}, date={2011-12}, journaltitle={Bones}, location={Bonn}, "
        "eprinttype={pubmed}, eprint={12345678}, langid={german}, eid={e12}}"
    )
    assert (record.title, record.year, record.journal, record.pmid) == (
        "Bone: A trial",
        2011,
        "Bones",
        "12345678",
    )
    assert (record.language, record.pages, record.type) == ("german", "e12", "online")
    assert ("location", "Bonn") in record.others


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (r"M{\"u}ller, P\'{e}rez, {\`a}, \^{\i}, {\~n}, \~{n}", "Müller, Pérez, à, î, ñ, ñ"),
        (r"Ba{\'n}ka, \v{S}, {\c{c}}, \c c, {\.z}, Erd{\H o}s, \k{a}", "Bańka, Š, ç, ç, ż, Erdős, ą"),
        (r"{\ss}, {\o}, \L{}, \AA ngstrom, \ae, {\OE}", "ß, ø, Ł, Ångstrom, æ, Œ"),
        (r"50\% \& 3\_4 \#5 \$6 \{x\}", "50% & 3_4 #5 $6 {x}"),
        (
            r"$\alpha$-blockers, $p < 0.05$, 10$^{-3}$, H$_2$O, 37$^{\circ}$C",
            "α-blockers, p < 0.05, 10⁻³, H₂O, 37°C",
        ),
        (r"costs of $5 to $10 a day", "costs of $5 to $10 a day"),
        (r"\textit{In vitro} and \textbf{in vivo} \textsc{Dna}", "In vitro and in vivo Dna"),
        (r"\textless{}5 \textgreater 3 \textasciitilde{}7 \textpm 2", "<5 >3 ~7 ±2"),
        (r"CO\textsubscript{2} and 2\textsuperscript{nd}", "CO₂ and 2nd"),
        (r"Pain---a ``new'' view, 1--2, A.~B, (~30)", "Pain—a “new” view, 1–2, A. B, (~30)"),
        (r"See \href{https://example.org}{the site} and \url{example.org}", "See the site and example.org"),
        (r"A {Cocker} {{Spaniel}} of {E}ngland", "A Cocker Spaniel of England"),
        (r"$\frac{1}{2}$ dose and \unknown{macro}, C:\Unknown", r"1/2 dose and macro, C:\Unknown"),
        (r"An \enquote{old} \mkbibemph{new} view", "An “old” new view"),
        (r"tilde operator \~", "tilde operator ∼"),
    ],
)
def test_latex_becomes_plain_text(written: str, title: str) -> None:
    assert _title(written) == title


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Autor, Anna and Zweit, B.", ("Autor, Anna", "Zweit, B.")),
        ("Anna B. Autor\n   and\n Bert Zweit", ("Autor, Anna B.", "Zweit, Bert")),
        ("Ludwig van der Berg and de la Cruz, Maria", ("van der Berg, Ludwig", "de la Cruz, Maria")),
        ("Autor, Jr., Anna and Zweit, Bert, III", ("Autor, Anna, Jr.", "Zweit, Bert, III")),
        ("Bert Zweit Jr.", ("Zweit, Bert, Jr.",)),
        ("Autor A and Zweit BC", ("Autor, A", "Zweit, BC")),
        (r"{\'E}mile Autor and Ba{\'n}ka, Eva", ("Autor, Émile", "Bańka, Eva")),
        (
            "{Council on Bones, Joints and Muscles} and Autor, A",
            ("Council on Bones, Joints and Muscles", "Autor, A"),
        ),
        ("Society of Bones", ("Society of Bones",)),
        ("Autor, A and others", ("Autor, A",)),
        ("{Autor, A and Zweit, B}", ("Autor, A", "Zweit, B")),
        ("Autor, A.; Zweit, B.", ("Autor, A.", "Zweit, B.")),
        ("Autor A., Zweit B. C.", ("Autor, A.", "Zweit, B. C.")),
        ("Plato", ("Plato",)),
    ],
)
def test_authors(written: str, authors: tuple[str, ...]) -> None:
    assert _entry(f"title={{x}}, author = {{{written}}}").authors == authors


def test_abbreviations_are_put_in_and_values_joined() -> None:
    record = _one(
        '@STRING(jb = "Journal of Bones")\n@string{pre = {Long }}\n'
        '@preamble{"x" # jb}\n@comment{about {this} file}\n'
        '@Article(k, TITLE = pre # "story of " # {things}, Journal = JB, year = 2001, month = "1~" # jan)'
    )
    assert (record.title, record.journal, record.year) == ("Long story of things", "Journal of Bones", 2001)
    assert ("month", "1 jan") in record.others


def test_abbreviations_of_abbreviations_do_not_grow_without_end() -> None:
    doubled = "".join(f"@string{{s{i + 1} = s{i} # s{i}}}\n" for i in range(60))
    parsed = _read("@string{s0 = {bone}}\n" + doubled + "@article{k, title={Bone}, note = s60}")
    assert (parsed.records[0].title, len(parsed.records[0].raw)) == ("Bone", 37)


def test_entries_of_one_key_are_both_kept() -> None:
    parsed = _read("@article{k, title={One}}\n@article{k, title={Two}}\n@article{,title={Three}}")
    assert [record.title for record in parsed.records] == ["One", "Two", "Three"]


def test_a_field_that_occurs_twice_loses_nothing() -> None:
    record = _entry(
        "title={Bone}, funding={First}, funding={Second}, keywords={a}, keywords={b}, key words={c}"
    )
    assert record.others == (
        ("cite key", "k"),
        ("funding", "First"),
        ("funding", "Second"),
        ("key words", "c"),
    )
    assert (record.title, record.keywords) == ("Bone", ("a", "b"))


def test_a_banner_stands_above_the_first_entry() -> None:
    assert _one("Example base\nEXPORT DATE: 1 May 2020\n\n@ARTICLE{k,\ntitle={Bone},\n}").line == 4


def test_what_a_volume_says_holds_for_its_parts() -> None:
    part, volume = _read(
        "@inproceedings{p, title={Talk}, crossref={V}}\n@proceedings{V, booktitle={Bones 2015}, year={2015}}"
    ).records
    assert (part.title, part.journal, part.year) == ("Talk", "Bones 2015", 2015)
    assert (volume.title, volume.journal) == ("Bones 2015", "")


def test_an_entry_that_is_not_closed_costs_no_other() -> None:
    parsed = _read(
        "@article{a, title={One}, year={2001},\n@article{b, title={Two}}\n"
        "@article{c, title={Three, year=2003}\n@article{d, title={Four}} @book{e, title={Five}}\n"
    )
    assert [(record.title, record.line) for record in parsed.records] == [
        ("One", 1),
        ("Two", 2),
        ("Three", 3),
        ("Four", 4),
        ("Five", 4),
    ]
    assert [(problem.line, problem.lost) for problem in parsed.problems] == [(1, False), (3, False)]
    assert (parsed.records[0].year, parsed.records[2].year) == (2001, 2003)


@pytest.mark.parametrize(
    "entry",
    [
        "@article{k title={Bone}, year={2001}}",
        "@article{k, title={Bone}\n year={2001}}",
        "@article{title={Bone}, year={2001}}",
        '@article{k, title="Bone", year="2001}',
        "@article{k, year=2001, title={Bone{}",
    ],
)
def test_fields_of_a_broken_entry_are_read_with_a_remark(entry: str) -> None:
    parsed = _read(entry)
    assert (parsed.records[0].title, parsed.records[0].year) == ("Bone", 2001)
    assert [(problem.line, problem.lost) for problem in parsed.problems] == [(1, False)]
    assert "not well-formed" in parsed.problems[0].reason


def test_text_behind_an_entry_closed_too_early_is_remarked_on() -> None:
    parsed = _read("@article{k, title={Bone}},\n year={2001}}\n\n@article{l, title={Two}}")
    assert [(problem.reason[:9], problem.raw) for problem in parsed.problems] == [
        ("This text", ",\n year={2001}}")
    ]


@pytest.mark.parametrize("entry", ["@article{k}", "@article{k, note={x}}", "@article{k, {{{{"])
def test_an_entry_that_says_nothing_is_a_lost_problem(entry: str) -> None:
    parsed = _read(f"@article{{a, title={{One}}}}\n{entry}")
    assert (len(parsed.records), parsed.n_in_file) == (1, 2)
    assert [(problem.line, problem.raw) for problem in parsed.problems] == [(2, entry)]


def test_an_entry_of_authors_alone_is_kept_with_a_remark() -> None:
    parsed = _read("@article{k, author={Autor, A}}")
    assert (parsed.records[0].authors, parsed.problems[0].lost) == (("Autor, A",), False)


def test_a_year_that_is_not_understood_leaves_one_remark() -> None:
    parsed = _read("@article{k, title={x},\n year={in press}}")
    assert [problem.reason for problem in parsed.problems] == [
        "The year “in press” is not understood: the record is read without a year."
    ]


@pytest.mark.parametrize(
    ("fields", "doi", "pmid"),
    [
        ("doi={10.1000/A\\_B}", "10.1000/a_b", ""),
        ("doi={DOI 1}, url={https://doi.org/10.1000/x}", "10.1000/x", ""),
        ("doi={10.1000/a--b~c}", "10.1000/a--b~c", ""),
        ("note={{PMID:} 23456789}", "", "23456789"),
        ("eprinttype={arxiv}, eprint={12345678}", "", ""),
    ],
)
def test_identifiers(fields: str, doi: str, pmid: str) -> None:
    record = _entry(f"title={{x}}, {fields}")
    assert (record.doi, record.pmid) == (doi, pmid)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://example.org/~a/b--c", "https://example.org/~a/b--c"),
        (r"https://example.org/{\textasciitilde}a/\~{}b/\_c\%20d\#e", "https://example.org/~a/~b/_c%20d#e"),
        (r"\url{https://example.org/a\&b=1}", "https://example.org/a&b=1"),
    ],
)
def test_addresses_keep_their_signs(written: str, url: str) -> None:
    assert _entry(f"title={{x}}, url={{{written}}}").url == url


def test_an_address_in_a_text_begins_no_entry() -> None:
    record = _entry("title={x}, abstract={Write to\n@someone (or to me)\nand a@{b}}")
    assert record.abstract == "Write to\n@someone (or to me)\nand a@b"
