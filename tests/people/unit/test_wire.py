"""Talking to a sign-in service that is slow: few wait, not for long, and not again at once."""

import threading
import time

import pytest

from sirkel.kernel.errors import Refused
from sirkel.people.oidc import wire
from sirkel.people.rules.providers import Provider
from tests.oidc.running import bad_service
from tests.oidc.town import spoil

pytestmark = pytest.mark.pure
MANY = 8


def test_a_slow_service_holds_half_of_the_page_threads_and_no_more_for_a_few_seconds():
    """F-14: at most ten seconds; the other threads answer those who sign in otherwise."""
    with bad_service() as service:
        spoil(service, slow=30)
        provider = Provider("town", service, "sirkel", {"": "Town ID"}, secret="s")
        wire.forget()
        waited = []

        def ask():
            began = time.monotonic()
            with pytest.raises(Refused) as refused, wire.talk(provider) as talking:
                talking.get(f"{service}/.well-known/openid-configuration")
            waited.append((time.monotonic() - began, refused.value.code))

        threads = [threading.Thread(target=ask) for _ in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ask()
    assert {code for _seconds, code in waited} == {"provider.away"}
    assert len([seconds for seconds, _code in waited if seconds < 4]) == MANY // 2 + 1
    assert max(seconds for seconds, _code in waited) < 10
    assert waited[-1][0] < 4, "it is left alone for a while"


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
