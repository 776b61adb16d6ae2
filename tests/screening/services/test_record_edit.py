"""Records entered by hand and fields corrected, with what was imported kept."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reviewsite.workspace.models import AuditEvent, Review, StoredFile, User
from reviewsite.workspace.refused import Refused
from reviewsite.workspace.services.files import content_of
from reviewsite.workspace.services.reviews import make_read_only
from screening.domain.parsing import parse_bytes
from screening.domain.vocabulary import Stage, Status
from screening.models import (
    Decision,
    DuplicateJudgement,
    ImportBatch,
    PossibleDuplicate,
    Record,
    RecordCorrection,
    Source,
)
from screening.queries.record_history import history_of, version_of
from screening.services.duplicates import judge
from screening.services.imports import AlreadyHere
from screening.services.record_fields import value_of
from screening.services.records import add_record, correct_record, read_by_hand, restore_field
from screening.services.sources import record_search
from tests.screening.builders import EXCLUDE, decide, make_record, make_source, status_of

TYPED = {
    "title": "Cement or rest for broken vertebrae",
    "authors": "Example, A.\nSample B\nThe Cement Group",
    "year": "2019",
    "journal": "Journal of Examples",
    "volume": "12",
    "issue": "3",
    "pages": "123-130",
    "doi": "https://doi.org/10.1000/ABC.1",
    "pmid": "PMID: 30000001",
    "isbn_issn": "1234-5678",
    "accession": "EX1",
    "abstract": "First line.\r\nTI  - a line that looks like a tag\r\nER  - ",
    "keywords": "cement\r\nrest",
    "url": "https://example.org/a",
    "type": "JOUR",
    "language": "en",
}


@pytest.fixture
def expert(review: Review) -> Source:
    return make_source(review, "expert", kind=Source.Kind.CONTACT)


@pytest.fixture
def add(owner: User, review: Review, expert: Source) -> Callable[..., Record]:
    """Add a record by hand; what is not given is as in TYPED."""

    def by_hand(**given: object) -> Record:
        more = {name: given.pop(name) for name in ("search", "enters_at_full_text") if name in given}
        source = given.pop("source", expert)
        return add_record(
            user=owner, review=review, source=source, texts=TYPED | given, **({"search": None} | more)
        )

    return by_hand


@pytest.fixture
def correct(owner: User, review: Review) -> Callable[..., object]:
    """Correct a record as it stands now."""

    def change(record: Record, **texts: str) -> object:
        return correct_record(
            user=owner,
            review=review,
            record=record,
            texts=texts,
            reason="As printed.",
            seen=version_of(record),
        )

    return change


# By hand


def test_record_by_hand_holds_what_was_typed(add: Callable[..., Record]) -> None:
    record = add()
    assert (record.title, record.year, record.journal) == (TYPED["title"], 2019, "Journal of Examples")
    assert record.authors == ["Example, A.", "Sample, B", "The Cement Group"]
    assert (record.volume, record.issue, record.pages) == ("12", "3", "123-130")
    assert (record.doi, record.pmid) == ("10.1000/abc.1", "30000001")
    assert (record.isbn_issn, record.accession) == ("1234-5678", "EX1")
    assert " ".join(record.abstract.split()) == "First line. TI - a line that looks like a tag ER -"
    assert record.keywords == ["cement", "rest"]
    assert (record.url, record.type, record.language) == ("https://example.org/a", "JOUR", "en")


def test_file_of_a_record_by_hand_reads_as_the_record(add: Callable[..., Record]) -> None:
    record = add()
    content = content_of(record.batch.file)
    parsed = parse_bytes(content)
    (read,) = parsed.records
    assert record.raw == content.decode()
    assert (read.title, list(read.authors), read.year) == (record.title, record.authors, record.year)
    assert (read.journal, read.volume, read.issue, read.pages) == (
        "Journal of Examples",
        "12",
        "3",
        "123-130",
    )
    assert (read.doi, read.pmid, read.accession) == (record.doi, record.pmid, record.accession)
    assert (read.abstract, list(read.keywords)) == (record.abstract, record.keywords)
    assert (read.url, read.type, read.language) == (record.url, record.type, record.language)


def test_record_by_hand_is_an_import_of_its_own(
    owner: User, review: Review, expert: Source, add: Callable[..., Record]
) -> None:
    batch = add().batch
    assert (batch.state, batch.format, batch.n_in_file, batch.n_read) == ("imported", "by hand", 1, 1)
    assert (batch.source, batch.created_by, batch.file.name) == (
        expert,
        owner,
        "cement-or-rest-for-broken-vertebrae.ris",
    )


def test_record_by_hand_takes_the_next_number_and_enters_screening(
    owner: User, review: Review, add: Callable[..., Record]
) -> None:
    make_record(review, owner)
    record = add()
    assert (record.number, status_of(record)) == (2, Status.AWAITING)
    event = AuditEvent.objects.filter(review=review).last()
    assert event is not None
    assert (event.action, event.subject) == ("add_record", "record:2")


def test_record_by_hand_enters_at_full_text_if_chosen(add: Callable[..., Record]) -> None:
    record = add(enters_at_full_text=True)
    assert status_of(record) is None
    assert status_of(record, Stage.FULL_TEXT) == Status.AWAITING_RETRIEVAL


def test_record_of_a_database_does_not_skip_title_and_abstract(
    review: Review, add: Callable[..., Record]
) -> None:
    with pytest.raises(Refused):
        add(source=make_source(review, "medline"), enters_at_full_text=True)
    assert not ImportBatch.objects.exists()


def test_search_of_another_source_is_refused(
    owner: User, review: Review, expert: Source, add: Callable[..., Record]
) -> None:
    search = record_search(user=owner, review=review, source=make_source(review, "medline"))
    with pytest.raises(Refused, match="belongs to another source"):
        add(search=search)


def test_sent_twice_is_stored_once(review: Review, add: Callable[..., Record]) -> None:
    record = add()
    with pytest.raises(AlreadyHere) as known:
        add()
    assert known.value.batch == record.batch
    assert Record.objects.filter(review=review).count() == 1
    assert StoredFile.objects.filter(review=review).count() == 1


def test_same_identifier_makes_it_a_duplicate(
    owner: User, review: Review, add: Callable[..., Record]
) -> None:
    held = make_record(
        review, owner, title=TYPED["title"], doi="10.1000/abc.1", authors=["Example, A."], year=2019
    )
    assert add().canonical == held


def test_nothing_to_know_it_by_is_refused() -> None:
    with pytest.raises(Refused, match="Nothing to know the record by"):
        read_by_hand({"volume": "12", "authors": "Example, A."})


# Values


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("year", " 2019 ", 2019),
        ("year", "", None),
        ("doi", "doi: 10.1000/ABC.", "10.1000/abc"),
        ("doi", "http://dx.doi.org/10.1000%2Fabc", "10.1000/abc"),
        ("doi", "https://proxy.example.org/10.1000/abc", "10.1000/abc"),
        ("pmid", "000123", "123"),
        ("authors", "Example A\n\nSample, B.; Third, C.", ["Example, A", "Sample, B.", "Third, C."]),
        ("keywords", "one\ntwo; one", ["one", "two"]),
        ("title", "  Two\n lines ", "Two lines"),
        ("abstract", "One\r\n\r\nTwo", "One\nTwo"),
        ("url", "", ""),
    ],
)
def test_typed_text_is_read(field: str, text: str, value: object) -> None:
    assert value_of(field, text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("year", "19"),
        ("year", "999"),
        ("year", "2101"),
        ("year", "about 2019"),
        ("year", "٢٠١٩"),
        ("year", "9" * 5000),
        ("doi", "see the article"),
        ("doi", "10.1000/abc and 10.1000/def"),
        ("doi", "10.1000/" + "x" * 400),
        ("pmid", "PMC123"),
        ("pmid", "123456789"),
        ("url", "javascript:alert(1)"),
        ("url", "https://example.org/a b"),
        ("title", "x" * 2001),
        ("volume", "x" * 201),
        ("authors", "x" * 501),
        ("keywords", "\n".join(map(str, range(1001)))),
    ],
)
def test_text_that_means_nothing_is_refused(field: str, text: str) -> None:
    with pytest.raises(Refused):
        value_of(field, text)


# Corrections


def test_correction_changes_the_record_and_keeps_what_was_imported(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner, title="Cemnt", raw="TY  - JOUR\nTI  - Cemnt")
    correct(record, title="Cement")
    record.refresh_from_db()
    (written,) = RecordCorrection.objects.filter(record=record)
    assert record.title == "Cement"
    assert record.raw == "TY  - JOUR\nTI  - Cemnt"
    assert (written.field, written.before, written.after) == ("title", "Cemnt", "Cement")
    assert (written.note, written.created_by, written.is_open) == ("As printed.", owner, True)


def test_later_correction_supersedes_the_earlier_one_of_the_field(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner, year=2001)
    correct(record, year="2002")
    correct(record, year="2003")
    (history,) = history_of(record)
    assert history.imported == 2001
    assert [(row.before, row.after, row.is_open) for row in history.corrections] == [
        (2001, 2002, False),
        (2002, 2003, True),
    ]


def test_text_that_was_left_as_it_is_changes_nothing(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    untidy = {"url": "no address", "authors": ["A; B", "  C"], "doi": "not a doi", "abstract": "One\n\nTwo "}
    record = make_record(review, owner, **untidy)
    texts = {"url": "no address", "authors": "A; B\r\n  C", "doi": "not a doi", "abstract": "One\r\n\r\nTwo "}
    correct(record, **texts)
    assert not RecordCorrection.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_correction_without_reason_is_refused(owner: User, review: Review, reason: str) -> None:
    record = make_record(review, owner)
    with pytest.raises(Refused, match="Say why"):
        correct_record(
            user=owner, review=review, record=record, texts={"title": "New"}, reason=reason, seen=0
        )


def test_correction_of_an_outdated_version_is_refused(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner, title="First")
    correct(record, title="Second")
    with pytest.raises(Refused, match="Somebody else corrected"):
        correct_record(user=owner, review=review, record=record, texts={"year": "2001"}, reason="Why", seen=0)
    record.refresh_from_db()
    assert (record.title, record.year) == ("Second", 2020)


def test_correction_sent_twice_is_written_once(owner: User, review: Review) -> None:
    record = make_record(review, owner, title="First")
    for _ in range(2):
        correct_record(
            user=owner, review=review, record=record, texts={"title": "Second"}, reason="Why", seen=0
        )
    assert RecordCorrection.objects.count() == 1


def test_record_is_not_left_with_nothing_to_know_it_by(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner, title="Only a title", year=None)
    with pytest.raises(Refused, match="Nothing to know the record by"):
        correct(record, title="")


def test_bad_value_names_its_field(owner: User, review: Review, correct: Callable[..., object]) -> None:
    with pytest.raises(Refused, match=r"^Year: Write the year in four digits, from 1000 to 2100\.$"):
        correct(make_record(review, owner), year="20")


def test_normalised_doi_is_told(owner: User, review: Review, correct: Callable[..., object]) -> None:
    saved = correct(make_record(review, owner), doi="doi:10.1000/ABC")
    assert saved.remarks == ["The DOI is kept in its plain form, 10.1000/abc."]  # type: ignore[attr-defined]


def test_record_of_a_withdrawn_import_is_refused(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner)
    Record.everything.filter(pk=record.pk).update(is_withdrawn=True)
    with pytest.raises(Refused, match="was withdrawn"):
        correct(record, title="New")


def test_read_only_review_and_missing_role_are_refused(
    owner: User, reviewer_a: User, review: Review, add: Callable[..., Record]
) -> None:
    record = make_record(review, owner)
    texts = {"title": "New"}
    with pytest.raises(Refused, match="role"):
        correct_record(user=reviewer_a, review=review, record=record, texts=texts, reason="Why", seen=0)
    make_read_only(user=owner, review=review)
    with pytest.raises(Refused, match="read-only"):
        correct_record(user=owner, review=review, record=record, texts=texts, reason="Why", seen=0)
    with pytest.raises(Refused, match="read-only"):
        add()


# Restoring


def test_restored_field_holds_what_was_imported_and_its_history(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner, year=None)
    correct(record, year="2002")
    restore_field(user=owner, review=review, record=record, field="year", seen=version_of(record))
    record.refresh_from_db()
    (history,) = history_of(record)
    assert record.year is None
    assert [row.after for row in history.corrections] == [2002, None]
    assert history.is_as_imported


def test_field_that_was_never_corrected_is_not_restored(owner: User, review: Review) -> None:
    record = make_record(review, owner)
    with pytest.raises(Refused, match="never corrected"):
        restore_field(user=owner, review=review, record=record, field="year", seen=0)


# What looks the same after a correction


@pytest.fixture
def twins(owner: User, review: Review) -> tuple[Record, Record]:
    """Two records of which only a wrong DOI hides that they are the same."""
    held = {"title": "Cement for broken vertebrae", "authors": ["Example, A."], "year": 2019}
    return (
        make_record(review, owner, doi="10.1000/right", **held),
        make_record(review, owner, doi="10.1000/wrong", **held),
    )


def test_correction_proposes_and_joins_nothing(
    owner: User, review: Review, twins: tuple[Record, Record], correct: Callable[..., object]
) -> None:
    saved = correct(twins[1], doi="10.1000/right")
    (pair,) = PossibleDuplicate.objects.all()
    twins[1].refresh_from_db()
    assert (pair.first, pair.second) == twins
    assert saved.possible == [pair]  # type: ignore[attr-defined]
    assert twins[1].canonical is None
    assert not DuplicateJudgement.objects.exists()


def test_pair_that_was_judged_is_not_proposed_again(
    owner: User, review: Review, twins: tuple[Record, Record], correct: Callable[..., object]
) -> None:
    judge(user=owner, review=review, first=twins[0], second=twins[1], verdict="different")
    saved = correct(twins[1], doi="10.1000/right")
    assert saved.possible == []  # type: ignore[attr-defined]
    assert not PossibleDuplicate.objects.exists()


def test_judgements_and_decisions_outlast_a_correction(
    owner: User,
    reviewer_a: User,
    review: Review,
    twins: tuple[Record, Record],
    correct: Callable[..., object],
) -> None:
    judge(user=owner, review=review, first=twins[0], second=twins[1], verdict="same")
    decide(reviewer_a, twins[0], EXCLUDE)
    correct(twins[1], title="Another title", doi="10.1000/other")
    twins[1].refresh_from_db()
    assert twins[1].canonical == twins[0]
    assert Decision.objects.open().count() == 1


# What is stored against the ledger


def test_check_finds_a_field_that_is_not_as_corrected(
    owner: User, review: Review, correct: Callable[..., object]
) -> None:
    record = make_record(review, owner, title="First")
    correct(record, title="Second")
    call_command("check_projections", stdout=StringIO())
    Record.objects.filter(pk=record.pk).update(title="Changed past the services")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_projections", stdout=out)
    assert out.getvalue() == (
        "cement: Record 1, title: the stored value is not that of the last correction.\n"
    )
