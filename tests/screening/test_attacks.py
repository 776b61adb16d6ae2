"""What somebody may try to learn or to break, and two people at the same moment."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from reviewsite.workspace.domain.roles import Role
from reviewsite.workspace.models import Review, User
from reviewsite.workspace.refused import Refused
from screening.domain.parsing import UnreadableFile, archive
from screening.models import ImportBatch
from screening.queries.projections import differences
from screening.services.duplicates import judge
from screening.services.withdrawals import withdraw
from tests.screening.builders import EXCLUDE, INCLUDE, decide, make_record, make_source

Join = Callable[..., User]


def _at_once(*calls: Callable[[], object]) -> list[str]:
    """Make the calls at the same moment, each on a connection of its own; name what each raised."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        try:
            start.wait(timeout=20)
            call()
            return ""
        except Exception as error:
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: nothing can lock crosswise")
def test_decisions_wait_for_a_judgement_of_their_records(owner: User, review: Review, join: Join) -> None:
    reviewer = join("reviewer_b", Role.REVIEWER)
    first, second = (make_record(review, owner) for _ in range(2))
    raised = _at_once(
        lambda: judge(user=owner, review=review, first=first, second=second, verdict="same"),
        lambda: decide(reviewer, first, EXCLUDE),
        lambda: decide(reviewer, second, INCLUDE),
    )
    assert [name for name in raised if name not in ("", "Refused")] == []
    assert differences(review) == []


@pytest.mark.django_db
def test_asked_for_reason_of_a_withdrawal_does_not_tell_who_has_decided(
    owner: User, review: Review, join: Join
) -> None:
    make_record(review, owner)
    elsewhere = make_record(review, owner, source=make_source(review, "embase"))
    decide(join("reviewer_a", Role.REVIEWER), elsewhere, EXCLUDE)
    for batch in ImportBatch.objects.filter(review=review):
        with pytest.raises(Refused, match="write down why"):
            withdraw(user=owner, review=review, batch=batch)


def test_file_that_declares_too_little_is_not_unpacked_whole() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as given:
        given.writestr("a.ris", b"A" * 50_000_000)
    content = bytearray(packed.getvalue())
    declared = content.find(b"PK\x01\x02") + 24
    content[declared : declared + 4] = (10).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="damaged"):
        archive.unpack(bytes(content))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000
