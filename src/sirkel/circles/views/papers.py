"""Paper for the room: a card by which people join, and cards for those who write by hand."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sirkel.circles.domain.joining import join_address
from sirkel.circles.enums import StepKind
from sirkel.circles.models import Meeting, Step
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.paper_run_sheet import run_sheet_paper
from sirkel.circles.rules.texts import in_language
from sirkel.circles.templatetags.meetings import clock_time
from sirkel.circles.views.leading import who
from sirkel.circles.views.paper import LANGUAGES, PDF, WORD, Ready, paper_language, send_file
from sirkel.exchange import cards, poster
from sirkel.exchange.cards_docx import paper_cards_docx
from sirkel.exchange.join_card_docx import join_card_docx
from sirkel.exchange.language import long_date
from sirkel.exchange.poster import JoinCard
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
    language = paper_language(request, meeting.circle)
    with translation.override(language):
        card = _join_card(meeting, language)
        more = {"card": card, "qr": qr_drawing(card.qr_url)}
        return render(request, "circles/lead/join_card.html", _context(meeting, language) | more)


def _card_asked(request: HttpRequest, meeting_id: uuid.UUID) -> JoinCard:
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = paper_language(request, meeting.circle)
    with translation.override(language):
        return _join_card(meeting, language)


@require_safe
@login_required
def join_card_pdf(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Send the join card as a PDF."""
    made = poster.join_card_pdf(_card_asked(request, meeting_id), at=clock.now())
    return send_file(made, PDF, "join-card.pdf")


@require_safe
@login_required
def join_card_word(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Send the join card as a Word file."""
    made = join_card_docx(_card_asked(request, meeting_id), at=clock.now())
    return send_file(made, WORD, "join-card.docx")


def _context(meeting: Meeting, language: str) -> dict[str, object]:
    return {"meeting": meeting, "circle": meeting.circle, "language": language, "languages": LANGUAGES}


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


def _paper_cards(request: HttpRequest, meeting: Meeting, language: str) -> cards.PaperCards:
    step, _steps = _step_asked(request, meeting)
    return cards.PaperCards(
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
    language = paper_language(request, meeting.circle)
    with translation.override(language):
        made = _paper_cards(request, meeting, language)
        step, steps = _step_asked(request, meeting)
        more = {
            "cards": made,
            "numbers": range(1, 1 + made.sheets * cards.CARDS_PER_SHEET),
            "step": step,
            "steps": [(other.key, in_language(other.title, language)[0]) for other in steps],
            "sheet_counts": range(1, MOST_SHEETS + 1),
        }
        return render(request, "circles/lead/paper_cards.html", _context(meeting, language) | more)


def _cards_asked(request: HttpRequest, meeting_id: uuid.UUID) -> cards.PaperCards:
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    language = paper_language(request, meeting.circle)
    with translation.override(language):
        return _paper_cards(request, meeting, language)


@require_safe
@login_required
def paper_cards_pdf(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Send the paper cards as a PDF."""
    made = cards.paper_cards_pdf(_cards_asked(request, meeting_id), at=clock.now())
    return send_file(made, PDF, "paper-cards.pdf")


@require_safe
@login_required
def paper_cards_word(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Send the paper cards as a Word file."""
    made = paper_cards_docx(_cards_asked(request, meeting_id), at=clock.now())
    return send_file(made, WORD, "paper-cards.docx")


def run_sheet(request: HttpRequest, meeting_id: uuid.UUID) -> Ready:
    """Return the run sheet with clock times and the words to say, for a room without network."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    return Ready(
        paper=run_sheet_paper(meeting, language=paper_language(request, meeting.circle)),
        circle=meeting.circle,
        file=f"run-sheet-{meeting.number}",
        back=reverse("circles:meeting", args=[meeting.circle_id, meeting.number]),
    )
