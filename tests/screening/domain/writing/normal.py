"""Records in their normal form: as the readers deliver them, in arbitrary text, and nothing else.

The normal form of a field is what its cleaning function returns again when it is given it:

* one-line texts: `clean` – one line, single spaces, no control, direction or byte-order marks; and no mark
  for “missing” such as “NA”, which every reader takes for an empty field;
* abstract: `clean_lines`; authors: `authors_of`; keywords: `keywords_of`; DOI: `doi_in`; address: `url_in`;
  PMID: `bare_pmid`; year: 1000 to 2100.

Left out, because no reader delivers it or every reader would add to it:

* a record by which nothing is identified, for readers report it instead of reading it;
* U+FFFE, U+FFFF and lone surrogates, which are no characters and which neither XML nor UTF-8 can hold;
* an address or accession number that names a DOI or a PMID which the record does not have: readers take the
  identifier from there, which is a gain;
* texts beyond the limits of `limits.py`.
"""

from __future__ import annotations

from hypothesis import strategies as st

from screening.domain.parsing.fields import (
    authors_of,
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    is_given,
    keywords_of,
    pmid_in,
    url_in,
)
from screening.domain.parsing.model import ParsedRecord
from screening.domain.writing.model import BIBLIOGRAPHIC, ExportRecord

# What formats, programs and readers take for their own.
FRAGMENTS = (
    *(
        "=",
        "+",
        "-",
        "@",
        "'",
        "''",
        '"',
        '""',
        "`",
        ",",
        ";",
        "|",
        "//",
        ":",
        "&",
        "%",
        "$",
        "#",
        "_",
        "{",
        "}",
    ),
    *("~", "^", "\\", "<", ">", "[", "]", "(", ")", "--", "---", " and ", " AND ", "and", " - ", "–", "\t"),
    *("=HYPERLINK(1)", "+1", "-1", "@SUM", "TY  - ", "TY - JOUR", "ER  - ", "AB - ", "T1  -", "1.", "<1>"),
    *("@article{a,", "@", "\\textbf{x}", "\\'e", "$\\alpha$", "{\\i}", "\\%", "title = {", "WORKBENCH-ID: x"),
    *(
        "['a', 'b']",
        "[a]",
        "'b'",
        "#N/A",
        "null",
        "None",
        "true",
        "1e5",
        "007",
        "3-4",
        "PMID- 1",
        "%T ",
        "FN ",
    ),
    *(
        "é",
        "ß",
        "Ω",
        "ﬁ",
        "e\u0301",
        "漢字",
        "ال",
        "😀",
        "\u200d",
        "\u00a0",
        "\u2028",
        "\u00ad",
        "x",
        "Example",
    ),
    *("Example, A.", "Jr.", "III", "(12345)", "et al.", "others", "of", "A", "B C", "10.1000/1", "no", "."),
    *("_x000D_", "_x005F_", "&amp;", "<b>", "]]>", "\\n", "\\u0041", "\\"),
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
PIECES = st.one_of(st.sampled_from(FRAGMENTS), st.text(CHARACTERS, max_size=5), st.sampled_from(" abcXYZ019"))
TEXT = st.lists(PIECES, max_size=8).map("".join)
LINE = TEXT.map(clean).map(lambda text: text if is_given(text) else "")
LINES = (
    st.lists(TEXT, max_size=4)
    .map("\n".join)
    .map(clean_lines)
    .map(lambda text: text if is_given(text) else "")
)
AUTHORS = st.lists(TEXT, max_size=4).map(lambda names: authors_of(map(clean, names)))
KEYWORDS = st.lists(TEXT, max_size=4).map(keywords_of)
PAGES = st.one_of(LINE, st.from_regex(r"[A-Z]?[0-9]{1,4}(-[A-Z]?[0-9]{1,4})?", fullmatch=True))
TYPES = st.sampled_from(
    ["", "JOUR", "CHAP", "CPAPER", "GEN", "Journal Article", "article", "Randomised trial", "?"]
)


def _is_settled(record: ExportRecord) -> bool:
    """Say whether no reader would find an identifier that the record does not have."""
    elsewhere = (record.url, record.accession, record.database)
    base = record.database.casefold()
    is_pubmed = any(word in base for word in ("medline", "pubmed", "nlm"))
    if not record.pmid and (any(map(pmid_in, elsewhere)) or (is_pubmed and bare_pmid(record.accession))):
        return False
    return bool(record.doi) or "10." not in record.url


def _is_identified(record: ExportRecord) -> bool:
    return any((record.title, record.doi, record.pmid, record.accession, record.abstract))


RECORDS = (
    st.builds(
        ExportRecord,
        id=st.just("cement-1"),
        number=st.just(1),
        title=LINE,
        authors=AUTHORS,
        year=st.one_of(st.none(), st.integers(1000, 2100)),
        journal=LINE,
        volume=LINE,
        issue=LINE,
        pages=PAGES,
        doi=TEXT.map(lambda text: doi_in(f"10.1000/{text}")),
        pmid=st.one_of(st.just(""), st.integers(1, 99_999_999).map(str)),
        abstract=LINES,
        keywords=KEYWORDS,
        url=st.one_of(st.just(""), TEXT.map(lambda text: url_in(f"https://example.org/{clean(text)}"))),
        type=TYPES,
        language=LINE,
        accession=LINE,
        isbn_issn=st.sampled_from(["", "1234-567X", "9783161484100", "1234-5678"]),
        database=LINE,
    )
    .filter(_is_settled)
    .filter(_is_identified)
)


def differences(record: ExportRecord, read: ParsedRecord, *besides: str) -> dict[str, tuple[object, object]]:
    """Return the fields that came back otherwise, each with both values."""
    return {
        name: (getattr(record, name), getattr(read, name))
        for name in BIBLIOGRAPHIC
        if name not in besides and getattr(record, name) != getattr(read, name)
    }
