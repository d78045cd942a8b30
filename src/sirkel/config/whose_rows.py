"""Says at the beginning of every request whose rows it may touch: ``kernel.rows`` tells the database.

Somebody who is signed in touches the rows of the organisations they belong to; whoever opens an address on paper or
from a mail, those of the organisation whose circle it names. Everybody else touches none, but for a few named pages.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from sirkel.api.middleware import key_of
from sirkel.circles.queries.belonging import OPENED_BY, organisations_of, organisations_of_meeting
from sirkel.kernel import clock, rows
from sirkel.people.middleware import WITHOUT_COOKIES
from sirkel.people.models import Person

# By the beginning of a path: pages that must look beyond organisations, and why.
BEYOND: dict[str, rows.Why] = {
    "/accounts/": rows.Why.SIGN_IN,
    "/set-up/": rows.Why.SET_UP,
    "/receipt/": rows.Why.RECEIPT,
    "/administration/server/": rows.Why.INSTALLATION,
    "/me/data/": rows.Why.OWN_DATA,
    "/me/delete/": rows.Why.OWN_DATA,
    "/link/calendar/": rows.Why.OWN_DATA,
}
BEYOND_IN_DEMO: dict[str, rows.Why] = {"/demo/": rows.Why.DEMO}
# Read by phones that were in the meeting too, with a pass and without an account.
RECAP = "recap"


class WhoseRows:
    """Wrap everything that asks who somebody is: it stands right behind the middleware that knows the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the rows of whoever asks; the next request begins with nobody's."""
        if not settings.ROW_SECURITY:
            return self.get_response(request)
        if why := _beyond(request):
            with rows.everything(why):
                return self.get_response(request)
        with rows.of(_belongs_to(request)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> None:
        """Add the organisation whose circle the address names."""
        if not settings.ROW_SECURITY or request.resolver_match is None:
            return
        first, _slash, _rest = request.resolver_match.route.partition("/")
        name, whose = OPENED_BY.get(first, ("", None))
        if whose is not None and name in kwargs:
            rows.add(whose(kwargs[name]))
        elif first == "meetings" and (request.resolver_match.url_name or "").startswith(RECAP):
            rows.add(organisations_of_meeting(kwargs["meeting_id"]))


def _beyond(request: HttpRequest) -> rows.Why | None:
    pages = BEYOND | (BEYOND_IN_DEMO if settings.DEMO else {})
    if settings.DEMO and request.path == "/":
        return rows.Why.DEMO
    return next((why for begins, why in pages.items() if request.path.startswith(begins)), None)


def _belongs_to(request: HttpRequest) -> set[Any]:
    by_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(
        WITHOUT_COOKIES
    )
    if not by_cookie and key_of(request) is None:
        return set()
    person = request.user
    return organisations_of(person, at=clock.now()) if isinstance(person, Person) else set()
