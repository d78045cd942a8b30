"""Row level security on PostgreSQL: which tables are kept apart by organisation, and the policies that do it.

Made from the models: a table that names its organisation is compared with what the statement said, every other one asks
for its parent row, whose own policy answers. So a new model is kept apart as soon as it has a way to an organisation, and
one that has a way and shall not be is named in ``EXEMPT`` with its reason; a test looks for both.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from sirkel.kernel.rows import EVERYTHING, SETTING

ORGANISATION = "people.Organisation"
ROOMS = ("people", "circles", "network", "policy", "research", "kernel")
# Tables that are not kept apart, each with its reason.
EXEMPT: dict[str, str] = {
    "people.SetUpCode": "Belongs to the installation.",
    "people.Network": "Stands above organisations.",
    "people.Programme": "Stands above organisations.",
    "people.Person": "Somebody may have roles in several organisations, and signs in before it is known in which. What "
    "ties a person to an organisation is the role, which is kept apart.",
    "people.MailSettings": "A person's own, whatever their organisations.",
    "people.CalendarAddress": "A person's own; holds the hash of a secret.",
    "people.ApiKey": "A person's own; holds the hash of a secret.",
    "people.Identity": "A person's own; holds a mark made with a key.",
    "people.Mail": "A person's own; holds no word of the mail.",
    "people.Seat": "Belongs to a device; names neither person nor circle.",
    "people.Session": "Sealed, also from whoever reads the database.",
    "circles.PrivateLogEntry": "A person's own, sealed by the server's key.",
    "policy.Recommendation": "For everybody.",
    "policy.Clause": "For everybody.",
    "policy.ClauseSupport": "For everybody; the card beneath is kept apart and keeps its words.",
    "kernel.AuditHead": "Says nothing but how long a chain is, and is locked by whoever adds to it.",
    "kernel.LiveRoom": "A number that counts up, by a random id.",
    "kernel.LiveEvent": "Ids and counts of a room that is known by a random id, until the meeting closes.",
    "kernel.WorkerBeat": "Belongs to the worker.",
    "kernel.Tries": "Counts by a keyed hash, before it is known who asks.",
    "kernel.TaskKey": "Belongs to the worker.",
    "kernel.Schedule": "Belongs to the worker.",
    "kernel.Text": "Found by the random id of the row it belongs to; has no way to an organisation.",
}
# Without a foreign key to an organisation, by the column that holds its id.
BY_COLUMN = {"kernel.AuditEvent": "chain"}
# Cards for the network and for everybody are read, held back and rested on from other organisations too.
ALSO = {"network.ExperienceCard": "audience IN ('network', 'public')"}
# A role that holds in no organisation belongs to none.
NOBODYS_TOO = {"people.RoleAssignment"}
# What the application may do with a table; all of it where nothing is said. The chain only grows.
GRANTS = {"kernel.AuditEvent": "SELECT, INSERT"}
# A coordinator's act is written into the chain of the organisation that it touches: anybody adds, only its own read.
INSERTED_BY_ALL = {"kernel.AuditEvent"}

# With their schema: whoever dumps the database looks for names nowhere else.
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION public.sirkel_said() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('{SETTING}', true), '') $$;
CREATE OR REPLACE FUNCTION public.sirkel_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT public.sirkel_said() = '{EVERYTHING}' $$;
CREATE OR REPLACE FUNCTION public.sirkel_organisations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN public.sirkel_everything() THEN '{{}}'
        ELSE string_to_array(public.sirkel_said(), ',')::uuid[] END $$;
"""
_POLICY, _INSERT = "sirkel_rows", "sirkel_inserts"


@dataclass(frozen=True)
class Kept:
    """A table that is kept apart: the column that leads to its organisation, through ``parent`` where it is not that."""

    model: type[models.Model]
    column: str
    parent: type[models.Model] | None

    @property
    def label(self) -> str:
        """The model's name."""
        return self.model._meta.label  # noqa: SLF001 -- Django's documented model API

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table  # noqa: SLF001 -- as above

    @property
    def condition(self) -> str:
        """Which rows are there, in SQL."""
        if self.parent is None:
            own = f"{self.column} = ANY ((SELECT sirkel_organisations())::uuid[])"
        else:
            meta = self.parent._meta  # noqa: SLF001 -- as above
            key = meta.pk.column if meta.pk else "id"
            # Names of tables and columns of our own models.
            own = f"EXISTS (SELECT 1 FROM {meta.db_table} p WHERE p.{key} = {self.table}.{self.column})"  # noqa: S608 # nosec B608
        parts = ["(SELECT sirkel_everything())", own]
        if self.label in NOBODYS_TOO:
            parts.append(f"{self.column} IS NULL")
        if self.label in ALSO:
            parts.append(ALSO[self.label])
        return " OR ".join(parts)


def kept_apart() -> list[Kept]:
    """Return the tables that are kept apart, parents before their children."""
    organisation = apps.get_model(ORGANISATION)
    found: dict[type[models.Model], Kept] = {organisation: Kept(organisation, "id", None)}
    for label, column in BY_COLUMN.items():
        model = apps.get_model(label)
        found[model] = Kept(model, column, None)
    waiting = [model for model in _models() if model not in found]
    while waiting:
        placed = [(model, way) for model in waiting if (way := _way(model, found, organisation))]
        if not placed:
            break
        found |= dict(placed)
        waiting = [model for model in waiting if model not in found]
    return list(found.values())


def _models() -> Iterator[type[models.Model]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model._meta.label not in EXEMPT and not getattr(model, "owner_database", None):  # noqa: SLF001 -- as above
                yield model


def _way(
    model: type[models.Model], found: dict[type[models.Model], Kept], organisation: type[models.Model]
) -> Kept | None:
    """Return how a table leads to its organisation: itself, or by the first key it cannot be without."""
    keys = [one for one in model._meta.local_fields if isinstance(one, models.ForeignKey)]  # noqa: SLF001 -- as above
    for key in keys:
        if key.related_model is organisation:
            return Kept(model, key.column, None)
    for key in keys:
        if not key.null and key.related_model in found:
            return Kept(model, key.column, key.related_model)
    return None


def ways() -> dict[str, set[str]]:
    """Return, for every model of our own, the names of kept models that its foreign keys reach in one step."""
    kept = {one.model for one in kept_apart()}
    return {
        model._meta.label: {  # noqa: SLF001 -- as above
            one.related_model._meta.label  # noqa: SLF001 -- as above
            for one in model._meta.local_fields  # noqa: SLF001 -- as above
            if isinstance(one, models.ForeignKey) and one.related_model in kept
        }
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
    }


def unfit(connection: BaseDatabaseWrapper, *, role: str) -> str:
    """Say why a role cannot be the application's; empty when it can. Policies do not hold whoever stands above them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s", [role]
        )
        owned = cursor.fetchone()
    if found is None:
        return f"There is no role {role}. Make it: CREATE ROLE {role} LOGIN PASSWORD '...';"
    if found[0]:
        return f"{role} is a superuser or may bypass policies: they would not hold it."
    return f"{role} owns tables and could take the policies away." if owned and owned[0] else ""


def apply(connection: BaseDatabaseWrapper, *, role: str) -> int:
    """Let a role work with all tables, each kept apart by policy; give how many are kept apart.

    Run by the owner of the tables; doing it again brings it up to the models. The owner is held by the policies too.
    """
    name = connection.ops.quote_name(role)
    kept = kept_apart()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {name}")
        for one in kept:
            table = connection.ops.quote_name(one.table)
            if one.label in GRANTS:
                cursor.execute(f"REVOKE ALL ON {table} FROM {name}")
                cursor.execute(f"GRANT {GRANTS[one.label]} ON {table} TO {name}")
            cursor.execute(f"DROP POLICY IF EXISTS {_POLICY} ON {table}")
            cursor.execute(f"DROP POLICY IF EXISTS {_INSERT} ON {table}")
            cursor.execute(f"CREATE POLICY {_POLICY} ON {table} USING ({one.condition})")
            if one.label in INSERTED_BY_ALL:
                cursor.execute(f"CREATE POLICY {_INSERT} ON {table} FOR INSERT WITH CHECK (true)")
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        cursor.execute(f"COMMENT ON FUNCTION public.sirkel_said() IS '{_mark()}'")
    return len(kept)


def is_whole(connection: BaseDatabaseWrapper, *, role: str) -> bool:
    """Tell whether the policies are those that ``apply`` makes now and hold whoever asks, and the role may work."""
    held = """SELECT count(*) FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = %s"""
    with connection.cursor() as cursor:
        cursor.execute(held, [_POLICY])
        tables = cursor.fetchone()
        # A restored database has policies, and lets nobody in but its owner.
        cursor.execute("SELECT has_table_privilege(%s, 'circles_circle', 'INSERT')", [role])
        may_work = cursor.fetchone()
        cursor.execute("SELECT obj_description(to_regprocedure('public.sirkel_said()'), 'pg_proc')")
        mark = cursor.fetchone()
    return (tables, may_work, mark) == ((len(kept_apart()),), (True,), (_mark(),))


def _mark() -> str:
    """Return what changes when any policy does."""
    conditions = "\n".join(sorted(f"{one.table} {one.condition}" for one in kept_apart()))
    return hashlib.sha256((_FUNCTIONS + conditions).encode()).hexdigest()


def remove(connection: BaseDatabaseWrapper) -> int:
    """Take every policy away; give how many tables had them. What the role may do with tables stays."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE policyname = %s", [_POLICY])
        tables = [connection.ops.quote_name(row[0]) for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"DROP POLICY IF EXISTS {_POLICY} ON {table}")
            cursor.execute(f"DROP POLICY IF EXISTS {_INSERT} ON {table}")
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        cursor.execute("DROP FUNCTION IF EXISTS sirkel_organisations(), sirkel_everything(), sirkel_said()")
    return len(tables)
