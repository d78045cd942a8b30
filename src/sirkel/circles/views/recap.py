"""The recap of a meeting, as a page, a PDF and a Word file with the same content."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sirkel.circles.models import Meeting
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.circles.queries.recap import recap_of
from sirkel.circles.queries.recap_access import meeting_to_recall
from sirkel.circles.queries.recap_minute import minute_of
from sirkel.circles.views.paper import LANGUAGES, PDF, WORD, send_file
from sirkel.circles.views.participant import pass_of
from sirkel.exchange.language import long_date
from sirkel.exchange.recap import Recap
from sirkel.exchange.recap_docx import recap_docx
from sirkel.exchange.recap_pdf import recap_pdf
from sirkel.kernel import clock
from sirkel.people.models import Person


def _found(request: HttpRequest, meeting_id: uuid.UUID) -> tuple[Meeting, Recap]:
    person = request.user if isinstance(request.user, Person) else None
    meeting = meeting_to_recall(meeting_id=meeting_id, person=person, seat_pass=pass_of(request))
    asked = request.GET.get("lang", "")
    return meeting, recap_of(
        meeting=meeting, language=asked if asked in LANGUAGES else get_language() or "en"
    )


@require_GET
def recap(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show what the circle wrote and decided."""
    meeting, content = _found(request, meeting_id)
    is_member = (
        isinstance(request.user, Person)
        and circles_visible_to(request.user).filter(id=meeting.circle_id).exists()
    )
    context = {
        "meeting": meeting,
        "circle": meeting.circle,
        "recap": content,
        "labels": content.labels,
        "minute": minute_of(meeting=meeting, recap=content, is_member=is_member, at=clock.now()),
        "is_member": is_member,
        "held_on": long_date(content.held_on, content.language),
        "language": content.language,
        "languages": LANGUAGES,
    }
    with translation.override(content.language):
        return render(request, "circles/recap.html", context)


@require_GET
def recap_as_pdf(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Give the recap as a PDF."""
    meeting, content = _found(request, meeting_id)
    made = recap_pdf(content, at=clock.now())
    return send_file(made, PDF, f"sirkel-{meeting.number}.pdf")


@require_GET
def recap_as_word(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Give the recap as a Word file."""
    meeting, content = _found(request, meeting_id)
    return send_file(recap_docx(content, at=clock.now()), WORD, f"sirkel-{meeting.number}.docx")
