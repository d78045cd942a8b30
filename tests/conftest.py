"""What every test shares: mail and files go to memory, the clock stands at noon before each test."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bench.servers import prepared
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils import translation

import tests.rows
from sirkel.config.translations import compile_all
from sirkel.kernel import audit_triggers, clock, rows

PURE_ROOMS = {"bench", "deploy", "evidence", "exchange", "house"}
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure():
    """Let every test read the languages as they are, whichever test runs first."""
    compile_all()
    os.environ.setdefault("SIRKEL_SECOND_FACTOR", "off")  # for servers of their own that tests start


def pytest_collection_modifyitems(items):
    """Mark what knows nothing of our databases, or reaches them by way of pages alone: both need not run on each.

    What takes longest begins.
    """
    for item in items:
        _tests, room, *inside = item.path.relative_to(item.config.rootpath).parts
        if "web" in inside and not item.get_closest_marker("postgres"):
            item.add_marker("pages")
        # Without marker or fixture pytest-django lets a test reach no database at all.
        has_database = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames)
        if (room in PURE_ROOMS or not has_database) and not item.get_closest_marker("postgres"):
            item.add_marker("pure")
    # Begun last it would keep one worker for minutes while the other has nothing left.
    items.sort(key=lambda item: item.get_closest_marker("begins") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """Keep SQLite's test databases in real files: what is tested is what runs, with its locks and its log on disk."""
    folder = tmp_path_factory.mktemp("databases")
    for alias in connections:
        if connections[alias].vendor == "sqlite":
            name = Path(str(settings.DATABASES[alias]["NAME"])).name
            shutil.copy(prepared() / name, folder / name)
            connections[alias].settings_dict["TEST"]["NAME"] = str(folder / name)


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Take SQLite's files as they were prepared, with their tables; a server's databases are made anew."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let go of the test databases at the end: PostgreSQL drops none that a thread of ours still has open."""
    if settings.ROW_SECURITY:
        with django_db_blocker.unblock():
            tests.rows.keep_apart()
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            if connections[alias].vendor == "postgresql":
                with connections[alias].cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )


@pytest.fixture(autouse=True)
def _rows_of_all():
    """Tests prepare and look as an operator does; what they ask of the site is told apart by the site itself."""
    with rows.everything(rows.Why.COMMAND):
        yield


@pytest.fixture(autouse=True)
def _noon(request):
    """Begin each test at noon in Oslo, and set the clock back after it: a test of the night or of midnight says so."""
    now = datetime.now(UTC)
    if request.node.get_closest_marker("real_hour"):
        with clock.moved(timedelta(0)):
            yield
        return
    with clock.moved(now.replace(hour=11, minute=0, second=0, microsecond=0) - now):
        yield


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    """What a process has counted of tries and askers is its memory's; no test begins with another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _language_set_back(settings):
    """A page leaves its reader's language with its thread; the next test begins in English again."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _one_step_is_enough(settings):
    """Tests of other things sign people in without a second step; those of the second step ask for it."""
    settings.SECOND_FACTOR = "off"


@pytest.fixture(autouse=True)
def _data_folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = (
        True  # a client of its own for each test: none looks every file up before it asks
    )


@pytest.fixture(autouse=True)
def _audit_rows_can_be_flushed(request):
    """Empty the audit chain after a test that commits: the database itself refuses to, so its triggers are lifted."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    from sirkel.kernel.models import AuditEvent

    request.getfixturevalue("transactional_db")
    yield
    with tests.rows.as_owner():
        audit_triggers.drop(connection)
        AuditEvent.objects.all().delete()
        audit_triggers.create(connection)
