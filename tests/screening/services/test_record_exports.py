"""What leaves one review comes into another as it was, and no decision comes with it by accident."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import TestCase

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.services.reviews import open_review
from screening.domain.writing.layouts import Layout, write
from screening.domain.writing.model import BIBLIOGRAPHIC, ExportFacts
from screening.models import Decision, ImportBatch, ImportedOutcome, Record, Source, StageState
from screening.queries.projections import differences
from screening.queries.record_exports import export_of
from screening.queries.records import RecordFilter
from screening.render.workbook import write_workbook
from screening.services.imports import confirm, upload
from screening.services.sources import add_source
from tests.screening.builders import EXCLUDE, INCLUDE, decide
from tests.screening.importing import embase, handed_in, imported, medline

__all__ = ["embase", "handed_in", "imported", "medline"]

Import = Callable[..., ImportBatch]


@pytest.fixture
def screened(
    imported: Import, medline: Source, embase: Source, review: Review, reviewer_a: User, reviewer_b: User
) -> Review:
    """A review with duplicates, decisions that settled and one that did not."""
    imported(medline, "medline.ris")
    imported(embase, "overlap.csv")
    first, second, third = Record.objects.filter(review=review, canonical=None).order_by("number")[:3]
    for reviewer in (reviewer_a, reviewer_b):
        decide(reviewer, first, INCLUDE)
        decide(reviewer, second, EXCLUDE)
    decide(reviewer_a, third, INCLUDE)
    return review


@pytest.fixture
def other(owner: User) -> Review:
    return open_review(user=owner, title="Another review", slug="another")


def file_of(review: Review, layout: Layout, user: User, wanted: RecordFilter) -> tuple[int, bytes]:
    """Return how many records the export says it has, and its bytes."""
    export = export_of(review, wanted, with_duplicates=False, decisions_for=user)
    facts = ExportFacts(
        review=review.slug, title=review.title, made_at="", n_records=len(export), has_decisions=True
    )
    if layout is not Layout.COMPLETE_XLSX:
        return len(export), "".join(write(layout, export, facts)).encode()
    file = io.BytesIO()
    write_workbook(export, facts, file)
    return len(export), file.getvalue()


def bring_in(user: User, review: Review, name: str, content: bytes) -> ImportBatch:
    source = add_source(user=user, review=review, name="Export", kind="other")
    with TestCase.captureOnCommitCallbacks(execute=True):
        batch = upload(user=user, review=review, source=source, search=None, name=name, content=content)
    with TestCase.captureOnCommitCallbacks(execute=True):
        confirm(user=user, review=review, batch=batch)
    batch.refresh_from_db()
    return batch


def said_of(review: Review, *, besides: str) -> dict[str, dict[str, object]]:
    """Return what is stored of each record that stands for itself, by title."""
    names = [name for name in BIBLIOGRAPHIC if name != besides]
    records = Record.objects.filter(review=review, canonical=None)
    return {record.title: {name: getattr(record, name) for name in names} for record in records}


@pytest.mark.parametrize(
    "layout",
    [
        Layout.COMPLETE_RIS,
        Layout.COMPLETE_BIBTEX,
        Layout.COMPLETE_CSV,
        Layout.COMPLETE_XLSX,
        Layout.COMPLETE_JSON,
    ],
)
def test_exported_records_come_into_another_review_as_they_were(
    layout: Layout, screened: Review, other: Review, owner: User, reviewer_a: User
) -> None:
    n_records, content = file_of(screened, layout, reviewer_a, RecordFilter())
    batch = bring_in(owner, other, f"records.{layout.extension}", content)
    assert (batch.state, batch.n_in_file, batch.n_read) == ("imported", n_records, n_records)
    # The type is translated between the lists of RIS and BibTeX.
    assert said_of(other, besides="type") == said_of(screened, besides="type")
    assert not Decision.objects.filter(review=other).exists()
    assert not ImportedOutcome.objects.filter(review=other).exists()
    states = StageState.objects.filter(review=other).values_list("stage", "status")
    assert list(states) == [("title_abstract", "awaiting")] * n_records
    assert differences(other) == []


def test_filtered_export_brings_the_filtered_records_alone(
    screened: Review, other: Review, owner: User, reviewer_a: User
) -> None:
    n_records, content = file_of(screened, Layout.COMPLETE_RIS, reviewer_a, RecordFilter(text="cement"))
    bring_in(owner, other, "some.ris", content)
    everything = said_of(screened, besides="type")
    some = said_of(other, besides="type")
    assert 0 < n_records < len(everything)
    assert some == {title: everything[title] for title in some}


@pytest.mark.parametrize("layout", [Layout.RAYYAN_CSV, Layout.RAYYAN_RIS, Layout.ASREVIEW_CSV, Layout.REVMAN])
def test_layouts_for_other_programs_lose_no_record(
    layout: Layout, screened: Review, other: Review, owner: User, reviewer_a: User
) -> None:
    n_records, content = file_of(screened, layout, reviewer_a, RecordFilter())
    batch = bring_in(owner, other, f"records.{layout.extension}", content)
    assert (batch.n_in_file, batch.n_read) == (n_records, n_records)
    assert set(said_of(other, besides="")) == set(said_of(screened, besides=""))
