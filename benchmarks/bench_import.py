"""An import of 20,000 RIS records from upload to stored, and how long other people wait meanwhile.

Everything runs in processes of its own on a temporary SQLite database, with the settings of the site: one
imports as the worker does, one reads the list of records and the screening page over and over, one records
decisions over and over.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from benchmarks.table import Row  # noqa: E402

N_RECORDS, N_BEFORE = 20_000, 2_000
SECONDS_IDLE = 10
SLUG, OWNER, REVIEWER = "benchmark", "owner@example.org", "reviewer-a@example.org"


def run() -> list[Row]:
    """Measure, and compare nothing: the peers of the field have no import that others work beside."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "reviewsite.settings",
            "WORKBENCH_DATA": folder,
            "HTTPS": "0",
            "TASK_BACKEND": "django_tasks.backends.dummy.DummyBackend",
        }
        environment.pop("DATABASE_URL", None)
        found = _child("prepare", environment)
        idle = _beside(environment, lambda: time.sleep(SECONDS_IDLE))
        busy = _beside(environment, lambda: found.update(_child("import", environment)))
    note = (
        f"SQLite, {found['journal']} journal, {found['megabytes']:.0f} MB; "
        f"{found['processor']:.1f} s of processor time; load {os.getloadavg()[0]:.0f}"
    )
    total = found["read"] + found["store"]
    return [
        _row(f"import {N_RECORDS:,} RIS records", total, "s", note),
        _row("… of which until the preview", found["read"], "s"),
        _row("… of which from confirmed to stored", found["store"], "s"),
        *_waits("list of records", "list", idle, busy),
        *_waits("screening page", "screen", idle, busy),
        *_waits("decision", "decide", idle, busy),
    ]


def _row(what: str, ours: float, unit: str, note: str = "") -> Row:
    return Row(what=what, unit=unit, ours=ours, lower_is_better=True, note=note)


def _waits(what: str, key: str, idle: dict[str, list[float]], busy: dict[str, list[float]]) -> Iterator[Row]:
    for name, of in (("median", statistics.median), ("worst", max)):
        note = f"{of(idle[key]) * 1000:,.0f} ms without an import; n = {len(busy[key])}"
        yield _row(f"{what} during the import, {name}", of(busy[key]) * 1000, "ms", note)


def _child(part: str, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, str(FOLDER / "bench_import.py"), part]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _beside(environment: dict[str, str], work: Callable[[], object]) -> dict[str, list[float]]:
    """Let a reader and a reviewer go on while the work is done; return how long their requests took."""
    stop = Path(environment["WORKBENCH_DATA"]) / "stop"
    stop.unlink(missing_ok=True)
    visitors = [
        subprocess.Popen(
            [sys.executable, str(FOLDER / "bench_import.py"), part], env=environment, stdout=subprocess.PIPE
        )
        for part in ("look", "decide")
    ]
    time.sleep(5)  # until both have started
    work()
    stop.touch()
    answers = [json.loads(visitor.communicate()[0]) for visitor in visitors]
    return {**answers[0], **answers[1]}


def _prepare() -> dict[str, Any]:
    """Make a review with some records, and two people."""
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.bench_parsing import generated_ris
    from reviewsite.workspace.domain.roles import Role
    from reviewsite.workspace.models import User
    from reviewsite.workspace.services.people import set_roles
    from reviewsite.workspace.services.reviews import open_review
    from screening.services.sources import add_source

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    owner, reviewer = (User.objects.create_user(email, None, name=email[:8]) for email in (OWNER, REVIEWER))
    review = open_review(user=owner, title="Benchmark", slug=SLUG)
    set_roles(user=owner, review=review, member=reviewer, roles=[Role.REVIEWER])
    add_source(user=owner, review=review, name="MEDLINE", kind="database")
    _import_file("before.ris", generated_ris(N_BEFORE, seed=1))
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    return {"journal": journal.upper(), "megabytes": len(generated_ris(N_RECORDS, seed=2)) / 1e6}


def _import() -> dict[str, Any]:
    from benchmarks.bench_parsing import generated_ris

    return _import_file("large.ris", generated_ris(N_RECORDS, seed=2))


def _import_file(name: str, content: bytes) -> dict[str, Any]:
    """Import as the pages and the worker do; return the seconds of both halves and those of the processor."""
    from reviewsite.workspace.models import Review, User
    from screening.models import Source
    from screening.services import import_jobs, imports

    owner, review, source = User.objects.get(email=OWNER), Review.objects.get(), Source.objects.get()
    start, spent = time.perf_counter(), time.process_time()
    batch = imports.upload(user=owner, review=review, source=source, search=None, name=name, content=content)
    import_jobs.read_batch(batch.pk)
    read = time.perf_counter()
    imports.confirm(user=owner, review=review, batch=batch)
    import_jobs.store_batch(batch.pk)
    stored = time.perf_counter()
    batch.refresh_from_db()
    if batch.state != batch.State.IMPORTED:
        raise AssertionError(f"The file is {batch.state}: {batch.job.message if batch.job else ''}")
    return {"read": read - start, "store": stored - read, "processor": time.process_time() - spent}


def _look() -> dict[str, Any]:
    """Ask for the list of records and the screening page in turn, until it is time to stop."""
    client = _client(REVIEWER)
    took: dict[str, list[float]] = {"list": [], "screen": []}
    pages = {"list": f"/reviews/{SLUG}/records/", "screen": f"/reviews/{SLUG}/screen/title-abstract/"}
    for path in pages.values():
        client.get(path)  # the first request of a process compiles its templates
    while not _is_over():
        for key, path in pages.items():
            took[key].append(_timed(lambda path=path: client.get(path), {200}))
        time.sleep(0.05)
    return took


def _decide() -> dict[str, Any]:
    """Record decisions one after the other, as a reviewer's page does, until it is time to stop."""
    client, took, number = _client(REVIEWER), [], _first_undecided()
    while not _is_over():
        path = f"/reviews/{SLUG}/screen/title-abstract/{number}/"
        form = {"verdict": "exclude", "token": str(uuid4())}
        took.append(_timed(lambda path=path, form=form: client.post(path, form), {302}))
        number += 1
        time.sleep(0.1)
    return {"decide": took}


def _first_undecided() -> int:
    from screening.models import Decision

    return Decision.objects.count() + 1


def _client(email: str) -> Any:
    from django.test import Client

    from reviewsite.workspace.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), backend="reviewsite.workspace.backend.EmailBackend")
    return client


def _timed(request: Callable[[], Any], expected: set[int]) -> float:
    start = time.perf_counter()
    response = request()
    if response.status_code not in expected:
        raise AssertionError(f"{response.request['PATH_INFO']} answers {response.status_code}")
    return time.perf_counter() - start


def _is_over() -> bool:
    return (Path(os.environ["WORKBENCH_DATA"]) / "stop").exists()


PARTS = {"prepare": _prepare, "import": _import, "look": _look, "decide": _decide}


def main(part: str) -> None:
    """Do one part in this process and print what it measured."""
    import django

    os.environ["ALLOWED_HOSTS"] = "testserver"
    django.setup()
    print(json.dumps(PARTS[part]()))


if __name__ == "__main__":
    main(sys.argv[1])
