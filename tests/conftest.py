"""What all tests share: settings that suit tests, the benchmark folder, a browser found or missed loudly."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.signals import setting_changed
from hypothesis import settings as hypothesis_settings

PROJECT = Path(__file__).resolve().parent.parent
# A busy machine is no failure: speed is measured by the benchmarks.
hypothesis_settings.register_profile("patient", hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("patient")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure() -> None:
    """Serve plain HTTP from unhashed static files, run tasks at once and hash passwords cheaply."""
    django_settings.HTTPS = False
    django_settings.SECURE_SSL_REDIRECT = False
    django_settings.SECURE_HSTS_SECONDS = 0
    django_settings.SESSION_COOKIE_NAME = "sessionid"
    django_settings.SESSION_COOKIE_SECURE = False
    django_settings.CSRF_COOKIE_NAME = "csrftoken"
    django_settings.CSRF_COOKIE_SECURE = False
    django_settings.STORAGES = django_settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django_settings.WHITENOISE_USE_FINDERS = django_settings.WHITENOISE_AUTOREFRESH = True
    django_settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    # A module read before this may have made the usual backend already.
    setting_changed.send(sender=None, setting="TASKS", value=django_settings.TASKS, enter=True)
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(scope="session")
def bench() -> Path:
    """Return the folder of public benchmark data, which is not part of the project."""
    folder = Path(os.environ.get("WORKBENCH_BENCH") or PROJECT.parent / "shared" / "bench")
    if not folder.is_dir():
        pytest.skip(f"benchmark folder absent: {folder} (WORKBENCH_BENCH names it)")
    return folder


def find_browser() -> str | None:
    """Return the executable of CHROMIUM or of the first browser on the path."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed Chromium, quiet enough for a test machine without a network."""
    return browser_type_launch_args | {
        "executable_path": find_browser(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move browser tests to the end and skip them, with the reason, where no browser is."""
    # Playwright keeps an event loop running in the thread from its first use on.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if find_browser():
        return
    reason = os.environ.get("CHROMIUM_MISSING") or "no Chromium found; install one or set CHROMIUM=/path"
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let Django use the database beside Playwright's event loop, which it takes for asynchronous code."""
    if item.get_closest_marker("browser"):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in red how many browser tests did not run, and name each reason of a skipped test."""
    skipped = terminalreporter.stats.get("skipped", [])
    in_browser = [report for report in skipped if "browser" in report.keywords]
    if in_browser:
        terminalreporter.section("BROWSER TESTS NOT RUN", sep="!", red=True, bold=True)
        for reason in sorted({_reason(report) for report in in_browser}):
            n_tests = sum(_reason(report) == reason for report in in_browser)
            terminalreporter.line(f"{n_tests} browser tests not run: {reason}", red=True, bold=True)
    others = [report for report in skipped if report not in in_browser]
    for reason in sorted({_reason(report) for report in others}):
        n_tests = sum(_reason(report) == reason for report in others)
        terminalreporter.line(f"{n_tests} tests not run: {reason}", yellow=True, bold=True)


def _reason(report: Any) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
