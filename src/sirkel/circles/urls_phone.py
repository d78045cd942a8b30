"""Addresses of the door and the hand: what a phone in a meeting asks for."""

from django.urls import path

from sirkel.circles.views import access, hand, handing_on, joining, perspective, posting, waiting

_MEETING = "m/<uuid:meeting_id>/"
_ROUND = f"{_MEETING}rounds/<uuid:round_id>/"

_door = [
    path("b", joining.code, name="code"),
    path("b/", joining.code),
    path("b/back", joining.back, name="back"),
    path("b/<slug:address>", joining.join, name="join"),
    path("b/<slug:address>/calendar.ics", joining.calendar, name="join-calendar"),
]

_phone = [
    path(_MEETING, hand.hand, name="hand"),
    path(f"{_MEETING}mine/", hand.mine, name="mine"),
    path(f"{_MEETING}state/", hand.state, name="state"),
    path(f"{_MEETING}waiting/", waiting.waiting, name="waiting"),
    path(f"{_MEETING}cover/", handing_on.cover, name="cover"),
    path(f"{_MEETING}perspective/", perspective.perspective, name="perspective"),
    path(f"{_MEETING}seen/", posting.seen, name="seen"),
    path(f"{_MEETING}next-person/", handing_on.next_person, name="next-person"),
    path(f"{_MEETING}place/", handing_on.take_up, name="place"),
    path(f"{_MEETING}leave/", posting.leave, name="leave"),
    path(f"{_MEETING}notes/<uuid:note_id>/flag/", posting.flag, name="flag"),
    path(f"{_ROUND}notes/", posting.create_note, name="notes"),
    path(f"{_ROUND}notes/<uuid:client_id>/", posting.change_note, name="note"),
    path(f"{_ROUND}picks/", posting.cast, name="picks"),
    path(f"{_ROUND}objections/", posting.object_to, name="objections"),
    path(f"{_ROUND}pulse/", posting.answer_pulse, name="pulse"),
    path(f"{_ROUND}access/", access.answer, name="access-answer"),
    path(f"{_ROUND}turn/", posting.pass_the_word, name="turn"),
]

urlpatterns = [*_door, *_phone]
