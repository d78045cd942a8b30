"""A database without a connection, without room, or gone in the middle: 503, one line in the log, nothing half written."""

import asyncio
import json
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import include, path

from sirkel.circles.models import InboxNote
from sirkel.config import urls
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.kernel.live import stream
from tests.circles.web.hands import JSON, Phone
from tests.config.test_a_fault_anywhere import lines  # noqa: F401 -- a fixture
from tests.factories.meetings import make_meeting, sign_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"])
WORDS = "Ingen sov om natten"
NARROW = "no_connection_left"
NB = {"accept-language": "nb"}


def stage(_request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")


urlpatterns = [
    path("breaks/", stage),
    path("api/v1/breaks/", stage),
    path("", include(urls.urlpatterns)),
]
handler500 = urls.handler500


@contextmanager
def none_left():
    """Let every new connection be refused: by a role that may have none, or because the file is not there."""
    given = connection.settings_dict
    before = {name: given[name] for name in ("USER", "NAME")}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {NARROW} LOGIN CONNECTION LIMIT 0")
        given["USER"] = NARROW
    else:
        given["NAME"] = "/nowhere/sirkel.sqlite3"
    connections.close_all()
    try:
        yield
    finally:
        connection.close()
        given.update(before)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP ROLE {NARROW}")


def browser():
    return Client(raise_request_exception=False, headers=NB)


def is_503(answer):
    """Hold an answer to it: a short page in the reader's language that says when to come again."""
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"]
    page = answer.content.decode()
    assert '<html lang="nb">' in page
    assert page.count("<h1") == 1
    assert "Sirkel svarer ikke akkurat nå" in page
    assert "OperationalError" not in page


def test_a_page_says_so_plainly_and_asks_no_database_for_it(lines):  # noqa: F811 -- the fixture
    live = make_meeting(step="write", people=1)
    client = browser()
    sign_in(client, live.facilitator)
    address = f"/circles/{live.circle.id}/"
    assert client.get(address).status_code == 200
    with none_left():
        is_503(client.get(address))
    said = [line for line in lines() if line["level"] == "error"]
    assert [line["error"] for line in said] == ["OperationalError"]
    assert said[0]["message"].startswith("Service Unavailable")
    assert said[0]["places"]
    assert NARROW not in json.dumps(said)
    assert client.get(address).status_code == 200  # the next try connects anew


def test_a_program_and_our_own_scripts_get_the_shape_of_every_refusal():
    phone = Phone(make_meeting(step="write"), client=browser())
    round_ = phone.live.round
    with none_left():
        cache.clear()
        by_program = browser().get("/api/v1/me", headers={"Authorization": "Bearer sirkel_anything"})
        by_script = phone.note(WORDS, round_=round_)
    for answer in (by_program, by_script):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        told = json.loads(answer.content)
        assert told["code"] == "service.away"
        assert told["message"] == "Sirkel svarer ikke akkurat nå"
        assert told["hint"]
    assert not InboxNote.objects.exists()


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
def test_a_fault_of_ours_stays_a_fault():
    page, program = (browser().get(address) for address in ("/breaks/", "/api/v1/breaks/"))
    for answer in (page, program):
        assert answer.status_code == 500
        assert "Retry-After" not in answer.headers
        assert "nowhere" not in answer.content.decode()
    assert "<h1" in page.content.decode()
    assert json.loads(program.content)["code"] == "service.fault"


@pytest.mark.parametrize("path", ["/circles/", "/api/v1/circles"])
def test_whoever_is_not_signed_in_and_asks_no_database_is_answered(path):
    with none_left():
        cache.clear()
        assert browser().get(path).status_code in {302, 401}


@contextmanager
def gone_at(number):
    """Let the server end our connection in place of one statement: the first is number 1."""
    left = [number]

    def end(execute, sql, params, many, context):
        left[0] -= 1
        if left[0] == 0:
            context["cursor"].execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end):
        yield
    connection.close()  # as a server does after each request, where a client of tests leaves it open


@pytest.mark.postgres
def test_a_connection_that_ends_at_any_statement_leaves_a_note_whole_or_not_at_all():
    """Sent again with the same number it is there once, whatever the first answer was."""
    phone = Phone(make_meeting(step="write"), client=browser())
    address = f"{phone.at()}notes/"
    note = {"client_id": str(new_id()), "receipt": new_receipt(), "lang": "nb", "text": WORDS}
    stored = []
    for number in range(1, 100):
        with gone_at(number):
            answer = phone.client.post(address, note, headers=JSON)
        stored.append(InboxNote.objects.count())
        if answer.status_code != 503:  # it was through before its turn came
            break
        assert answer.json()["code"] == "service.away"
    assert answer.status_code == 200
    assert len(stored) > 6, "it ended before, while and after something was written"
    assert stored == sorted(stored), "what was there when its answer was lost stays"
    assert stored[-1] == 1
    assert phone.client.post(address, note, headers=JSON).status_code == 200
    assert InboxNote.objects.count() == 1


@contextmanager
def written_by_somebody_else():
    """Let another program hold SQLite's file, and wait for it no longer than a moment."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=1")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    connection.close()


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_file_that_stays_locked_is_waited_for_and_then_said():
    phone = Phone(make_meeting(step="write"), client=browser())
    round_ = phone.live.round
    with written_by_somebody_else():
        answer = phone.note(WORDS, round_=round_)
    assert (answer.status_code, answer.json()["code"]) == (503, "service.away")
    assert not InboxNote.objects.exists()
    assert phone.note(WORDS, round_=round_).status_code < 300


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_full_disk_is_said_before_anything_is_half_there():
    phone = Phone(make_meeting(step="write"), client=browser())
    round_ = phone.live.round
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests left free would hold every note
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    answers = [phone.note("x" * 200, round_=round_) for _each in range(60)]
    stored = sum(answer.status_code < 300 for answer in answers)
    assert InboxNote.objects.count() == stored
    assert {answer.status_code for answer in answers if answer.status_code >= 300} == {503}
    connection.close()
    assert phone.note(WORDS, round_=round_).status_code < 300


def test_a_stream_says_it_too_and_the_screen_asks_again(monkeypatch):
    monkeypatch.setattr(stream, "frames", stream.Frames())  # a server that ran here before has closed its own
    live = make_meeting(step="write", people=1)
    told = []

    async def listen():
        async def send(message):
            told.append(message)

        scope = {"type": "http", "method": "GET", "path": f"/live/room/{live.meeting.id}/", "headers": []}
        await stream.live(scope, None, send)

    with none_left():
        asyncio.run(listen())
        stream.frames.close()
    assert told[0]["status"] == 503
    assert (b"retry-after", b"10") in told[0]["headers"]
