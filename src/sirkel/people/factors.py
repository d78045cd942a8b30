"""Where django-allauth's second factor meets this house: its secrets, its words, and what is kept of its use."""

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import clock
from sirkel.people.domain import factor_resets, factors, sessions
from sirkel.people.domain.sign_in_changes import tell
from sirkel.people.enums import SignInChange
from sirkel.people.models import Person
from sirkel.people.queries.factors import codes_left, has_factor, records_of
from sirkel.people.rules.sessions import browser_and_system

# Recovery codes come and go with a first and a last factor, whose mail is enough; made anew, their page tells of them.
_ADDED = {
    Authenticator.Type.TOTP: SignInChange.APP_ADDED,
    Authenticator.Type.WEBAUTHN: SignInChange.PASSKEY_ADDED,
}
_REMOVED = {
    Authenticator.Type.TOTP: SignInChange.APP_REMOVED,
    Authenticator.Type.WEBAUTHN: SignInChange.PASSKEY_REMOVED,
}


class FactorAdapter(DefaultMFAAdapter):
    """Seal what django-allauth keeps, and speak as the rest of the house does."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code does not fit, or was used before. Wait for the next one and type it here."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is kept."""
        return factors.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a kept secret."""
        return factors.opened(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Draw nothing: the page draws the code itself, without a data address that its policy refuses."""
        del url
        return ""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- django-allauth's word
        """Call a passkey by the device that adds it."""
        del user, type
        system = browser_and_system(context.request.META.get("HTTP_USER_AGENT", ""))[1]
        return system or gettext("My passkey")

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Person, **_how: Any) -> None:
    agent = request.META.get("HTTP_USER_AGENT", "")
    sessions.begin(request.session, person=user, user_agent=agent, at=clock.now())


@receiver(post_save, sender=Authenticator)
def _added(instance: Authenticator, *, created: bool, **_how: Any) -> None:
    if created:
        at = clock.now()
        factors.note(person=instance.user, verb="factor.added", kind=instance.type, at=at)
        if change := _ADDED.get(instance.type):
            tell(person=instance.user, change=change, at=at)


@receiver(signals.authenticator_removed)
def _removed(request: HttpRequest, user: Person, authenticator: Authenticator, **_how: Any) -> None:
    at = clock.now()
    with transaction.atomic():
        factors.note(person=user, verb="factor.removed", kind=authenticator.type, at=at)
        if change := _REMOVED.get(authenticator.type):
            tell(person=user, change=change, at=at)
    sessions.keep_change(request.session)
    if not has_factor(user):
        # What is gone proves nothing any more: whoever needs a factor begins again.
        kept = [record for record in records_of(request.session) if record.get("method") != "mfa"]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


@receiver(signals.authenticator_used)
def _used(
    request: HttpRequest,
    user: Person,
    authenticator: Authenticator,
    *,
    reauthenticated: bool = False,
    **_how: Any,
) -> None:
    at = clock.now()
    factor_resets.stop(person=user, at=at)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        with transaction.atomic():
            factors.note(person=user, verb="factor.recovery_code_used", kind=authenticator.type, at=at)
            change = SignInChange.CODE_USED if codes_left(user) else SignInChange.CODES_USED_UP
            tell(person=user, change=change, at=at)
    if reauthenticated:
        request.session.cycle_key()
