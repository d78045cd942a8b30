"""What is logged names nobody."""

import io
import json
import logging
import re

import pytest

from sirkel.kernel.logs import JsonFormatter, NoPersonalData, without_persons
from tests.attack.addresses import routes


@pytest.fixture
def logged():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(NoPersonalData())
    logger = logging.getLogger("sirkel.tested")
    logger.handlers, logger.propagate = [handler], False
    yield logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.handlers = []


@pytest.mark.parametrize(
    "secret",
    [
        "192.0.2.7",
        "2001:db8::8a2e:370:7334",
        "kari.prove@example.org",
        "/b/abcdefghijklmnop",
        "/m/7a0ff6c2-3c4e-4c5d-9d8c-0d5c1d2b3a4f",
        "/room/abcdef?k=1",
        "/link/answer/AbCd-ef~gh_i/",
        "/t/AbCdEfGhIjKlMnOp/undo/",
        "/r/AbCdEfGhIjKlMnOp/",
        "/c/AbCdEfGhIjKlMnOp/",
        "/link/calendar/AbCdEfGhIjKlMnOp.ics",
    ],
)
def test_addresses_and_secrets_are_taken_out(logged, secret):
    logger, lines = logged
    logger.warning("a request from %s failed", secret)
    line = lines()[0]
    assert secret not in json.dumps(line)
    assert line["message"].startswith("a request from ")


@pytest.mark.requirement("SEC-02")
def test_every_address_that_opens_something_by_itself_is_taken_out():
    """Whoever holds such an address needs no account: it must not lie in a log."""
    opens = re.compile(r"<(?:slug|str):(?:address|token|secret|key)>")
    found = [route for route in routes() if opens.search(route)]
    assert len(found) >= 10
    secret = "AbCdEfGhIjKlMnOp"
    assert [
        route for route in found if secret in without_persons(f"Not Found: /{opens.sub(secret, route)}")
    ] == []


def test_an_error_says_where_and_not_what(logged):
    logger, lines = logged
    words = "Words of somebody"
    try:
        raise ValueError(words)
    except ValueError:
        logger.exception("it broke")
    line = lines()[0]
    assert line["error"] == "ValueError"
    assert line["places"]
    assert words not in json.dumps(line)


def test_times_are_no_finer_than_a_minute(logged):
    logger, lines = logged
    logger.warning("something")
    assert len(lines()[0]["at"]) == len("2026-03-02T12:00Z")
