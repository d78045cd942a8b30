"""What somebody at the door tries who is no browser: files of the house, requests in requests, old ciphers."""

import socket
import ssl
import uuid

import pytest
from bench._nginx import NAME, nginx
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.deploy.recorder import END, recording

pytestmark = [pytest.mark.nginx, pytest.mark.slow]

OF_THE_HOUSE = (
    ".git/config",
    ".git/HEAD",
    ".gitignore",
    ".svn/entries",
    ".hg/store",
    ".env",
    ".htpasswd",
    ".DS_Store",
    "sirkel",
    "sirkel.env",
    "sirkel.sqlite3",
    "vault.sqlite3",
    "secret_key",
    "pyproject.toml",
    "package-lock.json",
    "nginx.conf",
    "privkey.pem",
    "src/sirkel/config/settings.py",
    "backup.tar.gz",
    "site.conf~",
    "staticfiles.json",
    "etc/passwd",
    "proc/self/environ",
)
WAYS_UP = (
    "/",
    "/static/",
    "/static/../",
    "/static/../../",
    "/static/%2e%2e/",
    "/static/..%2f..%2f",
    "/static/%252e%252e/",
    "/static/..%5c..%5c",
    "/static//../../../../../../../",
    "/static/js/../../../",
    "/static../",
    "/static/;/../",
    "/live/../",
    "/.well-known/../",
    "/%00/",
)


def raw(service, sent, *, quiet=10):
    """Send bytes over a connection of our own and give all that is answered until it is closed, or quiet for so long."""
    plain = socket.create_connection(("127.0.0.1", service.proxy.port), timeout=10)
    said = b""
    with service.proxy.trust.wrap_socket(plain, server_hostname=NAME) as connection:
        connection.sendall(sent)
        try:
            while piece := connection.recv(65536):
                said += piece
                connection.settimeout(quiet)
        except (ConnectionResetError, ssl.SSLEOFError, TimeoutError):
            pass
    return said


def status(said):
    """Return the status of the first answer; 0 where there was none."""
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/1.") else 0


def test_nothing_of_the_house_is_served_by_any_way_up(service):
    """13.4.1: the history of the code, settings, keys and databases, asked for by name and through folders."""
    asked = b"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
    real = raw(service, asked % (b"/healthz", NAME.encode()))
    assert status(real) == 200  # the same way of asking, for something that is there
    answers = {
        (way, name): raw(service, asked % (f"{way}{name}".encode(), NAME.encode()))
        for way in WAYS_UP
        for name in OF_THE_HOUSE
    }
    assert {key: said[:200] for key, said in answers.items() if status(said) not in {400, 404}} == {}
    inside = (b"[core]", b"SQLite format", b"PRIVATE KEY", b"SIRKEL_", b"root:", b"proxy_pass", b"[project]")
    assert [key for key, said in answers.items() if any(mark in said for mark in inside)] == []


@pytest.mark.parametrize("folder", ["", "js/", "css/", "vendor/", "icons/", "web/", "admin/", "network/"])
def test_no_folder_is_listed(service, folder):
    """13.4.3: with or without the stroke at its end."""
    for path in (f"/static/{folder}", f"/static/{folder}".rstrip("/"), f"/static/{folder}?C=M;O=D"):
        answer = service.ask("GET", path)
        assert answer.status_code == 404, path
        assert "Index of" not in answer.text
        assert ".css" not in answer.text.replace("/static/", "").split("<body")[-1], path


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "MADEUP"])
@pytest.mark.parametrize(
    "path", ["/", "/b", "/healthz", "/patterns/", "/static/x.css", "/live/room/x/", "/api/v1/me"]
)
def test_a_method_that_nobody_needs_is_refused_everywhere(service, method, path):
    """13.4.4: nothing of the request is said again."""
    target = NAME if method == "CONNECT" else path
    head = (
        f"{method} {target} HTTP/1.1\r\nHost: {NAME}\r\nCookie: session=of-mine\r\nConnection: close\r\n\r\n"
    )
    said = raw(service, head.encode())
    assert status(said) in {400, 404, 405}
    assert b"of-mine" not in said


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: " + NAME.encode() + b"\r\nX-Smuggled: yes\r\n\r\n"
HOST = b"POST /first HTTP/1.1\r\nHost: " + NAME.encode() + b"\r\n"
CHUNKS = b"0\r\n\r\n" + SMUGGLED
WHOLE = str(len(CHUNKS)).encode()
# What one server ends by Content-Length and another by its chunks, or the other way round.
ATTACKS = {
    "length and chunks": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: " + WHOLE + b"\r\n\r\n" + CHUNKS,
    "chunks and short length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + SMUGGLED + b"\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: " + WHOLE + b"\r\n\r\n" + CHUNKS,
    "two equal lengths": b"Content-Length: " + WHOLE + b"\r\nContent-Length: " + WHOLE + b"\r\n\r\n" + CHUNKS,
    "two lengths in one": b"Content-Length: 0, " + WHOLE + b"\r\n\r\n" + CHUNKS,
    "a signed length": b"Content-Length: +" + WHOLE + b"\r\n\r\n" + CHUNKS,
    "a negative length": b"Content-Length: -1\r\n\r\n" + CHUNKS,
    "a length in hexadecimal": b"Content-Length: 0x10\r\n\r\n" + CHUNKS,
    "a length too long for a number": b"Content-Length: 18446744073709551616\r\n\r\n" + CHUNKS,
    "blank before the colon": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding : chunked\r\n\r\n" + CHUNKS,
    "blank before the length's colon": b"Content-Length : " + WHOLE + b"\r\n\r\n" + CHUNKS,
    "tab before chunked": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding:\tchunked\r\n\r\n" + CHUNKS,
    "vertical tab": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding: \x0bchunked\r\n\r\n" + CHUNKS,
    "a word like chunked": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding: xchunked\r\n\r\n" + CHUNKS,
    "chunked and identity": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding: chunked, identity\r\n\r\n" + CHUNKS,
    "identity, then chunked": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "chunked twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "in quotes": b"Content-Length: " + WHOLE + b'\r\nTransfer-Encoding: "chunked"\r\n\r\n' + CHUNKS,
    "folded": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS,
    "folded under another": b"Content-Length: " + WHOLE + b"\r\nX-Other: y\r\n Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "after a bare line feed": b"Content-Length: " + WHOLE + b"\r\nX-Other: y\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "after a bare return": b"Content-Length: " + WHOLE + b"\r\nX-Other: y\rTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "with a zero byte": b"Content-Length: " + WHOLE + b"\r\nTransfer-Encoding: chunked\x00\r\n\r\n" + CHUNKS,
    "with a low line": b"Content_Length: 0\r\nContent-Length: " + WHOLE + b"\r\nTransfer_Encoding: chunked\r\n\r\n" + CHUNKS,
    "taken away by Connection": b"Connection: Content-Length\r\nContent-Length: " + WHOLE + b"\r\n\r\n" + CHUNKS,
    "a bare line feed after a chunk's size": b"Transfer-Encoding: chunked\r\n\r\n2\n" + b"xx\r\n0\r\n\r\n",
    "a chunk's size with more": b"Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n9\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk's size too long for a number": b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\nxx\r\n0\r\n\r\n",
    "a trailer": b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\n\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """nginx as shipped, in front of something that keeps every byte it is sent."""
    with recording() as recorder, nginx(tmp_path_factory.mktemp("smuggle"), pages=recorder.port) as proxy:
        yield type("Recorded", (), {"proxy": proxy, "kept": recorder.kept})


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_reaches_sirkel_ends_where_nginx_says(recorded, attack):
    """4.2.1: one connection brings one request, whole, with one length, and nothing behind it."""
    recorded.kept.clear()
    said = raw(recorded, HOST + attack, quiet=0.3)
    assert status(said) in {200, 400, 501}
    assert said.count(b"HTTP/1.1 ") == 1
    assert len(recorded.kept) == (status(said) == 200)
    for connection in recorded.kept:
        head, _end, body = bytes(connection).partition(END)
        lines = [line.lower() for line in head.split(b"\r\n")[1:]]
        lengths = [int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")]
        assert lengths in ([], [len(body)]), connection
        assert not any(b"transfer" in line.partition(b":")[0] for line in lines), connection
        assert b"\n" not in head.replace(b"\r\n", b""), connection
        assert head.startswith(b"POST /first HTTP/1.1\r\n"), connection
        assert b"X-Smuggled" not in head, connection


def test_nobody_is_given_the_answer_to_anothers_request(service):
    """4.2.1: whoever asks after any of the attacks gets the page asked for, from the real server."""
    for attack in ATTACKS.values():
        raw(service, HOST.replace(b"/first", b"/b") + attack, quiet=0.1)
        mark = uuid.uuid4().hex
        answer = service.ask("GET", f"/i18n/nowhere/{mark}")
        assert answer.status_code == 404
        assert service.ask("GET", "/healthz").json()["status"] == "ok"


def shaken(proxy, context):
    """Return what a handshake agrees on: version and cipher, or the reason of the server's refusal."""
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=NAME) as closed:
                return closed.version(), closed.cipher()[0]
        except ssl.SSLError as error:
            return error.reason, ""


def offering(least, most, ciphers="ALL:@SECLEVEL=0"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers(ciphers)
    context.minimum_version, context.maximum_version = least, most
    return context


V = ssl.TLSVersion


@pytest.mark.filterwarnings("ignore:.*TLSv1.* is deprecated")
def test_only_tls_1_2_and_1_3_are_spoken(service):
    """12.1.1: a client that has nothing newer is told so by the server, and one that has both gets the newest."""
    old = [shaken(service.proxy, offering(version, version)) for version in (V.TLSv1, V.TLSv1_1)]
    assert {reason for reason, _cipher in old} == {"TLSV1_ALERT_PROTOCOL_VERSION"}
    new = [shaken(service.proxy, offering(version, version))[0] for version in (V.TLSv1_2, V.TLSv1_3)]
    assert new == ["TLSv1.2", "TLSv1.3"]
    assert shaken(service.proxy, offering(V.TLSv1, V.TLSv1_3))[0] == "TLSv1.3"


def test_only_ciphers_that_keep_the_past_secret_are_taken(service, tmp_path):
    """12.1.2: every cipher that OpenSSL knows is offered alone, to a certificate of each kind."""
    every = offering(V.TLSv1_2, V.TLSv1_2, "ALL:COMPLEMENTOFALL:@SECLEVEL=0").get_ciphers()
    older = [one["name"] for one in every if not one["name"].startswith("TLS_")]
    assert {"AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA384", "NULL-SHA256"} < set(older)
    with nginx(tmp_path, pages=1, key=rsa.generate_private_key(65537, 2048)) as with_rsa:
        taken, refused = set(), set()
        for proxy in (service.proxy, with_rsa):
            for name in older:
                said, cipher = shaken(proxy, offering(V.TLSv1_2, V.TLSv1_2, f"{name}:@SECLEVEL=0"))
                # Some need a secret that both know beforehand: no client offers those without one, and nginx has none.
                if said == "NO_CIPHERS_AVAILABLE" and ("PSK" in name or "SRP" in name):
                    continue
                (taken if cipher else refused).add(cipher or said)
    assert taken == {
        f"ECDHE-{key}-{cipher}"
        for key in ("ECDSA", "RSA")
        for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
    }
    assert refused == {"SSLV3_ALERT_HANDSHAKE_FAILURE"}
