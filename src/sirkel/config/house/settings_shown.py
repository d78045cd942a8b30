"""The settings of the running server, as they may be shown: a secret is set or not set, and nothing more."""

import os
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from sirkel.config import production
from sirkel.config.environment import env_bool
from sirkel.config.known import SETTINGS, Group, Kind, Setting


@dataclass(frozen=True)
class Shown:
    """One setting with its present value in words. ``is_weak``: a public service would not start with it."""

    setting: Setting
    value: str
    is_set: bool
    is_weak: bool


def shown() -> list[tuple[Any, list[Shown]]]:
    """Return every setting by what it is about, in the order of the handbook."""
    weak = weak_names()
    return [
        (group.label, [_shown(one, weak) for one in SETTINGS if one.group == group])
        for group in Group
        if any(one.group == group for one in SETTINGS)
    ]


def weak_names() -> frozenset[str]:
    """Return the variables with which a public service would not start, whether this one is public or not."""
    return frozenset(line.split(" ", 1)[0] for line in production.would_be_refused(is_demo=settings.DEMO))


def _shown(one: Setting, weak: frozenset[str]) -> Shown:
    raw = os.environ.get(one.variable, "")
    is_weak = one.variable in weak
    if one.variable == "SIRKEL_SECRET_KEY_FILE":  # the key is weak wherever it was read from
        is_weak = bool(raw) and "SIRKEL_SECRET_KEY" in weak
    if one.variable == "SIRKEL_PRIVATE_LOG_KEY_FILE":
        is_weak = bool(raw) and "SIRKEL_PRIVATE_LOG_KEY" in weak
    return Shown(one, _value(one, raw), bool(raw) and raw != one.default, is_weak)


def _value(one: Setting, raw: str) -> str:
    if one.kind == Kind.SECRET:
        return _("set") if raw else _("not set")
    if one.kind == Kind.YES_NO:
        return _("yes") if env_bool(one.name, default=one.default == "1") else _("no")
    read = {
        "DATA": str(settings.DATA_DIR),
        "SITE_URL": settings.SITE_URL,
        "ALLOWED_HOSTS": ", ".join(settings.ALLOWED_HOSTS),
    }
    return read.get(one.name) or raw or one.default or _("none")
