"""Whether there is a way to the tables, and where."""

import re

from django.core.exceptions import ImproperlyConfigured

from sirkel.config.environment import env

_PATH = re.compile(r"[A-Za-z0-9_-]{12,64}")


def path_of(asked: str) -> str:
    """Return the path without slashes; empty for none.

    Raises:
        ImproperlyConfigured: it is short enough to be guessed, or no single part of an address.

    """
    path = asked.strip("/")
    if path and not _PATH.fullmatch(path):
        raise ImproperlyConfigured(
            "SIRKEL_ADMIN_PATH must be one word of 12 to 64 letters, digits, - or _, that nobody guesses"
        )
    return path


ADMIN_PATH = path_of(env("ADMIN_PATH"))
# The app brings a table and pages of its own: it is there only where somebody asked for it.
ADMIN_APPS = ["django.contrib.admin.apps.SimpleAdminConfig"] if ADMIN_PATH else []
