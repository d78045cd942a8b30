"""Triggers by which the database itself holds whether names stand under notes: fixed with the first note of a round.

Whoever owns the database can drop them: they stop mistakes, ordinary code and a hand with SQL.

SQLite rebuilds a table to alter it. It loses the table's triggers on the way, and refuses where another table's trigger
names it: a migration that alters rounds, inbox notes or notes calls `drop` before and `create` after.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

SIGNING = "the signing mode of a round is fixed at its first note"
NAMED = "no name is put under a note that was written without one"
NOTES = ("circles_inboxnote", "circles_note")

# Whether somebody has written is asked of the notes too: the mark on the round could be taken away first.
_HAS_POSTS = (
    "(OLD.has_posts OR EXISTS (SELECT 1 FROM circles_inboxnote WHERE round_id = OLD.id)"
    " OR EXISTS (SELECT 1 FROM circles_note WHERE round_id = OLD.id))"
)
_TURNS = f"(NEW.signing <> OLD.signing AND {_HAS_POSTS} OR OLD.has_posts AND NOT NEW.has_posts)"
_UNSIGNED = (
    "NEW.signed_name <> ''"
    " AND NOT EXISTS (SELECT 1 FROM circles_round WHERE id = NEW.round_id AND signing = 'choice')"
)
_NAMES = "NEW.signed_name <> '' AND NEW.signed_name <> OLD.signed_name"

# Name of the trigger, table, when, under which condition, and what is said.
_TRIGGERS = (
    ("round_signing_fixed", "circles_round", "UPDATE OF signing, has_posts", _TURNS, SIGNING),
    *((f"{table}_unsigned", table, "INSERT", _UNSIGNED, NAMED) for table in NOTES),
    *((f"{table}_stays_unsigned", table, "UPDATE OF signed_name", _NAMES, NAMED) for table in NOTES),
)


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, anew where they stand already."""
    drop(connection)
    with connection.cursor() as cursor:
        for name, table, when, condition, message in _TRIGGERS:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition}"
                    f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
            else:
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    f" IF {condition} THEN RAISE EXCEPTION '{message}'"
                    " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
                )
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                )


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: before a table of theirs is altered, or on the way back."""
    with connection.cursor() as cursor:
        for name, table, *_rest in _TRIGGERS:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
