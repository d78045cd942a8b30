"""What stands between a session and the pages: a second factor for those who need one."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from sirkel.kernel import clock
from sirkel.people.models import Person
from sirkel.people.queries.factors import lacks_factor

Answerer = Callable[[HttpRequest], HttpResponseBase]
# Where somebody without the factor they need is still somebody: setting it up, signing out, changing language.
OPEN = ("/me/security/", "/accounts/", "/i18n/")


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
