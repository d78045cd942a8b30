"""Whom the house speaks to by itself: those that its settings name, and only when they show who they are."""

import ssl
import sys
from urllib.parse import urlsplit

import pytest
from bench._nginx import certificate
from django.core import mail
from django.core.cache import cache
from django.test import Client

from sirkel.people.enums import Role
from tests.factories.factors import first_step
from tests.factories.thread import make_reader
from tests.mail_server import mail_server
from tests.oidc.running import bad_service, configure
from tests.oidc.town import LINK, TOWN, spoil, through

pytestmark = pytest.mark.pure
ASKING = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
_seen = []
_watching = []


def _watch(event, given):
    if _watching and event in ASKING:
        place = given[ASKING[event]]
        host, port = (
            place[:2] if isinstance(place, tuple) else (place, given[1] if event.endswith("info") else "")
        )
        _seen.append((host.decode() if isinstance(host, bytes) else host, port))


@pytest.fixture
def asked():
    """Note every host that this process asks, or looks up; a hook stays for good, so it is switched on and off."""
    if not hasattr(sys, "_house_is_watched"):
        sys.addaudithook(_watch)
        sys._house_is_watched = True
    _seen.clear()
    _watching.append(True)
    yield _seen
    _watching.clear()


@pytest.mark.requirement("SEC-17")
@pytest.mark.threat(row="T23")
@pytest.mark.django_db
def test_signing_in_elsewhere_and_by_mail_asks_the_hosts_of_the_settings_and_no_other(
    settings, tmp_path, asked
):
    """SEC-17: whatever somebody types, and whatever the service says of anybody."""
    cache.clear()
    (tmp_path / "secret").write_text("a secret that both sides know")
    with bad_service() as town, mail_server(settings) as post:
        configure(settings, tmp_path, TOWN.format(service=town))
        spoil(town, claims={"picture": "https://evil.example/p.png", "profile": "https://evil.example/"})
        researcher, client = make_reader(Role.RESEARCHER), Client()
        asked.clear()
        Client().post("/accounts/login/", {"email": researcher.email, "next": "https://evil.example/"})
        assert post.to() == [researcher.email]
        by_mail, places = list(asked), {("127.0.0.1", post.port), ("127.0.0.1", urlsplit(town).port)}
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        cache.clear()
        first_step(client, researcher.email)
        answer = through(client, "anna", begin=LINK)
        assert answer.status_code == 302
        spoil(town, metadata={"jwks_uri": "https://evil.example/keys"})
        configure(settings, tmp_path, TOWN.format(service=town))
        assert Client().post("/accounts/with/town/").status_code == 400
    assert ("127.0.0.1", post.port) in by_mail
    assert set(asked) <= places, set(asked) - places


@pytest.fixture
def post(settings, tmp_path):
    """A mail server that offers TLS with a certificate for ``localhost`` alone, which nobody here trusts."""
    certificate(tmp_path)
    with mail_server(settings) as server:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
        server.says["EHLO"] = "250-test\r\n250 STARTTLS"
        settings.EMAIL_USE_TLS = True
        settings.EMAIL_HOST = "localhost"
        yield server


def send():
    words = ("Et ord", "Bare for Aino", "sirkel@example.org", ["aino@example.org"])
    line = mail.get_connection()
    try:
        return line.send_messages([mail.EmailMessage(*words)])
    finally:
        line.close()


def test_a_mail_server_with_a_certificate_that_is_not_trusted_gets_no_mail(
    post, settings, monkeypatch, tmp_path
):
    """12.3.2: nor one whose certificate is another's, or that would have the words in the clear."""
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        send()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        send()
    del post.says["EHLO"]
    post.context = None
    with pytest.raises(OSError, match="STARTTLS"):
        send()
    assert (post.taken, post.seen) == ([], [])


def test_a_mail_server_that_shows_who_it_is_gets_the_mail(post, settings, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    certificate(tmp_path, name="localhost")
    post.context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
    assert send() == 1
    assert post.to() == ["aino@example.org"]
