"""What hangs in the ward: a trial's poster for colleagues, and the codes for the circle's own people."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sirkel.circles.models import Circle, Trial
from sirkel.circles.queries.open_links import inbox_address, log_address, poster_address
from sirkel.circles.rules.when import short_day
from sirkel.exchange.paper import Code, Fact, Facts, Paper, Text, Tone, Words
from sirkel.kernel.errors import Refused


def trial_poster(trial: Trial, *, language: str) -> Paper:
    """Return a trial's poster: the plan and nothing said about it, since whoever walks by reads it.

    Raises:
        Refused: ``trials.not_shown`` while the circle does not show it to colleagues.

    """
    with override(language):
        if not trial.is_on_poster:
            raise Refused(
                "trials.not_shown",
                _("This trial is not shown to colleagues."),
                _("Ask the circle, and turn the poster on first."),
                status=409,
            )
        url = settings.SITE_URL + reverse("circles:trial-react", args=[poster_address(trial)])
        last_day = short_day(trial.ends_on, language) if trial.ends_on else ""
        return Paper(
            kind=_("We are trying something"),
            title=Words(trial.what, trial.lang),
            language=language,
            foot=trial.circle.name,
            facts=Facts(
                [
                    Fact(_("Where"), Words(trial.where, trial.lang)),
                    Fact(_("When"), Words(trial.when, trial.lang)),
                    Fact(_("Last day"), Words(last_day)),
                    Fact(_("We believe"), Words(trial.prediction, trial.lang)),
                    Fact(_("We look at"), Words(trial.look_at, trial.lang)),
                    Fact(_("We stop if"), Words(trial.stop_rule, trial.lang)),
                ]
            ),
            blocks=[
                Code(url, _("QR code that opens the trial on your phone"), url),
                Text(Words(_("What do you think? Point your camera at the square.")), Tone.STRONG),
                Text(Words(_("No name, no app. The circle sees what you say, not who said it."))),
            ],
            is_poster=True,
        )


def trial_link_paper(trial: Trial, *, language: str) -> Paper:
    """Return the code by which the circle's own people without an account say how a trial goes."""
    url = settings.SITE_URL + reverse("circles:trial-link", args=[log_address(trial)])
    with override(language):
        return Paper(
            kind=trial.circle.name,
            title=Words(trial.what, trial.lang),
            language=language,
            foot=_("For the people in the circle"),
            blocks=[
                Text(Words(_("How does it go? Point your camera at the square. One press is enough."))),
                Code(url, _("QR code that opens the trial on your phone"), url),
                Text(
                    Words(
                        _(
                            "For the people in the circle. Nobody sees who pressed, and the paper shows "
                            "nothing of what was said."
                        )
                    )
                ),
            ],
            is_poster=True,
        )


def challenge_paper(circle: Circle, *, language: str) -> Paper:
    """Return the code by which the circle's own people without an account leave a challenge."""
    url = settings.SITE_URL + reverse("circles:challenge-link", args=[inbox_address(circle)])
    with override(language):
        return Paper(
            kind=circle.name,
            title=Words(_("For the next meeting")),
            language=language,
            foot=_("For the people in the circle"),
            blocks=[
                Text(
                    Words(
                        _("Something difficult, or a small story from work? Point your camera at the square.")
                    )
                ),
                Code(url, _("QR code that opens the box on your phone"), url),
                Text(
                    Words(
                        _("For the people in the circle. The circle sees what you write, not who wrote it.")
                    )
                ),
            ],
            is_poster=True,
        )
