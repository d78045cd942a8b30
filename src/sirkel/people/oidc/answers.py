"""What is said when a sign-in service gives no answer, or one that is not believed: never what was in it."""

import logging

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Refused
from sirkel.people.rules.providers import Provider

_log = logging.getLogger(__name__)


def away(provider: Provider, why: str) -> Refused:
    """Return the refusal for a service that does not answer; ``why`` goes into the log for the administrator."""
    _log.warning("sign-in service %s does not answer: %s", provider.name, why)
    return Refused(
        "provider.away",
        _("%(service)s does not answer just now.") % {"service": _label(provider)},
        _("Try again in a minute, or sign in with a code by e-mail."),
        status=503,
    )


def not_believed(provider: Provider, why: str) -> Refused:
    """Return the refusal for an answer that does not hold; ``why`` is a word of ours and never of the answer."""
    _log.warning("sign-in service %s gave an answer that was not taken: %s", provider.name, why)
    return Refused(
        "provider.answer",
        _("The answer of %(service)s could not be taken.") % {"service": _label(provider)},
        _("Nobody was signed in. Try again, or sign in with a code by e-mail."),
        facts={"why": why},
    )


def too_low(provider: Provider) -> Refused:
    """Return the refusal for a sign-in at a level that is not accepted, or at none."""
    _log.info("sign-in service %s: level not accepted", provider.name)
    return Refused(
        "provider.level",
        _("%(service)s did not check closely enough that it is you.") % {"service": _label(provider)},
        _("Choose a stronger way to show who you are there, or sign in with a code by e-mail."),
        status=403,
    )


def stopped(provider: Provider) -> Refused:
    """Return the refusal for somebody who turned back at the service."""
    return Refused(
        "provider.stopped",
        _("You stopped at %(service)s.") % {"service": _label(provider)},
        _("Nothing has happened. You can try again, or sign in with a code by e-mail."),
        status=403,
    )


def _label(provider: Provider) -> str:
    return provider.label(get_language() or "en")
