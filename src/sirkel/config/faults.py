"""The last answer: what somebody sees when a page broke, or when there is no database to ask."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from sirkel.api.middleware import HERE
from sirkel.api.problems import problem
from sirkel.kernel.away import is_away
from sirkel.kernel.errors import Refused
from sirkel.web.middleware import wants_json

# As nginx says it where it finds no Sirkel at all.
RETRY_SECONDS = 10
CODE = "service.away"


def answer(request: HttpRequest) -> HttpResponse:
    """Answer in place of a page that broke: 503 where a database is away and it may be tried again, else 500.

    Neither asks a database for anything. Django writes the one line of the log, as for every answer from 500 on.
    """
    if not is_away(sys.exc_info()[1]):
        return problem(_broken()) if request.path.startswith(HERE) else server_error(request)
    response = _away(request)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _broken() -> Refused:
    return Refused(
        "service.fault",
        _("Something went wrong with us"),
        _("It is not your fault. Try again in a little while."),
        status=500,
    )


def _away(request: HttpRequest) -> HttpResponse:
    refused = Refused(
        CODE,
        _("Sirkel does not answer just now"),
        _("It is not your fault. Try again in a little while."),
        status=503,
    )
    if request.path.startswith(HERE):
        return problem(refused)
    if wants_json(request):
        body = {"code": refused.code, "message": refused.message, "hint": refused.hint}
        return JsonResponse(body, status=refused.status)
    # Without the request: a head that knows its reader would ask a database who that is.
    return HttpResponse(loader.render_to_string("503.html"), status=refused.status)
