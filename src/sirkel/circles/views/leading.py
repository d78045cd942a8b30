"""What every action on the facilitator surface shares: who may, what is asked for, and how it is answered."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.views.surface import surface_context
from sirkel.kernel.errors import Refused
from sirkel.people.models import Person

Act = Callable[..., object]

# What the surface's own script waits for: look for news now.
DONE = "sirkel-done"


def who(request: HttpRequest) -> Person:
    """Return who is signed in."""
    assert isinstance(request.user, Person)  # noqa: S101 -- login_required stands before every view here
    return request.user


def reader(request: HttpRequest) -> str:
    """Return the language of the page and of what is written on it."""
    del request
    return get_language() or "en"


def asked_id(request: HttpRequest, name: str, *, may_lack: bool = False) -> uuid.UUID | None:
    """Return an id that a form sent; None when it may be left out and is.

    Raises:
        Refused: ``form.incomplete`` when it is no id.

    """
    value = request.POST.get(name, "")
    if not value and may_lack:
        return None
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise incomplete() from error


def needed_id(request: HttpRequest, name: str) -> uuid.UUID:
    """Return an id that a form must send.

    Raises:
        Refused: ``form.incomplete`` without it.

    """
    value = asked_id(request, name)
    if value is None:
        raise incomplete()
    return value


def incomplete() -> Refused:
    """Return the refusal for a form that lacks what its page always sends."""
    return Refused(
        "form.incomplete", _("Something was missing."), _("Load the page again and try once more.")
    )


def lead_page(
    request: HttpRequest,
    meeting_id: uuid.UUID,
    *,
    refused: Refused | None = None,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the facilitator surface; on top of it a refusal or what an action has to tell."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    context = surface_context(meeting=meeting, surface="facilitator", language=reader(request))
    context |= {"refused": refused, "told": told, "asked": request.POST}
    return render(request, "circles/facilitator.html", context, status=refused.status if refused else 200)


def control(act: Act) -> Callable[..., HttpResponse]:
    """Make a view of an action on the facilitator surface.

    The action is a plain form: it ends in a redirect to the surface. Sent by htmx it ends in 204
    and asks the surface to look for news. A refusal, or a map that the action returns because it
    has something to tell this facilitator alone, comes as the one region made for both.
    """

    @require_POST
    @login_required
    @functools.wraps(act)
    def answer(request: HttpRequest, meeting_id: uuid.UUID, **more: Any) -> HttpResponse:
        meeting_led(acting=who(request), meeting_id=meeting_id)  # before what is sent is looked at
        try:
            told = act(request, meeting_id, **more)
        except Refused as refused:
            return _refused(request, meeting_id, refused)
        if not isinstance(told, dict):
            return done(request, meeting_id)
        if not _is_htmx(request):
            return lead_page(request, meeting_id, told=told)
        return _told(request, meeting_id, {"told": told}, 200)

    return answer


def done(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Answer an action that was carried out."""
    if _is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Trigger": DONE})
    return redirect(reverse("circles:lead", args=[meeting_id]))


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _refused(request: HttpRequest, meeting_id: uuid.UUID, refused: Refused) -> HttpResponse:
    if not _is_htmx(request):
        return lead_page(request, meeting_id, refused=refused)
    return _told(request, meeting_id, {"refused": refused}, refused.status)


def _told(request: HttpRequest, meeting_id: uuid.UUID, more: dict[str, Any], status: int) -> HttpResponse:
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    context = surface_context(meeting=meeting, surface="facilitator", language=reader(request))
    context |= {**more, "asked": request.POST}
    html = render_to_string("circles/facilitator.html#refusal", context, request=request)
    headers = {"HX-Retarget": "#refusal", "HX-Reswap": "outerHTML"}
    if "told" in more:
        headers["HX-Trigger"] = DONE
    return HttpResponse(html, status=status, headers=headers)
