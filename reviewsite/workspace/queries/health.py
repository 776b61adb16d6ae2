"""Whether the site can work."""

from __future__ import annotations

from django.db import DatabaseError, connection


def is_database_answering() -> bool:
    """Say whether the database answers the smallest question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
