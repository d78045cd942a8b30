"""The file that names the sign-in services: read once, held to rules, and never guessed at.

A mistyped option of something that opens doors must not pass in silence: every word that is unknown or of the wrong
kind is refused, by name.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sirkel.people.rules.providers import (
    SIGNATURES,
    USUAL_SIGNATURES,
    PrivateKey,
    Provider,
    is_here,
    is_safe_address,
)

SHORTEST_RSA_BITS = 2048
LONGEST_SECRET = 4096
LONGEST_LABEL = 40
# A session lives no longer than thirty days, whoever was asked when.
MOST_MINUTES = 30 * 24 * 60
AUDIENCES = ("issuer", "token_endpoint")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*(?::[1-9][0-9]{0,4})?")
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384"}


class Unusable(ValueError):  # noqa: N818 -- the house's word: what is said to whoever wrote the file
    """The file of sign-in services cannot be used; the text is one line, without anything secret."""


OPTIONS: Mapping[str, type] = {
    "issuer": str,
    "client_id": str,
    "label": object,
    "key_file": str,
    "key_id": str,
    "key_algorithm": str,
    "retired_key_files": list,
    "secret_file": str,
    "assertion_audience": str,
    "scopes": list,
    "acr_values": list,
    "acr_accepted": list,
    "pushed_requests": bool,
    "single_sign_on": bool,
    "longest_since_asked": int,
    "token_algorithms": list,
    "hosts": list,
    "inside_network": bool,
}
"""What a service may say of itself: the option, and the kind of its value."""


def read(path: Path) -> dict[str, Provider]:
    """Return the services that a TOML file names, by name and in its order; files in it are beside it.

    Raises:
        Unusable: for a file, a service or an option that cannot be used.

    """
    try:
        named = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Unusable(f"the file cannot be read: {reason}") from error
    found = {}
    for name, said in named.items():
        try:
            found[name] = _provider(name, said, path.parent)
        except Unusable as error:
            raise Unusable(f"[{name}] {error}") from error
    if len({provider.issuer for provider in found.values()}) < len(found):
        raise Unusable("two services have the same issuer")
    return found


def _provider(name: str, said: Any, folder: Path) -> Provider:
    if not _NAME.fullmatch(name):
        raise Unusable("is no name: small letters, digits and hyphens")
    _check_options(said)
    _check_service(said)
    accepted, signatures = _words(said, "acr_accepted"), _words(said, "token_algorithms") or USUAL_SIGNATURES
    if not set(signatures) <= set(SIGNATURES):
        raise Unusable(f"token_algorithms may be {', '.join(SIGNATURES)}")
    key = _key(folder / said["key_file"]) if "key_file" in said else None
    return Provider(
        name=name,
        issuer=said["issuer"],
        client_id=said["client_id"],
        labels=_labels(said.get("label", name)),
        key=key,
        key_id=said.get("key_id", ""),
        key_signature=_signature_of(key, said.get("key_algorithm", "")) if key else "",
        retired_keys=tuple(_key(folder / one) for one in _words(said, "retired_key_files")),
        secret=_secret(folder / said["secret_file"]) if "secret_file" in said else "",
        audience=said.get("assertion_audience", AUDIENCES[0]),
        scopes=tuple(dict.fromkeys(("openid", *_words(said, "scopes")))),
        wanted=_words(said, "acr_values") or accepted,
        accepted=accepted,
        is_pushed=said.get("pushed_requests", False),
        is_single_sign_on=said.get("single_sign_on", False),
        longest_seconds=60 * said["longest_since_asked"] if "longest_since_asked" in said else None,
        signatures=signatures,
        hosts=_words(said, "hosts"),
        is_inside=said.get("inside_network", is_here(said["issuer"])),
    )


def _check_options(said: Any) -> None:
    if not isinstance(said, dict):
        raise Unusable("is no table")
    for option, value in said.items():
        kind = OPTIONS.get(option)
        if kind is None:
            raise Unusable(f"has an unknown option: {option}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Unusable(f"{option} is of the wrong kind")
        if isinstance(value, list) and option != "label" and not all(isinstance(one, str) for one in value):
            raise Unusable(f"{option} is of the wrong kind")
    for option in ("issuer", "client_id"):
        if not said.get(option):
            raise Unusable(f"lacks {option}")


def _check_service(said: Mapping[str, Any]) -> None:
    if not is_safe_address(said["issuer"]) or urlsplit(said["issuer"]).query:
        raise Unusable("issuer must begin with https:// and have neither query nor fragment")
    if ("key_file" in said) == ("secret_file" in said):
        raise Unusable("needs either key_file or secret_file")
    if said.get("acr_values") and not said.get("acr_accepted"):
        raise Unusable(
            "has acr_values but no acr_accepted: what is asked for must be held against the answer"
        )
    if not 1 <= said.get("longest_since_asked", 1) <= MOST_MINUTES:
        raise Unusable(f"longest_since_asked is a number of minutes, from 1 to {MOST_MINUTES}")
    for host in _words(said, "hosts"):
        if not _HOST.fullmatch(host):
            raise Unusable("hosts are names such as keys.id.example, in small letters, without https://")
    if said.get("assertion_audience", AUDIENCES[0]) not in AUDIENCES:
        raise Unusable(f"assertion_audience is {' or '.join(AUDIENCES)}")


def _words(said: Mapping[str, Any], option: str) -> tuple[str, ...]:
    return tuple(said.get(option, ()))


def _labels(said: Any) -> dict[str, str]:
    labels = {"": said} if isinstance(said, str) else said
    if (
        isinstance(labels, dict)
        and labels
        and all(isinstance(text, str) and 0 < len(text) <= LONGEST_LABEL for text in labels.values())
    ):
        return dict(labels)
    raise Unusable(f"label is a text of at most {LONGEST_LABEL} signs, or one for each language")


def _key(path: Path) -> PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise Unusable(f"{path.name} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Unusable(f"{path.name} holds no private key in PEM without a password") from error
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SHORTEST_RSA_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return key
    raise Unusable(
        f"{path.name} must hold RSA of at least {SHORTEST_RSA_BITS} bits, or the curve P-256 or P-384"
    )


def _signature_of(key: PrivateKey, chosen: str) -> str:
    fitting = (
        [_CURVES[key.curve.name]]
        if isinstance(key, ec.EllipticCurvePrivateKey)
        else [name for name in SIGNATURES if not name.startswith("ES")]
    )
    if chosen and chosen not in fitting:
        raise Unusable(f"key_algorithm may be {', '.join(fitting)} with this key")
    return chosen or fitting[0]


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no text"
        raise Unusable(f"{path.name} cannot be read: {reason}") from error
    if not 0 < len(secret) <= LONGEST_SECRET:
        raise Unusable(f"{path.name} is empty or too long")
    return secret
