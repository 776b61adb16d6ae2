"""The review is built once per module; each run starts from it and is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.scenario import Populated, build_review


@pytest.fixture(scope="module")
def files_of_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _files_of_this_test() -> None:
    """Leave the folder of files alone: the module has one."""


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, files_of_module: Path
) -> Iterator[Populated]:
    with django_db_blocker.unblock(), transaction.atomic():
        # Overriding TASKS, even by itself, lets the tasks' own cache of backends notice the one for tests.
        with override_settings(MEDIA_ROOT=files_of_module, TASKS=settings.TASKS):
            yield build_review()
        transaction.set_rollback(True)


@pytest.fixture
def db(made: Populated) -> None:
    """Stand in for pytest-django's fixture of this name: each run undoes what it does."""
