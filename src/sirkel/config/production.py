"""What keeps Sirkel from being opened to others: weak keys, open doors, mail that reaches nobody.

Asked by ``config.prepare`` before it changes anything, by ``config.serve`` before it answers anybody and, as Django system checks, by ``manage check --deploy``. A copy
that only this machine or its own network can name may run with anything; a demo may keep its mail in a folder.
"""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

SHORTEST_KEY = 50
FEWEST_SIGNS = 12
WORDS_OF_EXAMPLES = ("insecure", "change-me", "changeme", "change_me", "example", "default", "replace")
WHERE = "docs/handbook/administrator/settings.md"


def is_public() -> bool:
    """Tell whether this copy is meant for others: its address, or a host it answers, can be named from outside."""
    return any(map(_is_public_host, [urlsplit(settings.SITE_URL).hostname or "", *settings.ALLOWED_HOSTS]))


def weaknesses() -> list[str]:
    """Say what must be mended before others come in, a sentence each and never a secret; empty when all is well.

    Nothing is asked of a copy that is not public.
    """
    return would_be_refused(is_demo=settings.DEMO) if is_public() else []


def would_be_refused(*, is_demo: bool = False) -> list[str]:
    """Say the same as if this copy were public, a sentence each that begins with the setting's name."""
    found = [*_weak_keys()]
    if settings.DEBUG:
        found.append("SIRKEL_DEBUG is on: faults would be shown with everything around them.")
    if any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        found.append("SIRKEL_ALLOWED_HOSTS answers to any name: list the names of this service.")
    if not is_demo:
        found += _of_a_service()
    return found


def _weak_keys() -> list[str]:
    """Name the signing keys, and the keys of private logs, that are short, of few signs or from an example."""
    keys = [("SIRKEL_SECRET_KEY", settings.SECRET_KEY)]
    keys += [("SIRKEL_SECRET_KEY_FALLBACKS", key) for key in settings.SECRET_KEY_FALLBACKS]
    made = {f"private-log:{key}" for _name, key in keys}
    keys += [("SIRKEL_PRIVATE_LOG_KEY", key) for key in settings.PRIVATE_LOG_KEYS if key not in made]
    found = []
    for name, key in keys:
        if len(key) < SHORTEST_KEY:
            found.append(f"{name} is shorter than {SHORTEST_KEY} signs: make a new one.")
        elif len(set(key)) < FEWEST_SIGNS or any(word in key.lower() for word in WORDS_OF_EXAMPLES):
            found.append(f"{name} can be guessed: make a new one.")
    return list(dict.fromkeys(found))


def _of_a_service() -> list[str]:
    found = []
    if not settings.SITE_IS_SECURE:
        found.append(
            "SIRKEL_SITE_URL does not begin with https://: put https in front and name that address."
        )
    elif not _is_public_host(urlsplit(settings.SITE_URL).hostname or ""):
        found.append("SIRKEL_SITE_URL names no host that others can reach.")
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        found.append("SIRKEL_SMTP_HOST is not set: mail would lie in a folder and reach nobody.")
    return found


def _is_public_host(host: str) -> bool:
    name = host.strip("[]").lower()
    if name.startswith("*"):
        return True
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return bool(name) and name != "localhost" and not name.endswith((".localhost", ".local"))


@checks.register(checks.Tags.security, deploy=True)
def nothing_is_weak(**_options: Any) -> list[checks.CheckMessage]:
    """Say the same in `manage check --deploy`."""
    return [checks.Error(line, id="config.E001") for line in weaknesses()]


def refusals() -> list[str]:
    """Say, a line each, why a public copy must not start; Django's own deployment checks are among the reasons."""
    if not is_public():
        return []
    found = weaknesses()
    if settings.DEMO or found:
        return found
    messages = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return [f"{message.id}: {message.msg}" for message in messages if not message.is_silenced()]
