"""Who works for the network: seen, given a role and relieved of it by whoever keeps the installation."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.config.house.asking import keeper
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain.network_roles import end_network_role, give_network_role, reach_of
from sirkel.people.forms.network_roles import NetworkRoleForm
from sirkel.people.queries.administration import held_role
from sirkel.people.queries.network_roles import (
    network_people,
    network_role,
    reaches,
)
from sirkel.people.rules.effects import effects
from sirkel.people.rules.periods import NETWORK_ZONE, day_of
from sirkel.people.views.fresh import freshly_signed_in


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody with a role in a network."""
    at = clock.now()
    keeper(request, at=at)
    context = {"people": network_people(at=at), "has_network": bool(reaches())}
    return render(request, "config/house/network_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def give(request: HttpRequest) -> HttpResponse:
    """Say what a role would let somebody see; with ``do=keep`` give it."""
    at = clock.now()
    person = keeper(request, at=at)
    form = NetworkRoleForm(
        request.POST if request.method == "POST" else None,
        reaches=reaches(),
        today=day_of(at, NETWORK_ZONE),
        language=request.LANGUAGE_CODE,
    )
    shown: list[object] = []
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        shown = effects(role, is_in_unit=False)
        if request.POST.get("do") == "keep":
            try:
                give_network_role(
                    acting=person,
                    newcomer=form.newcomer,
                    role=role,
                    reach=reach_of(form.cleaned_data["place"]),
                    period=form.period,
                    at=at,
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("The role is given. They are told by mail."))
                return redirect("house:network-people")
    status = 422 if form.errors else 200
    return render(
        request, "config/house/network_role_give.html", {"form": form, "effects": shown}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def end(request: HttpRequest, role_id: uuid.UUID) -> HttpResponse:
    """Say what ending a role means, then end it."""
    at = clock.now()
    person = keeper(request, at=at)
    role = network_role(role_id)
    if request.method == "POST":
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 9 else 0  # noqa: PLR2004 -- fits an integer column
        end_network_role(acting=person, role_id=role.id, version=version, at=at)
        messages.success(request, _("The role is over. It is without effect from their next press on."))
        return redirect("house:network-people")
    return render(request, "config/house/network_role_end.html", {"held": held_role(role, at=at)})
