"""The audit chain: gapless, refused by the database to change, and broken visibly when somebody does it all the same."""

import enum
import os
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from sirkel.kernel import audit, audit_triggers
from sirkel.kernel.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db

CHAIN = uuid.UUID("0b6b0d8e-5f0c-4a54-9a3a-3f1d2c3b4a59")
OTHER = uuid.UUID("1b6b0d8e-5f0c-4a54-9a3a-3f1d2c3b4a59")
AT = datetime(2026, 3, 12, 9, 30, 15, 987654, tzinfo=timezone(timedelta(hours=1)))


class State(enum.StrEnum):
    OPEN = "open"


def write(count=1, chain=CHAIN, **changes):
    wanted = {
        "acting": uuid.uuid4(),
        "verb": "meeting.opened",
        "target": uuid.uuid4(),
        "facts": {"number": 1},
    }
    with transaction.atomic():
        return [audit.record(chain=chain, at=AT, **{**wanted, **changes}) for _ in range(count)]


@pytest.fixture
def _lifted():
    """Do what the owner of a database can do: take the triggers away."""
    audit_triggers.drop(connection)
    yield
    audit_triggers.create(connection)


def verified(capsys, *arguments):
    code = 0
    try:
        call_command("audit_verify", *arguments)
    except SystemExit as stopped:
        code = stopped.code
    said = capsys.readouterr()
    return code, (said.out + said.err).strip()


def test_an_untouched_chain_holds(capsys):
    write(3)
    write(2, chain=OTHER)
    assert audit.verify() == audit.Report(5, ())
    assert verified(capsys) == (0, "The chain of 5 rows holds.")


def test_an_empty_chain_holds(capsys):
    assert verified(capsys) == (0, "The chain of 0 rows holds.")


def test_rows_are_numbered_and_linked_per_chain():
    first, second = write(2)
    (elsewhere,) = write(chain=OTHER)
    assert [(e.sequence, e.previous_hash) for e in (first, second, elsewhere)] == [
        (1, "0" * 64),
        (2, first.hash),
        (1, "0" * 64),
    ]
    assert audit.heads() == {CHAIN: second.hash, OTHER: elsewhere.hash}


def test_what_concerns_nobody_in_particular_goes_to_the_chain_of_the_installation():
    (event,) = write(chain=None, acting=None)
    assert (event.chain, event.actor) == (audit.NOBODY, None)
    assert audit.verify().breaks == ()


@pytest.mark.requirement("SEC-24")
def test_time_is_kept_to_the_second_in_utc():
    (event,) = write()
    event.refresh_from_db()
    assert event.at == datetime(2026, 3, 12, 8, 30, 15, tzinfo=UTC)


def test_a_row_rolled_back_leaves_no_gap():
    write()
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record(chain=CHAIN, acting=None, verb="meeting.opened", target=uuid.uuid4(), at=AT)
        raise RuntimeError
    write()
    assert list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]
    assert audit.verify().breaks == ()


@pytest.mark.requirement("SEC-24")
def test_facts_are_numbers_states_and_ids():
    (event,) = write(
        facts={"count": 3, "is_late": False, "state": State.OPEN, "who": [CHAIN, None], "step": "check-in"}
    )
    event.refresh_from_db()
    assert event.facts == {
        "count": 3,
        "is_late": False,
        "state": "open",
        "who": [str(CHAIN), None],
        "step": "check-in",
    }
    assert audit.verify().breaks == ()


@pytest.mark.requirement("SEC-24")
@pytest.mark.parametrize(
    "content", ["Ho heiter Prøve", "Prøve", "two words", "", 1.5, {"a": 1}, ["fine", "Not fine"]]
)
def test_words_that_somebody_wrote_are_refused(content):
    with pytest.raises(ValueError, match="'fact'"):
        write(facts={"fact": content})
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("verb", ["opened", "Meeting.opened", "meeting opened", "meeting."])
def test_a_verb_names_a_thing_and_what_was_done_to_it(verb):
    with pytest.raises(ValueError, match=r"meeting\.opened"):
        write(verb=verb)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"), transaction.atomic():
        audit.record(chain=CHAIN, acting=None, verb="a.b", target=CHAIN, at=AT.replace(tzinfo=None))


@pytest.mark.django_db(transaction=True)
def test_a_row_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(chain=CHAIN, acting=None, verb="a.b", target=CHAIN, at=AT)


@pytest.mark.requirement("SEC-24")
@pytest.mark.threat(row="T9")
def test_the_database_refuses_to_change_or_delete_a_row():
    (event,) = write()
    for act in (
        lambda: AuditEvent.objects.update(verb="meeting.closed"),
        lambda: AuditEvent.objects.all().delete(),
        event.save,
        event.delete,
    ):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            act()
    assert audit.verify() == audit.Report(1, ())


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate_the_table():
    if connection.vendor != "postgresql":
        pytest.skip("SKIPPED: needs PostgreSQL")
    write()
    with (
        pytest.raises(IntegrityError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE kernel_auditevent")


CHANGES = {
    "actor": uuid.UUID(int=7),
    "verb": "meeting.opener",
    "target": uuid.UUID(int=7),
    "facts": {"number": 2},
    "at": datetime(2026, 3, 12, 8, 30, 16, tzinfo=UTC),
    "hash": "0" * 64,
    "id": uuid.UUID(int=7),
}


@pytest.mark.threat(row="T9")
@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.usefixtures("_lifted")
def test_one_changed_column_is_named(column, capsys):
    rows = write(5)
    AuditEvent.objects.filter(sequence=3).update(**{column: CHANGES[column]})
    assert audit.verify().rows == len(rows)
    (broken,) = audit.verify().breaks
    assert (broken.chain, broken.sequence) == (CHAIN, 3)
    code, said = verified(capsys)
    assert (code, said) == (1, f"The chain does not hold: row 3 of {CHAIN} was changed after it was written.")


@pytest.mark.usefixtures("_lifted")
def test_a_changed_link_is_named():
    write(3)
    AuditEvent.objects.filter(sequence=2).update(previous_hash="f" * 64)
    assert audit.verify().breaks == (audit.Break(CHAIN, 2, "does not follow from the row before it"),)


@pytest.mark.usefixtures("_lifted")
def test_a_row_whose_hash_was_made_anew_breaks_at_the_next():
    write(3)
    event = AuditEvent.objects.get(sequence=2)
    event.facts = {"number": 99}
    event.hash = audit.hash_of(event)
    event.save()
    assert audit.verify().breaks == (audit.Break(CHAIN, 3, "does not follow from the row before it"),)


@pytest.mark.threat(row="T9")
@pytest.mark.usefixtures("_lifted")
def test_a_deleted_row_is_named():
    write(5)
    AuditEvent.objects.filter(sequence=2).delete()
    assert audit.verify().breaks == (audit.Break(CHAIN, 2, "is missing"),)


@pytest.mark.threat(row="T9")
@pytest.mark.usefixtures("_lifted")
def test_reordered_rows_are_named():
    write(4)
    AuditEvent.objects.filter(sequence=2).update(sequence=99)
    AuditEvent.objects.filter(sequence=3).update(sequence=2)
    AuditEvent.objects.filter(sequence=99).update(sequence=3)
    assert audit.verify().breaks == (audit.Break(CHAIN, 2, "does not follow from the row before it"),)


@pytest.mark.usefixtures("_lifted")
def test_the_first_break_of_every_chain_is_given():
    write(4)
    write(2, chain=OTHER)
    AuditEvent.objects.filter(verb="meeting.opened", sequence=2).update(verb="meeting.closed")
    assert [(b.chain, b.sequence) for b in audit.verify().breaks] == [(CHAIN, 2), (OTHER, 2)]
    assert [b.chain for b in audit.verify(chain=OTHER).breaks] == [OTHER]


@pytest.mark.usefixtures("_lifted")
def test_a_cut_end_shows_against_the_stored_head():
    write(4)
    AuditEvent.objects.filter(sequence__gt=2).delete()
    assert [b.sequence for b in audit.verify().breaks] == [3]
    AuditEvent.objects.all().delete()
    assert [(b.chain, b.sequence) for b in audit.verify().breaks] == [(CHAIN, 1)]


@pytest.mark.threat(row="T9")
@pytest.mark.usefixtures("_lifted")
def test_a_cut_end_whose_head_was_set_back_shows_against_a_remembered_head_only(capsys):
    rows = write(4)
    AuditEvent.objects.filter(sequence__gt=2).delete()
    AuditHead.objects.update(length=2, hash=rows[1].hash)
    assert verified(capsys) == (0, "The chain of 2 rows holds.")
    assert verified(capsys, "--head", rows[1].hash)[0] == 0
    code, said = verified(capsys, "--head", rows[1].hash, "--head", rows[3].hash)
    assert code == 1
    assert "row 3" in said
    assert "remembered head" in said


def test_a_remembered_head_is_still_found_when_the_chain_has_grown(capsys):
    rows = write(2)
    write(3)
    assert verified(capsys, "--head", rows[-1].hash) == (0, "The chain of 5 rows holds.")


def test_heads_are_printed_to_be_remembered(capsys):
    rows = write(2)
    assert verified(capsys, "--heads") == (0, f"The chain of 2 rows holds.\n{CHAIN} {rows[-1].hash}")


@pytest.mark.usefixtures("_lifted")
def test_a_row_that_cannot_be_read_is_named():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets a column hold what its type does not")
    write(3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_auditevent SET target = 'nonsense' WHERE sequence = 2")
    assert audit.verify().breaks == (audit.Break(CHAIN, 2, "cannot be read"),)


WRITER = """
import uuid, django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from sirkel.kernel import audit
for _ in range(30):
    with transaction.atomic():
        audit.record(chain=uuid.UUID(int=5), acting=None, verb="meeting.opened", target=uuid.uuid4(),
                     at=datetime(2026, 1, 1, tzinfo=UTC))
"""
CHECKER = "import django; django.setup(); from sirkel.kernel import audit; r = audit.verify(); print(r.rows, r.breaks)"


@pytest.mark.slow
def test_processes_that_write_at_the_same_time_leave_no_gap_on_sqlite(tmp_path):
    environment = {key: value for key, value in os.environ.items() if "DATABASE_URL" not in key}
    environment |= {"SIRKEL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "sirkel.config.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)

    def python(*words):
        return subprocess.Popen([sys.executable, *words], env=environment, stdout=subprocess.PIPE, text=True)

    def outcome(process):
        said, _ = process.communicate(timeout=60)
        return process.returncode, said.strip()

    assert outcome(python("-m", "django", "migrate", "kernel", "--verbosity=0")) == (0, "")
    assert [outcome(writer) for writer in [python("-c", WRITER) for _ in range(3)]] == [(0, "")] * 3
    assert outcome(python("-c", CHECKER)) == (0, "90 ()")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_threads_that_write_at_the_same_time_leave_no_gap_on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SKIPPED: needs PostgreSQL")

    def work():
        for _ in range(20):
            write()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert audit.verify() == audit.Report(120, ())
