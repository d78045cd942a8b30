"""The fixed words of a recap, in the language that is active."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

_ANSWERS = ("yes", "partly", "no")


def labels(*, circle_name: str, number: int, kept: int) -> dict[str, str]:
    """Return every fixed word of a recap by its key in ``exchange.recap.RECAP_LABELS``."""
    return {
        "kind": _("Recap"),
        "title": _("Meeting %(number)d of %(circle)s") % {"number": number, "circle": circle_name},
        "rings": _rings(number, kept),
        "held_on": _("Date"),
        "workplace": _("Workplace"),
        "attendance": _("Present"),
        "theme": _("Theme"),
        "decisions": _("What we decided"),
        "trials": _("What we try until next time"),
        "trial_who": _("Who"),
        "trial_when": _("When"),
        "trial_until": pgettext("last day of a trial", "Until"),
        "trial_prediction": _("We think that"),
        "trial_look_at": _("We look at"),
        "trial_stop_rule": _("We stop if"),
        "look_back": _("What happened since last time"),
        "look_back_trial": _("Trial"),
        "look_back_happened": _("What happened"),
        "look_back_outcome": _("Decision"),
        "look_back_learning": _("What we learned"),
        "ungrouped": _("Other notes"),
        "parked": _("Solutions we saved for later"),
        "shared": _("What may leave the room"),
        "shared_text": _("What"),
        "shared_audience": _("To whom"),
        "pulse": _("How the meeting was"),
        "empty": _("Nothing was written down in this meeting."),
        "audience": _("For the members of the circle"),
    }


def _rings(held: int, kept: int) -> str:
    meetings = ngettext("%d meeting held", "%d meetings held", held) % held
    trials = ngettext("%d trial kept", "%d trials kept", kept) % kept
    return _("Growth rings: %(meetings)s, %(trials)s") % {"meetings": meetings, "trials": trials}


def _share(band: str, answer: str) -> str:
    """Say which share of the answers said yes, partly or no."""
    said = {
        ("nearly_all", "yes"): _("nearly all: yes"),
        ("most", "yes"): _("most: yes"),
        ("some", "yes"): _("some: yes"),
        ("few", "yes"): _("few: yes"),
        ("nearly_all", "partly"): _("nearly all: partly"),
        ("most", "partly"): _("most: partly"),
        ("some", "partly"): _("some: partly"),
        ("few", "partly"): _("few: partly"),
        ("nearly_all", "no"): _("nearly all: no"),
        ("most", "no"): _("most: no"),
        ("some", "no"): _("some: no"),
        ("few", "no"): _("few: no"),
    }
    return said.get((band, answer), "")


def pulse_words(bands: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return (question, worded answer) for every question of the check-out that enough people answered."""
    questions = {"felt_heard": _("Were you heard?"), "was_useful": _("Was it useful?")}
    return [
        (
            question,
            ", ".join(words for answer in _ANSWERS if (words := _share(bands[key].get(answer, ""), answer))),
        )
        for key, question in questions.items()
        if key in bands
    ]
