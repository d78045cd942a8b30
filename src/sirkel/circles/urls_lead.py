"""Addresses of the room screen and the facilitator surface; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.views import door, lead, lead_notes, lead_outcomes, papers, room, run_sheet
from sirkel.circles.views.paper import paper_paths

_LEAD = "meetings/<uuid:meeting_id>/lead/"
_SHEET = "meetings/<uuid:meeting_id>/run-sheet/"

urlpatterns = [
    path("room/<str:address>/", room.room, name="room"),
    path("room/<str:address>/state/", room.room_state, name="room-state"),
    path(_LEAD, lead.lead, name="lead"),
    path(f"{_LEAD}state/", lead.lead_state, name="lead-state"),
    path(f"{_LEAD}open/", lead.open_, name="lead-open"),
    path(f"{_LEAD}go-on/", lead.go_on, name="lead-go-on"),
    path(f"{_LEAD}back/", lead.back, name="lead-back"),
    path(f"{_LEAD}show/", lead.show, name="lead-show"),
    path(f"{_LEAD}more-time/", lead.more_time, name="lead-more-time"),
    path(f"{_LEAD}pause/", lead.pause, name="lead-pause"),
    path(f"{_LEAD}resume/", lead.resume, name="lead-resume"),
    path(f"{_LEAD}close/", lead.close, name="lead-close"),
    path(f"{_LEAD}door/close/", door.close, name="lead-close-door"),
    path(f"{_LEAD}door/open/", door.open_, name="lead-open-door"),
    path(f"{_LEAD}door/let-in/", door.let_in, name="lead-let-in"),
    path(f"{_LEAD}door/turn-away/", door.turn_away, name="lead-turn-away"),
    path(f"{_LEAD}turn/", lead.turn, name="lead-turn"),
    path(f"{_LEAD}chance/", lead_notes.chance, name="lead-chance"),
    path(f"{_LEAD}paper-card/", lead_notes.paper_card, name="lead-paper-card"),
    path(f"{_LEAD}signing/", lead_notes.signing, name="lead-signing"),
    path(f"{_LEAD}hold/", lead_notes.hold, name="lead-hold"),
    path(f"{_LEAD}group/", lead_notes.group, name="lead-group"),
    path(f"{_LEAD}name/", lead_notes.name_group, name="lead-name"),
    path(f"{_LEAD}theme/", lead_notes.theme, name="lead-theme"),
    path(f"{_LEAD}lay-card/", lead_notes.lay_card, name="lead-lay-card"),
    path(f"{_LEAD}trials/new/", lead_outcomes.trial, name="lead-trial-new"),
    path(f"{_LEAD}trials/drop/", lead_outcomes.drop_trial, name="lead-trial-drop"),
    path(f"{_LEAD}trials/<uuid:trial_id>/", lead_outcomes.trial, name="lead-trial"),
    path(f"{_LEAD}trials/<uuid:trial_id>/look-back/", lead_outcomes.look_back, name="lead-look-back"),
    path(f"{_LEAD}share/", lead_outcomes.share, name="lead-share"),
    path(f"{_LEAD}share/take-back/", lead_outcomes.take_back, name="lead-take-back"),
    path(f"{_SHEET}", run_sheet.sheet, name="lead-sheet"),
    path(f"{_SHEET}move/", run_sheet.move, name="lead-sheet-move"),
    path(f"{_SHEET}skip/", run_sheet.skip, name="lead-sheet-skip"),
    path(f"{_SHEET}minutes/", run_sheet.minutes, name="lead-sheet-minutes"),
    path(f"{_SHEET}new/", run_sheet.add, name="lead-sheet-new"),
    path(f"{_SHEET}<uuid:step_id>/", run_sheet.words, name="lead-sheet-words"),
    *paper_paths(f"{_SHEET}paper", papers.run_sheet, name="lead-sheet-paper"),
    path("meetings/<uuid:meeting_id>/join-card/", papers.join_card, name="join-card"),
    path("meetings/<uuid:meeting_id>/join-card.pdf", papers.join_card_pdf, name="join-card-pdf"),
    path("meetings/<uuid:meeting_id>/join-card.docx", papers.join_card_word, name="join-card-word"),
    path("meetings/<uuid:meeting_id>/paper-cards/", papers.paper_cards, name="paper-cards"),
    path("meetings/<uuid:meeting_id>/paper-cards.pdf", papers.paper_cards_pdf, name="paper-cards-pdf"),
    path("meetings/<uuid:meeting_id>/paper-cards.docx", papers.paper_cards_word, name="paper-cards-word"),
    path(f"{_LEAD}heartbeat/", lead.heartbeat, name="lead-heartbeat"),
    path(f"{_LEAD}take-over/", lead.take_over, name="lead-take-over"),
    path(f"{_LEAD}hand-over/", lead.hand_over, name="lead-hand-over"),
]
