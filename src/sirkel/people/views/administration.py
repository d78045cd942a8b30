"""An administrator's overview: workplaces and units of an organisation, and adding to them."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import places
from sirkel.people.enums import Role
from sirkel.people.forms.administration import NameForm, UnitForm, WorkplaceForm
from sirkel.people.queries.administration import (
    count_of_people,
    organisation_of,
    place_in,
    workplaces_of,
    zone_of,
)
from sirkel.people.queries.factor_resets import waiting_in
from sirkel.people.queries.roles import administers_anything, has_role, organisations_administered
from sirkel.people.views.asking import signed_in


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Go to the organisation that somebody administers, or let them choose among several."""
    person, at = signed_in(request), clock.now()
    found = list(organisations_administered(person, at=at))
    if not found and not has_role(person, Role.ADMINISTRATOR, at=at):
        raise NotFound("organisations.none", _("There is no such organisation here."))
    has_server = administers_anything(person, at=at)
    if len(found) == 1:
        return redirect("people:organisation", found[0].id)
    context = {"organisations": found, "has_server": has_server}
    return render(request, "people/administration/start.html", context)


@require_safe
@login_required
def overview(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show workplaces and units, and how many people have roles."""
    at = clock.now()
    organisation = organisation_of(person=signed_in(request), organisation_id=organisation_id, at=at)
    context = {
        "organisation": organisation,
        "workplaces": workplaces_of(organisation),
        "count": count_of_people(organisation, at=at),
        "resets": waiting_in(organisation, at=at),
    }
    return render(request, "people/administration/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_workplace(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Add a workplace."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    form = WorkplaceForm(request.POST or None, initial={"time_zone": zone_of(organisation)})
    if request.method == "POST" and form.is_valid():
        plan = places.WorkplacePlan(**form.cleaned_data)
        try:
            places.add_workplace(acting=person, organisation_id=organisation.id, plan=plan, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The workplace is there."))
            return redirect("people:organisation", organisation.id)
    context = {"organisation": organisation, "form": form}
    status = 422 if form.errors else 200
    return render(request, "people/administration/workplace_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_unit(request: HttpRequest, organisation_id: uuid.UUID, workplace_id: uuid.UUID) -> HttpResponse:
    """Add a unit to a workplace."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    workplace = next((one for one in workplaces_of(organisation) if one.id == workplace_id), None)
    if workplace is None:
        raise NotFound("workplaces.none", _("There is no such workplace here."))
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            places.add_unit(
                acting=person,
                organisation_id=organisation.id,
                workplace_id=workplace.id,
                name=form.cleaned_data["name"],
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The unit is there."))
            return redirect("people:organisation", organisation.id)
    context = {"organisation": organisation, "workplace": workplace, "form": form}
    status = 422 if form.errors else 200
    return render(request, "people/administration/unit_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rename(request: HttpRequest, organisation_id: uuid.UUID, place_id: uuid.UUID) -> HttpResponse:
    """Give the organisation, a workplace or a unit another name."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    place = place_in(organisation=organisation, place_id=place_id)
    form = NameForm(request.POST or None, initial={"name": place.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            places.rename(acting=person, organisation_id=organisation.id, place_id=place.id, name=name, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The name is changed."))
            return redirect("people:organisation", organisation.id)
    context = {"organisation": organisation, "place": place, "form": form}
    status = 422 if form.errors else 200
    return render(request, "people/administration/name.html", context, status=status)
