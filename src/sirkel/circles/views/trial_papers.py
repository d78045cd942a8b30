"""Paper for a trial: the link for the circle's own people, and the poster for their colleagues."""

import uuid

from django.http import HttpRequest
from django.urls import reverse

from sirkel.circles.queries.paper_links import trial_link_paper, trial_poster
from sirkel.circles.queries.trial_page import trial_led
from sirkel.circles.views.leading import who
from sirkel.circles.views.paper import Ready, paper_language


def link(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> Ready:
    """Return the code by which participants without an account say how it goes."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    return Ready(
        paper=trial_link_paper(trial, language=paper_language(request, trial.circle)),
        circle=trial.circle,
        file="trial-link",
        back=reverse("circles:trial", args=[circle_id, trial_id]),
    )


def poster(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> Ready:
    """Return the poster by which colleagues see the trial and say what they think."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    return Ready(
        paper=trial_poster(trial, language=paper_language(request, trial.circle)),
        circle=trial.circle,
        file="trial",
        back=reverse("circles:trial", args=[circle_id, trial_id]),
    )
