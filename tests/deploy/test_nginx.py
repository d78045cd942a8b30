"""The shipped nginx configuration, run by the real nginx in front of the real server."""

import asyncio
import contextlib
import html
import json
import re
import socket
import ssl
import threading
import urllib.parse

import httpx
import pytest
from bench._nginx import NAME
from bench._slow import slow_clients

from tests.deploy.through import ADDRESS, AGENT, FORGED, served
from tests.people.web.test_matrix import ROUTES, expected

pytestmark = [pytest.mark.nginx, pytest.mark.slow]

PHONES, NOTES_EACH = 10, 5
A_NUMBER = "01010750160"
# Areas that ask for an account and whose visits are counted; everything else leaves no line.
COUNTED = ("circles/", "meetings/", "leader/", "representative/", "policy/")
OPENS = [
    route
    for route in ROUTES
    if any(
        expected(route, method).get(role) == 200
        for method in ("get", "post")
        for role in ("stranger", "phone")
    )
]


@pytest.mark.requirement("PD-07", "SEC-25")
def test_fifty_notes_through_the_proxy_leave_no_trace_of_who_wrote_them(tmp_path):
    """PD-07, SEC-25: address, forged addresses, browser, device and words, in logs, databases and files: 0 hits."""
    texts, secrets = [], []
    with served(tmp_path) as service:
        for number in range(PHONES):
            phone = service.phone(number)
            phone.join(service.stage["join"])
            assert phone.look()[0] == "deepen"
            secrets += [value for name, value in phone.cookies().items() if "csrf" not in name]
            for index in range(NOTES_EACH):
                text = f"Ord nummer {number} og {index} av {PHONES}"
                assert phone.note(service.stage["round"], text).status == 200
                texts.append(text)
        assert phone.note(service.stage["round"], f"Hun med {A_NUMBER}").status == 400
        assert phone.note(service.stage["round"], "a" * 2_000_000).status == 413
        assert phone.call(f"/nowhere/{A_NUMBER}?agent={urllib.parse.quote(AGENT)}").status == 404
        service.server.stop()
        assert phone.note(service.stage["round"], "Ingen svarer").status == 503
        assert phone.call(f"/b/{service.stage['join']}").status == 503
        service.proxy.logged("sirkel-faults.log", 2)
        logs = service.proxy.logs()
        assert set(logs) == {"error.log", "sirkel-areas.log", "sirkel-faults.log"}
        assert logs["sirkel-areas.log"] == ""
        assert re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d 503\n){2}", logs["sirkel-faults.log"])
        assert len(texts) == 50
        assert len(secrets) >= 2 * PHONES
        of_the_writer = [ADDRESS, FORGED, AGENT, "PhoneOfNobody", A_NUMBER, *secrets]
        said = [service.server.output, *logs.values()]
        for trace in [*of_the_writer, *texts, service.stage["join"]]:
            assert not any(trace in text for text in said), trace
        written = [path for path in service.proxy.folder.rglob("*") if path.is_file()]
        kept = [
            path for path in service.server.data.rglob("*") if path.is_file() and "static" not in path.parts
        ]
        assert {path.name for path in kept} >= {"sirkel.sqlite3", "research.sqlite3", "vault.sqlite3"}
        for path in written + kept:
            content = path.read_bytes()
            assert [trace for trace in of_the_writer if trace.encode() in content] == [], path.name
        holding = {name for name, rows in service.server.tables() if "Ord nummer" in rows}
        assert holding == {"sirkel.circles_inboxnote"}


@pytest.mark.requirement("PD-07")
def test_what_opens_without_an_account_leaves_no_line(service):
    """PD-07: every address of the table that a stranger or a phone may open, and the streams, asked for by name."""
    assert len(OPENS) > 30
    assert [route for route in OPENS if route.startswith(COUNTED)] == []
    before = service.proxy.logs()["sirkel-areas.log"]
    for route in [*OPENS, "live/hand/x/", "static/x.css", "nowhere/"]:
        service.ask("GET", "/" + re.sub(r"<[^>]+>", "Abcdefgh1234", route), headers={"User-Agent": AGENT})
    service.ask("GET", "/circles/")  # counted, and the last: its line alone is new
    after = service.proxy.logged("sirkel-areas.log", before.count("\n") + 1)
    assert re.fullmatch(r"\S+ circles GET 302\n", after.removeprefix(before))


def test_an_area_with_accounts_counts_the_hour_and_the_status_alone(service):
    before = service.proxy.logs()["sirkel-areas.log"]
    service.ask(
        "GET", "/circles/0d0c5d1d-2b3a-4f7a-8ff6-c23c4e4c5d9d/?word=secret", headers={"User-Agent": AGENT}
    )
    line = service.proxy.logged("sirkel-areas.log", before.count("\n") + 1).removeprefix(before)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d circles GET (302|404)\n", line)


def test_the_error_log_names_no_visitor_whatever_they_do(service):
    """Everything that makes nginx complain at other places: bad requests, bad hosts, bad TLS, broken bodies."""
    for path in ("/%00", "/..%2f..%2fetc/passwd", f"/b/{'a' * 20_000}"):
        service.ask("GET", path, headers={"User-Agent": AGENT})
    with pytest.raises(httpx.TransportError):
        httpx.get(f"https://127.0.0.1:{service.proxy.port}/", verify=ssl.create_default_context())
    httpx.get(f"http://127.0.0.1:{service.proxy.port}/b/secret")  # plain words at the door of TLS
    logged = service.proxy.logs()["error.log"]
    assert "client" not in logged
    assert "127.0.0.1" not in logged
    assert [line for line in logged.splitlines() if "[notice]" not in line] == []


def headers_of(answer):
    """Give the headers, each of which must stand once."""
    names = [name.lower() for name, _value in answer.headers.multi_items() if name.lower() != "set-cookie"]
    assert len(names) == len(set(names)), answer.headers
    return answer.headers


@pytest.mark.requirement("SEC-08")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/b", 200),
        ("GET", "/circles/", 302),
        ("GET", "/nowhere", 404),
        ("GET", "/live/room/unknown/", 404),
        ("POST", "/b", 413),
    ],
)
def test_pages_streams_and_nginx_itself_close_the_same_doors(service, method, path, status):
    """SEC-06, SEC-08, SEC-26: behind TLS, on every kind of answer."""
    body = b"a" * 1_100_000 if status == 413 else b""
    answer = service.ask(method, path, content=body)
    headers = headers_of(answer)
    assert answer.status_code == status
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "camera=()" in headers["permissions-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["server"] == "nginx"
    for cookie in answer.headers.get_list("set-cookie"):
        assert {"secure", "httponly"} <= {part.strip().lower() for part in cookie.split(";")}, cookie


@pytest.mark.requirement("SEC-06")
def test_cookies_that_open_something_are_bound_to_this_host(service):
    """SEC-06: what a phone holds after it joined."""
    phone = service.phone(1)
    phone.join(service.stage["join"])
    held = {cookie.name: cookie for cookie in phone._jar}
    assert {"__Host-device", "__Host-csrf"} <= set(held)
    assert all(cookie.secure and cookie.has_nonstandard_attr("HttpOnly") for cookie in held.values())
    assert all(not cookie.domain_specified for cookie in held.values())


def test_http_is_sent_on_and_other_names_get_no_answer(service):
    plain = f"http://127.0.0.1:{service.proxy.plain_port}"
    answer = httpx.get(f"{plain}/b/abc?x=1", headers={"Host": NAME})
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://{NAME}/b/abc?x=1")
    with pytest.raises(httpx.TransportError):
        httpx.get(plain, headers={"Host": "other.example"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me"),
        ("GET", "//api/v1/me"),
        ("GET", "/%61pi/v1/me"),
        ("GET", "/live/room/x/"),
        ("POST", "/api/v1/me"),
        ("POST", "/b"),
        ("PUT", "/"),
    ],
)
def test_programs_streams_and_forms_are_not_sent_on_to_https(service, method, path):
    """A key or a word that was sent in the clear is not quietly taken to where it works after all."""
    plain = f"http://127.0.0.1:{service.proxy.plain_port}{path}"
    answer = httpx.request(method, plain, headers={"Host": NAME, "Authorization": "Bearer secret"})
    assert (answer.status_code, answer.text) == (403, "Ask over https.\n")
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("language", "words"), [("nb-NO,nb", "for stort"), ("fi", "liian suuri"), ("xx", "too large")]
)
def test_a_body_that_is_too_large_is_told_in_the_readers_language(service, language, words):
    """SEC-26: 1 MB is let through to Sirkel, more is not."""
    asked = {"Accept-Language": language, "Accept": "text/html"}
    answer = service.ask("POST", "/b", content=b"a" * 1_100_000, headers=asked)
    assert words in answer.text
    program = service.ask(
        "POST", "/b", content=b"a" * 1_100_000, headers={**asked, "Accept": "application/json"}
    )
    assert program.status_code == 413
    assert words in program.json()["message"]
    assert program.json()["code"] == "form.too_large"
    assert service.ask("POST", "/b", content=b"a" * 1_000_000).status_code == 403  # Sirkel's own form guard


def test_an_event_reaches_the_room_while_the_stream_is_open(service):
    """The stream is not held back: a note shows on the room screen's stream before that ends."""
    phone = service.phone(2)
    phone.join(service.stage["join"])
    room = service.ask("GET", f"/room/{service.stage['room_key']}/").text
    where = html.unescape(re.search(r'data-src="(/live/room/[^"]+)"', room)[1])
    address = f"https://127.0.0.1:{service.proxy.port}{where}"
    client = httpx.Client(verify=service.proxy.trust, timeout=15, trust_env=False)
    with (
        client,
        client.stream("GET", address, headers={"Host": NAME}, extensions={"sni_hostname": NAME}) as stream,
    ):
        headers_of(stream)
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("id:"))
        writer = threading.Timer(0.3, lambda: phone.note(service.stage["round"], "Rett på skjermen"))
        writer.start()
        assert next(line for line in lines if "Rett på skjermen" in line)
        writer.join()


def test_whoever_guesses_is_counted_by_the_address_that_nginx_saw(service):
    """A forged address neither hides a guesser nor makes somebody else wait."""
    guesser, colleague = service.phone(3, address="127.0.0.78"), service.phone(4, address="127.0.0.79")
    for phone in (guesser, colleague):
        phone.page = phone.call("/b").body
    statuses = [
        guesser.call("/b", {"code": code}).status
        for code in ("ACDEFG", "ACDEFH", "ACDEFJ", "ACDEFK", "ACDEFM")
    ]
    assert statuses == [404] * 5
    guesser._jar.clear()
    guesser.page = guesser.call("/b").body
    assert guesser.call("/b", {"code": "ACDEFN"}).status == 429
    assert colleague.call("/b", {"code": "ACDEFN"}).status == 404


@pytest.mark.requirement("SEC-10", "SEC-26")
def test_normal_requests_are_answered_beside_five_hundred_slow_clients(service):
    """F-11: slow headers, slow bodies and slow readers hold their connections for some ten seconds."""
    phone = service.phone(5)
    phone.join(service.stage["join"])

    def act():
        pages = [service.ask("GET", "/b").status_code for _turn in range(10)]
        return pages, [phone.note(service.stage["round"], f"Midt i alt {turn}").status for turn in range(10)]

    async def beside():
        async with slow_clients(500, service.proxy.port, service.proxy.trust) as slow:
            answered = await asyncio.to_thread(act)
            held = slow.held
            await asyncio.sleep(4)
            again = await asyncio.to_thread(act)
            return answered, again, held

    answered, again, held = asyncio.run(beside())
    assert answered == again == ([200] * 10, [200] * 10)
    assert held > 400


@pytest.mark.parametrize(
    "begun",
    [
        "GET /b HTTP/1.1\r\nHost: {host}\r\nX-Slow",
        "POST /b HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\ntext=a",
    ],
    ids=["headers", "body"],
)
def test_a_request_that_is_begun_and_never_ended_is_let_go(service, begun):
    """F-11: neither headers nor body may stop half-way for long; Sirkel never hears of it."""
    raw = socket.create_connection(("127.0.0.1", service.proxy.port), timeout=30)
    with service.proxy.trust.wrap_socket(raw, server_hostname=NAME) as connection:
        connection.sendall(begun.format(host=NAME).encode())
        said = b""
        with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
            while piece := connection.recv(65536):
                said += piece
    assert said == b"" or b" 408 " in said.partition(b"\r\n")[0]


@pytest.mark.requirement("SEC-25")
def test_the_phones_outbox_can_read_what_nginx_says_when_sirkel_is_away(tmp_path):
    with served(tmp_path) as service:
        service.server.stop()
        answer = service.ask("POST", "/m/x/", headers={"Accept": "application/json", "Accept-Language": "sv"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert json.loads(answer.text)["code"] == "service.away"
        assert headers_of(answer)["cache-control"] == "no-store"
