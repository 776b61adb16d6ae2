"""Import a file as people do, with the worker's part done at once."""

from __future__ import annotations

from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.models import ImportBatch, Record, Source
from screening.services import import_jobs, imports

WHY_FEWER = (
    "The example lists some of the records that the search found; the others are known only as a total."
)


def import_file(
    *, user: User, review: Review, source: Source, name: str, content: bytes
) -> dict[str, Record]:
    """Hand in a file, read, confirm and store it; return its records by accession number.

    Refused: a file of which a record is lost, with the sentence of the import.
    """
    search = source.searches.first()
    batch = imports.upload(user=user, review=review, source=source, search=search, name=name, content=content)
    import_jobs.read_batch(batch.pk)
    batch.refresh_from_db()
    if batch.state != ImportBatch.State.PREVIEW or batch.n_read != batch.n_in_file:
        raise Refused(f"{name}: {batch.n_read} of {batch.n_in_file} records could be read. {batch.problem}")
    imports.confirm(user=user, review=review, batch=batch, difference_note=WHY_FEWER)
    import_jobs.store_batch(batch.pk)
    batch.refresh_from_db()
    if batch.state != ImportBatch.State.IMPORTED:
        raise Refused(f"{name}: {batch.job.message if batch.job else ''}")
    return {record.accession: record for record in batch.records.all()}
