"""Tables whose columns a person assigns."""

from __future__ import annotations

import pytest

from reviewsite.workspace.models import AuditEvent, Review, User
from reviewsite.workspace.refused import Refused
from screening.models import ImportBatch, Record, Source
from screening.queries.imports import preview_of
from screening.services.imports import confirm, read_columns
from tests.screening.importing import Commit, Import, embase, handed_in, imported, medline, ris

__all__ = ["embase", "handed_in", "imported", "medline"]

UNKNOWN = b"Werk,Wer,Wann,DOI\nA title of its own,Example A,2011,10.9999/ex.1\nAnother,Example B,2012,\n"
KNOWN = b"Title,Year,Remark,Notes\nOne,2011,first,kept\nTwo,2012,second,kept too\n"


@pytest.fixture
def choose(owner: User, review: Review, django_capture_on_commit_callbacks: Commit) -> Import:
    """Assign columns and let the file be read again."""

    def assign(batch: ImportBatch, **columns: str) -> ImportBatch:
        with django_capture_on_commit_callbacks(execute=True):
            read_columns(user=owner, review=review, batch=batch, columns=columns)
        batch.refresh_from_db()
        return batch

    return assign


def fields_of(batch: ImportBatch) -> dict[str, str]:
    preview = preview_of(batch)
    assert preview is not None
    return {column.header: column.field for column in preview.columns}


def test_preview_names_each_column_with_its_field_and_examples(handed_in: Import, medline: Source) -> None:
    preview = preview_of(handed_in(medline, "a.csv", KNOWN))
    assert preview is not None
    assert [(each.header, each.field, each.examples) for each in preview.columns] == [
        ("Title", "title", ["One", "Two"]),
        ("Year", "year", ["2011", "2012"]),
        ("Remark", "", ["first", "second"]),
        ("Notes", "notes", ["kept", "kept too"]),
    ]
    assert preview.unread_columns == ["Remark"]


def test_file_that_is_no_table_has_no_columns(handed_in: Import, medline: Source) -> None:
    preview = preview_of(handed_in(medline, "a.ris", ris("One")))
    assert preview is not None
    assert preview.columns == []


def test_table_without_known_columns_is_read_once_they_are_assigned(
    handed_in: Import, choose: Import, owner: User, review: Review, medline: Source,
    django_capture_on_commit_callbacks: Commit,
) -> None:  # fmt: skip
    batch = handed_in(medline, "unknown.csv", b"Werk,Wer,Wann\nA title of its own,Example A,2011\n")
    assert (batch.state, batch.n_read) == ("unreadable", None)
    assert fields_of(batch) == {"Werk": "", "Wer": "", "Wann": ""}
    choose(batch, Werk="title", Wer="authors", Wann="year")
    assert (batch.state, batch.n_in_file, batch.n_read, batch.problem) == ("preview", 1, 1, "")
    with django_capture_on_commit_callbacks(execute=True):
        confirm(user=owner, review=review, batch=batch)
    record = Record.objects.get()
    assert (record.title, record.authors, record.year) == ("A title of its own", ["Example, A"], 2011)


def test_assigned_columns_override_recognised_ones(
    handed_in: Import, choose: Import, medline: Source
) -> None:
    batch = choose(handed_in(medline, "a.csv", KNOWN), Title="abstract", Remark="title", Year="")
    preview = preview_of(batch)
    assert preview is not None
    assert [(row["title"], row["year"]) for row in preview.records] == [("first", None), ("second", None)]
    assert batch.column_mapping == {"Title": "abstract", "Remark": "title", "Year": ""}


def test_next_file_of_the_source_starts_with_the_columns_of_the_last(
    handed_in: Import, choose: Import, medline: Source, embase: Source
) -> None:
    choose(handed_in(medline, "first.csv", UNKNOWN), Werk="title", Wer="authors", Wann="year")
    second = handed_in(medline, "second.csv", UNKNOWN + b"A third,Example C,2013,\n")
    preview = preview_of(second)
    assert preview is not None
    assert [(each.header, each.field, each.is_remembered) for each in preview.columns] == [
        ("Werk", "title", True),
        ("Wer", "authors", True),
        ("Wann", "year", True),
        ("DOI", "doi", False),
    ]
    assert (second.state, second.n_read) == ("preview", 3)
    assert fields_of(handed_in(embase, "other.csv", UNKNOWN))["Werk"] == ""


def test_column_given_back_to_what_was_recognised_is_not_remembered(
    handed_in: Import, choose: Import, medline: Source
) -> None:
    batch = choose(handed_in(medline, "a.csv", KNOWN), Remark="keywords")
    choose(batch, Title="title", Year="year", Remark="", Notes="notes")
    medline.refresh_from_db()
    assert (batch.column_mapping, medline.column_mapping) == ({}, {})


def test_columns_of_other_tables_of_the_source_stay_remembered(
    handed_in: Import, choose: Import, medline: Source
) -> None:
    choose(handed_in(medline, "first.csv", UNKNOWN), Werk="title")
    choose(handed_in(medline, "a.csv", KNOWN), Remark="keywords")
    medline.refresh_from_db()
    assert medline.column_mapping == {"Werk": "title", "Remark": "keywords"}


def test_assignment_stands_in_the_audit_feed(handed_in: Import, choose: Import, medline: Source) -> None:
    choose(handed_in(medline, "a.csv", KNOWN), Remark="keywords")
    event = AuditEvent.objects.get(action="read_columns")
    assert event.detail == {"columns": {"Remark": "keywords"}}


@pytest.mark.parametrize("columns", [{"Title": "verdict"}, {"Headline": "title"}])
def test_unknown_field_or_header_is_refused(
    handed_in: Import, choose: Import, medline: Source, columns: dict[str, str]
) -> None:
    batch = handed_in(medline, "a.csv", KNOWN)
    with pytest.raises(Refused, match="other columns"):
        choose(batch, **columns)


def test_only_tables_that_wait_have_columns_to_assign(
    handed_in: Import, imported: Import, choose: Import, medline: Source
) -> None:
    with pytest.raises(Refused, match="Only the columns of a table"):
        choose(handed_in(medline, "a.ris", ris("One")), Title="title")
    with pytest.raises(Refused, match="Only the columns of a table"):
        choose(imported(medline, "a.csv", KNOWN), Title="title")
