"""A circle's lines to its leader: list, draft, ask, send, follow up."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import handovers
from sirkel.circles.forms.handovers import FollowUpForm, HandoverForm, initial_of
from sirkel.circles.queries.handovers import handover_led, handovers_of
from sirkel.circles.queries.leading import circle_for, circle_led, circles_led_by
from sirkel.circles.views.leading import reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused


def _list(
    request: HttpRequest,
    circle_id: uuid.UUID,
    refused: Refused | None = None,
    follow_up: FollowUpForm | None = None,
) -> HttpResponse:
    person = who(request)
    context = {
        "circle": circle_for(person=person, circle_id=circle_id),
        "lines": handovers_of(person=person, circle_id=circle_id, at=clock.now()),
        "is_led": circles_led_by(person).filter(id=circle_id).exists(),
        "refused": refused,
        "follow_up": follow_up or FollowUpForm(),
    }
    return render(request, "circles/handovers/list.html", context, status=refused.status if refused else 200)


@require_GET
@login_required
def all_(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show members what the circle has handed over and what was answered."""
    return _list(request, circle_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID | None = None) -> HttpResponse:
    """Draft a line, or change a draft."""
    acting = who(request)
    circle = circle_led(acting=acting, circle_id=circle_id)
    drafted = (
        handover_led(acting=acting, circle_id=circle_id, handover_id=handover_id) if handover_id else None
    )
    if request.method != "POST":
        form = HandoverForm(initial=initial_of(drafted) if drafted else None)
        return _form(request, circle, form)
    form = HandoverForm(request.POST)
    if form.is_valid():
        try:
            if drafted:
                handovers.change_draft(
                    acting=acting,
                    circle_id=circle_id,
                    handover_id=drafted.id,
                    at=clock.now(),
                    **form.cleaned_data,
                )
            else:
                handovers.draft_handover(
                    acting=acting,
                    circle_id=circle_id,
                    lang=reader(request),
                    at=clock.now(),
                    trial_id=_trial_asked(request),
                    **form.cleaned_data,
                )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The draft is kept. The circle is asked before anything is sent."))
            return redirect("circles:handovers", circle_id)
    return _form(request, circle, form)


def _trial_asked(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("trial", ""))
    except ValueError:
        return None


def _form(request: HttpRequest, circle: object, form: HandoverForm) -> HttpResponse:
    context = {"circle": circle, "form": form}
    return render(request, "circles/handovers/write.html", context, status=400 if form.errors else 200)


Act = Callable[[HttpRequest, uuid.UUID, uuid.UUID], str]


def _act(act: Act) -> Callable[..., HttpResponse]:
    """Make a view of a plain act on a line: it ends on the list, with a word or with what was refused."""

    @require_POST
    @login_required
    def answer(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> HttpResponse:
        handover_led(acting=who(request), circle_id=circle_id, handover_id=handover_id)
        try:
            said = act(request, circle_id, handover_id)
        except Refused as refused:
            return _list(request, circle_id, refused)
        messages.success(request, said)
        return redirect("circles:handovers", circle_id)

    return answer


@_act
def discard(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """Throw a draft away."""
    handovers.discard_draft(acting=who(request), circle_id=circle_id, handover_id=handover_id, at=clock.now())
    return _("The draft is thrown away.")


@_act
def ask(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """Put a draft before the running meeting."""
    handovers.ask_circle(acting=who(request), circle_id=circle_id, handover_id=handover_id, at=clock.now())
    return _("The meeting sees the line in its step “Carry out”. If nobody objects, it is approved.")


@_act
def send(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """Send an approved line."""
    handovers.send_handover(acting=who(request), circle_id=circle_id, handover_id=handover_id, at=clock.now())
    return _("Sent to the leader.")


@_act
def follow_up(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """Write down what came of the answer."""
    handovers.follow_up(
        acting=who(request),
        circle_id=circle_id,
        handover_id=handover_id,
        text=request.POST.get("text", ""),
        at=clock.now(),
    )
    return _("Written down.")
