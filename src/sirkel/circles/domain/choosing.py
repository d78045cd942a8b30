"""Choosing: dots or a stance, changeable and hidden until the round is shown."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.participation import open_token
from sirkel.circles.enums import Stance, StepKind
from sirkel.circles.models import Ballot, Meeting, Note, Round, Theme
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import options_of, round_in
from sirkel.circles.queries.sittings import themes_to_choose
from sirkel.kernel import live
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.models import Person


def cast(
    *, meeting_id: uuid.UUID, round_id: uuid.UUID, device: str | None, picks: dict[str, Any]
) -> dict[str, Any]:
    """Set what this device chooses; a later call replaces an earlier one.

    Args:
        meeting_id: the meeting.
        round_id: an open round of a choose step.
        device: the device's secret.
        picks: option id to number of dots (1 or more), or to a stance.

    Returns:
        The picks as kept.

    Raises:
        Refused: ``choose.options`` for what cannot be chosen, ``choose.dots`` for too many dots.
        Gone: the round is over. NotAllowed: no seat, or looking on.

    """
    with transaction.atomic():
        round_ = round_in(meeting_id=meeting_id, round_id=round_id, lock=True)
        if round_.step.kind != StepKind.CHOOSE:
            raise Refused(
                "choose.not_here", _("There is nothing to choose in this step."), _("Look at what runs now.")
            )
        token = open_token(round_=round_, device=device)
        kept = _valid(round_, picks)
        Ballot.objects.update_or_create(round=round_, token=token, defaults={"picks": kept})
    return kept


def _valid(round_: Round, picks: dict[str, Any]) -> dict[str, Any]:
    options = {str(option) for option, _words, _lang in options_of(round_.step)}
    if not set(picks) <= options:
        raise Refused("choose.options", _("One of these can no longer be chosen."), _("Load the page again."))
    if round_.step.settings.get("method", "dots") == "stance":
        if not set(picks.values()) <= set(Stance.values):
            raise Refused(
                "choose.options", _("One of these can no longer be chosen."), _("Load the page again.")
            )
        return dict(picks)
    most = int(round_.step.settings.get("dots", 3))
    kept = {option: dots for option, dots in picks.items() if dots}
    if any(isinstance(dots, bool) or not isinstance(dots, int) or dots < 0 for dots in kept.values()):
        raise Refused("choose.dots", _("Dots are whole numbers."))
    if sum(kept.values()) > most:
        raise Refused(
            "choose.dots", _("You have %d dots.") % most, _("Take one away before you give another.")
        )
    return kept


def picks_of(*, round_: Round, device: str | None) -> dict[str, Any]:
    """Return what this device has chosen in an open round; empty when it has not."""
    token = open_token(round_=round_, device=device, looks_on=False)
    found = Ballot.objects.filter(round=round_, token=token).values_list("picks", flat=True).first()
    return dict(found or {})


def choose_theme(*, acting: Person, meeting_id: uuid.UUID, option: uuid.UUID) -> Theme:
    """Set the theme the circle goes on with: one of its themes, or a single note that becomes one.

    Raises:
        NotFound: the meeting has no such theme or note.

    """
    meeting = meeting_led(acting=acting, meeting_id=meeting_id)
    with transaction.atomic():
        theme = themes_to_choose(meeting).filter(id=option).first() or _theme_from_note(meeting, option)
        Theme.objects.filter(meeting=meeting, is_chosen=True).exclude(id=theme.id).update(is_chosen=False)
        theme.is_chosen = True
        theme.save(update_fields=["is_chosen"])
        live.emit(room_id=meeting.id)
    return theme


def _theme_from_note(meeting: Meeting, option: uuid.UUID) -> Theme:
    note = Note.objects.filter(
        id=option, round__step__meeting=meeting, is_held=False, is_withdrawn=False
    ).first()
    if note is None:
        raise NotFound("choose.none", _("There is no such theme."))
    theme = Theme.objects.create(
        circle=meeting.circle,
        meeting=meeting,
        title=note.text[:200],
        lang=note.lang,
        position=meeting.themes.count(),
    )
    note.theme = theme
    note.save(update_fields=["theme"])
    return theme
