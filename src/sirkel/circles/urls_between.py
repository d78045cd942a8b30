"""Addresses of what happens between meetings; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.views import (
    challenges,
    handovers,
    keep,
    leader_handovers,
    line_asking,
    releasing,
    trial_acts,
    trial_links,
    trial_papers,
    trials,
)
from sirkel.circles.views.paper import paper_paths

_BOX = "circles/<uuid:circle_id>/challenges/"
_LINES = "circles/<uuid:circle_id>/handovers/"
_LINE = f"{_LINES}<uuid:handover_id>/"
_LEADER = "leader/handovers/"
_TRIAL = "circles/<uuid:circle_id>/trials/<uuid:trial_id>/"

urlpatterns = [
    path("keep/", keep.page, name="keep"),
    path("keep/worker.js", keep.worker, name="keep-worker"),
    path("keep/manifest.webmanifest", keep.manifest, name="keep-manifest"),
    path("circles/<uuid:circle_id>/trials/idea/", trial_acts.idea, name="trial-idea"),
    path(_TRIAL, trials.card, name="trial"),
    path(f"{_TRIAL}log/", trials.log, name="trial-log"),
    path(f"{_TRIAL}undo/", trials.undo, name="trial-undo"),
    path(f"{_TRIAL}change/", trial_acts.change, name="trial-change"),
    path(f"{_TRIAL}move/", trial_acts.move, name="trial-move"),
    path(f"{_TRIAL}mandate/", trial_acts.mandate, name="trial-mandate"),
    path(f"{_TRIAL}decide/", trial_acts.decide, name="trial-decide"),
    path(f"{_TRIAL}next/", trial_acts.next_cycle, name="trial-next"),
    path(f"{_TRIAL}show/", trial_acts.show, name="trial-show"),
    path(f"{_TRIAL}renew/", trial_acts.renew, name="trial-renew"),
    path(f"{_TRIAL}reactions/delete/", trial_acts.delete_reaction, name="trial-reaction-delete"),
    *paper_paths(f"{_TRIAL}link", trial_papers.link, name="trial-link-paper"),
    *paper_paths(f"{_TRIAL}poster", trial_papers.poster, name="trial-poster"),
    path("t/<slug:address>/", trial_links.log, name="trial-link"),
    path("t/<slug:address>/undo/", trial_links.undo, name="trial-link-undo"),
    path("r/<slug:address>/", trial_links.react, name="trial-react"),
    path("r/<slug:address>/take-back/", trial_links.take_back, name="trial-react-undo"),
    path(_BOX, challenges.box, name="challenges"),
    path(f"{_BOX}take-back/", challenges.take_back, name="challenge-take-back"),
    path(f"{_BOX}remove/", challenges.remove, name="challenge-remove"),
    path(f"{_BOX}renew/", challenges.renew, name="challenge-renew"),
    path("c/<slug:address>/", challenges.by_link, name="challenge-link"),
    path("c/<slug:address>/take-back/", challenges.take_back_by_link, name="challenge-link-take-back"),
    path(_LINES, handovers.all_, name="handovers"),
    path(f"{_LINES}new/", handovers.write, name="handover-new"),
    path(f"{_LINE}change/", handovers.write, name="handover-change"),
    path(f"{_LINE}discard/", handovers.discard, name="handover-discard"),
    path(f"{_LINE}ask/", handovers.ask, name="handover-ask"),
    path(f"{_LINE}ask-between/", handovers.ask_between, name="handover-ask-between"),
    path(f"{_LINE}stop-asking/", handovers.stop_asking, name="handover-stop-asking"),
    path(f"{_LINE}stay/", line_asking.by_member, name="handover-stay"),
    path("c/<slug:address>/lines/<uuid:handover_id>/", line_asking.by_link, name="challenge-link-line"),
    path(f"{_LINE}send/", handovers.send, name="handover-send"),
    path(f"{_LINE}follow-up/", handovers.follow_up, name="handover-follow-up"),
    path("circles/<uuid:circle_id>/leaving/", releasing.waiting, name="releases"),
    path("circles/<uuid:circle_id>/leaving/<uuid:item_id>/", releasing.release, name="release"),
    path(_LEADER, leader_handovers.all_, name="leader-handovers"),
    path(f"{_LEADER}<uuid:handover_id>/", leader_handovers.line, name="leader-handover"),
    path(f"{_LEADER}<uuid:handover_id>/seen/", leader_handovers.seen, name="leader-handover-seen"),
    path(f"{_LEADER}<uuid:handover_id>/answer/", leader_handovers.answer, name="leader-handover-answer"),
    path(
        f"{_LEADER}<uuid:handover_id>/obstacles/<uuid:obstacle_id>/",
        leader_handovers.mark,
        name="leader-obstacle",
    ),
]
