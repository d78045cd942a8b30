"""Talking to a sign-in service that is slow: few wait, not for long, and not again at once."""

import threading

import httpx
import pytest

from sirkel.kernel.errors import Refused
from sirkel.people.oidc import wire
from sirkel.people.rules.providers import Provider
from tests.oidc.running import bad_service
from tests.oidc.town import spoil

pytestmark = pytest.mark.pure
MANY, SLOW = 8, 30
FIRST = "/.well-known/openid-configuration"


def asked(service):
    """Return how often the service was asked where its pages are."""
    return httpx.get(f"{service}/asked").json().get(FIRST, 0)


def test_a_slow_service_is_asked_by_half_of_the_page_threads_let_go_and_then_left_alone():
    """F-14: the other threads answer those who sign in otherwise; nobody waits as long as the service would have them."""
    with bad_service() as service:
        spoil(service, slow=SLOW)
        provider = Provider("town", service, "sirkel", {"": "Town ID"}, secret="s", is_inside=True)
        wire.forget()
        codes = []

        def ask():
            with pytest.raises(Refused) as refused, wire.talk(provider) as talking:
                talking.get(f"{service}{FIRST}")
            codes.append(refused.value.code)

        threads = [threading.Thread(target=ask) for _ in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=SLOW - 5)
        assert [thread for thread in threads if thread.is_alive()] == []
        assert asked(service) == MANY // 2
        ask()
        assert asked(service) == MANY // 2, "it is left alone for a while"
    assert set(codes) == {"provider.away"}
    assert len(codes) == MANY + 1


@pytest.mark.threat(row="T23")
def test_nothing_is_sent_where_it_could_be_read_on_the_way():
    """SEC-17."""
    provider = Provider("town", "https://id.example", "sirkel", {"": "Town ID"}, secret="s")
    for address in (
        "http://id.example/token",
        "http://127.0.0.1/token",
        "file:///etc/passwd",
        "https://u:p@id.example/",
    ):
        with wire.talk(provider) as talking, pytest.raises(Refused) as refused:
            talking.post(address, {}, {})
        assert refused.value.code == "provider.answer"
