"""Where django-allauth meets this house."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person
from sirkel.people.queries.factors import is_fresh
from sirkel.people.queries.roles import home_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator or a facilitator's colleague, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code we sent. Look at the newest e-mail."),
        "too_many_login_attempts": _("That was many tries. Wait five minutes, then try again."),
        "rate_limited": _("That was many tries. Wait a minute, then ask for a new code."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-made accounts."""
        del request
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in its reader's language, to the address we know and not to the one that was typed.

        An address that looks like a known one, but is written with other letters, gets nothing of it.

        Raises:
            Refused: ``mail.away`` when the mail server does not take it, whoever it was for.

        """
        person = Person.objects.filter(email__iexact=email).first()
        language = person.language if person else translation.get_language()
        with translation.override(language):
            message = self.render_mail(
                template_prefix,
                person.email if person else email,
                {**context, "email": email, "site_url": settings.SITE_URL, "site_name": settings.SITE_NAME},
            )
        try:
            message.send()
        except OSError as error:  # SMTP's own errors are among them
            raise Refused(
                "mail.away",
                _("The e-mail could not be sent."),
                _("It is not your fault. Try again in a little while."),
                status=503,
            ) from error

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask again after ten minutes; the pages that ask are wrapped by ``freshly_signed_in``."""
        del app, more
        request = context.request
        return request is None or not is_fresh(request.session)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody begins who wanted no page in particular."""
        return home_of(cast("Person", request.user), at=clock.now())

    def post_login(self, request: HttpRequest, user: Person, **how: Any) -> HttpResponse:
        """Go where the person wanted to, in the language of the account unless another one was chosen here."""
        response: HttpResponse = super().post_login(request, user, **how)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                httponly=True,
                samesite="Lax",
                secure=settings.SITE_IS_SECURE,
            )
        return response
