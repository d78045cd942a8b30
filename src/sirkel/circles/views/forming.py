"""Forming a circle: who is in it, its invitation, and the list of those who joined; for its facilitators."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.circles.domain import member_list, open_invitation, set_ups
from sirkel.circles.domain.sittings import add_sitting
from sirkel.circles.forms.forming import AskForm, SetUpForm
from sirkel.circles.forms.planning import SittingForm
from sirkel.circles.queries.circle_page import meeting_of
from sirkel.circles.queries.forming import InvitationPage, invitation_page
from sirkel.circles.queries.leading import circle_led, meeting_led
from sirkel.circles.queries.set_ups import kind_of, may_choose, set_up_of
from sirkel.circles.views.leading import needed_id, who
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused


def _shown(request: HttpRequest, page: InvitationPage, form: AskForm, status: int = 200) -> HttpResponse:
    url = settings.SITE_URL + reverse("circles:invited", args=[page.address]) if page.is_open else ""
    context = {"page": page, "circle": page.circle, "form": form, "url": url}
    return render(request, "circles/forming/invitation.html", context, status=status)


def _ask_form(page: InvitationPage, data: Any = None) -> AskForm:
    first = {"lang": page.circle.language, "perspective": "leader" if page.kind == "leaders" else "employee"}
    return AskForm(data, initial=first)


@require_http_methods(["GET", "HEAD"])
@login_required
def invitation(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the invitation and who has joined; never who has not."""
    page = invitation_page(person=who(request), circle_id=circle_id)
    return _shown(request, page, _ask_form(page))


@require_POST
@login_required
def open_(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Open the invitation."""
    open_invitation.open_invitation(acting=who(request), circle_id=circle_id, at=clock.now())
    messages.success(request, _("The invitation is open. Hang up the poster, or send the link."))
    return redirect("circles:invitation", circle_id)


@require_POST
@login_required
def renew(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Make the link anew."""
    open_invitation.renew_invitation(acting=who(request), circle_id=circle_id, at=clock.now())
    messages.success(request, _("The link is new. What was printed before opens nothing any more."))
    return redirect("circles:invitation", circle_id)


@require_POST
@login_required
def close(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Close the invitation."""
    open_invitation.close_invitation(acting=who(request), circle_id=circle_id, at=clock.now())
    messages.success(request, _("The invitation is closed. Who was asked and did not join is forgotten."))
    return redirect("circles:invitation", circle_id)


@require_POST
@login_required
def ask(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Ask one person by mail, or write down who said yes without an address."""
    page = invitation_page(person=who(request), circle_id=circle_id)
    form = _ask_form(page, request.POST)
    if form.is_valid():
        try:
            member_list.put_on_list(
                acting=who(request), circle_id=circle_id, entries=[form.entry], at=clock.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            is_mailed = bool(form.cleaned_data["email"])
            messages.success(
                request, _("They are asked by mail.") if is_mailed else _("They stand on the list.")
            )
            return redirect("circles:invitation", circle_id)
    return _shown(request, page, form, 422)


@require_POST
@login_required
def take_off(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the list."""
    circle_led(acting=who(request), circle_id=circle_id)
    open_invitation.take_off(
        acting=who(request),
        circle_id=circle_id,
        participant_id=needed_id(request, "participant"),
        at=clock.now(),
    )
    messages.success(request, _("They are off the list."))
    return redirect("circles:invitation", circle_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def set_up(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Choose who is in the circle, and say what each choice means."""
    circle = circle_led(acting=who(request), circle_id=circle_id)
    form = SetUpForm(request.POST if request.method == "POST" else None, initial={"kind": kind_of(circle)})
    if request.method == "POST" and form.is_valid():
        try:
            set_ups.choose_set_up(
                acting=who(request), circle_id=circle_id, at=clock.now(), **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("It is written down who is in the circle."))
            return redirect("circles:circle", circle_id)
    context = {
        "circle": circle,
        "form": form,
        "now": kind_of(circle),
        "newest": set_up_of(circle),
        "may": {kind: may_choose(circle, kind) for kind in ("joint", "mixed", "leaders")},
        "chosen": form["kind"].value(),
    }
    return render(request, "circles/forming/set_up.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def joint(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Say that the leaders are invited to a meeting, or that they are not."""
    meeting, _is_led = meeting_of(person=who(request), circle_id=circle_id, number=number)
    is_joint = request.POST.get("is_joint") == "yes"
    set_ups.mark_joint(acting=who(request), meeting_id=meeting.id, is_joint=is_joint, at=clock.now())
    messages.success(
        request,
        _("The leaders are invited to this meeting.")
        if is_joint
        else _("This meeting is for the circle alone."),
    )
    return redirect("circles:meeting", circle_id, number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sitting(request: HttpRequest, circle_id: uuid.UUID, number: int) -> HttpResponse:
    """Plan a second sitting of a meeting."""
    at = clock.now()
    found, _is_led = meeting_of(person=who(request), circle_id=circle_id, number=number)
    meeting_led(acting=who(request), meeting_id=found.id)
    form = SittingForm(request.POST if request.method == "POST" else None, meeting=found, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            second = add_sitting(acting=who(request), meeting_id=found.id, plan=form.plan, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("The second sitting is kept as a draft. Publish it when the time is right.")
            )
            return redirect("circles:meeting", circle_id, second.address)
    context = {"circle": found.circle, "meeting": found, "form": form}
    return render(request, "circles/forming/sitting.html", context, status=422 if form.errors else 200)
