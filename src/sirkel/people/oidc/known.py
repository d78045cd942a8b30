"""What one process knows of a sign-in service: its addresses and its keys, fetched when needed and not for ever.

A key that a service begins to use is known at the first token signed with it, unless its keys were fetched within the
last two seconds; one that it takes away is forgotten after ten minutes.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from sirkel.people.oidc.answers import away, not_believed
from sirkel.people.oidc.wire import FAULT, OK, Talk
from sirkel.people.rules.providers import Provider, is_safe_address

METADATA_SECONDS = 3600.0
KEYS_SECONDS = 600.0
ASK_AGAIN_SECONDS = 2.0
MOST_KEYS = 20


@dataclass(frozen=True)
class Metadata:
    """Where a service wants to be asked, and what it promises."""

    authorization: str
    token: str
    keys: str
    pushed: str
    must_push: bool
    names_itself: bool


class _Known:
    """One service's metadata and keys, with the moments of the monotonic clock they are from."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.metadata: Metadata | None = None
        self.metadata_at = 0.0
        self.keys: tuple[jwt.PyJWK, ...] = ()
        self.keys_at = 0.0


_all: dict[str, _Known] = {}


def forget() -> None:
    """Forget every service, as a new process does."""
    _all.clear()


def metadata_of(talk: Talk) -> Metadata:
    """Return the metadata of a service.

    Raises:
        Refused: ``provider.away``; ``provider.answer`` when it is another's, or names addresses that are not safe.

    """
    known = _known(talk.provider)
    with known.lock:
        if known.metadata is None or time.monotonic() - known.metadata_at > METADATA_SECONDS:
            known.metadata = _metadata(talk)
            known.metadata_at = time.monotonic()
        return known.metadata


def keys_of(talk: Talk, *, is_new: bool = False) -> tuple[jwt.PyJWK, ...]:
    """Return the keys of a service; with ``is_new`` asked for again, unless that was done just now.

    Raises:
        Refused: ``provider.away``, ``provider.answer``.

    """
    address = metadata_of(talk).keys
    known = _known(talk.provider)
    with known.lock:
        age = time.monotonic() - known.keys_at
        if not known.keys_at or age > (ASK_AGAIN_SECONDS if is_new else KEYS_SECONDS):
            known.keys = tuple(_usable(_fetched(talk, address).get("keys")))
            known.keys_at = time.monotonic()
        return known.keys


def _known(provider: Provider) -> _Known:
    return _all.setdefault(provider.issuer, _Known())


def _metadata(talk: Talk) -> Metadata:
    provider = talk.provider
    said = _fetched(talk, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != provider.issuer:
        raise not_believed(provider, "issuer of the metadata")

    def address(name: str, *, is_ours_to_ask: bool = True) -> str:
        value = said.get(name, "")
        if value and not (isinstance(value, str) and is_safe_address(value, beside=provider.issuer)):
            raise not_believed(provider, "address")
        if value and is_ours_to_ask and not provider.may_be_asked(value):
            raise not_believed(provider, "another host")
        return str(value)

    found = Metadata(
        authorization=address("authorization_endpoint", is_ours_to_ask=False),
        token=address("token_endpoint"),
        keys=address("jwks_uri"),
        pushed=address("pushed_authorization_request_endpoint"),
        must_push=said.get("require_pushed_authorization_requests") is True,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )
    if not (found.authorization and found.token and found.keys):
        raise not_believed(provider, "metadata")
    return found


def _fetched(talk: Talk, address: str) -> Mapping[str, Any]:
    answer = talk.get(address)
    if answer.status >= FAULT:
        raise away(talk.provider, str(answer.status))
    if answer.status != OK or not answer.said:
        raise not_believed(talk.provider, "document")
    return answer.said


def _usable(listed: object) -> Iterable[jwt.PyJWK]:
    """Yield the public keys that are for signatures; what is not understood is passed over, as the standard asks."""
    for one in (listed if isinstance(listed, list) else [])[:MOST_KEYS]:
        if not isinstance(one, dict) or one.get("use", "sig") != "sig" or one.get("kty") not in {"RSA", "EC"}:
            continue
        try:
            yield jwt.PyJWK.from_dict({key: value for key, value in one.items() if key != "alg"})
        except (jwt.exceptions.PyJWTError, ValueError, TypeError, KeyError):
            continue
