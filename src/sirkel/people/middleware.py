"""What stands between a session and the pages: its span, and a second factor for those who need one."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed
from sirkel.people.domain.sessions import keep_day
from sirkel.people.models import Person
from sirkel.people.queries.factors import lacks_factor
from sirkel.people.queries.use import SEEN_COOKIE, left, stamp, used_at
from sirkel.people.rules.sessions import LONG
from sirkel.web.middleware import refusal, wants_json

SAFE = ("GET", "HEAD", "OPTIONS")
Answerer = Callable[[HttpRequest], HttpResponseBase]
# Where somebody without the factor they need is still somebody: setting it up, signing out, changing language.
NOBODYS = ("/accounts/", "/i18n/")
# Asked with a receipt alone: whoever asks there is nobody, signed in or not.
WITHOUT_COOKIES = ("/receipt/",)
OPEN = ("/me/security/", *NOBODYS)


# An asking for how long it goes on is no use of a session.
ASKS = "/me/security/stay/"
STAMP_EVERY_SECONDS = 60


class SessionSpan:
    """End a session that nobody used for too long, and lose no word that somebody typed meanwhile (SEC-05, A-05)."""

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; to a stranger, and with their words given back, when the session is over."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith(WITHOUT_COOKIES):
            return self.get_response(request)
        seen = request.COOKIES.get(SEEN_COOKIE, "")
        if isinstance(request.user, Person) and not left(request.session, seen):
            logout(request)
            if (answer := self._too_late(request)) is not None:
                answer.delete_cookie(SEEN_COOKIE)
                return answer
        response = self.get_response(request)
        self._stamp(request, response, seen)
        return response

    def _too_late(self, request: HttpRequest) -> HttpResponseBase | None:
        if wants_json(request):
            return refusal(
                request,
                NotAllowed("session.ended", _("You were signed out."), _("Sign in again."), status=401),
            )
        if request.method in SAFE or request.path.startswith(NOBODYS):
            messages.info(request, _("Nothing happened for a while, so you were signed out."))
            return None
        typed = [text for name, texts in request.POST.lists() for text in texts if is_typed(name, text)]
        return render(request, "people/too_late.html", {"typed": typed}, status=401)

    def _stamp(self, request: HttpRequest, response: HttpResponseBase, seen: str) -> None:
        if not isinstance(request.user, Person) or (request.path == ASKS and request.method in SAFE):
            return
        if request.method in SAFE:
            keep_day(request.session)
        if request.path == ASKS or time.time() - used_at(request.session, seen) >= STAMP_EVERY_SECONDS:
            response.set_cookie(
                SEEN_COOKIE,
                stamp(request.session),
                max_age=LONG.whole,
                httponly=True,
                samesite="Lax",
                secure=settings.SITE_IS_SECURE,
            )


def is_typed(name: str, text: str) -> bool:
    """Tell whether a sent value was written by somebody, and not set by the page."""
    return name != "csrfmiddlewaretoken" and " " in text.strip()


class SecondFactor:
    """Let a session without the factor its person needs be nobody's session: every page sees a stranger (SEC-03).

    So no list of pages can be incomplete, and a meeting is joined as by anybody else. Where a stranger would be
    sent to sign in, such a person is sent to the page that sets the factor up.
    """

    def __init__(self, get_response: Answerer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, to a stranger where the factor is lacking."""
        if not self._lacks(request):
            return self.get_response(request)
        request.user = AnonymousUser()
        response = self.get_response(request)
        if response.status_code == 302 and response.headers["Location"].startswith(settings.LOGIN_URL):  # noqa: PLR2004 -- a redirect
            return redirect("mfa_index")
        return response

    def _lacks(self, request: HttpRequest) -> bool:
        if (
            settings.SECOND_FACTOR != "required"
            or settings.SESSION_COOKIE_NAME not in request.COOKIES
            or request.path.startswith(OPEN)
        ):
            return False
        person = request.user
        return isinstance(person, Person) and lacks_factor(person, request.session, at=clock.now())
