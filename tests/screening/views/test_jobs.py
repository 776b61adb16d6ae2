"""The fragment that shows how far a job is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reviewsite.workspace.models import Job, Review, User
from reviewsite.workspace.services.jobs import finish_job, queue_job, report_progress


@pytest.fixture
def job(owner: User, review: Review) -> Job:
    return queue_job(user=owner, review=review, kind="read_import")


def look(client: Client, user: User, job: Job) -> str:
    client.force_login(user)
    return client.get(reverse("job", args=[job.review.slug, job.pk])).content.decode()


def test_running_job_shows_its_progress_and_asks_again(client: Client, owner: User, job: Job) -> None:
    report_progress(job=job, n_done=40, n_total=200, message="Storing the records")
    page = look(client, owner, job)
    assert "40 of 200" in page
    assert 'hx-trigger="every 1s"' in page


def test_finished_job_shows_its_sentence_and_is_quiet(client: Client, owner: User, job: Job) -> None:
    finish_job(job=job, status=Job.Status.FAILED, message="The file is damaged.")
    page = look(client, owner, job)
    assert "The file is damaged." in page
    assert "hx-trigger" not in page


def test_only_the_person_who_started_a_job_is_offered_its_cancel_button(
    client: Client, owner: User, admin: User, job: Job
) -> None:
    assert "Cancel" in look(client, owner, job)
    assert "Cancel" not in look(client, admin, job)
    response = client.post(reverse("job-cancel", args=[job.review.slug, job.pk]))
    assert response.status_code == 409


def test_job_of_another_review_is_not_found(client: Client, outsider: User, job: Job) -> None:
    client.force_login(outsider)
    assert client.get(reverse("job", args=[job.review.slug, job.pk])).status_code == 404
