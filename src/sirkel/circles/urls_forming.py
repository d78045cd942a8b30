"""Addresses of forming a circle: its set-up, its invitation and its list; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.url_converters import MEETING
from sirkel.circles.views import checklist, forming, invitation_papers, invited, list_import

_CIRCLE = "circles/<uuid:circle_id>/"
_INVITATION = f"{_CIRCLE}invitation/"
_INVITED = "i/<slug:address>/"

urlpatterns = [
    path(f"{_CIRCLE}set-up/", forming.set_up, name="set-up"),
    path(f"{_CIRCLE}meetings/{MEETING}/joint/", forming.joint, name="meeting-joint"),
    path(f"{_CIRCLE}meetings/{MEETING}/sitting/", forming.sitting, name="sitting-new"),
    path(f"{_CIRCLE}checklist/", checklist.checklist, name="checklist"),
    path(f"{_CIRCLE}checklist/tick/", checklist.tick_item, name="checklist-tick"),
    path(_INVITATION, forming.invitation, name="invitation"),
    path(f"{_INVITATION}open/", forming.open_, name="invitation-open"),
    path(f"{_INVITATION}renew/", forming.renew, name="invitation-renew"),
    path(f"{_INVITATION}close/", forming.close, name="invitation-close"),
    path(f"{_INVITATION}ask/", forming.ask, name="invitation-ask"),
    path(f"{_INVITATION}import/", list_import.member_list, name="member-list-import"),
    path(f"{_INVITATION}off/", forming.take_off, name="invitation-off"),
    path(f"{_INVITATION}poster/", invitation_papers.poster, name="invitation-poster"),
    path(f"{_INVITATION}poster.pdf", invitation_papers.poster_file, name="invitation-poster-pdf"),
    path(f"{_INVITATION}cards/", invitation_papers.cards, name="invitation-cards"),
    path(f"{_INVITATION}cards.pdf", invitation_papers.cards_file, name="invitation-cards-pdf"),
    path(_INVITED, invited.invited, name="invited"),
    path(f"{_INVITED}more/", invited.more, name="invited-more"),
    path(f"{_INVITED}no/", invited.no, name="invited-no"),
    path(f"{_INVITED}yes/", invited.yes, name="invited-yes"),
    path(f"{_INVITED}done/", invited.done, name="invited-done"),
    path(f"{_INVITED}take-back/", invited.take_back, name="invited-take-back"),
    path("link/join/<str:token>/", invited.by_mail, name="link-join"),
]
