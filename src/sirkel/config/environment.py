"""Read the environment: every variable Sirkel knows begins with ``SIRKEL_``."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[3]
CONNECT_SECONDS = 5


def env(name: str, default: str = "") -> str:
    """Read ``SIRKEL_<name>`` from the environment; empty counts as absent."""
    return os.environ.get(f"SIRKEL_{name}", "") or default


def env_bool(name: str, *, default: bool = False) -> bool:
    """Read a yes/no variable; anything but 1/true/yes/on is no."""
    value = env(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def env_list(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


DATA = Path(env("DATA", str(ROOT / "data")))


def secret_key() -> str:
    """Return the signing key from the environment or its key file.

    Without either, a key that lives as long as this process is made: enough for
    commands and tests, never for a server, which ``config.serve`` refuses to start so.
    """
    if direct := env("SECRET_KEY"):
        return direct
    key_file = env("SECRET_KEY_FILE")
    if key_file:
        try:
            return Path(key_file).read_text(encoding="ascii").strip()
        except OSError as error:
            message = f"SIRKEL_SECRET_KEY_FILE cannot be read: {error.strerror}"
            raise ImproperlyConfigured(message) from error
    return secrets.token_urlsafe(48)


def private_log_keys(signing_keys: list[str]) -> list[str]:
    """Return the keys of private logs: the first seals, the others only open.

    They come from the environment or a file, a key a line; without either, one is made from each signing key, so
    that a small installation needs no second secret. It never lies in the database.
    """
    keys = env("PRIVATE_LOG_KEY").split()
    key_file = env("PRIVATE_LOG_KEY_FILE")
    if not keys and key_file:
        try:
            keys = Path(key_file).read_text(encoding="ascii").split()
        except OSError as error:
            message = f"SIRKEL_PRIVATE_LOG_KEY_FILE cannot be read: {error.strerror}"
            raise ImproperlyConfigured(message) from error
    return keys or [f"private-log:{key}" for key in signing_keys]


def database(variable: str, file_name: str) -> dict[str, object]:
    """Return one Django database from a PostgreSQL address or a SQLite file in the data folder.

    A server on a socket is named by the folder of the socket, percent-encoded: ``postgresql://user@%2Frun%2Fpg/name``.
    """
    url = env(variable)
    if url:
        parts = urlparse(url)
        if parts.scheme not in {"postgres", "postgresql"}:
            message = f"SIRKEL_{variable} must begin with postgresql://"
            raise ImproperlyConfigured(message)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": _host(url),
            "PORT": str(parts.port or ""),
            # A server that says nothing must not hold a page for longer than its reader waits.
            "OPTIONS": {"connect_timeout": CONNECT_SECONDS},
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / file_name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            # secure_delete overwrites what is deleted: an emptied inbox leaves no text in the file.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000; "
                "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
            ),
        },
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": (env("TEST_DATA", "") and str(Path(env("TEST_DATA")) / file_name)) or None},
    }


def _host(url: str) -> str:
    """Give the host as written: urlparse lowers its case, which a folder does not survive."""
    host_and_port = urlparse(url).netloc.rpartition("@")[2]
    return unquote(re.sub(r":\d*$", "", host_and_port).strip("[]"))
