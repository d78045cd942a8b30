"""Signing what we say to a service, and believing only what a service signed for us, now, for this one sign-in."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from sirkel.people.oidc.answers import not_believed
from sirkel.people.oidc.known import keys_of
from sirkel.people.oidc.wire import Talk
from sirkel.people.rules.providers import PrivateKey, Provider

ASSERTION_SECONDS = 60
LEEWAY_SECONDS = 30
_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}


def assertion(provider: Provider, audience: str) -> str:
    """Return a signed word that says who we are (private_key_jwt): good once, for a minute, for this audience."""
    now = int(time.time())
    said = {
        "iss": provider.client_id,
        "sub": provider.client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
    }
    assert provider.key is not None  # noqa: S101 -- asked for by the caller
    return jwt.encode(
        said,
        provider.key,
        algorithm=provider.key_signature,
        headers={"kid": provider.key_id or thumbprint(provider.key)},
    )


def public_keys(provider: Provider) -> list[dict[str, Any]]:
    """Return the public halves of a service's keys of ours as JWKs: the one that signs, then those on their way out."""
    if provider.key is None:
        return []
    ours = [(provider.key, provider.key_id), *((key, "") for key in provider.retired_keys)]
    return [{**_jwk(key), "use": "sig", "kid": key_id or thumbprint(key)} for key, key_id in ours]


def thumbprint(key: PrivateKey) -> str:
    """Return the name of a key that follows from the key itself (RFC 7638, SHA-256)."""
    jwk = _jwk(key)
    members = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    digest = hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def believed(talk: Talk, token: object, *, nonce: str) -> Mapping[str, Any]:
    """Return what an ID token says, once it is known to be its service's, for us, in time and for this sign-in.

    Raises:
        Refused: ``provider.answer``; ``provider.away`` when keys were needed and could not be fetched.

    """
    provider = talk.provider
    if not isinstance(token, str):
        raise not_believed(provider, "no token")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.exceptions.PyJWTError as error:
        raise not_believed(provider, "token") from error
    if header.get("alg") not in provider.signatures:
        raise not_believed(provider, "algorithm")
    said = _said(talk, token, header)
    if said.get("azp", provider.client_id) != provider.client_id:
        raise not_believed(provider, "authorised party")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1 and "azp" not in said:
        raise not_believed(provider, "audience")
    if not isinstance(said.get("nonce"), str) or not hmac.compare_digest(
        said["nonce"].encode(), nonce.encode()
    ):
        raise not_believed(provider, "nonce")
    return said


def _said(talk: Talk, token: str, header: Mapping[str, Any]) -> Mapping[str, Any]:
    """Try the keys that fit; when none does, fetch them anew once, since services change theirs (F-14)."""
    why = "key"
    for is_new in (False, True):
        for key in keys_of(talk, is_new=is_new):
            if key.key_type != ("EC" if header["alg"].startswith("ES") else "RSA"):
                continue
            if header.get("kid") and key.key_id and header["kid"] != key.key_id:
                continue
            try:
                return _decoded(talk.provider, token, key)
            except jwt.exceptions.InvalidSignatureError:
                why = "signature"
            except (jwt.exceptions.PyJWTError, ValueError, TypeError) as error:
                raise not_believed(talk.provider, _word(error)) from error
    raise not_believed(talk.provider, why)


def _decoded(provider: Provider, token: str, key: jwt.PyJWK) -> Mapping[str, Any]:
    said: dict[str, Any] = jwt.decode(
        token,
        key.key,
        algorithms=list(provider.signatures),
        audience=provider.client_id,
        issuer=provider.issuer,
        leeway=LEEWAY_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat"], "enforce_minimum_key_length": True},
    )
    return said


def _word(error: Exception) -> str:
    """Name what was wrong, for the administrator's log: a word of PyJWT's, never of the token."""
    return type(error).__name__.removesuffix("Error")


def _jwk(key: PrivateKey) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
