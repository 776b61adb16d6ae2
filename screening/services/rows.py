"""Rows that are made ready before a transaction and go in at once, so that the write lock is short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)

PLAIN = (BooleanField, CharField, ForeignKey, IntegerField, TextField)
"""Fields whose values the database takes as they are."""


@dataclass(frozen=True)
class ReadyRows:
    """Hold one INSERT statement and the values of each row."""

    sql: str
    values: list[tuple[Any, ...]]


def make_ready(rows: Sequence[Model]) -> ReadyRows:
    """Turn unsaved rows of one model, at least one, into what the database takes; it gives the keys."""
    fields = _fields(rows[0])
    readers = [_reader(field) for field in fields]
    return ReadyRows(_sql(rows[0], fields), [tuple(read(row) for read in readers) for row in rows])


def make_alike(row: Model, **columns: Sequence[int]) -> ReadyRows:
    """Turn an unsaved row into as many as these columns, at least one, have values; alike in all
    others.
    """
    fields = _fields(row)
    values = [
        columns[field.attname] if field.attname in columns else repeat(_reader(field)(row))
        for field in fields
    ]
    return ReadyRows(_sql(row, fields), list(zip(*values, strict=False)))


def insert(ready: ReadyRows) -> None:
    """Insert the rows inside the running transaction, in their order."""
    with connection.cursor() as cursor:
        cursor.executemany(ready.sql, ready.values)


def _fields(row: Model) -> list[Field[Any, Any]]:
    return [field for field in row._meta.concrete_fields if not isinstance(field, AutoField)]


def _sql(row: Model, fields: Sequence[Field[Any, Any]]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(row._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our names


def _reader(field: Field[Any, Any]) -> Callable[[Model], Any]:
    if isinstance(field, PLAIN):
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(getattr(row, field.attname), connection)
