"""A part that breaks, in each layer: one plain page or nothing, one line in the log, and no word of what was inside."""

import html
import io
import json
import logging
import re
import sqlite3
from contextlib import closing

import httpx
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import include, path

from sirkel.config import urls
from sirkel.kernel.logs import JsonFormatter, NoPersonalData
from sirkel.kernel.tasks import enqueue_once
from sirkel.web import patterns
from tests.attack.server import serving
from tests.kernel.unit.test_tasks import fail

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "research", "vault"]),
    pytest.mark.pure,
]
WORDS = "Aino Prøve sa 01010750160 om natten"
INSIDE = (
    WORDS,
    "Aino",
    "Traceback",
    "ValueError",
    "RuntimeError",
    "/sirkel/",
    ".py",
    "SELECT",
    "settings",
    "django",
)


class BrokenError(ValueError):
    def __init__(self, *_given):
        super().__init__(WORDS)


def broken_view(_request, **_parts):
    secret = WORDS
    raise BrokenError(secret)


def broken_by_database(_request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere WHERE said = %s", [WORDS])


class BreaksBefore:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raise BrokenError


class BreaksAfter(BreaksBefore):
    def __call__(self, request):
        self.get_response(request)
        raise BrokenError


urlpatterns = [
    path("breaks/view/", broken_view),
    path("breaks/database/", broken_by_database),
    path("", include(urls.urlpatterns)),
]
handler400 = urls.handler400


@pytest.fixture
def lines():
    """What the log of a server holds, as it is written: through the house's own filter and form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(NoPersonalData())
    names = ("django.request", "django.security", "sirkel", "django_tasks", "uvicorn")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def ask(address, **headers):
    cache.clear()
    client = Client(raise_request_exception=False, headers={"accept-language": "nb"})
    return client.get(address, headers=headers)


def is_plain(answer, lines):
    """Hold an answer and the log to it: one page, one line that says where, and nothing of the inside in either."""
    assert answer.status_code == 500
    page = answer.content.decode()
    assert [word for word in INSIDE if word in re.sub(r'(?:href|src)="/static/[^"]*"', "", page)] == []
    assert len(re.findall("<h1", page)) == 1
    errors = [line for line in lines() if line["level"] == "error"]
    assert len(errors) == 1, errors
    assert errors[0]["places"]
    assert WORDS not in json.dumps(lines(), ensure_ascii=False)
    assert "Aino" not in json.dumps(lines(), ensure_ascii=False)


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
@pytest.mark.parametrize("part", ["view", "database"])
def test_in_a_view(lines, part):
    is_plain(ask(f"/breaks/{part}/"), lines)


def test_in_a_template(lines, monkeypatch):
    """A page that breaks half-way is not sent half."""

    class Breaking(str):
        __slots__ = ()

        def __str__(self):
            raise BrokenError

    monkeypatch.setattr(patterns, "SURFACES", (Breaking("x"), "hand"))
    is_plain(ask("/patterns/"), lines)


@pytest.mark.parametrize("layer", ["BreaksBefore", "BreaksAfter"])
@pytest.mark.parametrize("at", [0, 6, -1])
def test_in_a_middleware(lines, settings, layer, at):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE]
    settings.MIDDLEWARE.insert(at if at >= 0 else len(settings.MIDDLEWARE), f"{__name__}.{layer}")
    is_plain(ask("/patterns/"), lines)


@pytest.mark.real_hour
def test_in_a_task(lines):
    """It goes on to the next one, and is tried again by its rule."""
    enqueue_once(fail, "fail")
    call_command("run_worker", "--once")
    said = json.dumps(lines(), ensure_ascii=False)
    assert "Prøve ringte" not in said
    assert len([line for line in lines() if line["level"] == "error"]) <= 1


@pytest.mark.requirement("SEC-25")
@pytest.mark.slow
def test_in_a_stream_of_the_real_server():
    """The stream ends, pages say so plainly, and all that the server writes are lines of ours."""
    with serving() as (server, stage):
        page = httpx.get(f"{server.site}/room/{stage['room_key']}/").text
        where = html.unescape(re.search(r'data-src="(/live/room/[^"]+)"', page)[1])
        with closing(sqlite3.connect(server.data / "sirkel.sqlite3")) as database, database:
            database.execute("ALTER TABLE kernel_liveevent RENAME TO gone")
            database.execute("ALTER TABLE circles_round RENAME TO gone_too")
        body = b""
        try:
            with httpx.stream("GET", f"{server.site}{where}", timeout=10) as stream:
                for piece in stream.iter_raw():
                    body += piece
        except httpx.TransportError:
            pass
        broken = httpx.get(f"{server.site}/room/{stage['room_key']}/")
        server.stop()
        said = server.output
    assert broken.status_code == 500
    for shown in (body.decode(), broken.text):
        assert [word for word in ("no such table", "kernel_live", "Traceback", ".py") if word in shown] == []
    written = [json.loads(line) for line in said.splitlines()]
    faults = [line for line in written if line["level"] == "error"]
    assert {line["error"] for line in faults} == {"OperationalError"}
    assert sorted(line["logger"] for line in faults) == ["django.request", "uvicorn.error"]
    assert all(line["places"] for line in faults)
    assert "Traceback" not in said
