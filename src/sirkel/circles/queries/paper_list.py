"""Which papers of a circle somebody may see, and where each of them is in its three formats."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sirkel.circles.enums import MeetingState, TrialState
from sirkel.circles.models import Meeting, Trial
from sirkel.circles.queries.commitments import commitment_of
from sirkel.circles.queries.gate import newest_agreement
from sirkel.circles.queries.paper_study_hours import hours_words
from sirkel.circles.queries.standing import Standing
from sirkel.circles.queries.study_hours import study_hours_of
from sirkel.circles.rules.when import on_wall, short_day

_OVER = {TrialState.DECIDED, TrialState.STOPPED, TrialState.IDEA}


@dataclass(frozen=True)
class Listed:
    """One paper: its name, in words what is on it now, and its addresses. Without addresses it is not written yet."""

    name: str
    about: str
    page: str = ""
    pdf: str = ""
    word: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Group:
    """Papers that belong together."""

    title: str
    papers: tuple[Listed, ...]


def paper_list(standing: Standing, *, at: datetime) -> list[Group]:
    """Return the papers of a circle for somebody who is something to it; a group without papers is left out.

    Leaders and representatives see the commitment alone, members what is the circle's, and facilitators also what
    they print for a meeting and hang up in the ward.
    """
    groups = [Group(_("The circle"), tuple(_of_the_circle(standing, at)))]
    if standing.is_facilitator:
        groups.append(Group(_("For the next meeting"), tuple(_next_meeting(standing))))
        groups.append(Group(_("To hang up"), tuple(_to_hang_up(standing))))
    if standing.is_inside:
        groups.append(Group(_("Recaps"), tuple(_recaps(standing))))
    return [group for group in groups if group.papers]


def _listed(name: str, about: str, place: str, *ids: object, lang: str = "") -> Listed:
    page, pdf, word = (reverse(f"circles:{place}{end}", args=ids) for end in ("", "-pdf", "-word"))
    return Listed(name, about, page, pdf, word, lang)


def _of_the_circle(standing: Standing, at: datetime) -> Iterator[Listed]:
    circle = standing.circle
    newest = commitment_of(circle, at=at).newest
    if newest is None:
        yield Listed(_("Leader commitment"), _("Not written yet"))
    else:
        version = _("Version %(n)s") % {"n": newest.version}
        yield _listed(_("Leader commitment"), version, "commitment-paper", circle.id)
    if not standing.is_inside:
        return
    rules = newest_agreement(circle)
    if rules is None:
        yield Listed(_("Our ground rules"), _("Not written yet"))
    else:
        version = _("Version %(n)s") % {"n": rules.version}
        yield _listed(_("Our ground rules"), version, "agreement-paper", circle.id)
    about = hours_words(study_hours_of(circle).hours, get_language() or "en")
    yield _listed(_("Study hours"), about, "study-hours", circle.id)


def _next_meeting(standing: Standing) -> Iterator[Listed]:
    to_come = Meeting.objects.filter(
        circle=standing.circle, state__in=[MeetingState.RUNNING, MeetingState.PLANNED, MeetingState.DRAFT]
    )
    meeting = to_come.order_by("starts_at", "number").first()
    if meeting is None:
        return
    meeting.circle = standing.circle
    about = _about(meeting)
    yield _listed(_("Run sheet"), about, "lead-sheet-paper", meeting.id)
    yield _listed(_("Join card for the break room"), about, "join-card", meeting.id)
    if meeting.steps.filter(is_skipped=False).exists():
        yield _listed(_("Paper cards for those who write by hand"), about, "paper-cards", meeting.id)


def _to_hang_up(standing: Standing) -> Iterator[Listed]:
    circle = standing.circle
    yield _listed(
        _("Code for the box for the next meeting"),
        _("For the people in the circle"),
        "challenge-paper",
        circle.id,
    )
    for trial in Trial.objects.filter(circle=circle).exclude(state__in=_OVER).order_by("ends_on", "id"):
        if trial.is_on_poster:
            name = _("Trial poster for colleagues")
            yield _listed(name, trial.what, "trial-poster", circle.id, trial.id, lang=trial.lang)
        yield _listed(
            _("Code for how a trial goes"),
            trial.what,
            "trial-link-paper",
            circle.id,
            trial.id,
            lang=trial.lang,
        )


def _recaps(standing: Standing) -> Iterator[Listed]:
    held = Meeting.objects.filter(circle=standing.circle, state=MeetingState.HELD)
    for meeting in held.order_by("-starts_at", "-number"):
        meeting.circle = standing.circle
        yield _listed(_("Recap"), _about(meeting), "recap", meeting.id)


def _about(meeting: Meeting) -> str:
    day = on_wall(meeting.starts_at, meeting.circle.workplace.time_zone).date()
    number = _("Meeting %(n)s") % {"n": meeting.number}
    return f"{number}, {short_day(day, get_language() or 'en')}"
