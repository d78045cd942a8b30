"""Voice balance: a page of the circle's members alone, with its switch."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sirkel.circles.domain import voices as domain
from sirkel.circles.forms.voices import SwitchForm
from sirkel.circles.queries.voices import VoicePage, voice_page
from sirkel.circles.views.leading import who
from sirkel.kernel import clock

_PAGE = "circles/voices.html"


def _shown(request: HttpRequest, page: VoicePage, form: SwitchForm, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "circle": page.circle, "form": form}
    return render(request, _PAGE, context, status=status)


@require_GET
@login_required
def voices(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show what is counted, who sees it, whether it is on, and what it came to."""
    return _shown(request, voice_page(person=who(request), circle_id=circle_id), SwitchForm())


@require_POST
@login_required
def voices_on(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Keep that the circle decided to count."""
    page = voice_page(person=who(request), circle_id=circle_id)
    form = SwitchForm(request.POST)
    if page.is_led and not form.is_valid():
        return _shown(request, page, form, status=422)
    domain.switch_voices_on(
        acting=who(request), circle_id=circle_id, count=form.cleaned_data.get("count", 0), at=clock.now()
    )
    messages.success(request, _("Voice balance is on, from the next meeting."))
    return redirect("circles:voices", circle_id)


@require_POST
@login_required
def voices_off(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Stop counting."""
    domain.switch_voices_off(acting=who(request), circle_id=circle_id, at=clock.now())
    messages.success(request, _("Voice balance is off. What was counted is deleted."))
    return redirect("circles:voices", circle_id)
