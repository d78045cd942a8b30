"""Paper for the room: a card by which people join, and cards for those who write by hand."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sirkel.circles.domain.joining import join_address
from sirkel.circles.enums import StepKind
from sirkel.circles.models import Meeting, Step
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import current_round
from sirkel.circles.queries.steps import run_sheet as planned_sheet
from sirkel.circles.rules.texts import in_language
from sirkel.circles.templatetags.meetings import clock_time
from sirkel.circles.views.leading import who
from sirkel.circles.views.room import room_language
from sirkel.exchange.cards import CARDS_PER_SHEET, PaperCards, paper_cards_pdf
from sirkel.exchange.language import long_date
from sirkel.exchange.poster import JoinCard, join_card_pdf
from sirkel.exchange.qr import qr_drawing
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused

MOST_SHEETS = 5


def _when(meeting: Meeting, language: str) -> str:
    with timezone.override(meeting.circle.workplace.time_zone):
        day = long_date(timezone.localtime(meeting.starts_at).date(), language)
        parts = [day, clock_time(meeting.starts_at), meeting.place]
    return ", ".join(part for part in parts if part)


def _join_card(meeting: Meeting, language: str) -> JoinCard:
    """Return the card in a language of the circle; before the opening it holds no code."""
    has_code = bool(meeting.join_code)
    return JoinCard(
        circle_name=meeting.circle.name,
        title=_("Join the meeting"),
        when=_when(meeting, language),
        steps_to_join=[
            _("Point your camera at the square"),
            _("Press Join"),
            _("Wait for the first question"),
        ],
        code=meeting.join_code or "",
        short_address=f"{settings.SITE_URL.partition('://')[2]}/b",
        qr_url=f"{settings.SITE_URL}/b/{join_address(meeting)}",
        language=language,
        labels={
            "qr": _("QR code that opens the meeting on your phone"),
            "address": _("Or open this address on your phone"),
            "code": _("and write the code")
            if has_code
            else _("and write the code from the screen in the room"),
            "promise": _("No name, no app, no e-mail. You may skip anything."),
        },
    )


@require_safe
@login_required
def join_card(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show the join card as it will be printed."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = room_language(request, meeting)
    with translation.override(language):
        card = _join_card(meeting, language)
        context = {"meeting": meeting, "circle": meeting.circle, "card": card, "qr": qr_drawing(card.qr_url)}
        return render(request, "circles/lead/join_card.html", {**context, "language": language})


@require_safe
@login_required
def join_card_file(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Send the join card as a PDF."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = room_language(request, meeting)
    with translation.override(language):
        return _pdf(join_card_pdf(_join_card(meeting, language), at=clock.now()), "join-card")


def _step_asked(request: HttpRequest, meeting: Meeting) -> tuple[Step, list[Step]]:
    """Return the step whose question stands on the cards, and all that could be chosen."""
    steps = list(meeting.steps.filter(is_skipped=False).order_by("position"))
    if not steps:
        raise Refused("meetings.empty", _("The run sheet is empty."), _("Add a step first."), status=404)
    asked = request.GET.get("step", "")
    writing = [step for step in steps if step.kind == StepKind.WRITE]
    chosen = next((step for step in steps if step.key == asked), None)
    return chosen or (writing or steps)[0], steps


def _sheets_asked(request: HttpRequest) -> int:
    asked = request.GET.get("sheets", "")
    return int(asked) if asked in {str(number) for number in range(1, MOST_SHEETS + 1)} else 1


def _paper_cards(request: HttpRequest, meeting: Meeting, language: str) -> PaperCards:
    step, _steps = _step_asked(request, meeting)
    return PaperCards(
        circle_name=meeting.circle.name,
        prompt=in_language(step.prompt, language)[0],
        language=language,
        sheets=_sheets_asked(request),
        labels={
            "title": _("Paper cards for %(circle)s, meeting %(number)d")
            % {"circle": meeting.circle.name, "number": meeting.number},
            "card": _("Card"),
            "hint": _("One thought. No name."),
            "receipt": _("Receipt"),
        },
    )


@require_safe
@login_required
def paper_cards(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show a sheet of paper cards as it will be printed."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = room_language(request, meeting)
    with translation.override(language):
        cards = _paper_cards(request, meeting, language)
        step, steps = _step_asked(request, meeting)
        context = {
            "meeting": meeting,
            "circle": meeting.circle,
            "cards": cards,
            "numbers": range(1, 1 + cards.sheets * CARDS_PER_SHEET),
            "step": step,
            "steps": [(other.key, in_language(other.title, language)[0]) for other in steps],
            "sheet_counts": range(1, MOST_SHEETS + 1),
            "language": language,
        }
        return render(request, "circles/lead/paper_cards.html", context)


@require_safe
@login_required
def paper_cards_file(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Send the paper cards as a PDF."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = room_language(request, meeting)
    with translation.override(language):
        return _pdf(paper_cards_pdf(_paper_cards(request, meeting, language), at=clock.now()), "paper-cards")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
@login_required
def run_sheet(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show the run sheet on paper, with clock times and the words to say, for a room without network."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = room_language(request, meeting)
    with translation.override(language):
        context = {
            "meeting": meeting,
            "circle": meeting.circle,
            "when": _when(meeting, language),
            "lines": planned_sheet(meeting, language=language, current=current_round(meeting)),
            "language": language,
        }
        return render(request, "circles/lead/sheet_paper.html", context)
