"""A sign-in service that would have the house ask inside its own network, or anywhere that no setting names."""

import re
import socket
import ssl

import pytest
from bench._nginx import NAME, certificate

from sirkel.kernel.errors import Refused
from sirkel.people.oidc import known, wire
from sirkel.people.rules.providers import Provider
from tests.tls_server import trap

pytestmark = pytest.mark.pure
ISSUER = f"https://{NAME}"
# Ways to write this machine, a cloud's own address, or another host so that it looks like the service.
ELSEWHERE = [
    "https://127.0.0.1{port}/keys",
    "https://127.1{port}/keys",
    "https://2130706433{port}/keys",
    "https://0x7f000001{port}/keys",
    "https://0177.0.0.1{port}/keys",
    "https://0{port}/keys",
    "https://[::1]{port}/keys",
    "https://[::ffff:127.0.0.1]{port}/keys",
    "https://[::ffff:7f00:1]{port}/keys",
    "https://[64:ff9b::7f00:1]{port}/keys",
    "https://localhost{port}/keys",
    "https://localhost.{port}/keys",
    "https://①②⑦.⓪.⓪.①{port}/keys",
    "https://169.254.169.254/latest/meta-data/",
    "https://evil.example/keys",
    "https://sirkel.example.evil.example/keys",
    "https://evilsirkel.example/keys",
    "https://sirkel.example@127.0.0.1{port}/keys",
    "https://sirkel.example:443@127.0.0.1{port}/keys",
    "https://127.0.0.1{port}#@sirkel.example/keys",
    "https://127.0.0.1{port}\\@sirkel.example/keys",
    "https://sirkel.example\\@127.0.0.1{port}/keys",
    "https://sirkel.example\t@127.0.0.1{port}/keys",
    "https://sirkel.example\r\n.evil.example/keys",
    "https://sirkel.example{port}/keys",
    "https://sirkel.example:99999/keys",
    "http://sirkel.example/keys",
    "http://127.0.0.1{port}/keys",
    "//127.0.0.1{port}/keys",
    "file:///etc/passwd",
    "gopher://127.0.0.1{port}/_",
    "",
]
# What a name may lead to that is not in the open network.
INSIDE = [
    "127.0.0.1",
    "127.200.0.1",
    "10.0.0.5",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.5",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fd00::5",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OPEN = "93.184.215.14"


def service(**more):
    return Provider("town", ISSUER, "sirkel", {"": "Town ID"}, secret="s", **more)


@pytest.fixture(autouse=True)
def _nobody_was_asked():
    wire.forget()
    known.forget()
    yield
    wire.forget()


@pytest.fixture
def names(monkeypatch):
    """Let names lead to numbers as an attacker's name server has it: one after the other, the last for ever."""
    leads, asked, really = {}, [], socket.getaddrinfo

    def look_up(host, port, *more, **named):
        if re.fullmatch(r"[0-9.]+", host):
            return really(host, port, *more, **named)
        asked.append(host)
        numbers = leads[host].pop(0) if len(leads[host]) > 1 else leads[host][0]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    look_up.leads, look_up.asked = leads, asked
    return look_up


def refused(provider, address):
    with pytest.raises(Refused) as error, wire.talk(provider) as talking:
        talking.get(address)
    return error.value.code, error.value.facts.get("why")


@pytest.mark.requirement("SEC-17")
@pytest.mark.threat(row="T23")
def test_no_address_leads_to_a_host_that_no_setting_names(names):
    """SEC-17: nor to another port of the service, and nothing is even looked up."""
    with trap() as here:
        for address in ELSEWHERE:
            given = address.format(port=f":{here.port}")
            for provider in (service(), service(is_inside=True, hosts=("keys.sirkel.example",))):
                assert refused(provider, given) == ("provider.answer", "address"), given
        assert (here.came, names.asked) == (0, [])


@pytest.mark.requirement("SEC-17")
@pytest.mark.threat(row="T23")
@pytest.mark.parametrize("number", INSIDE)
def test_no_name_of_the_service_leads_into_our_network(names, number):
    """SEC-17: alone, or beside an open number."""
    provider = service(hosts=("keys.sirkel.example",))
    for host in (NAME, "keys.sirkel.example"):
        for numbers in ([number], [OPEN, number], [number, OPEN]):
            names.leads[host] = [numbers]
            why = refused(provider, f"https://{host}/keys")
            assert why == ("provider.answer", "inside the network"), numbers


@pytest.mark.parametrize(
    "number", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "ff02::1"]
)
def test_a_service_inside_our_network_still_leads_to_no_clouds_keys(names, number):
    names.leads[NAME] = [[number]]
    assert refused(service(is_inside=True), f"{ISSUER}/keys") == ("provider.answer", "inside the network")


@pytest.fixture
def inside(names, tmp_path, monkeypatch):
    """A service of our own network, as the settings allow it, whose certificate is trusted."""
    certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    with trap(tmp_path) as server:
        issuer = f"{ISSUER}:{server.port}"
        names.leads[NAME] = [["127.0.0.1"]]
        server.provider = Provider("town", issuer, "sirkel", {"": "x"}, secret="s", is_inside=True)
        yield server


@pytest.mark.threat(row="T23")
def test_what_was_looked_at_is_what_is_gone_to(names, inside):
    """A name that leads elsewhere at the second look (rebinding) is not looked up a second time."""
    names.leads[NAME] = [["127.0.0.1"], ["127.0.0.9"]]
    with wire.talk(inside.provider) as talking:
        answer = talking.get(f"{inside.provider.issuer}/keys?of=us")
    assert (answer.status, answer.said) == (200, {"a": 1})
    assert names.asked == [NAME]
    head = inside.heard[0].decode()
    assert head.startswith("GET /keys?of=us HTTP/1.1\r\n")
    assert f"Host: {NAME}:{inside.port}\r\n" in head


def test_one_of_several_numbers_that_answers_is_enough(names, inside):
    names.leads[NAME] = [["127.0.0.9", "127.0.0.1"]]
    with wire.talk(inside.provider) as talking:
        assert talking.get(f"{inside.provider.issuer}/keys").status == 200


@pytest.mark.requirement("SEC-17")
@pytest.mark.threat(row="T23")
def test_a_redirect_is_an_answer_that_is_not_taken_and_not_a_way(inside):
    """15.3.2: whatever the status, and wherever it leads."""
    with trap() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            for where in (f"http://127.0.0.1:{elsewhere.port}/", "/keys", f"//127.0.0.1:{elsewhere.port}/"):
                inside.heard.clear()
                inside.says = (
                    f"HTTP/1.1 {status} X\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n"
                ).encode()
                with pytest.raises(Refused) as error, wire.talk(inside.provider) as talking:
                    known.metadata_of(talking)
                assert error.value.code == "provider.answer"
                assert len(inside.heard) == 1
        assert elsewhere.came == 0


def test_a_certificate_that_is_not_trusted_or_anothers_ends_the_talk(inside, names, monkeypatch, tmp_path):
    """12.3.2: nothing of the request is said."""
    wire.forget()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing"))
    (tmp_path / "nothing").write_text("")
    assert refused(inside.provider, f"{inside.provider.issuer}/keys")[0] == "provider.away"
    wire.forget()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    names.leads["other.example"] = [["127.0.0.1"]]
    other = Provider("x", f"https://other.example:{inside.port}", "s", {"": "x"}, secret="s", is_inside=True)
    assert refused(other, f"{other.issuer}/keys")[0] == "provider.away"
    assert [said for said in inside.heard if said] == []
    assert ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED
