"""The sign-in services of an installation, and which addresses they may have."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, rsa

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

# What a token may be signed with: a key that the service alone has; never "none", and never a secret both sides know.
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
USUAL_SIGNATURES = ("RS256", "PS256", "ES256")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Provider:
    """One sign-in service.

    ``name`` stands in addresses, ``issuer`` is compared letter by letter. Exactly one of ``key`` (private_key_jwt) and
    ``secret`` (client_secret_basic) is set. ``accepted`` are the levels (acr) that are taken; empty: the service is
    not asked for one, and signing in with it is a first step only. ``wanted`` is what is asked for, in order.
    ``hosts`` may be asked besides the issuer's own, and only where ``is_inside`` may any of them lie in a network that
    is not the open one. Where ``longest_seconds`` is set, the service must have asked the person no longer ago than that:
    at the sign-in, and as long as what was opened by it goes on.
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
    longest_seconds: int | None = None
    signatures: tuple[str, ...] = USUAL_SIGNATURES
    hosts: tuple[str, ...] = ()
    is_inside: bool = False

    def label(self, language: str) -> str:
        """Return what people call the service, in a language or, without one, in any."""
        return self.labels.get(language) or self.labels.get("") or next(iter(self.labels.values()))

    @property
    def is_second_step(self) -> bool:
        """Whether it shows who somebody is at a level that was chosen, and so counts as the second step (SEC-03)."""
        return bool(self.accepted)

    def may_be_asked(self, address: str) -> bool:
        """Tell whether we ask there ourselves, whatever the service names: its own host, or one that the file allows."""
        return is_safe_address(address, beside=self.issuer) and place_of(address) in {
            place_of(one) for one in (self.issuer, *(f"https://{host}" for host in self.hosts))
        }

    def may_lie_at(self, found: IPAddress) -> bool:
        """Tell whether a host of the service may have this number: an open one, or one of our own network where allowed."""
        number = _inmost(found)
        if number.is_link_local or number.is_unspecified or number.is_multicast:
            return False  # where clouds keep their keys, and what names no machine
        is_open = number.is_global and not (number.version == 6 and number.is_site_local)  # noqa: PLR2004 -- the number is a name: IPv6
        return is_open or self.is_inside


def is_safe_address(address: str, *, beside: str = "") -> bool:
    """Tell whether an address is https; or http on this machine where ``beside``, the issuer, is so, too."""
    # Signs that one reader of addresses passes over and another ends the host at.
    if not re.fullmatch(r"[!-~]+", address) or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and is_here(address) and (not beside or beside.startswith("http://"))


def is_here(address: str) -> bool:
    """Tell whether an address names this very machine."""
    return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}


def place_of(address: str) -> tuple[str, int]:
    """Return the host and the port that an address leads to."""
    parts = urlsplit(address)
    return (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)


def _inmost(found: IPAddress) -> IPAddress:
    """Return the older number that a newer one only wraps: mapped, 6to4, or translated (64:ff9b::/96)."""
    if isinstance(found, ipaddress.IPv4Address):
        return found
    if found in _TRANSLATED:
        return ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.ipv4_mapped or found.sixtofour or found
