"""Run the site on one machine: the web server and the worker, started and stopped together."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

SECONDS_TO_ANSWER = 60
SECONDS_TO_STOP = 7
SECONDS_BETWEEN_LOOKS = 0.2
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to

ENDS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
"""Ctrl-C, a service manager, and a terminal window that is closed."""

Children = Mapping[str, "subprocess.Popen[bytes]"]


class Stopped(Exception):
    """Somebody asked for the end."""


class Command(BaseCommand):
    """Start gunicorn and the database worker, watch both, and stop both."""

    help = "Serve the site: one web server and one worker, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        call_command("collectstatic", interactive=False, verbosity=0)
        for signal_number in ENDS:
            signal.signal(signal_number, _stop)
        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name, command in commands(host, port).items():
                children[name] = _start(command)
            self._announce(host, port, children)
            while True:
                refuse_dead(children)
                sleep(SECONDS_BETWEEN_LOOKS)
        except Stopped:
            self.stdout.write("Stopping …")
        finally:
            # From here on a second Ctrl-C must not leave a child behind.
            for signal_number in ENDS:
                signal.signal(signal_number, signal.SIG_IGN)
            stop(children)
        self.stdout.write("Stopped.")

    def _announce(self, host: str, port: int, children: Children) -> None:
        """Print the address once the site answers there."""
        deadline = monotonic() + SECONDS_TO_ANSWER
        while not is_answering(host, port):
            refuse_dead(children)
            if monotonic() > deadline:
                raise CommandError(f"The site did not answer within {SECONDS_TO_ANSWER} seconds.")
            sleep(SECONDS_BETWEEN_LOOKS)
        self.stdout.write(f"The workbench runs at {address(host, port)} – stop it with Ctrl-C.")
        self.stdout.flush()


def commands(host: str, port: int) -> dict[str, list[str]]:
    """Return what to run, by name; one process with threads is enough for SQLite, which has one writer."""
    bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = ["gunicorn", "--bind", bound, "--workers", "1", "--threads", "4", "--graceful-timeout", "5"]
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    return {
        "web server": [sys.executable, "-m", *web, "--log-level", "warning", "reviewsite.wsgi:application"],
        "worker": [sys.executable, manage, "db_worker", "--no-reload", "--verbosity", "0"],
    }


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse a port on which another program listens, or a host that this machine does not have."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use. Choose another one: PORT={port + 1} make run"
                ) from None
            raise CommandError(f"The site cannot listen on {host}, port {port}: {error.strerror}.") from None


def address(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    reachable = EVERYWHERE.get(host, host)
    return f"http://[{reachable}]:{port}/" if ":" in reachable else f"http://{reachable}:{port}/"


def is_answering(host: str, port: int) -> bool:
    """Say whether the login page comes."""
    connection = HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("GET", reverse(settings.LOGIN_URL))
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def refuse_dead(children: Children) -> None:
    """Refuse to go on when a child has ended by itself."""
    for name, child in children.items():
        code = child.poll()
        if code is not None:
            raise CommandError(f"The {name} ended by itself (code {code}); its messages stand above.")


def stop(children: Children) -> None:
    """Ask every child to end and end those that do not."""
    running = [child for child in children.values() if child.poll() is None]
    for child in running:
        child.terminate()
    deadline = monotonic() + SECONDS_TO_STOP
    for child in running:
        try:
            child.wait(timeout=max(0.0, deadline - monotonic()))
        except subprocess.TimeoutExpired:
            # Its own group, so that the web server's worker process ends with it.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    environment = {"HTTPS": "0", **os.environ}
    # A session of its own: the terminal's Ctrl-C reaches this process alone, which then stops its children.
    return subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=settings.BASE_DIR, env=environment, start_new_session=True
    )


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise Stopped
