"""A trial's card: what members see and press between meetings."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sirkel.circles.domain import trial_logs
from sirkel.circles.forms.trials import entry_in
from sirkel.circles.models import Trial
from sirkel.circles.queries.set_ups import is_of_leaders
from sirkel.circles.queries.trial_page import trial_for, trial_page
from sirkel.circles.views import own_entries
from sirkel.circles.views.leading import reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.kernel.ids import new_id


def show_card(
    request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID, *, refused: Refused | None = None
) -> HttpResponse:
    """Return the card, with what was refused beside what was typed."""
    page = trial_page(person=who(request), circle_id=circle_id, trial_id=trial_id, at=clock.now())
    own = trial_logs.own_among(trial=page.trial, client_ids=own_entries.own_ids(request, own_entries.LOG))
    context: dict[str, Any] = {
        "page": page,
        "trial": page.trial,
        "circle": page.trial.circle,
        "client_id": request.POST.get("client_id") or new_id(),
        "last_own": own[0] if own else None,
        "refused": refused,
        "asked": request.POST,
        "is_of_leaders": is_of_leaders(page.trial.circle),
    }
    return render(request, "circles/trials/card.html", context, status=refused.status if refused else 200)


@require_GET
@login_required
def card(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Show a trial: the plan, how it goes, what came of it."""
    return show_card(request, circle_id, trial_id)


@require_POST
@login_required
def log(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Write down how it goes. Who is signed in opens the door and is not kept."""
    trial = trial_for(person=who(request), circle_id=circle_id, trial_id=trial_id)
    try:
        entry = entry_in(request.POST, lang=reader(request))
        trial_logs.log_trial(trial=trial, entry=entry, at=clock.now())
    except Refused as refused:
        return show_card(request, circle_id, trial_id, refused=refused)
    messages.success(request, _("Written down, without your name."))
    response = redirect("circles:trial", circle_id, trial_id)
    own_entries.keep_own(response, request, own_entries.LOG, entry.client_id)
    return response


@require_POST
@login_required
def undo(request: HttpRequest, circle_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Take back this browser's last entry."""
    trial = trial_for(person=who(request), circle_id=circle_id, trial_id=trial_id)
    response = redirect("circles:trial", circle_id, trial_id)
    undo_last(request, response, trial)
    return response


def undo_last(request: HttpRequest, response: HttpResponse, trial: Trial) -> None:
    """Take back the newest entry that this browser made on a trial, and say so."""
    own = trial_logs.own_among(trial=trial, client_ids=own_entries.own_ids(request, own_entries.LOG))
    if own and trial_logs.undo_log(trial=trial, client_id=own[0]):
        own_entries.drop_own(response, request, own_entries.LOG, own[0])
        messages.success(request, _("Taken back."))
    else:
        messages.info(request, _("There is nothing of yours to take back here."))
