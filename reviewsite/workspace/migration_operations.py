"""A migration operation that makes the database itself guard evidence."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

CLOSING = ("superseded_at", "superseded_by_id")


class GuardLedger(Operation):
    """Let an UPDATE of a ledger table do nothing but close an open row, or nothing at all if append-only.

    To be repeated after every change of the table: SQLite rebuilds it without the guard, and a new column is
    not guarded before.
    """

    reversible = True

    def __init__(self, model_name: str, *, may_close: bool = True) -> None:
        self.model_name = model_name
        self.may_close = may_close

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The tables stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        table = model._meta.db_table
        self.database_backwards(app_label, schema_editor, to_state, from_state)
        for statement in self._create(schema_editor.connection.vendor, table, self._columns(model)):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'DROP TRIGGER IF EXISTS {table}_guard ON "{table}"')
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_guard()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_guard")

    def describe(self) -> str:
        return f"Guard the evidence in {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"guard_{self.model_name.lower()}"

    def _columns(self, model: Any) -> list[str]:
        closing = CLOSING if self.may_close else ()
        return [field.column for field in model._meta.local_fields if field.column not in closing]

    def _create(self, vendor: str, table: str, columns: list[str]) -> list[str]:
        sentence = f"{table} is evidence: insert a new row and supersede the old one"
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
        forbidden = f"OLD.superseded_at IS NOT NULL OR {changed}" if self.may_close else changed
        if vendor == "postgresql":
            return [
                f"CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                f'CREATE TRIGGER {table}_guard BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({forbidden}) '
                f"EXECUTE FUNCTION {table}_guard()",
            ]
        return [
            f'CREATE TRIGGER {table}_guard BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN {forbidden} '
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        ]
