"""Addresses of what happens between meetings; part of the ``circles`` names."""

from django.urls import path

from sirkel.circles.views import trial_acts, trial_links, trial_papers, trials

_TRIAL = "circles/<uuid:circle_id>/trials/<uuid:trial_id>/"

urlpatterns = [
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
    path(f"{_TRIAL}link/", trial_papers.link, name="trial-link-paper"),
    path(f"{_TRIAL}poster/", trial_papers.poster, name="trial-poster"),
    path(f"{_TRIAL}poster.pdf", trial_papers.poster_file, name="trial-poster-pdf"),
    path("t/<slug:address>/", trial_links.log, name="trial-link"),
    path("t/<slug:address>/undo/", trial_links.undo, name="trial-link-undo"),
    path("r/<slug:address>/", trial_links.react, name="trial-react"),
    path("r/<slug:address>/take-back/", trial_links.take_back, name="trial-react-undo"),
]
