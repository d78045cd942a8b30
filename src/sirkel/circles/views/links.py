"""The pages behind the links in a mail: will you come, leave the circle, and the calendar that programs read.

Reading such a page changes nothing: mail scanners read it before its reader does. Forms carry no guard against
other sites, which would need a cookie: whoever could forge them would have to know the signed address.
"""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.circles.domain import answering
from sirkel.circles.enums import Says
from sirkel.circles.queries.feed import feed_of
from sirkel.circles.queries.links import Farewell, asked_by, farewell_of
from sirkel.kernel import clock
from sirkel.people.domain.mail_settings import no_such_link


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- a signed link proves who asks
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a member whether they come to a meeting, and keep the answer."""
    at = clock.now()
    if request.method == "POST":
        asked = answering.answer(token=token, says=request.POST.get("says", ""), at=at)
    else:
        asked = asked_by(token, at=at)
    with override(asked.membership.person.language):
        context = {
            "asked": asked,
            "meeting": asked.meeting,
            "circle": asked.meeting.circle,
            "choices": Says.choices,
            "is_kept": request.method == "POST",
        }
        return render(request, "circles/link_answer.html", context)


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- a signed link proves who asks
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once whether a member leaves, and for a day whether they come back."""
    at = clock.now()
    farewell: Farewell
    if request.method != "POST":
        farewell = farewell_of(token, at=at)
    elif "back" in request.POST:
        farewell = answering.come_back(token=token, at=at)
    else:
        farewell = answering.leave(token=token, at=at)
    member = farewell.membership
    with override(member.person.language):
        context = {
            "farewell": farewell,
            "circle": member.circle,
            "is_back": request.method == "POST" and member.left_at is None,
        }
        return render(request, "circles/link_leave.html", context)


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Give a person's meetings to a calendar that asks by the secret address; it has no session.

    A calendar that has the newest already is told so (304) by its ETag. By time alone it is not: leaving a circle
    takes meetings out without making any of them newer.
    """
    feed = feed_of(secret)
    if feed is None:
        raise no_such_link()
    etag = f'"{hashlib.sha256(feed.content).hexdigest()[:32]}"'
    response = HttpResponse(feed.content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="sirkel.ics"'
    response["Last-Modified"] = http_date(feed.changed_at.timestamp())
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
