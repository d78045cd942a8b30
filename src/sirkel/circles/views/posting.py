"""What a phone does in a meeting: every act is a plain form, and the same address answers our script with JSON."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import choosing, joining, moderating, notes, pulse, sharing, talking
from sirkel.circles.forms import hand as forms
from sirkel.circles.views.come_back import put_away
from sirkel.circles.views.hand import enter, hand_refused
from sirkel.circles.views.joining import see_other
from sirkel.circles.views.participant import MARK_COOKIE, device_of, drop_mark, forget, pass_of
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.web.middleware import wants_json

Act = Callable[..., HttpResponse]


def act(place: str = "") -> Callable[[Act], Act]:
    """Make a view a participant's act: a refused form keeps what was typed.

    Who has no seat is refused by the act itself, in its own transaction, and learns nothing else, whatever was
    wrong besides. ``place`` names the form in which a refusal is shown; ``{client_id}`` is filled in.
    """

    def decorate(view: Act) -> Act:
        @wraps(view)
        def checked(request: HttpRequest, meeting_id: uuid.UUID, **ids: uuid.UUID) -> HttpResponse:
            if request.method in {"GET", "HEAD"}:  # a reload, or the language switch under a refused form
                return see_other(reverse("circles:hand", args=[meeting_id]))
            try:
                return view(request, meeting_id, **ids)
            except Refused as refused:
                if wants_json(request):
                    enter(request, meeting_id)
                    raise
                return hand_refused(
                    request,
                    meeting_id,
                    refused,
                    place=place.format(**{name: str(value) for name, value in ids.items()}),
                )

        return require_http_methods(["GET", "HEAD", "POST", "DELETE"])(checked)

    return decorate


def done(request: HttpRequest, meeting_id: uuid.UUID, body: dict[str, Any], *, say: str = "") -> HttpResponse:
    """Answer an act: JSON to our script, the hand again to a plain form, with a word about what happened."""
    if wants_json(request):
        return JsonResponse(body)
    if say:
        messages.success(request, say)
    return see_other(reverse("circles:hand", args=[meeting_id]))


def _posted(posted: notes.Posted) -> dict[str, Any]:
    return {"client_id": str(posted.client_id), "state": posted.state, "version": posted.version}


def in_fours(receipt: str) -> str:
    """Return a receipt in groups of four, as people copy it."""
    return "-".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))


@act("new")
def create_note(request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Take in a note."""
    draft, is_sure = forms.draft_in(request.POST)
    posted = notes.post_note(
        meeting_id=meeting_id,
        round_id=round_id,
        device=device_of(request),
        draft=draft,
        at=clock.now(),
        seat_pass=pass_of(request),
        is_sure=is_sure,
        mark=request.COOKIES.get(MARK_COOKIE, ""),
    )
    if posted.state == "late":
        say = _("The step had ended, and your note was taken in all the same. Receipt: %s")
    else:
        say = _("Sent. Receipt, if you want to ask about the note later: %s")
    return done(request, meeting_id, _posted(posted), say=say % in_fours(draft.receipt))


@act("{client_id}")
def change_note(
    request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID, client_id: uuid.UUID
) -> HttpResponse:
    """Change an own note, or take it back."""
    device = device_of(request)
    if request.method == "DELETE" or request.POST.get("do") == "delete":
        notes.delete_note(meeting_id=meeting_id, round_id=round_id, device=device, client_id=client_id)
        body: dict[str, Any] = {"client_id": str(client_id), "state": "gone"}
        return done(request, meeting_id, body, say=_("The note is taken back."))
    posted = notes.edit_note(
        meeting_id=meeting_id,
        round_id=round_id,
        device=device,
        client_id=client_id,
        text=request.POST.get("text", ""),
        version=forms.version_in(request.POST, request.headers.get("If-Match", "")),
        is_sure=bool(request.POST.get("is_sure")),
    )
    return done(request, meeting_id, _posted(posted), say=_("The note is changed."))


@act("picks")
def cast(request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Set what this phone chooses."""
    picks = choosing.cast(
        meeting_id=meeting_id,
        round_id=round_id,
        device=device_of(request),
        picks=forms.picks_in(request.POST),
    )
    return done(request, meeting_id, {"state": "kept", "picks": picks})


@act("objections")
def object_to(request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Set what this phone wants to keep in the room."""
    items = forms.objections_in(request.POST)
    sharing.object_to(meeting_id=meeting_id, round_id=round_id, device=device_of(request), item_ids=items)
    return done(request, meeting_id, {"state": "kept", "items": sorted(map(str, items))})


@act("pulse")
def answer_pulse(request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Take in a check-out."""
    pulse.answer_pulse(
        meeting_id=meeting_id,
        round_id=round_id,
        device=device_of(request),
        felt_heard=forms.answer_in(request.POST, "felt_heard"),
        was_useful=forms.answer_in(request.POST, "was_useful"),
        word=request.POST.get("word", ""),
        lang=forms.language_in(request.POST),
        is_sure=bool(request.POST.get("is_sure")),
    )
    return done(request, meeting_id, {"state": "kept"}, say=_("Thank you. Your check-out is in."))


@act("turn")
def pass_the_word(request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Pass the word on: being done and passing are the same act."""
    talking.next_turn(
        meeting_id=meeting_id,
        round_id=round_id,
        turn=forms.turn_in(request.POST),
        at=clock.now(),
        device=device_of(request),
    )
    return done(request, meeting_id, {"state": "kept"})


@act()
def flag(request: HttpRequest, meeting_id: uuid.UUID, note_id: uuid.UUID) -> HttpResponse:
    """Say that a note does not belong where it was put, or that it may point at somebody."""
    is_about_somebody = request.POST.get("why") == "person"
    moderating.flag_note(
        meeting_id=meeting_id,
        note_id=note_id,
        device=device_of(request),
        is_about_somebody=is_about_somebody,
    )
    if is_about_somebody:
        say = _("The facilitator is asked to look at it.")
    else:
        say = _("The facilitator sees that this note may stand wrong.")
    return done(request, meeting_id, {"state": "kept"}, say=say)


@require_POST
def leave(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Leave the meeting; what was written stays."""
    meeting, _seat = enter(request, meeting_id)
    joining.leave(meeting=meeting, device=device_of(request))
    response = see_other(reverse("circles:code"))
    forget(response)
    drop_mark(response, meeting=meeting)
    put_away(response, meeting=meeting)
    return response


@require_POST
def seen(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Put the come-back words away."""
    meeting, _seat = enter(request, meeting_id)
    response = done(request, meeting.id, {"state": "kept"})
    put_away(response, meeting=meeting)
    return response
