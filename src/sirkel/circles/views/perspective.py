"""The one question that is asked at the door of a meeting which counts by perspective, and its answer on the phone."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sirkel.circles.domain.voice_counting import mark_of
from sirkel.circles.models import VoiceRun
from sirkel.circles.rules.voices import SpeaksAs
from sirkel.circles.views.hand import enter
from sirkel.circles.views.participant import keep_mark


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def perspective(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Ask from where somebody speaks; the answer goes to the phone, sealed, and to no table.

    Every answer, "rather not say" and a form without any among them, is answered by the same bytes.
    """
    meeting, seat = enter(request, meeting_id)
    run: VoiceRun | None = getattr(meeting, "voice_run", None)
    if run is None or seat is None:
        return redirect("circles:hand", meeting_id)
    if request.method != "POST":
        return render(request, "circles/join/perspective.html", {"meeting": meeting, "options": SpeaksAs})
    said = request.POST.get("perspective", "")
    answer = SpeaksAs(said) if said in SpeaksAs.values else SpeaksAs.UNSAID
    response = redirect("circles:hand", meeting_id)
    keep_mark(response, meeting=meeting, is_shared=seat.is_shared, mark=mark_of(run=run, perspective=answer))
    return response
