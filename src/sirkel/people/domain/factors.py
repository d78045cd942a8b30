"""Second factors: sealed where they lie, each code good once, and every change in the trail without content."""

import base64
import binascii
import time
from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import audit
from sirkel.kernel.errors import Refused
from sirkel.kernel.sealing import SECRET_BYTES, is_newest, new_secret, seal, unseal
from sirkel.people.models import Person

PURPOSE = "people.factor"
_LAST = "last_counter"


def sealed(text: str) -> str:
    """Return a secret of a factor as it may lie in the database, in base 64."""
    secret = new_secret()
    return base64.b64encode(secret + seal(text.encode(), secret=secret, purpose=PURPOSE)).decode()


def is_sealed_newest(kept: str) -> bool:
    """Tell whether a secret of a factor opens with the installation's present key, without any earlier one."""
    raw = _raw(kept)
    return is_newest(raw[SECRET_BYTES:], secret=raw[:SECRET_BYTES], purpose=PURPOSE)


def opened(kept: str) -> str:
    """Return what was sealed.

    Raises:
        Refused: ``factor.closed``; an empty secret would be one that anybody could guess.

    """
    raw = _raw(kept)
    plain = unseal(raw[SECRET_BYTES:], secret=raw[:SECRET_BYTES], purpose=PURPOSE)
    if plain is None:
        raise Refused(
            "factor.closed",
            _("Your second step cannot be read any more."),
            _("Use a passkey if you have one, or ask your administrator."),
            status=503,
        )
    return plain.decode()


def _raw(kept: str) -> bytes:
    try:
        return base64.b64decode(kept, validate=True)
    except binascii.Error:
        return b""


def spend(authenticator: Authenticator, code: str) -> bool:
    """Take a code of an app that was right, once: in the database, so that all processes know (SEC-03).

    A code that is as old as one taken before, or older, is not taken. False for those.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = opened(row.data["secret"])
        typed = "".join(code.split())
        counter = next(
            (
                at
                for at in yield_hotp_counters_from_time()
                if format_hotp_value(hotp_value(secret, at)) == typed
            ),
            None,
        )
        if counter is None or counter <= row.data.get(_LAST, -1):
            return False
        row.data[_LAST] = counter
        row.save(update_fields=["data"])
    return True


def begin_counting(authenticator: Authenticator) -> None:
    """Let the code that an app was added with be spent, too."""
    authenticator.data[_LAST] = int(time.time()) // app_settings.TOTP_PERIOD
    authenticator.save(update_fields=["data"])


def note(*, person: Person, verb: str, kind: str, at: datetime) -> None:
    """Keep in the trail that a factor was added, removed or used, and of which kind; no name, no code."""
    with transaction.atomic():
        audit.record(chain=None, acting=person.id, verb=verb, target=person.id, facts={"kind": kind}, at=at)
