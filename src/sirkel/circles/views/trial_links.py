"""What a signed link opens without an account: saying how a trial goes, and reacting to its poster.

To look writes nothing, and nothing that the circle has said is shown here: whoever finds the paper sees the plan alone.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import trial_logs
from sirkel.circles.domain.unsigned import must_not_flood
from sirkel.circles.enums import ReactionKind
from sirkel.circles.forms.trials import entry_in
from sirkel.circles.models import Trial, TrialReaction
from sirkel.circles.queries.open_links import trial_by_log_address, trial_by_poster_address
from sirkel.circles.queries.set_ups import is_of_leaders
from sirkel.circles.views import own_entries
from sirkel.circles.views.asking import address_of
from sirkel.circles.views.joining import see_other
from sirkel.circles.views.leading import reader
from sirkel.circles.views.trials import undo_last
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.kernel.ids import new_id
from sirkel.web.middleware import wants_json


def _page(
    request: HttpRequest, name: str, address: str, trial: Trial, refused: Refused | None = None, **more: Any
) -> HttpResponse:
    context = {
        "address": address,
        "trial": trial,
        "circle": trial.circle,
        "client_id": request.POST.get("client_id") or new_id(),
        "asked": request.POST,
        "refused": refused,
        "is_of_leaders": is_of_leaders(trial.circle),
        **more,
    }
    return render(request, f"circles/trials/{name}.html", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, address: str) -> HttpResponse:
    """Show the plan and take in how it goes."""
    trial = trial_by_log_address(address)
    own = trial_logs.own_among(trial=trial, client_ids=own_entries.own_ids(request, own_entries.LOG))
    refused = None
    if request.method == "POST":
        try:
            must_not_flood(address=address_of(request), thing=trial.id)
            entry = entry_in(request.POST, lang=reader(request))
            trial_logs.log_trial(trial=trial, entry=entry, at=clock.now())
        except Refused as no:
            if wants_json(request):
                raise
            refused = no
        else:
            if wants_json(request):
                return JsonResponse({"client_id": str(entry.client_id), "state": "kept"})
            messages.success(request, _("Written down, without your name."))
            response = see_other(reverse("circles:trial-link", args=[address]))
            own_entries.keep_own(response, request, own_entries.LOG, entry.client_id)
            return response
    return _page(request, "link", address, trial, refused, last_own=own[0] if own else None)


@require_POST
def undo(request: HttpRequest, address: str) -> HttpResponse:
    """Take back this browser's last entry."""
    trial = trial_by_log_address(address)
    response = see_other(reverse("circles:trial-link", args=[address]))
    undo_last(request, response, trial)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def react(request: HttpRequest, address: str) -> HttpResponse:
    """Show colleagues what is tried and take in what they say."""
    trial = trial_by_poster_address(address)
    refused = None
    if request.method == "POST":
        try:
            must_not_flood(address=address_of(request), thing=trial.id)
            entry = entry_in(request.POST, lang=reader(request))
            trial_logs.react(trial=trial, entry=entry)
        except Refused as no:
            refused = no
        else:
            messages.success(request, _("Thank you. The circle will see it, without your name."))
            response = see_other(reverse("circles:trial-react", args=[address]))
            own_entries.keep_own(response, request, own_entries.REACTION, entry.client_id)
            return response
    own = trial_logs.own_among(
        trial=trial, client_ids=own_entries.own_ids(request, own_entries.REACTION), of=TrialReaction
    )
    return _page(
        request,
        "react",
        address,
        trial,
        refused,
        kinds=ReactionKind.choices,
        last_own=own[0] if own else None,
    )


@require_POST
def take_back(request: HttpRequest, address: str) -> HttpResponse:
    """Take back this browser's last reaction."""
    trial = trial_by_poster_address(address)
    response = see_other(reverse("circles:trial-react", args=[address]))
    for client_id in own_entries.own_ids(request, own_entries.REACTION):
        if trial_logs.take_back_reaction(trial=trial, client_id=client_id):
            own_entries.drop_own(response, request, own_entries.REACTION, client_id)
            messages.success(request, _("Taken back."))
            break
    return response
