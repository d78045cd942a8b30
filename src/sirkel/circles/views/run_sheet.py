"""The run sheet's own pages: order, length, words, and steps added or left out."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sirkel.circles.domain import run_sheet
from sirkel.circles.enums import StepKind
from sirkel.circles.forms.run_sheet import CopyForm, StepForm, WordsForm, after_of
from sirkel.circles.models import Meeting
from sirkel.circles.queries.lead import sheet_lines, step_of
from sirkel.circles.queries.leading import meeting_led
from sirkel.circles.queries.methods_offered import methods_offered
from sirkel.circles.rules.texts import in_language
from sirkel.circles.views.leading import needed_id, reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.web.forms import RefusableForm


def _sheet(request: HttpRequest, meeting: Meeting, refused: Refused | None = None) -> HttpResponse:
    lines = sheet_lines(meeting, language=reader(request))
    context = {
        "meeting": meeting,
        "circle": meeting.circle,
        "lines": lines,
        "minutes": sum(
            line.step.minutes + line.step.extra_minutes for line in lines if not line.step.is_skipped
        ),
        "refused": refused,
    }
    return render(request, "circles/lead/sheet.html", context, status=refused.status if refused else 200)


@require_safe
@login_required
def sheet(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Show the run sheet with what can be changed at each step."""
    return _sheet(request, meeting_led(acting=who(request), meeting_id=meeting_id))


def _change(act: Callable[[HttpRequest, uuid.UUID], object]) -> Callable[..., HttpResponse]:
    """Make a view of one change of the run sheet: a plain form that leads back to it."""

    @require_POST
    @login_required
    @functools.wraps(act)
    def answer(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
        try:
            act(request, meeting_id)
        except NotFound:
            raise
        except Refused as refused:
            return _sheet(request, meeting_led(acting=who(request), meeting_id=meeting_id), refused)
        return redirect("circles:lead-sheet", meeting_id)

    return answer


@_change
def move(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Move a step one place."""
    run_sheet.move_step(
        acting=who(request),
        meeting_id=meeting_id,
        step_id=needed_id(request, "step"),
        later=request.POST.get("later") == "yes",
        at=clock.now(),
    )


@_change
def skip(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Leave a step out, or take it in again."""
    run_sheet.skip_step(
        acting=who(request),
        meeting_id=meeting_id,
        step_id=needed_id(request, "step"),
        is_skipped=request.POST.get("skipped") == "yes",
        at=clock.now(),
    )


@_change
def minutes(request: HttpRequest, meeting_id: uuid.UUID) -> None:
    """Make a step shorter or longer."""
    typed = request.POST.get("minutes", "").strip()
    run_sheet.set_minutes(
        acting=who(request),
        meeting_id=meeting_id,
        step_id=needed_id(request, "step"),
        minutes=int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0,  # noqa: PLR2004 -- no step is that long
        at=clock.now(),
    )


def _form_page(
    request: HttpRequest, meeting: Meeting, name: str, form: RefusableForm, **more: Any
) -> HttpResponse:
    context = {"meeting": meeting, "circle": meeting.circle, "form": form, **more}
    return render(request, f"circles/lead/{name}.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def words(request: HttpRequest, meeting_id: uuid.UUID, step_id: uuid.UUID) -> HttpResponse:
    """Change the words of a step in the reader's language."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    step = step_of(meeting=meeting, step_id=step_id)
    language = reader(request)
    names = ("title", "prompt", "hint", "say")
    if request.method != "POST":
        form = WordsForm(initial={name: in_language(getattr(step, name), language)[0] for name in names})
        return _form_page(request, meeting, "step_words", form)
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            run_sheet.change_words(
                acting=who(request),
                meeting_id=meeting_id,
                step_id=step_id,
                language=language,
                words=form.words,
                at=clock.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:lead-sheet", meeting_id)
    return _form_page(request, meeting, "step_words", form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Add a step of one's own, or a copy of one of a method."""
    meeting = meeting_led(acting=who(request), meeting_id=meeting_id)
    offer: dict[str, Any] = {"steps": list(meeting.steps.order_by("position")), "language": reader(request)}
    is_copy = "copied" in request.POST
    sheets = methods_offered(meeting.circle.organisation_id, kept=meeting.method).values()
    copying = CopyForm(request.POST if is_copy else None, auto_id="copy_%s", sheets=sheets, **offer)
    own = StepForm(request.POST if request.method == "POST" and not is_copy else None, **offer)
    form = copying if is_copy else own
    if form.is_bound and form.is_valid():
        asked: dict[str, Any] = {
            "acting": who(request),
            "meeting_id": meeting_id,
            "at": clock.now(),
            "after": after_of(form),
        }
        try:
            if is_copy:
                run_sheet.copy_step(**{**asked, **copying.source})
            else:
                run_sheet.add_step(
                    **asked,
                    kind=StepKind(own.cleaned_data["kind"]),
                    minutes=own.cleaned_data["minutes"],
                    language=reader(request),
                    words=own.words,
                )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("circles:lead-sheet", meeting_id)
    context = {"meeting": meeting, "circle": meeting.circle, "own": own, "copying": copying}
    return render(request, "circles/lead/step_new.html", context, status=400 if form.errors else 200)
