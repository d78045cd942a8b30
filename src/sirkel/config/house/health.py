"""How the server is, in lines that an administrator understands. No line holds a secret, a name or a word of anybody.

Each line is asked for on its own and survives what it finds: a database that is away is a line, not a fault.
"""

import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from sirkel import __version__
from sirkel.config import production
from sirkel.config.house.disks import backup_line, backup_space, data_space
from sirkel.config.house.lines import Line, State, not_in_a_demo
from sirkel.kernel.heartbeat import SILENT_AFTER
from sirkel.kernel.models import WorkerBeat
from sirkel.kernel.queue import queue_state
from sirkel.people.queries.mail import outbox_state

LATE_AFTER = timedelta(minutes=10)
MOST_SKEW = timedelta(seconds=5)
_CONNECT_SECONDS = 2
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def lines(at: datetime) -> list[Line]:
    """Look at everything once and return a line each, in a fixed order."""
    asked: tuple[Callable[[datetime], Line | None], ...] = (
        version,
        databases,
        migrations,
        worker,
        work,
        outbox,
        mail_server,
        data_space,
        backup_space,
        backup_line,
        clocks,
        weak_settings,
    )
    return [line for one in asked if (line := one(at)) is not None]


def version(_at: datetime) -> Line:
    """Say which Sirkel this is."""
    says = _("This is Sirkel %(version)s.") % {"version": __version__}
    return Line("version", _("Version"), State.GOOD, (says,))


def databases(_at: datetime) -> Line:
    """Say which databases answer, and what they are."""
    away, engines = [], []
    for alias in connections:
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            away.append(alias)
        else:
            number = ".".join(str(part) for part in connection.get_database_version()[:2])
            engines.append(f"{_NAMES.get(connection.vendor, connection.vendor)} {number}")
    if away:
        says = _("Does not answer: %(names)s.") % {"names": ", ".join(away)}
        to_do = _("Ask whoever runs the server to start the database and to look at its address.")
        return Line("databases", _("Databases"), State.BAD, (says,), to_do)
    kinds = ", ".join(dict.fromkeys(engines))
    says = _("All %(n)s answer: %(engine)s.") % {"n": len(engines), "engine": kinds}
    return Line("databases", _("Databases"), State.GOOD, (says,))


def migrations(_at: datetime) -> Line:
    """Say whether the databases are as this version wants them."""
    name = _("Structure of the databases")
    behind = newer = 0
    for alias in connections:
        try:
            executor = MigrationExecutor(connections[alias])
        except DatabaseError:
            continue  # the line before says that it is away
        known = set(executor.loader.graph.nodes)
        known |= {key for node in executor.loader.disk_migrations.values() for key in node.replaces}
        behind += len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        newer += len(set(executor.loader.applied_migrations) - known)
    if behind:
        says = _("Steps of this version that are missing: %(n)s.") % {"n": behind}
        to_do = _("Ask whoever runs the server to finish the update: stop Sirkel and start it again.")
        return Line("migrations", name, State.BAD, (says,), to_do)
    if newer:
        says = _("The databases were used by a newer Sirkel.")
        return Line("migrations", name, State.LOOK, (says,), _("Update Sirkel before people go on."))
    return Line("migrations", name, State.GOOD, (_("It is the one that this version wants."),))


def worker(at: datetime) -> Line:
    """Say whether somebody does what is to be done later."""
    name = _("Worker")
    alive = list(WorkerBeat.objects.filter(seen_at__gte=at - SILENT_AFTER).order_by("started_at"))
    if alive:
        says = _("At work: %(n)s. The longest for %(time)s.") % {
            "n": len(alive),
            "time": timesince(alive[0].started_at, at),
        }
        return Line("worker", name, State.GOOD, (says,))
    busy_since = queue_state(at).running_since
    if busy_since is not None:
        says = _("Busy with one task for %(time)s.") % {"time": timesince(busy_since, at)}
        to_do = _("Wait. After half an hour it counts as failed and is tried again.")
        return Line("worker", name, State.LOOK, (says,), to_do)
    last = WorkerBeat.objects.order_by("-seen_at").first()
    said = [_("There is none. No mail goes out, and nothing is deleted when its time is over.")]
    if last is not None:
        said.append(_("Last sign of life: %(time)s ago.") % {"time": timesince(last.seen_at, at)})
    to_do = _("Ask whoever runs the server to start the worker.")
    return Line("worker", name, State.BAD, tuple(said), to_do)


def work(at: datetime) -> Line:
    """Say what waits to be done, and what failed."""
    found = queue_state(at)
    said = [
        _("Waiting: %(waiting)s. Failed: %(failed)s.") % {"waiting": found.waiting, "failed": found.failed}
    ]
    is_late = found.oldest_due is not None and found.oldest_due < at - LATE_AFTER
    if found.oldest_due is not None:
        said.append(_("The oldest waits for %(time)s.") % {"time": timesince(found.oldest_due, at)})
    to_do = ""
    if is_late:
        to_do = _("More than ten minutes is long. Look at the worker first.")
    elif found.failed:
        to_do = _("Whoever keeps the installation can try failed tasks again, or drop them.")
    return Line("work", _("Tasks"), State.LOOK if to_do else State.GOOD, tuple(said), to_do)


def outbox(at: datetime) -> Line:
    """Say how many mails wait, and how many were not taken."""
    found = outbox_state(at)
    said = [
        _("Waiting: %(waiting)s. Not taken: %(failed)s. Perhaps sent: %(unsure)s.")
        % {"waiting": found.waiting, "failed": found.failed, "unsure": found.unsure}
    ]
    to_do = ""
    if found.late:
        late = {"n": found.late, "time": timesince(found.oldest_late or at, at)}
        said.append(_("Late: %(n)s. The oldest for %(time)s.") % late)
        to_do = _(
            "The mail server does not take them. They are tried again by themselves until they are too old."
        )
    elif found.failed:
        to_do = _(
            "Often an address that does not exist any more. Look at the addresses under People and roles."
        )
    return Line("outbox", _("Outbox"), State.LOOK if to_do else State.GOOD, tuple(said), to_do)


def mail_server(_at: datetime) -> Line:
    """Say whether there is a mail server, and whether it answers; nothing is sent, and nobody signs in."""
    name = _("Mail server")
    if not settings.EMAIL_HOST:
        says = _("None is set. Mails are written to a folder of the server and reach nobody.")
        state = State.GOOD if settings.DEMO else State.BAD
        to_do = "" if settings.DEMO else _("Ask whoever runs the server to set SIRKEL_SMTP_HOST.")
        return Line("mail", name, state, (says, *not_in_a_demo()), to_do)
    try:
        socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), _CONNECT_SECONDS).close()
    except OSError:
        says = _("It does not answer.")
        to_do = _("Mails wait and go out when it is back. Ask whoever runs the mail server.")
        return Line("mail", name, State.BAD, (says,), to_do)
    return Line("mail", name, State.GOOD, (_("It answers."),))


def clocks(at: datetime) -> Line:
    """Compare the clock of this machine with those of the database servers and the workers."""
    name = _("Clocks")
    apart = [beat.seen_at - at for beat in WorkerBeat.objects.filter(seen_at__gt=at + MOST_SKEW)]
    for alias in connections:
        if connections[alias].vendor != "postgresql":
            continue
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                apart.append(abs(cursor.fetchone()[0] - at))
        except DatabaseError:
            continue
    widest = max(apart, default=timedelta(0))
    if widest > MOST_SKEW:
        says = _("Two machines are %(n)s seconds apart.") % {"n": round(widest.total_seconds())}
        to_do = _(
            "Codes of sign-in apps fail and meetings begin at the wrong minute. Let all machines ask a time server."
        )
        return Line("clocks", name, State.LOOK, (says,), to_do)
    return Line("clocks", name, State.GOOD, (_("Server, databases and workers tell the same time."),))


def weak_settings(_at: datetime) -> Line:
    """Say whether a setting is too weak for others to come in."""
    name = _("Settings")
    if production.weaknesses():
        says = _("At least one is too weak for others to come in.")
        return Line("settings", name, State.BAD, (says,), _("The page on settings says which, and why."))
    says = (
        _("None is too weak.")
        if production.is_public()
        else _("Only this machine and its own network get in.")
    )
    return Line("settings", name, State.GOOD, (says,))
