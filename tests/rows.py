"""Running the tests on PostgreSQL as the application does there: as a role that owns nothing, held by policies.

With ``SIRKEL_ROW_SECURITY=1`` every connection to the practice database takes that role as soon as the tables are there.
"""

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created

from sirkel.config import row_security

ROLE = "sirkel_tests"
_MAKE = f"""DO $$ BEGIN CREATE ROLE {ROLE}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""


def make_role(connection) -> None:
    """Make the role that owns nothing, where it is not there yet: it belongs to the server, not to a database."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)


def keep_apart() -> None:
    """Put the policies in place, and take the role now and on every connection to come."""
    if connection.vendor != "postgresql":
        return
    make_role(connection)
    row_security.apply(connection, role=ROLE)
    with connection.cursor() as cursor:
        cursor.execute(
            f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {ROLE}"
        )  # what a test leaves is swept
    connection_created.connect(_take_role, dispatch_uid="tests.rows")
    _take_role(connection)


def _take_role(connection, **_given) -> None:
    if connection.alias == "default":
        connection.connection.execute(f"SET ROLE {ROLE}")


@contextlib.contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables for once."""
    if not (settings.ROW_SECURITY and connection.vendor == "postgresql"):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {ROLE}")
