"""Seeking full texts and keeping their files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from reviewsite.workspace.refused import Refused
from screening.domain.vocabulary import Stage
from screening.models import Report, RetrievalOutcome, Source
from screening.services.fulltext import add_file, record_retrieval
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record, make_source, retrieve, status_of

PDF = b"%PDF-1.7\nA report."


@pytest.fixture
def record(review, owner):
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    return make_record(review, owner, source=listed)


@pytest.fixture
def report(record):
    return Report.objects.get(record=record)


@pytest.mark.parametrize(
    ("status", "state"),
    [("requested", "awaiting_retrieval"), ("retrieved", "awaiting"), ("not_retrieved", "not_retrieved")],
)
def test_the_outcome_moves_the_report(record, owner, status, state):
    retrieve(owner, record, status)
    assert status_of(record, Stage.FULL_TEXT) == state


def test_a_new_outcome_keeps_the_earlier_one(record, owner, report):
    retrieve(owner, record, "requested")
    retrieve(owner, record, "not_retrieved")
    kept = RetrievalOutcome.objects.filter(report=report).order_by("pk")
    assert [(row.status, row.is_open) for row in kept] == [("requested", False), ("not_retrieved", True)]


def test_the_same_outcome_is_written_once(record, owner, report):
    assert retrieve(owner, record, "requested") == retrieve(owner, record, "requested")
    assert RetrievalOutcome.objects.filter(report=report).count() == 1


def test_a_date_in_the_future_is_refused(review, owner, report):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="future"):
        record_retrieval(user=owner, review=review, report=report, status="retrieved", on=tomorrow)


def test_a_viewer_cannot_write_an_outcome(record, viewer):
    with pytest.raises(Refused, match="role"):
        retrieve(viewer, record)


def test_an_assessed_report_stays_retrieved(record, owner, reviewer_a, reviewer_b):
    retrieve(owner, record)
    decide(reviewer_a, record, INCLUDE, stage=Stage.FULL_TEXT)
    decide(reviewer_b, record, INCLUDE, stage=Stage.FULL_TEXT)
    with pytest.raises(Refused, match="has been assessed"):
        retrieve(owner, record, "not_retrieved")


def test_one_decision_does_not_show_in_taking_the_retrieval_back(record, owner, reviewer_a):
    retrieve(owner, record)
    decide(reviewer_a, record, INCLUDE, stage=Stage.FULL_TEXT)
    retrieve(owner, record, "not_retrieved")
    assert status_of(record, Stage.FULL_TEXT) == "not_retrieved"


def test_a_report_whose_record_left_is_not_sought(review, owner, reviewer_a, reviewer_b):
    record = make_record(review, owner)
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, record, EXCLUDE)
    stale = Report.objects.create(review=review, record=record)
    with pytest.raises(Refused, match="not sought"):
        record_retrieval(user=owner, review=review, report=stale, status="retrieved", on=timezone.localdate())


def test_a_file_makes_the_report_retrieved(record, report, review, owner):
    added = add_file(user=owner, review=review, report=report, name="C:\\texts\\a report.pdf", content=PDF)
    assert (added.file.name, added.file.content_type) == ("a report.pdf", "application/pdf")
    assert status_of(record, Stage.FULL_TEXT) == "awaiting"


def test_the_same_file_is_kept_once(report, review, owner):
    first = add_file(user=owner, review=review, report=report, name="a.pdf", content=PDF)
    assert add_file(user=owner, review=review, report=report, name="b.pdf", content=PDF) == first


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"<html><script>1</script></html>", "not a PDF"),
        (b" " * 1024 + PDF, "not a PDF"),
        (PDF + b"x" * 1024 * 1024, "has 2 MB; at most 1 MB"),
    ],
)
def test_what_is_no_pdf_or_too_large_is_refused(report, review, owner, settings, content, sentence):
    settings.MAX_PDF_BYTES = 1024 * 1024
    with pytest.raises(Refused, match=sentence):
        add_file(user=owner, review=review, report=report, name="a.pdf", content=content)
    assert not report.files.exists()
