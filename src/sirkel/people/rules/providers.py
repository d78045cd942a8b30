"""The sign-in services of an installation, and which addresses they may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

# What a token may be signed with: a key that the service alone has; never "none", and never a secret both sides know.
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
USUAL_SIGNATURES = ("RS256", "PS256", "ES256")


@dataclass(frozen=True)
class Provider:
    """One sign-in service.

    ``name`` stands in addresses, ``issuer`` is compared letter by letter. Exactly one of ``key`` (private_key_jwt) and
    ``secret`` (client_secret_basic) is set. ``accepted`` are the levels (acr) that are taken; empty: the service is
    not asked for one, and signing in with it is a first step only. ``wanted`` is what is asked for, in order.
    """

    name: str
    issuer: str
    client_id: str
    labels: Mapping[str, str] = field(hash=False)
    key: PrivateKey | None = field(default=None, repr=False, hash=False)
    key_id: str = ""
    key_signature: str = ""
    retired_keys: tuple[PrivateKey, ...] = field(default=(), repr=False, hash=False)
    secret: str = field(default="", repr=False)
    audience: str = "issuer"
    scopes: tuple[str, ...] = ("openid",)
    wanted: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    is_pushed: bool = False
    is_single_sign_on: bool = False
    signatures: tuple[str, ...] = USUAL_SIGNATURES

    def label(self, language: str) -> str:
        """Return what people call the service, in a language or, without one, in any."""
        return self.labels.get(language) or self.labels.get("") or next(iter(self.labels.values()))

    @property
    def is_second_step(self) -> bool:
        """Whether it shows who somebody is at a level that was chosen, and so counts as the second step (SEC-03)."""
        return bool(self.accepted)


def is_safe_address(address: str, *, beside: str = "") -> bool:
    """Tell whether an address is https; or http on this machine where ``beside``, the issuer, is so, too."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "http" and is_here and (not beside or beside.startswith("http://"))
