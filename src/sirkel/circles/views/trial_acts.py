"""What a facilitator does with a trial between meetings."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import trial_logs, trial_moves
from sirkel.circles.domain.trials import TrialPlan
from sirkel.circles.enums import TrialState
from sirkel.circles.forms.outcomes import TrialForm
from sirkel.circles.forms.trials import DecideForm, IdeaForm, NextCycleForm, PlanForm
from sirkel.circles.models import Circle, Trial
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.trial_page import trial_led
from sirkel.circles.views.leading import needed_id, reader, who
from sirkel.circles.views.trials import show_card
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.web.forms import RefusableForm

_SAID = {
    TrialState.PLANNED: gettext_lazy("The trial is planned."),
    TrialState.WAITING_MANDATE: gettext_lazy("The trial waits for the leader."),
    TrialState.RUNNING: gettext_lazy("The trial has begun."),
    TrialState.LEARNING: gettext_lazy("The trial is over. Say together what you learned."),
    TrialState.STOPPED: gettext_lazy("The trial is stopped."),
}


def _plan_of(form: RefusableForm, lang: str) -> TrialPlan:
    names = [
        "what",
        "who",
        "when",
        "ends_on",
        "prediction",
        "look_at",
        "stop_rule",
        "smallest_step",
        "where",
        "counted",
        "touches_care",
    ]
    return TrialPlan(**{name: form.cleaned_data[name] for name in names}, lang=lang)


def _form_page(
    request: HttpRequest, name: str, form: RefusableForm, circle: Circle, trial: Trial | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "circle": circle, "trial": trial}
    return render(request, f"circles/trials/{name}.html", context, status=400 if form.errors else 200)


def _try(form: RefusableForm, verb: Callable[[], Trial]) -> Trial | None:
    """Run a verb for a right form; a refusal stands beside the field it is about."""
    if not form.is_valid():
        return None
    try:
        return verb()
    except Refused as refused:
        form.refuse(refused)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def idea(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Write down an idea for a trial between meetings."""
    circle = circle_led(acting=who(request), circle_id=circle_id)
    form = IdeaForm(request.POST if request.method == "POST" else None)
    made = request.method == "POST" and _try(
        form,
        lambda: trial_moves.keep_idea(
            acting=who(request),
            circle_id=circle_id,
            lang=reader(request),
            at=clock.now(),
            **form.cleaned_data,
        ),
    )
    if made:
        messages.success(request, _("The idea is kept. Plan it when the circle wants to try it."))
        return redirect("circles:trial", circle_id, made.id)
    return _form_page(request, "idea", form, circle)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Write or change the plan of a trial that has not begun."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    if request.method != "POST":
        return _form_page(
            request, "change", PlanForm(initial=TrialForm.initial_of(trial)), trial.circle, trial
        )
    form = PlanForm(request.POST)
    if _try(
        form,
        lambda: trial_moves.change_plan(
            acting=who(request),
            circle_id=circle_id,
            trial_id=trial_id,
            plan=_plan_of(form, trial.lang),
            at=clock.now(),
        ),
    ):
        messages.success(request, _("The plan is saved."))
        return redirect("circles:trial", circle_id, trial_id)
    return _form_page(request, "change", form, trial.circle, trial)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decide(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Decide a trial outside a meeting."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    form = DecideForm(request.POST if request.method == "POST" else None)
    decided = request.method == "POST" and _try(
        form,
        lambda: trial_moves.decide_between(
            acting=who(request), circle_id=circle_id, trial_id=trial_id, at=clock.now(), **form.cleaned_data
        ),
    )
    if decided:
        messages.success(request, _("Decided, with what you learned. It stands in the circle's story."))
        return redirect("circles:trial", circle_id, trial_id)
    return _form_page(request, "decide", form, trial.circle, trial)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def next_cycle(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Plan the next cycle: what changes, how much larger, and the plan as it now is."""
    trial = trial_led(acting=who(request), circle_id=circle_id, trial_id=trial_id)
    if request.method != "POST":
        known = {key: value for key, value in TrialForm.initial_of(trial).items() if key != "ends_on"}
        return _form_page(request, "next_cycle", NextCycleForm(initial=known), trial.circle, trial)
    form = NextCycleForm(request.POST)
    made = _try(
        form,
        lambda: trial_moves.plan_next_cycle(
            acting=who(request),
            circle_id=circle_id,
            trial_id=trial_id,
            plan=_plan_of(form, trial.lang),
            cycle=trial_moves.Cycle(change=form.cleaned_data["change"], scale=form.cleaned_data["scale"]),
            at=clock.now(),
        ),
    )
    if made:
        messages.success(request, _("The next cycle is planned."))
        return redirect("circles:trial", circle_id, made.id)
    return _form_page(request, "next_cycle", form, trial.circle, trial)


Act = Callable[[HttpRequest, uuid.UUID, uuid.UUID], str]


def _act(act: Act) -> Callable[..., HttpResponse]:
    """Make a view of a plain act on a trial: it ends on the card, with a word or with what was refused."""

    @require_POST
    @login_required
    def answer(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
        trial_led(
            acting=who(request), circle_id=circle_id, trial_id=trial_id
        )  # before what is sent is looked at
        try:
            said = act(request, circle_id, trial_id)
        except Refused as refused:
            return show_card(request, circle_id, trial_id, refused=refused)
        messages.success(request, said)
        return redirect("circles:trial", circle_id, trial_id)

    return answer


@_act
def move(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> str:
    """Move a trial to another state."""
    to = request.POST.get("to", "")
    trial_moves.move_trial(acting=who(request), circle_id=circle_id, trial_id=trial_id, to=to, at=clock.now())
    return str(_SAID.get(TrialState(to), ""))


@_act
def mandate(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> str:
    """Write down that the leader gave the mandate, or that it was not so."""
    is_given = request.POST.get("given") == "yes"
    trial_moves.record_mandate(
        acting=who(request), circle_id=circle_id, trial_id=trial_id, is_given=is_given, at=clock.now()
    )
    return _("The leader's yes is written down.") if is_given else _("The mandate is taken back.")


@_act
def show(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> str:
    """Put the poster up, or take it down."""
    is_shown = request.POST.get("shown") == "yes"
    trial_moves.show_to_colleagues(
        acting=who(request), circle_id=circle_id, trial_id=trial_id, is_shown=is_shown, at=clock.now()
    )
    return _("Colleagues can see the plan now.") if is_shown else _("The poster opens nothing any more.")


@_act
def renew(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> str:
    """Make the links anew."""
    trial_moves.renew_links(acting=who(request), circle_id=circle_id, trial_id=trial_id, at=clock.now())
    return _("The links are new. What was printed before opens nothing any more.")


@_act
def delete_reaction(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> str:
    """Delete what a colleague wrote."""
    trial_logs.delete_reaction(
        acting=who(request),
        circle_id=circle_id,
        trial_id=trial_id,
        reaction_id=needed_id(request, "reaction"),
    )
    return _("It is deleted.")
