"""A phone at a closed door: it waits, shows its number, and goes in by itself once it is let in."""

import base64
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sirkel.circles.domain.joining import go_away, join_address, must_run
from sirkel.circles.models import Meeting
from sirkel.circles.views.come_back import show_words
from sirkel.circles.views.participant import device_of, forget_device, remember
from sirkel.kernel import sealing
from sirkel.kernel.errors import NotAllowed, Refused
from sirkel.people.domain.seats import Taken, pass_for
from sirkel.people.models import Seat
from sirkel.people.queries.seats import PASS_SECONDS, seat_of, waiting_seat
from sirkel.web.middleware import wants_json

# The come-back words of a phone that waits, sealed: it can neither read nor use them before it is let in.
WAITING_COOKIE = "waiting"
_PURPOSE = "waiting"


def begin(response: HttpResponse, taken: Taken, *, meeting: Meeting) -> None:
    """Let a phone wait: it keeps the secret of its place in line, and no proof of having been in the meeting."""
    remember(response, taken, was_in=False)
    words = ".".join(taken.word_ids).encode()
    sealed = sealing.seal(words, secret=_secret(meeting, taken.device), purpose=_PURPOSE)
    response.set_cookie(
        WAITING_COOKIE,
        base64.urlsafe_b64encode(sealed).decode(),
        max_age=None if taken.seat.is_shared else PASS_SECONDS,
        httponly=True,
        secure=settings.SITE_IS_SECURE,
        samesite="Lax",
        path=_path(meeting.id),
    )


def _end(request: HttpRequest, response: HttpResponse, meeting_id: uuid.UUID) -> HttpResponse:
    """Take off the phone that it waited."""
    if WAITING_COOKIE in request.COOKIES:
        response.delete_cookie(WAITING_COOKIE, path=_path(meeting_id), samesite="Lax")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def waiting(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show the number, or lead in once the phone was let in; a POST leaves the line. Our script is told which it is."""
    meeting = Meeting.objects.filter(id=meeting_id).select_related("circle").first()
    device = device_of(request)
    try:
        if meeting is None or device is None:
            raise _not_here()
        words = _words(request, meeting, device)
        if words:
            must_run(meeting)
        seat = seat_of(room=meeting_id, device=device)
        place = waiting_seat(room=meeting_id, device=device)
        if not (words or seat or place):
            raise _not_here()
    except Refused as refused:
        if wants_json(request):
            raise
        return render(request, "circles/join/not_in.html", {"refused": refused}, status=refused.status)
    if wants_json(request):
        return JsonResponse({"waits": place is not None})
    if seat is not None:
        return _end(request, _go_in(meeting, seat, device, words), meeting_id)
    if request.method == "POST":
        return _end(request, _leave(meeting, device), meeting_id)
    context = {"meeting": meeting, "circle": meeting.circle, "place": place}
    return render(request, "circles/join/waiting.html", {**context, "address": join_address(meeting)})


def _go_in(meeting: Meeting, seat: Seat, device: str, words: list[str]) -> HttpResponse:
    """Lead to the meeting, with what a phone gets that joins at an open door."""
    response = _see_other(reverse("circles:hand", args=[meeting.id]))
    if words:
        word_ids = (words[0], words[1], words[2])
        taken = Taken(seat=seat, device=device, word_ids=word_ids, seat_pass=pass_for(room=meeting.id))
        remember(response, taken)
        if not seat.is_shared:
            show_words(response, meeting=meeting, word_ids=word_ids)
    return response


def _leave(meeting: Meeting, device: str) -> HttpResponse:
    go_away(meeting=meeting, device=device)
    response = _see_other(reverse("circles:code"))
    forget_device(response)
    return response


def _words(request: HttpRequest, meeting: Meeting, device: str) -> list[str]:
    """Return the words this very phone was given when it began to wait here; none from a cookie that is not ours."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(WAITING_COOKIE, ""))
    except ValueError:
        return []
    plain = sealing.unseal(sealed, secret=_secret(meeting, device), purpose=_PURPOSE)
    return plain.decode().split(".") if plain else []


def _secret(meeting: Meeting, device: str) -> bytes:
    return meeting.id.bytes + device.encode()


def _path(meeting_id: uuid.UUID) -> str:
    return f"/m/{meeting_id}/"


def _see_other(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


def _not_here() -> NotAllowed:
    return NotAllowed("seats.none", _("You are not in this meeting."), _("Join with the code on the screen."))
