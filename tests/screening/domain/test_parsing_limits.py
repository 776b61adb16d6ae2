"""Very long fields are cut, and it is said."""

from __future__ import annotations

import pytest

from screening.domain.parsing import parse_bytes
from screening.domain.parsing.limits import LENGTHS, MAX_DOI
from screening.models import Record


@pytest.mark.parametrize(
    ("tag", "field", "name", "limit"),
    [
        ("TI", "title", "title", "2,000"),
        ("JF", "journal", "journal", "1,000"),
        ("AB", "abstract", "abstract", "50,000"),
        ("VL", "volume", "volume", "200"),
    ],
)
def test_a_long_field_is_cut_with_a_remark_and_a_note(tag: str, field: str, name: str, limit: str) -> None:
    n = int(limit.replace(",", ""))
    parsed = parse_bytes(f"TY  - JOUR\n{tag}  - {'x' * (n + 1)}\nDO  - 10.1000/x\nTI  - Bone\nER  -".encode())
    sentence = (
        f"The {name} is longer than {limit} characters and is cut here; the text in the file has all of it."
    )
    record = parsed.records[0]
    assert (getattr(record, field), record.note) == ("x" * n, sentence)
    assert [(problem.reason, problem.lost) for problem in parsed.problems] == [(sentence, False)]
    assert "x" * (n + 1) in record.raw


def test_a_field_of_just_the_limit_is_kept() -> None:
    parsed = parse_bytes(f"TY  - JOUR\nTI  - {'x' * 2000}\nER  -".encode())
    assert (len(parsed.records[0].title), parsed.problems) == (2000, ())


def test_many_and_long_authors_and_keywords_are_cut() -> None:
    authors = "".join(f"AU  - Autor{i}, A\n" for i in range(10_001))
    keywords = "".join(f"KW  - word{i}\n" for i in range(1_001))
    text = f"TY  - JOUR\nTI  - Bone\nKW  - {'k' * 501}\n{keywords}{authors}ER  -"
    record = parse_bytes(text.encode()).records[0]
    assert (len(record.authors), len(record.keywords), len(record.keywords[0])) == (10_000, 1_000, 500)
    rest = "the text in the file has all of it."
    assert record.note.splitlines() == [
        f"There are more than 10,000 authors; the first 10,000 are kept here; {rest}",
        f"There are more than 1,000 keywords; the first 1,000 are kept here; {rest}",
        f"A keyword is longer than 500 characters and is cut here; {rest}",
    ]


def test_a_doi_that_would_be_cut_is_left_out() -> None:
    parsed = parse_bytes(f"TY  - JOUR\nTI  - Bone\nDO  - 10.1000/{'x' * 299}\nER  -".encode())
    assert parsed.records[0].doi == ""
    assert "The DOI is longer than 300 characters" in parsed.problems[0].reason


def test_the_limits_are_those_of_the_columns() -> None:
    for field, (_name, limit) in [*LENGTHS.items(), ("doi", ("DOI", MAX_DOI))]:
        column = Record._meta.get_field(field).max_length  # type: ignore[union-attr]
        assert column in {None, limit}


def test_long_notes_and_further_fields_are_cut_with_a_note() -> None:
    fields = f"title={{Bone}}, note={{{'n' * 50_001}}}, colour={{{'c' * 50_001}}}, database={{{'d' * 201}}}"
    record = parse_bytes(f"@misc{{k, {fields}}}".encode()).records[0]
    assert (len(record.notes[0]), len(record.others[1][1]), len(record.database)) == (50_000, 50_000, 200)
    assert [sentence.partition(" is ")[0] for sentence in record.note.splitlines()] == [
        "The name of the database",
        "A note",
        "A field without a place of its own",
    ]
