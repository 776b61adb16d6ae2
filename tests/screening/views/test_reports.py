"""Report pages: the list, the search for a full text, its files."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviewsite.workspace.services.reviews import make_read_only, open_review
from screening.models import ReportFile, RetrievalOutcome, Source
from tests.screening.builders import make_record, make_source, retrieve

BASE = "/reviews/cement/reports"
PDF = b"%PDF-1.7\nA report."


@pytest.fixture
def record(review, owner):
    listed = make_source(review, "lists", kind=Source.Kind.CITATION_SEARCH, enters_at_full_text=True)
    return make_record(review, owner, source=listed, title="A sought report")


@pytest.fixture
def as_a(client, reviewer_a):
    client.force_login(reviewer_a)
    return client


def send(client, content=PDF, name="full text.pdf"):
    return client.post(f"{BASE}/1/files/", {"file": SimpleUploadedFile(name, content, "text/html")})


def test_the_list_is_filtered_by_what_came_of_the_search(as_a, review, owner, record):
    second = make_record(review, owner, source=record.source, title="Another report")
    retrieve(owner, second, "requested")
    everything, requested = as_a.get(f"{BASE}/"), as_a.get(f"{BASE}/?retrieval=requested")
    assert [row.record.number for row in everything.context["page"]] == [1, 2]
    assert [row.record.number for row in requested.context["page"]] == [2]
    assert [n for _, _, n in everything.context["filters"]] == [1, 1, 0, 0]


@pytest.mark.parametrize("n_records", [1, 5])
def test_the_list_takes_a_constant_number_of_queries(
    as_a, review, owner, record, n_records, django_assert_max_num_queries
):
    for _ in range(n_records):
        make_record(review, owner, source=record.source)
    with django_assert_max_num_queries(8):
        as_a.get(f"{BASE}/")


def test_a_record_that_is_not_sought_has_no_report_page(as_a, review, owner):
    make_record(review, owner)
    assert as_a.get(f"{BASE}/1/").status_code == 404


def test_an_outcome_is_saved(as_a, record):
    data = {"status": "not_retrieved", "on": "2026-01-31", "note": "Asked the library twice."}
    assert as_a.post(f"{BASE}/1/retrieval/", data).status_code == 302
    outcome = RetrievalOutcome.objects.get()
    assert (outcome.status, outcome.on.isoformat()) == ("not_retrieved", "2026-01-31")
    assert "Asked the library twice." in as_a.get(f"{BASE}/1/").content.decode()


@pytest.mark.parametrize("on", ["2999-01-01", "31.1.2026", ""])
def test_an_impossible_date_is_asked_for_again(as_a, record, on):
    response = as_a.post(f"{BASE}/1/retrieval/", {"status": "retrieved", "on": on})
    assert (response.status_code, RetrievalOutcome.objects.count()) == (422, 0)


def test_an_uploaded_pdf_is_kept_and_served_so_that_it_can_do_no_harm(as_a, record):
    assert send(as_a, name="Résumé.pdf").status_code == 302
    kept = ReportFile.objects.get()
    response = as_a.get(f"{BASE}/1/files/{kept.pk}/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "inline; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("content", [b"", b"<html>%PDF", b"PK\x03\x04 not a report"])
def test_what_is_no_pdf_is_refused_with_a_sentence(as_a, record, content):
    response = send(as_a, content[:5] + content[5:].replace(b"%PDF", b""))
    assert (response.status_code, ReportFile.objects.count()) == (422, 0)
    assert "PDF" in response.content.decode()


def test_too_large_a_file_is_refused(as_a, record, settings):
    settings.MAX_PDF_BYTES = 10
    assert send(as_a).status_code == 422


def test_a_file_belongs_to_its_report_and_review(as_a, record, review, owner, outsider, client):
    send(as_a)
    kept = ReportFile.objects.get()
    make_record(review, owner, source=record.source)
    assert as_a.get(f"{BASE}/2/files/{kept.pk}/").status_code == 404
    open_review(user=outsider, title="Another", slug="another")
    client.force_login(outsider)
    assert client.get(f"{BASE}/1/files/{kept.pk}/").status_code == 404
    assert client.get(f"/reviews/another/reports/1/files/{kept.pk}/").status_code == 404


def test_a_viewer_reads_and_writes_nothing(client, viewer, record):
    client.force_login(viewer)
    page = client.get(f"{BASE}/1/")
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split('id="main"')[1].split("</main>")[0]
    assert send(client).status_code == 403
    assert client.post(f"{BASE}/1/retrieval/", {"status": "retrieved"}).status_code == 403


def test_a_read_only_review_takes_no_file(as_a, review, owner, record):
    make_read_only(user=owner, review=review)
    assert (send(as_a).status_code, ReportFile.objects.count()) == (409, 0)
