"""The scenario is built once per module; each test sees it fresh, because what the test does is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.scenario import Scenario, build_scenario


@pytest.fixture(scope="module")
def files_of_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, files_of_module: Path) -> None:
    settings.MEDIA_ROOT = files_of_module


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, files_of_module: Path
) -> Iterator[Scenario]:
    with django_db_blocker.unblock(), transaction.atomic():
        # Overriding TASKS, even by itself, lets the tasks' own cache of backends notice the one for tests.
        with override_settings(MEDIA_ROOT=files_of_module, TASKS=settings.TASKS):
            scenario = build_scenario()
        yield scenario
        transaction.set_rollback(True)


@pytest.fixture
def db(built: Scenario) -> Iterator[None]:
    """Stand in for pytest-django's fixture of this name: a test's changes are undone, the scenario stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def scenario(db: None, built: Scenario) -> Scenario:
    return built
