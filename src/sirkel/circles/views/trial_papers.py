"""Paper for a trial: the link for the circle's own people, and the poster for their colleagues."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sirkel.circles.models import Trial
from sirkel.circles.queries.open_links import log_address, poster_address
from sirkel.circles.queries.trial_page import trial_led
from sirkel.circles.rules.when import short_day
from sirkel.circles.views.leading import who
from sirkel.exchange.qr import qr_drawing
from sirkel.exchange.trial_poster import TrialPoster, trial_poster_pdf
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused


def _language(request: HttpRequest, trial: Trial) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in trial.circle.languages else trial.circle.language


@require_safe
@login_required
def link(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Show the code by which participants without an account say how it goes."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    language = _language(request, trial)
    url = settings.SITE_URL + reverse("circles:trial-link", args=[log_address(trial)])
    with translation.override(language):
        context = {
            "trial": trial,
            "circle": trial.circle,
            "url": url,
            "qr": qr_drawing(url),
            "language": language,
        }
        return render(request, "circles/trials/link_paper.html", context)


def _poster(trial: Trial, language: str) -> TrialPoster:
    if not trial.is_on_poster:
        raise Refused(
            "trials.not_shown",
            _("This trial is not shown to colleagues."),
            _("Ask the circle, and turn the poster on first."),
            status=409,
        )
    last_day = short_day(trial.ends_on, language) if trial.ends_on else ""
    return TrialPoster(
        circle_name=trial.circle.name,
        what=trial.what,
        lines=[
            (_("Where"), trial.where),
            (_("When"), trial.when),
            (_("Last day"), last_day),
            (_("We believe"), trial.prediction),
            (_("We look at"), trial.look_at),
            (_("We stop if"), trial.stop_rule),
        ],
        qr_url=settings.SITE_URL + reverse("circles:trial-react", args=[poster_address(trial)]),
        language=language,
        lang=trial.lang,
        labels={
            "call": _("We are trying something"),
            "qr": _("QR code that opens the trial on your phone"),
            "ask": _("What do you think? Point your camera at the square."),
            "promise": _("No name, no app. The circle sees what you say, not who said it."),
        },
    )


@require_safe
@login_required
def poster(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Show the poster as it will be printed."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    language = _language(request, trial)
    with translation.override(language):
        made = _poster(trial, language)
        context = {
            "trial": trial,
            "circle": trial.circle,
            "poster": made,
            "lines": [(name, words) for name, words in made.lines if words],
            "qr": qr_drawing(made.qr_url),
            "language": language,
        }
        return render(request, "circles/trials/poster.html", context)


@require_safe
@login_required
def poster_file(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Send the poster as a PDF."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    language = _language(request, trial)
    with translation.override(language):
        content = trial_poster_pdf(_poster(trial, language), at=clock.now())
    headers = {"Content-Disposition": 'inline; filename="trial.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
