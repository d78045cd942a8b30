"""The recap of a meeting, as a page, a PDF and a Word file with the same content."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sirkel.circles.models import Meeting
from sirkel.circles.queries.leading import circles_visible_to
from sirkel.circles.queries.recap import recap_of
from sirkel.circles.queries.recap_access import meeting_to_recall
from sirkel.circles.views.participant import pass_of
from sirkel.exchange.language import long_date
from sirkel.exchange.recap import Recap
from sirkel.exchange.recap_docx import recap_docx
from sirkel.exchange.recap_pdf import recap_pdf
from sirkel.kernel import clock
from sirkel.people.models import Person

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _found(request: HttpRequest, meeting_id: uuid.UUID) -> tuple[Meeting, Recap]:
    person = request.user if isinstance(request.user, Person) else None
    meeting = meeting_to_recall(meeting_id=meeting_id, person=person, seat_pass=pass_of(request))
    return meeting, recap_of(meeting=meeting, language=get_language() or "en")


@require_GET
def recap(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show what the circle wrote and decided."""
    meeting, content = _found(request, meeting_id)
    context = {
        "meeting": meeting,
        "circle": meeting.circle,
        "recap": content,
        "labels": content.labels,
        "is_member": isinstance(request.user, Person)
        and circles_visible_to(request.user).filter(id=meeting.circle_id).exists(),
        "held_on": long_date(content.held_on, content.language),
    }
    return render(request, "circles/recap.html", context)


@require_GET
def recap_as_pdf(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Give the recap as a PDF."""
    meeting, content = _found(request, meeting_id)
    made = recap_pdf(content, at=clock.now())
    return _file(made, "application/pdf", f"sirkel-{meeting.number}.pdf")


@require_GET
def recap_as_word(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Give the recap as a Word file."""
    meeting, content = _found(request, meeting_id)
    return _file(recap_docx(content, at=clock.now()), _WORD, f"sirkel-{meeting.number}.docx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
