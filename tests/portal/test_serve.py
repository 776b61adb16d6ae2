"""The process manager of `make run`, with real processes on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.core.management import CommandError, call_command

from reviewsite.portal.management.commands import serve

MANAGE = str(Path(__file__).parents[2] / "manage.py")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children_of(pid: int) -> list[int]:
    """Return the processes below a process, from the process table."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in table.splitlines()]
    own = [child for child, parent in parents if parent == pid]
    return own + [grandchild for child in own for grandchild in children_of(child)]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Site:
    """A served site and what it has said so far."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.log = port, folder / "serve.log"
        environment = os.environ | {"WORKBENCH_DATA": str(folder), "HTTPS": "0", "PYTHONUNBUFFERED": "1"}
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, MANAGE, "migrate", "--verbosity", "0"], env=environment, check=True)
        with self.log.open("wb") as log:
            command = [sys.executable, MANAGE, "serve", "--port", str(port)]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str) -> None:
        deadline = monotonic() + 90
        while words not in self.said and self.process.poll() is None and monotonic() < deadline:
            sleep(0.1)
        assert words in self.said


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    served = Site(tmp_path, free_port())
    try:
        served.wait_for(f"http://127.0.0.1:{served.port}/")
        yield served
    finally:
        if served.process.poll() is None:
            served.process.terminate()
        served.process.wait(timeout=30)


def test_site_answers_and_ctrl_c_leaves_no_process_behind(site: Site) -> None:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", "/accounts/login/")
    assert connection.getresponse().status == 200
    connection.close()
    below = children_of(site.process.pid)
    assert len(below) >= 3  # web server, its worker process, background worker
    asked_at = monotonic()
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(timeout=30) == 0
    assert monotonic() - asked_at < 10
    assert not [pid for pid in below if is_running(pid)]
    assert site.said.endswith("Stopped.\n")


def test_site_ends_with_a_sentence_when_the_worker_dies(site: Site) -> None:
    below = children_of(site.process.pid)
    names = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    worker = next(
        int(line.split()[0])
        for line in names.splitlines()
        if "db_worker" in line and int(line.split()[0]) in below
    )
    os.kill(worker, signal.SIGKILL)
    assert site.process.wait(timeout=30) != 0
    assert "The worker ended by itself" in site.said
    assert not [pid for pid in below if is_running(pid)]


def test_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            CommandError, match=f"Port {port} is in use. Choose another one: PORT={port + 1} make run"
        ):
            call_command("serve", port=port)


def test_host_of_another_machine_is_refused() -> None:
    with pytest.raises(CommandError, match=r"cannot listen on 203\.0\.113\.7, port 8000"):
        serve.refuse_taken_port("203.0.113.7", 8000)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
    ],
)
def test_address_opens_in_a_browser_on_this_machine(host: str, shown: str) -> None:
    assert serve.address(host, 8000) == shown


def test_children_speak_plain_http_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    say = [sys.executable, "-c", "import os, sys; sys.exit(int(os.environ['HTTPS']))"]
    monkeypatch.delenv("HTTPS", raising=False)
    assert serve._start(say).wait() == 0
    monkeypatch.setenv("HTTPS", "1")
    assert serve._start(say).wait() == 1
