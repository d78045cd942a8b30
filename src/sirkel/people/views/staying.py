"""One's own sessions: how long this one goes on, and ending the others."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.kernel import clock
from sirkel.people.domain import sessions
from sirkel.people.models import Person
from sirkel.people.queries.use import SEEN_COOKIE, left, stamp
from sirkel.people.views.asking import signed_in
from sirkel.web.middleware import wants_json


def session_left(request: HttpRequest) -> dict[str, Callable[[], int | None]]:
    """Return for how many seconds the reader's session goes on; None for a stranger. Worked out when a page shows it."""

    def seconds() -> int | None:
        if not isinstance(getattr(request, "user", None), Person):
            return None
        # The page itself is a use, whose proof its answer brings.
        return left(request.session, stamp(request.session))

    return {"session_left": seconds}


@require_http_methods(["GET", "POST"])
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Say how long this session goes on, without being a use of it; or go on, by a press."""
    if request.method == "POST":
        seconds = left(request.session, stamp(request.session))
        if wants_json(request):
            return JsonResponse({"seconds": seconds})
        messages.success(request, _("You stay signed in."))
        return redirect("mfa_index")
    seconds = left(request.session, request.COOKIES.get(SEEN_COOKIE, ""))
    if wants_json(request):
        return JsonResponse({"seconds": seconds})
    return render(request, "people/stay.html", {"minutes": seconds // 60})


@require_POST
@login_required
def end_session(request: HttpRequest, handle: uuid.UUID) -> HttpResponse:
    """End one of one's own sessions."""
    sessions.end_one(acting=signed_in(request), handle=handle, at=clock.now())
    messages.success(request, _("That device is signed out."))
    return redirect("mfa_index")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    count = sessions.end_others(acting=signed_in(request), session=request.session, at=clock.now())
    told = ngettext("%(n)d other device is signed out.", "%(n)d other devices are signed out.", count) % {
        "n": count
    }
    messages.success(request, told)
    return redirect("mfa_index")
