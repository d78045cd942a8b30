"""What becomes of a unit: another workplace, part of another unit, or closed."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain import places
from sirkel.people.forms.units import UnitFateForm
from sirkel.people.queries.administration import organisation_of, workplaces_of
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def fate(request: HttpRequest, organisation_id: uuid.UUID, unit_id: uuid.UUID) -> HttpResponse:
    """Ask what shall become of a unit, say what that means, and do it."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    found = workplaces_of(organisation)
    units = [unit for one in found for unit in getattr(one, "open_units", ())]
    unit = next((one for one in units if one.id == unit_id), None)
    if unit is None:
        raise NotFound("units.none", _("There is no such unit here."))
    form = UnitFateForm(request.POST or None, unit=unit, places=found)
    if request.method == "POST" and form.is_valid():
        verb, key = form.chosen
        who = {"acting": person, "organisation_id": organisation.id, "unit_id": unit.id, "at": at}
        try:
            if verb == "move" and key:
                places.move_unit(**who, workplace_id=key)
            elif verb == "merge" and key:
                places.merge_unit(**who, into_id=key)
            else:
                places.close_unit(**who)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Done. What was before stays with its days."))
            return redirect("people:organisation", organisation.id)
    context = {"organisation": organisation, "unit": unit, "form": form}
    status = 422 if form.errors else 200
    return render(request, "people/administration/unit.html", context, status=status)
