"""What the worker runs: tasks take ids, fetch again and are safe to run twice."""

from __future__ import annotations

from django_tasks import task

from screening.services import duplicate_jobs, import_jobs


@task()
def read_batch(batch_id: int) -> None:
    """Read an uploaded file into a preview."""
    import_jobs.read_batch(batch_id)


@task()
def store_batch(batch_id: int) -> None:
    """Store the records of a confirmed batch."""
    import_jobs.store_batch(batch_id)


@task()
def compare_again(job_id: int, joins_cochrane_updates: bool) -> None:
    """Compare all records of a review again."""
    duplicate_jobs.run_comparison(job_id, joins_cochrane_updates=joins_cochrane_updates)
