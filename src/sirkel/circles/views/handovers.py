"""A circle's lines to its leader: list, draft, ask in a meeting or between, send, follow up."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import handovers, line_asking
from sirkel.circles.forms.handovers import AskForm, FollowUpForm, HandoverForm, initial_of
from sirkel.circles.models import Circle, Handover
from sirkel.circles.queries.handovers import handover_led, handovers_of
from sirkel.circles.queries.leading import circle_for, circle_led, circles_led_by
from sirkel.circles.queries.trial_page import trial_led
from sirkel.circles.views import own_entries
from sirkel.circles.views.leading import incomplete, reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import new_id


def _list(
    request: HttpRequest,
    circle_id: uuid.UUID,
    refused: Refused | None = None,
    follow_up: FollowUpForm | None = None,
) -> HttpResponse:
    person = who(request)
    lines = handovers_of(person=person, circle_id=circle_id, at=clock.now())
    context = {
        "circle": circle_for(person=person, circle_id=circle_id),
        "lines": line_asking.with_own(lines, own_entries.own_ids(request, own_entries.LINE)),
        "client_id": new_id(),
        "ask": AskForm(),
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
        return _form(request, circle, form, drafted)
    form = HandoverForm(request.POST)
    if form.is_valid():
        try:
            if drafted:
                handovers.change_draft(
                    acting=acting,
                    circle_id=circle_id,
                    handover_id=drafted.id,
                    at=clock.now(),
                    **form.line,
                )
            else:
                handovers.draft_handover(
                    acting=acting,
                    circle_id=circle_id,
                    lang=reader(request),
                    at=clock.now(),
                    trial_id=_trial_asked(request),
                    **form.line,
                )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The draft is kept. The circle is asked before anything is sent."))
            return redirect("circles:handovers", circle_id)
    return _form(request, circle, form, drafted)


def _trial_asked(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("trial", ""))
    except ValueError:
        return None


def _form(request: HttpRequest, circle: Circle, form: HandoverForm, drafted: Handover | None) -> HttpResponse:
    trial_id = None if drafted else _trial_asked(request)
    trial = trial_led(acting=who(request), circle_id=circle.id, trial_id=trial_id) if trial_id else None
    asks_mandate = drafted.asks_mandate if drafted else trial is not None and trial.lacks_mandate
    context = {"circle": circle, "form": form, "asks_mandate": asks_mandate}
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
def ask_between(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """Ask the circle between meetings."""
    form = AskForm(request.POST)
    if not form.is_valid():
        raise incomplete()
    line_asking.ask_between(
        acting=who(request),
        circle_id=circle_id,
        handover_id=handover_id,
        days=form.cleaned_data["days"],
        at=clock.now(),
    )
    return _("The circle is asked. Tell those without an account where to look.")


@_act
def stop_asking(request: HttpRequest, circle_id: uuid.UUID, handover_id: uuid.UUID) -> str:
    """Take a line back that the circle is asked about."""
    line_asking.stop_asking(acting=who(request), circle_id=circle_id, handover_id=handover_id, at=clock.now())
    return _("It is a draft again.")


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
