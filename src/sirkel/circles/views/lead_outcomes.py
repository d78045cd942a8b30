"""What a meeting decides: trials, looking back at them, and words that may leave the room."""

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sirkel.circles.domain import sharing, trials
from sirkel.circles.enums import Audience
from sirkel.circles.forms.outcomes import LookBackForm, ShareForm, TrialForm
from sirkel.circles.models import Meeting, Theme
from sirkel.circles.queries.lead import look_of, next_meeting, share_sources, trial_of, trial_to_look_at
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.rounds import themes_of
from sirkel.circles.views.leading import control, needed_id, reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.web.forms import RefusableForm

# How long a trial lasts when no further meeting is planned.
TRIAL_LASTS = timedelta(days=21)


def _page(
    request: HttpRequest, meeting: Meeting, name: str, form: RefusableForm, **more: Any
) -> HttpResponse:
    context = {"meeting": meeting, "circle": meeting.circle, "form": form, **more}
    return render(request, f"circles/lead/{name}.html", context, status=400 if form.errors else 200)


def _first_words(meeting: Meeting, themes: list[Theme]) -> dict[str, object]:
    """Return what a new trial begins with: the circle's theme, and the day of the next meeting."""
    chosen = next((theme for theme in themes if theme.is_chosen), None)
    following = next_meeting(meeting)
    ends_at = following.starts_at if following else clock.now() + TRIAL_LASTS
    zone = ZoneInfo(meeting.circle.workplace.time_zone)
    return {"theme": str(chosen.id) if chosen else "", "ends_on": ends_at.astimezone(zone).date()}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def trial(request: HttpRequest, meeting_id: uuid.UUID, trial_id: uuid.UUID | None = None) -> HttpResponse:
    """Write down a trial, or change one of this meeting."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    written = trial_of(meeting=meeting, trial_id=trial_id) if trial_id else None
    themes = list(themes_of(meeting))
    if request.method != "POST":
        initial = TrialForm.initial_of(written) if written else _first_words(meeting, themes)
        return _page(request, meeting, "trial", TrialForm(initial=initial, themes=themes), trial=written)
    form = TrialForm(request.POST, themes=themes)
    if form.is_valid():
        plan = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "theme"}
        try:
            trials.decide_trial(
                acting=who(request),
                meeting_id=meeting_id,
                plan=trials.TrialPlan(**plan, lang=written.lang if written else reader(request)),
                at=clock.now(),
                theme_id=form.theme_id,
                trial_id=trial_id,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:lead", meeting_id)
    return _page(request, meeting, "trial", form, trial=written)


@control
def drop_trial(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Take back a trial that was written down in this meeting."""
    trials.drop_plan(acting=who(request), meeting_id=meeting_id, trial_id=needed_id(request, "trial"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def look_back(request: HttpRequest, meeting_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Write down what happened with a trial and what becomes of it."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    tried = trial_to_look_at(meeting=meeting, trial_id=trial_id)
    if request.method != "POST":
        look = look_of(meeting=meeting, trial=tried)
        known = (
            {"happened": look.happened, "decision": look.decision, "learning": look.learning} if look else {}
        )
        return _page(request, meeting, "look_back_form", LookBackForm(initial=known), trial=tried)
    form = LookBackForm(request.POST)
    if form.is_valid():
        try:
            trials.look_back(
                acting=who(request),
                meeting_id=meeting_id,
                trial_id=trial_id,
                lang=reader(request),
                at=clock.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:lead", meeting_id)
    return _page(request, meeting, "look_back_form", form, trial=tried)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def share(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Propose words that may leave the room."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    sources = share_sources(meeting)
    if request.method != "POST":
        form = ShareForm(sources=sources, initial={"audience": Audience.COLLEAGUES})
        return _page(request, meeting, "share", form)
    form = ShareForm(request.POST, sources=sources)
    if form.is_valid():
        source = form.sources.get(form.cleaned_data["rests_on"])
        is_copied = source is not None and form.cleaned_data["text"] == source.text
        try:
            sharing.propose(
                acting=who(request),
                meeting_id=meeting_id,
                text=form.cleaned_data["text"],
                lang=source.lang if source and is_copied else reader(request),
                audience=Audience(form.cleaned_data["audience"]),
                **form.resting_on,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:lead", meeting_id)
    return _page(request, meeting, "share", form)


@control
def take_back(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Take back words before the circle has approved them."""
    sharing.take_back_proposal(acting=who(request), meeting_id=meeting_id, item_id=needed_id(request, "item"))
