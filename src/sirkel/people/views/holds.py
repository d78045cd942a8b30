"""What must not be deleted for now: holds of an organisation, asked for by one administrator and confirmed by another."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain import holding
from sirkel.people.forms.holds import HoldForm, ReviewForm
from sirkel.people.models import Organisation, Person
from sirkel.people.queries.administration import organisation_of, workplaces_of, zone_of
from sirkel.people.queries.holds import hold_in, holds_of, shown
from sirkel.people.rules.periods import day_of
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in


@require_safe
@login_required
def holds(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show all holds of an organisation."""
    at = clock.now()
    organisation = organisation_of(person=signed_in(request), organisation_id=organisation_id, at=at)
    context = {"organisation": organisation, "holds": holds_of(organisation, at=at)}
    return render(request, "people/administration/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def new(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Ask for a hold."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    form = HoldForm(
        request.POST if request.method == "POST" else None,
        organisation=organisation,
        places=workplaces_of(organisation),
        today=day_of(at, zone_of(organisation)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = holding.ask(acting=person, organisation_id=organisation.id, plan=form.plan, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("It is asked for. It holds once another administrator has confirmed it.")
            )
            return redirect("people:hold", organisation.id, made.id)
    context = {"organisation": organisation, "form": form}
    return render(request, "people/administration/hold_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def hold(request: HttpRequest, organisation_id: uuid.UUID, hold_id: uuid.UUID) -> HttpResponse:
    """Show one hold; confirm it, lift it, take back what was asked, or say that it is still needed."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    found = hold_in(organisation=organisation, hold_id=hold_id)
    is_review = request.POST.get("do") == "review"
    form = ReviewForm(request.POST if is_review else None, today=day_of(at, zone_of(organisation)))
    refusal, status = None, 200
    if request.method == "POST":
        try:
            if not is_review or form.is_valid():
                return _done(request, organisation, person, hold_id, form)
            status = 422
        except Refused as refused:
            status, refusal = refused.status, refused
            if is_review and refused.code == "holds.review":
                form.refuse(refused)
                status, refusal = 422, None
        found = hold_in(organisation=organisation, hold_id=hold_id)
    context = {
        "organisation": organisation,
        "one": shown([found], at=at)[0],
        "is_own": person.id == (found.lift_asked_by or found.asked_by),
        "form": form,
        "refused": refusal,
    }
    return render(request, "people/administration/hold.html", context, status=status)


def _done(
    request: HttpRequest, organisation: Organisation, person: Person, hold_id: uuid.UUID, form: ReviewForm
) -> HttpResponse:
    """Do what was pressed and go on.

    Raises:
        Refused: as the verbs do, and ``holds.what`` for nothing that can be pressed.

    """
    at, key = clock.now(), organisation.id
    pressed = request.POST.get("do", "")
    if pressed == "confirm":
        holding.confirm(acting=person, organisation_id=key, hold_id=hold_id, at=at)
        words = _("It holds from now on.")
    elif pressed == "ask_to_lift":
        holding.ask_to_lift(acting=person, organisation_id=key, hold_id=hold_id, at=at)
        words = _("Asked. It holds until another administrator agrees.")
    elif pressed == "lift":
        holding.lift(acting=person, organisation_id=key, hold_id=hold_id, at=at)
        words = _("It is lifted. What is overdue is deleted in the next night.")
    elif pressed == "review":
        holding.review(
            acting=person,
            organisation_id=key,
            hold_id=hold_id,
            review_on=form.cleaned_data["review_on"],
            at=at,
        )
        words = _("Kept. It goes on holding.")
    elif pressed == "drop":
        holding.drop(acting=person, organisation_id=key, hold_id=hold_id, at=at)
        messages.success(request, _("Taken back."))
        return redirect("people:holds", key)
    else:
        raise Refused("holds.what", _("Choose one of the buttons."))
    messages.success(request, words)
    return redirect("people:hold", key, hold_id)
