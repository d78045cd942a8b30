"""Delete what is mine: first what goes and what stays, then in one circle or everywhere."""

import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sirkel.circles.domain import forgetting
from sirkel.circles.queries.forgetting import what_is_mine
from sirkel.circles.views.leading import who
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, Refused
from sirkel.people.views.fresh import freshly_signed_in


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    context = {"mine": what_is_mine(who(request)), "refused": refused, "email": who(request).email}
    return render(request, "circles/forget.html", context, status=refused.status if refused else 200)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays. To look deletes nothing."""
    return _page(request)


@require_POST
@login_required
def in_circle(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Delete what is one's own in one circle."""
    try:
        forgetting.forget_in_circle(acting=who(request), circle_id=circle_id, at=clock.now())
    except Conflict as refused:
        return _page(request, refused)
    messages.success(request, _("You are out of the circle, and nothing in it says that you were there."))
    return redirect("circles:forget")


@require_POST
@partial(freshly_signed_in, page="circles:forget")
def everywhere(request: HttpRequest) -> HttpResponse:
    """Delete an account, after its owner said that they know it is for good."""
    if "is_sure" not in request.POST:
        return _page(
            request,
            Refused("forget.sure", _("Nothing is deleted yet."), _("Tick that you know it is for good.")),
        )
    try:
        forgetting.forget_person(acting=who(request), at=clock.now())
    except Conflict as refused:
        return _page(request, refused)
    logout(request)
    return redirect("circles:forgotten")


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say that it is done."""
    return render(request, "circles/forgotten.html")
