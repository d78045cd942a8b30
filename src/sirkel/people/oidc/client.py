"""The two halves of a sign-in elsewhere: sending a browser to the service, and taking it back."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from sirkel.people.oidc.answers import away, not_believed, stopped, too_low
from sirkel.people.oidc.known import Metadata, metadata_of
from sirkel.people.oidc.tokens import assertion, believed
from sirkel.people.oidc.wire import CREATED, FAULT, OK, Talk, talk
from sirkel.people.rules.claims import Shown, at_the_edge
from sirkel.people.rules.providers import Provider

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_PARAMETER = 4096


@dataclass(frozen=True)
class Secrets:
    """What binds a service's answer to the browser and the moment that asked: new for every sign-in."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Secrets":
        """Make three times 256 random bits."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


def way_there(provider: Provider, made: Secrets, *, back: str, is_anew: bool, language: str) -> str:
    """Return the address to send a browser to.

    Args:
        provider: the service.
        made: kept in the asking browser's session.
        back: our own address, to which the service sends the browser back.
        is_anew: whether the person must show who they are there once more, though the service knows the browser.
        language: what the service should speak.

    Raises:
        Refused: ``provider.away``, ``provider.answer``.

    """
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": " ".join(provider.scopes),
        "state": made.state,
        "nonce": made.nonce,
        "code_challenge": _challenge(made.verifier),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    if provider.wanted:
        asked["acr_values"] = " ".join(provider.wanted)
    if is_anew:
        asked |= {"prompt": "login", "max_age": "0"}
    elif provider.longest_seconds is not None:
        asked["max_age"] = str(provider.longest_seconds)
    with talk(provider) as talking:
        metadata = metadata_of(talking)
        if provider.is_pushed or metadata.must_push:
            asked = {"client_id": provider.client_id, "request_uri": _pushed(talking, metadata, asked)}
    joint = "&" if "?" in metadata.authorization else "?"
    return f"{metadata.authorization}{joint}{urlencode(asked)}"


def way_back(provider: Provider, made: Secrets, answer: Mapping[str, str], *, back: str) -> Shown:
    """Return who somebody showed to be, from the answer (the query) that a browser brought back.

    Raises:
        Refused: ``provider.stopped``, ``provider.away``, ``provider.answer``.

    """
    with talk(provider) as talking:
        metadata = metadata_of(talking)
        _check_sender(provider, metadata, answer)
        if "error" in answer:
            raise _error(provider, answer["error"])
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_PARAMETER:
            raise not_believed(provider, "code")
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": made.verifier,
        }
        proof, headers = _who_we_are(provider, metadata)
        said = talking.post(metadata.token, {**sent, **proof}, headers)
        if said.status >= FAULT:
            raise away(provider, str(said.status))
        if said.status != OK:
            raise not_believed(provider, _code_of(said.said.get("error")))
        return at_the_edge(believed(talking, said.said.get("id_token"), nonce=made.nonce))


def _check_sender(provider: Provider, metadata: Metadata, answer: Mapping[str, str]) -> None:
    """Refuse an answer that another service gave in this one's place (RFC 9207)."""
    sender = answer.get("iss", "")
    if (sender or metadata.names_itself) and not hmac.compare_digest(
        sender.encode(), provider.issuer.encode()
    ):
        raise not_believed(provider, "issuer of the answer")


def _pushed(talking: Talk, metadata: Metadata, asked: Mapping[str, str]) -> str:
    provider = talking.provider
    if not metadata.pushed:
        raise not_believed(provider, "no address for pushed requests")
    proof, headers = _who_we_are(provider, metadata)
    answer = talking.post(metadata.pushed, {**asked, **proof}, headers)
    if answer.status >= FAULT:
        raise away(provider, str(answer.status))
    name = answer.said.get("request_uri")
    if answer.status != CREATED or not isinstance(name, str) or not 0 < len(name) <= LONGEST_PARAMETER:
        raise not_believed(provider, _code_of(answer.said.get("error")))
    return name


def _who_we_are(provider: Provider, metadata: Metadata) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields and headers that show the service who asks."""
    if provider.key is None:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.secret)}"
        return {}, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    audience = provider.issuer if provider.audience == "issuer" else metadata.token
    proof = {
        "client_id": provider.client_id,
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": assertion(provider, audience),
    }
    return proof, {}


def _error(provider: Provider, code: str) -> Exception:
    if code in {"access_denied", "interaction_required", "login_required"}:
        return stopped(provider)
    if code in {"temporarily_unavailable", "server_error"}:
        return away(provider, code)
    if code == "unmet_authentication_requirements":
        return too_low(provider)
    return not_believed(provider, _code_of(code))


_CODES = frozenset(
    [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "unsupported_response_type",
        "invalid_request_uri",
    ]
)


def _code_of(code: object) -> str:
    """Return a standard error code for the log; anything else that a service or a browser says is not repeated."""
    return str(code) if code in _CODES else "refused"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
