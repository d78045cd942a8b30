"""What the facilitator does with notes: paper cards, signing, holding back, grouping, choosing a theme."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain import cards, choosing, grouping, moderating, paper, talking
from sirkel.circles.enums import Signing
from sirkel.circles.views.leading import control, incomplete, needed_id, reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused


def _number(request: HttpRequest) -> int:
    typed = request.POST.get("card", "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0  # noqa: PLR2004 -- no card has more


@control
def paper_card(request: HttpRequest, meeting_id: uuid.UUID) -> dict[str, Any]:
    """Type in a paper card, or type it anew; what comes back is the receipt to write on it."""
    asked: dict[str, Any] = {
        "acting": who(request),
        "meeting_id": meeting_id,
        "round_id": needed_id(request, "expected"),
        "card_number": _number(request),
        "text": request.POST.get("text", ""),
    }
    if request.POST.get("anew") == "yes":
        receipt = paper.correct_card(**asked)
    else:
        receipt = paper.type_in_card(**asked, lang=reader(request))
    return {"card_number": asked["card_number"], "receipt": receipt}


@control
def signing(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Say whether names may stand under the notes of this round."""
    wanted = request.POST.get("signing", "")
    if wanted not in Signing.values:
        raise incomplete()
    moderating.set_signing(
        acting=who(request),
        meeting_id=meeting_id,
        round_id=needed_id(request, "expected"),
        signing=Signing(wanted),
    )


@control
def hold(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Hold a note back, or release it."""
    moderating.hold_note(
        acting=who(request),
        meeting_id=meeting_id,
        note_id=needed_id(request, "note"),
        is_held=request.POST.get("held") == "yes",
        at=clock.now(),
    )


@control
def group(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Say where the picked note belongs: with another note, into a group, or alone."""
    if not request.POST.get("note"):
        raise Refused("group.pick", _("Pick a note first."), _("Then press where it belongs."))
    note_id = needed_id(request, "note")
    kind, _sep, target = request.POST.get("with", "").partition(":")
    try:
        target_id = uuid.UUID(target) if target else None
    except ValueError as error:
        raise incomplete() from error
    asked: dict[str, Any] = {"acting": who(request), "meeting_id": meeting_id, "note_id": note_id}
    if kind == "note" and target_id and target_id != note_id:
        grouping.put_together(**asked, with_note=target_id)
    elif kind in {"theme", "alone"} and (target_id or kind == "alone"):
        grouping.put_into(**asked, theme_id=target_id)
    else:
        raise incomplete()


@control
def name_group(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Give a group its name."""
    grouping.name_theme(
        acting=who(request),
        meeting_id=meeting_id,
        theme_id=needed_id(request, "theme"),
        title=request.POST.get("title", ""),
        lang=reader(request),
    )


@control
def theme(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Set the theme that the circle goes on with."""
    choosing.choose_theme(acting=who(request), meeting_id=meeting_id, option=needed_id(request, "option"))


@control
def lay_card(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Lay a question card on the table, or take it away."""
    cards.lay_card(
        acting=who(request),
        meeting_id=meeting_id,
        round_id=needed_id(request, "expected"),
        card_id=request.POST.get("card", ""),
    )


@control
def chance(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Let chance decide who begins."""
    talking.let_chance_begin(
        acting=who(request), meeting_id=meeting_id, round_id=needed_id(request, "expected")
    )
