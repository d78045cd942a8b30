"""The real server as a process of its own: what it says and keeps of people, and what a bad network does to notes."""

import functools
import http.client
import json
import random
import re
import socket
import sqlite3
import time
import urllib.parse
import urllib.request
import uuid
from contextlib import closing

import pytest

from sirkel.config.bots.phone import Phone
from sirkel.kernel.ids import new_receipt
from tests.attack.server import serving
from tests.e2e.proxy import END, proxied

pytestmark = pytest.mark.slow

ADDRESS = "127.0.0.77"
AGENT = "PhoneOfNobody/77.5 (Eksempel)"
A_NUMBER = "01010750160"
PHONES, NOTES_EACH = 10, 5
OK, TOO_LARGE = 200, 413


class FromOneAddress(urllib.request.HTTPHandler):
    """Connects from an address that nothing else here has."""

    def http_open(self, request):
        connection = functools.partial(http.client.HTTPConnection, source_address=(ADDRESS, 0))
        return self.do_open(connection, request)


def phone_at(site, number):
    phone = Phone(site=site, language="nb", dice=random.Random(number))
    jar = urllib.request.HTTPCookieProcessor(phone._jar)
    phone._opener = urllib.request.build_opener(jar, FromOneAddress)
    phone._opener.addheaders = [("User-Agent", AGENT)]
    return phone


def what_goes_wrong(phone, stage):
    """What a server is tempted to log: refusals, a huge body, a person's number, nonsense, a page that is not there."""
    assert "notes.national_id" in phone.note(stage["round"], f"Hun med {A_NUMBER} ringte").body
    assert phone.call("/b", {"code": "ACDEFG"}).status == 404
    assert phone.call("/b", {"code": f"/b/{stage['join'][:-1]}x"}).status in {404, 400}
    assert phone.call(f"/m/{uuid.uuid4()}/").status == 403
    assert phone.call(f"/nowhere/{A_NUMBER}?agent={urllib.parse.quote(AGENT)}").status == 404
    huge = phone.note(stage["round"], "a" * 10 * 1024 * 1024)
    assert (huge.status, json.loads(huge.body)["code"]) == (TOO_LARGE, "form.too_large")
    assert phone.note(stage["round"], "").status == 400


@pytest.mark.requirement("PD-05")
@pytest.mark.threat(row="T19")
def test_fifty_notes_leave_no_trace_of_who_wrote_them():
    texts, secrets = [], []
    with serving() as (server, stage):
        for number in range(PHONES):
            phone = phone_at(server.site, number)
            phone.join(stage["join"])
            assert phone.look()[0] == "deepen"
            secrets += [value for name, value in phone.cookies().items() if name != "csrf"]
            for index in range(NOTES_EACH):
                text = f"Ord nummer {number} og {index} av {PHONES}"
                assert phone.note(stage["round"], text).status == OK
                texts.append(text)
            if number == 0:
                what_goes_wrong(phone, stage)
        server.stop()
        assert len(texts) == 50
        assert len(secrets) >= 2 * PHONES
        for trace in [ADDRESS, AGENT, "PhoneOfNobody", A_NUMBER, *secrets, *texts]:
            assert trace not in server.output
        files = [path for path in server.data.rglob("*") if path.is_file() and "static" not in path.parts]
        assert {path.name for path in files} >= {"sirkel.sqlite3", "research.sqlite3", "vault.sqlite3"}
        for path in files:
            content = path.read_bytes()
            for trace in [ADDRESS, AGENT, "PhoneOfNobody", A_NUMBER, *secrets]:
                assert trace.encode() not in content, path.name
            if not path.name.startswith("sirkel.sqlite3"):
                assert b"Ord nummer" not in content, path.name
        holding = {name for name, rows in server.tables() if "Ord nummer" in rows}
        assert holding == {"sirkel.circles_inboxnote"}


@pytest.mark.threat(row="T16")
def test_a_huge_body_is_answered_and_the_connection_goes_on():
    with serving() as (server, stage):
        phone = phone_at(server.site, 1)
        phone.join(stage["join"])
        page = phone.call(
            f"/m/{phone.meeting}/rounds/{stage['round']}/notes/", {"text": "a" * 10 * 1024 * 1024}
        )
        assert page.status == TOO_LARGE
        assert re.search(r"<h1>[^<]+</h1>", page.body)
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
            raw.sendall(
                b"POST /b HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10485760\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x"
            )
            assert raw.recv(65536).startswith(b"HTTP/1.1 413")  # although the rest never comes
        assert time.monotonic() - began < 20
        assert phone.note(stage["round"], "Kort").status == OK


def test_a_fifth_of_all_replies_lost_after_commit_loses_and_doubles_nothing():
    with serving() as (server, stage), proxied(server.port, drops=0.2) as network:
        answers = {}
        for number in range(PHONES):
            phone = Phone(site=server.site, language="nb", dice=random.Random(number))
            phone.join(stage["join"])
            phone.look()
            phone.site = f"http://127.0.0.1:{network.port}"
            for index in range(NOTES_EACH * 2):
                answers |= post_until_answered(phone, stage["round"], f"Telefon {number} lapp {index}")
        server.stop()
        with closing(sqlite3.connect(server.data / "sirkel.sqlite3")) as database:
            stored = sorted(row[0] for row in database.execute("SELECT text FROM circles_inboxnote"))
    assert stored == sorted(text for text, _answer in answers.values())
    assert len(stored) == len(set(stored)) == PHONES * NOTES_EACH * 2
    assert len(network.swallowed) > len(stored) / 10
    for sent, reply in network.swallowed:
        client_id = urllib.parse.parse_qs(sent.decode())["client_id"][0]
        _text, answer = answers[client_id]
        head, _end, body = reply.partition(END)
        assert head.startswith(f"HTTP/1.1 {answer.status} ".encode())
        assert json.loads(body) == json.loads(answer.body)


def post_until_answered(phone, round_, text):
    """Send one note with the same id and receipt until an answer comes, as the phone's outbox does."""
    client_id, receipt = uuid.uuid4(), new_receipt()
    for _try in range(30):
        try:
            answer = phone.note(round_, text, client_id=client_id, receipt=receipt)
        except OSError:
            continue
        assert answer.status == OK, answer.body
        return {str(client_id): (text, answer)}
    raise TimeoutError(text)
