"""Triggers that make the database itself refuse to change or delete a row of the audit chain.

Whoever owns the database can drop them: they stop mistakes and ordinary code. What stops the owner is the hash
chain and a head that somebody else remembers.

SQLite rebuilds a table to alter it and loses its triggers on the way, so a migration that alters the table
calls `create` again.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "kernel_auditevent"
_REFUSAL = "the audit chain only grows"

_FUNCTION = f"""CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {TABLE}) THEN
        RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$"""  # noqa: S608 -- constants of this module # nosec B608
_ON_CHANGE = f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_refuses()"
_ON_TRUNCATE = f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
_CREATE = {
    "sqlite": [
        f"CREATE TRIGGER audit_refuses_{act} BEFORE {act} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for act in ("update", "delete")
    ],
    "postgresql": [
        _FUNCTION,
        f"CREATE TRIGGER audit_refuses_change {_ON_CHANGE}",
        f"CREATE TRIGGER audit_refuses_truncate {_ON_TRUNCATE}",
    ],
}
_DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_refuses_{act}" for act in ("update", "delete")],
    "postgresql": [
        *(f"DROP TRIGGER IF EXISTS audit_refuses_{act} ON {TABLE}" for act in ("change", "truncate")),
        "DROP FUNCTION IF EXISTS audit_refuses()",
    ],
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, anew where they stand already."""
    drop(connection)
    _run(connection, _CREATE)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, as a migration backwards does."""
    _run(connection, _DROP)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
