"""Bring the data folder up to the code: copy and migrate the databases, compile messages, collect static files, seed the demo.

Run by ``sirkel up`` as ``python -m sirkel.config.prepare``; safe to run again at any time.
"""

import argparse
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from sirkel.config import production, row_security
from sirkel.config.static import collect
from sirkel.config.translations import compile_all

COPIES = "before-migration"
STARTED = "started.json"
# The mark of ``backup.claim``, written out: a SQLite installation need not load what reads PostgreSQL.
UNFINISHED = "sirkel_restoring"


def main() -> int:
    """Prepare the databases, or print the demo's links; give the exit code."""
    parser = argparse.ArgumentParser(prog="sirkel.config.prepare", description=__doc__)
    parser.add_argument("--demo", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument(
        "--links", action="store_true", help="print the demo's sign-in links and nothing else"
    )
    options = parser.parse_args()
    os.umask(0o077)
    os.environ.setdefault("SIRKEL_STATIC_COLLECTED", "1")
    django.setup()
    if options.links:
        print_links()
        return 0
    if reasons := production.refusals():  # before the first database is made or changed
        sys.stderr.write("".join(f"Not started. {reason}\n" for reason in reasons))
        return 1
    try:
        is_new = migrate()
        compile_all()
        collect()
        seed(is_new=is_new, wanted=options.demo)
    except DatabaseError as error:
        say(f"A database does not do what it should: {error}")
        return 1
    except CommandError as error:
        say(str(error))
        return 1
    return 0


def migrate() -> bool:
    """Migrate every database that is behind the code; an SQLite file is copied first.

    Returns whether the practice database was empty before.
    """
    role = str(settings.DATABASES["default"].get("USER", ""))
    with as_owner():
        was_empty = _migrated()
        if settings.ROW_SECURITY:
            keep_apart(role)
    return was_empty


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the role that owns the practice tables, where it is another one than the application's."""
    if settings.OWNER_DATABASE is None:
        yield
        return
    connection = connections["default"]
    usual = {key: connection.settings_dict[key] for key in settings.OWNER_DATABASE}
    connection.close()
    connection.settings_dict.update(settings.OWNER_DATABASE)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)


def keep_apart(role: str) -> None:
    """Bring the policies up to the tables, when they are not.

    Raises:
        CommandError: they would not hold the role that the application works as.

    """
    connection = connections["default"]
    if connection.vendor != "postgresql":
        raise CommandError("SIRKEL_ROW_SECURITY is on, and SQLite has none: set SIRKEL_DATABASE_URL.")
    if reason := row_security.unfit(connection, role=role):
        raise CommandError(f"SIRKEL_ROW_SECURITY is on. {reason}")
    if not row_security.is_whole(connection, role=role):
        say(f"{row_security.apply(connection, role=role)} tables are kept apart by organisation.")


def _migrated() -> bool:
    was_empty = False
    for alias in settings.DATABASES:
        must_be_whole(alias)
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            continue
        is_new = not executor.loader.applied_migrations
        if not is_new:
            copy_before_migration(alias)
        was_empty |= is_new and alias == "default"
        say(f"{'Creating' if is_new else 'Updating'} the {alias} database …")
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    return was_empty


def must_be_whole(alias: str) -> None:
    """Refuse a PostgreSQL database that a restore began to fill and did not finish.

    Raises:
        CommandError: it bears the mark.

    """
    if (
        connections[alias].vendor == "postgresql"
        and UNFINISHED in connections[alias].introspection.table_names()
    ):
        raise CommandError(
            f"A restore into the {alias} database was not finished. Restore again; what is there is cleared away."
        )


def copy_before_migration(alias: str) -> None:
    """Copy the SQLite file, replacing the last copy: an old copy would keep what has been deleted since.

    A PostgreSQL server has its own way; see the administrator's handbook.
    """
    source = Path(str(settings.DATABASES[alias]["NAME"]))
    if connections[alias].vendor != "sqlite" or not source.is_file():
        return
    folder = settings.DATA_DIR / COPIES
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / source.name
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(fresh)) as new:
        old.backup(new)
    fresh.replace(target)
    say(f"Copied {source.name} to {target} before the update.")


def seed(*, is_new: bool, wanted: bool) -> None:
    """Fill in the demo on the very first start.

    The data folder keeps the decision, so that a demo that was interrupted is filled in again
    and a database that was filled by somebody else is left alone.
    """
    started = settings.DATA_DIR / STARTED
    decided = json.loads(started.read_text(encoding="ascii")) if started.is_file() else {}
    has_demo = decided.get("demo", is_new and wanted) and "seed_demo" in get_commands()
    if not decided.get("done"):
        started.write_text(json.dumps({"demo": has_demo, "done": False}) + "\n", encoding="ascii")
        if has_demo:
            say("Filling in the demo …")
            os.environ["SIRKEL_DEMO"] = "1"
            settings.DEMO = True
            with transaction.atomic():  # half a demo would be taken for a whole one
                call_command("seed_demo")
        started.write_text(json.dumps({"demo": has_demo, "done": True}) + "\n", encoding="ascii")


def print_links() -> None:
    """Print the demo's sign-in links per role, or the set-up code of an empty installation, under settings.SITE_URL."""
    if settings.DEMO and "demo_links" in get_commands():
        call_command("demo_links")
    elif "set_up_code" in get_commands():
        call_command("set_up_code")


def say(text: str) -> None:
    """Report progress on standard error: standard output belongs to the address and the links."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
