"""Check that well-formed RIS records, which are read by a short way, are read as by the long one."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from screening.domain.parsing import ParsedRecord
from screening.domain.parsing.ris import read_ris

_TAGS = (
    "AU A1 TI T1 CT JF T2 JO J1 JA PY Y1 YR DA VL IS SP EP C7 DO DI M3 L3 AB N2 KW UR LA AN U2 ID DB SN N1 "
    "PM C2 AD"
).split()
_VALUES = st.sampled_from(
    [
        *(
            "",
            "NA",
            "n/a",
            "Text",
            "Two  spaces",
            "no\u00a0break",
            "a\ttab",
            "\ufeffmark",
            "bo\u202ene",
            "\x07bell",
        ),
        *(
            "10.1000/x",
            "doi:10.1000/Y.",
            "https://doi.org/10.1000/z",
            "not-a-doi",
            "10.1000/a(1)2",
            "PMID: 123456",
        ),
        *(
            "2012",
            "2012///",
            "in press",
            "1",
            "12",
            "No",
            "Specified",
            "Autor, A",
            "Autor A",
            "A, B; C, D",
            "x;",
        ),
        *("a\rb", "\rAN  - 5", " leading", "TI  - inner", "Medline", "1234567", "https://example.org/1"),
    ]
)
_LINES = st.lists(st.tuples(st.sampled_from(_TAGS), _VALUES), max_size=8)
_TEXTS = st.tuples(
    st.lists(_LINES, min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["ER  - ", "ER  -", ""]),
)


def _bare(records: list[ParsedRecord]) -> list[ParsedRecord]:
    return [record._replace(raw="", line=0) for record in records]


@settings(max_examples=300)
@given(_TEXTS)
@example(([[("T1", "Two"), ("AB", "NA"), ("N2", "Text"), ("JF", ""), ("JO", "J")]], "\r\n", "ER  - "))
@example(([[("TI", "Two"), ("DO", "no"), ("DO", "10.1000/x"), ("PY", "?"), ("PY", "2012")]], "\n", ""))
def test_a_blank_line_sends_records_the_long_way_and_changes_nothing(
    text: tuple[list[list[tuple[str, str]]], str, str],
) -> None:
    records, newline, end = text
    short, long = (
        newline.join(
            line
            for fields in records
            for line in ("TY  - JOUR", *blank, *(f"{tag}  - {value}" for tag, value in fields), end, "")
        )
        for blank in ((), ("",))
    )
    quick, tolerant = read_ris(short), read_ris(long)
    assert _bare(quick[0]) == _bare(tolerant[0])
    assert [problem[1::2] for problem in quick[1]] == [problem[1::2] for problem in tolerant[1]]


def test_lines_are_counted_alike_on_both_ways() -> None:
    regular = "TY  - JOUR\r\nTI  - One\r\nER  - \r\n\r\n"
    irregular = "TY  - JOUR\r\nTI  - Two\r\nwords\r\nER  - \r\n"
    records, _ = read_ris(regular + irregular + regular + "TY  - JOUR\r\nTI  - Three\r\n" + regular)
    assert [(record.title, record.line) for record in records] == [
        ("One", 1),
        ("Two words", 5),
        ("One", 9),
        ("Three", 13),
        ("One", 15),
    ]


def test_the_text_of_a_record_ends_with_its_last_line() -> None:
    records, _ = read_ris("TY  - JOUR\nTI  - One\nER  - \n\n\n")
    assert records[0].raw == "TY  - JOUR\nTI  - One\nER  -"


def test_more_lines_than_are_kept_in_mind_are_read() -> None:
    names = [f"Autor{number}, A" for number in range(9_000)]
    text = "TY  - JOUR\nTI  - One\n" + "".join(f"AU  - {name}\n" for name in names) + "ER  - \n"
    assert read_ris(text)[0][0].authors == tuple(names)
