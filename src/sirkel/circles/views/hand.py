"""The hand: a meeting on a phone."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sirkel.circles.domain.voice_counting import is_mark
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Meeting, VoiceRun
from sirkel.circles.queries.access import period_asked
from sirkel.circles.queries.personal import personal
from sirkel.circles.rules import methods
from sirkel.circles.rules.access import GROUPS
from sirkel.circles.views.come_back import words_to_show
from sirkel.circles.views.participant import MARK_COOKIE, device_of, pass_of
from sirkel.circles.views.places import PLACES_COOKIE
from sirkel.circles.views.surface import snapshot, surface_context
from sirkel.circles.views.waiting import WAITING_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed, Refused
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.models import Seat
from sirkel.people.queries.seats import holds_pass, seat_of

SURFACE = "hand"
# The half-year in which this phone has answered who takes part, or would rather not.
ASKED_COOKIE = "asked"


def enter(request: HttpRequest, meeting_id: uuid.UUID) -> tuple[Meeting, Seat | None]:
    """Return the meeting and the asking device's seat; None for a device that was in it and it is over.

    Raises:
        NotAllowed: ``seats.none`` for everybody else, and for a meeting that does not exist.

    """
    meeting = Meeting.objects.filter(id=meeting_id).select_related("voice_run").first()
    if meeting is not None:
        seat = seat_of(room=meeting_id, device=device_of(request)) if meeting.is_running else None
        was_here = meeting.state == MeetingState.HELD and holds_pass(
            room=meeting_id, seat_pass=pass_of(request)
        )
        if seat is not None or was_here:
            return meeting, seat
    raise NotAllowed("seats.none", _("You are not in this meeting."), _("Join with the code on the screen."))


def hand_context(
    request: HttpRequest, meeting: Meeting, seat: Seat | None, *, version: int | None = None
) -> dict[str, Any]:
    """Return what the whole page shows: the shared part, the personal part, and what a form needs."""
    language = get_language() or meeting.circle.language
    context = surface_context(meeting=meeting, surface=SURFACE, language=language, version=version)
    view = context["view"]
    skipped = request.GET.get("skip", "")
    return {
        **context,
        "mine": personal(view=view, seat=seat, device=device_of(request)),
        "picture": methods.picture_name(seat.picture, language) if seat else "",
        "fresh": {"client_id": new_id(), "receipt": new_receipt()},
        "is_skipped": bool(view.round) and skipped == str(view.round.id),
        "language": language,
        "has_places": bool(request.COOKIES.get(PLACES_COOKIE)),
        "asks_access": lambda: _asks_access(request, meeting, seat),
    }


@require_safe
@never_cache
def hand(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show where the meeting is and what this phone can do now."""
    if request.COOKIES.get(WAITING_COOKIE):  # it waits, or has just been let in and has its words to come
        return redirect("circles:waiting", meeting_id)
    try:
        meeting, seat = enter(request, meeting_id)
    except NotAllowed as refused:
        return render(request, "circles/join/not_in.html", {"refused": refused}, status=refused.status)
    if _must_be_asked(request, meeting, seat):
        return redirect("circles:perspective", meeting_id)
    return render(
        request,
        "circles/hand.html",
        {**hand_context(request, meeting, seat), "words": words_to_show(request)},
    )


def _asks_access(request: HttpRequest, meeting: Meeting, seat: Seat | None) -> dict[str, Any]:
    """Return the groups this phone may tap to say who takes part; empty when it is not asked."""
    if seat is None or seat.is_shared:
        return {}
    period = period_asked(meeting=meeting, at=clock.now())
    return {} if period in {None, request.COOKIES.get(ASKED_COOKIE)} else GROUPS


def _must_be_asked(request: HttpRequest, meeting: Meeting, seat: Seat | None) -> bool:
    """Tell whether this phone still has to be asked from where its owner speaks."""
    run: VoiceRun | None = getattr(meeting, "voice_run", None) if seat else None
    return run is not None and not is_mark(run=run, mark=request.COOKIES.get(MARK_COOKIE, ""))


def hand_refused(
    request: HttpRequest, meeting_id: uuid.UUID, refused: Refused, *, place: str = ""
) -> HttpResponse:
    """Show the hand again with what was refused, and with everything that was typed.

    ``place`` names the form it belongs to: ``new`` for the writing field, a note's id for that note.
    """
    meeting, seat = enter(request, meeting_id)
    typed = {
        name: request.POST.get(name, "") for name in ("text", "client_id", "receipt", "signed_name", "word")
    }
    context = {
        **hand_context(request, meeting, seat),
        "words": words_to_show(request),
        "refused": refused,
        "refused_place": place,
        "typed": typed if place == "new" else {"word": typed["word"]},
        "retyped": typed if place != "new" else {},
    }
    return render(request, "circles/hand.html", context, status=refused.status)


@require_safe
@never_cache
def mine(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Give the personal part alone, for a phone whose shared part has moved on."""
    meeting, seat = enter(request, meeting_id)
    return render(request, "circles/mine.html", hand_context(request, meeting, seat))


@require_safe
@never_cache
def state(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Answer a phone that asks instead of listening: 204 when it misses nothing, else the shared part."""
    meeting, _seat = enter(request, meeting_id)
    language = get_language() or meeting.circle.language
    return snapshot(request, meeting=meeting, surface=SURFACE, language=language)
