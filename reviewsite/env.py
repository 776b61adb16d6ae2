"""Read settings from the environment; refuse nonsense at start instead of guessing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that `<name>_FILE` names."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names {file_name}, which cannot be read: {error}."
            ) from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; anything but the usual words is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”; write 1 or 0.")


def whole_number(name: str, default: int, *, at_least: int = 0) -> int:
    """Return a whole number not below `at_least`."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.isdigit() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} is “{value}”; write a whole number of at least {at_least}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secret_key(data_folder: Path) -> str:
    """Return SECRET_KEY, or a key made once and kept readable by its owner alone."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters; make a longer one.")
        return given
    path = data_folder / "secret_key"
    if not path.exists():
        data_folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8").strip()


def has_wal_reset_fix(version: tuple[int, ...]) -> bool:
    """Say whether this SQLite library is free of the WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    if version >= (3, 51, 3) or version < (3, 7, 0):
        return True
    return (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def sqlite_pragmas(version: tuple[int, ...]) -> str:
    """Return the connection's pragmas: WAL only where it cannot corrupt, and always durable commits."""
    journal = (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
        if has_wal_reset_fix(version)
        else "PRAGMA journal_mode=PERSIST;PRAGMA synchronous=EXTRA;"
    )
    return (
        journal
        + "PRAGMA foreign_keys=ON;PRAGMA cell_size_check=ON;"
        + "PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
    )
