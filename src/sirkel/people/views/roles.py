"""An administrator's people: who holds which role, giving one, changing its days, ending it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain import giving
from sirkel.people.domain.role_checks import check_role, clashes_of, moments, place_of
from sirkel.people.forms.administration import RoleForm, VersionedForm
from sirkel.people.models import Organisation, Person
from sirkel.people.queries.administration import (
    held_role,
    organisation_of,
    people_ids,
    people_of,
    person_in,
    role_in,
    workplaces_of,
    zone_of,
)
from sirkel.people.rules.effects import effects
from sirkel.people.rules.periods import day_of
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in

PEOPLE_PER_PAGE = 50


@require_safe
@login_required
def people(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Show everybody with a role, a page at a time."""
    at = clock.now()
    organisation = organisation_of(person=signed_in(request), organisation_id=organisation_id, at=at)
    page = Paginator(people_ids(organisation), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    shown = people_of(organisation, list(page), at=at)
    context = {"organisation": organisation, "people": shown, "page": page}
    return render(request, "people/administration/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def give(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Say what a role would let somebody see; with ``do=keep`` give it."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        organisation=organisation,
        places=workplaces_of(organisation),
        today=day_of(at, zone_of(organisation)),
        initial=_about(request, organisation),
    )
    found: list[str] = []
    shown: list[object] = []
    if request.method == "POST" and form.is_valid():
        try:
            place = place_of(organisation, **form.place_ids)
            check_role(form.cleaned_data["role"], place)
            moments(organisation, place, form.period)
            found = clashes_of(
                organisation, form.newcomer.email, form.cleaned_data["role"], place, form.period
            )
            shown = effects(form.cleaned_data["role"], is_in_unit=place.unit is not None)
            if request.POST.get("do") == "keep":
                giving.give_role(
                    acting=person,
                    organisation_id=organisation.id,
                    newcomer=form.newcomer,
                    role=form.cleaned_data["role"],
                    place=place,
                    period=form.period,
                    accepts=form.accepted,
                    at=at,
                )
                messages.success(request, _("The role is given. They are told by mail."))
                return redirect("people:people", organisation.id)
        except Refused as refused:
            form.refuse(refused)
    form.only_ask_about(found)
    context = {"organisation": organisation, "form": form, "effects": shown}
    status = 422 if form.errors else 200
    return render(request, "people/administration/give.html", context, status=status)


def _about(request: HttpRequest, organisation: Organisation) -> dict[str, object]:
    """Return what is known of somebody who has a role here already and shall have another."""
    try:
        person: Person = person_in(
            organisation=organisation, person_id=uuid.UUID(request.GET.get("person", ""))
        )
    except ValueError:
        return {"language": request.LANGUAGE_CODE}
    return {
        "email": person.email,
        "first_name": person.first_name,
        "family_name": person.family_name,
        "language": person.language,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def change(request: HttpRequest, organisation_id: uuid.UUID, role_id: uuid.UUID) -> HttpResponse:
    """Change the days of a role; whoever comes second sees what the first one wrote, beside their own."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    role = role_in(organisation=organisation, role_id=role_id)
    held = held_role(role, at=at)
    form = VersionedForm(
        request.POST if request.method == "POST" else None,
        initial={"begins": held.begins, "until": held.until, "version": role.version},
    )
    found: list[str] = []
    is_second, status = False, 200
    if request.method == "POST" and form.is_valid():
        try:
            giving.change_role(
                acting=person,
                organisation_id=organisation.id,
                role_id=role.id,
                version=form.cleaned_data["version"],
                period=form.period,
                accepts=form.accepted,
                at=at,
            )
        except Refused as refused:
            status, is_second = refused.status, refused.code == "roles.changed"
            found = refused.facts.get("clashes", [])
            form.refuse(refused)
        else:
            messages.success(request, _("Kept. It counts from now on."))
            return redirect("people:people", organisation.id)
    form.only_ask_about(found)
    if is_second:
        # What is sent next was written with the newer version in sight.
        sent = request.POST.copy()
        sent["version"] = str(role.version)
        form.data = sent
    context = {
        "organisation": organisation,
        "held": held,
        "form": form,
        "is_second": is_second,
        "zone": zone_of(organisation, role.workplace),
        "effects": effects(role.role, is_in_unit=role.unit_id is not None),
    }
    status = 422 if form.errors and status == 200 else status  # noqa: PLR2004 -- HTTP's own
    return render(request, "people/administration/change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def end(request: HttpRequest, organisation_id: uuid.UUID, role_id: uuid.UUID) -> HttpResponse:
    """Say what ending a role means, then end it."""
    person, at = signed_in(request), clock.now()
    organisation = organisation_of(person=person, organisation_id=organisation_id, at=at)
    role = role_in(organisation=organisation, role_id=role_id)
    if request.method == "POST":
        sent = request.POST.get("version", "")
        giving.end_role(
            acting=person,
            organisation_id=organisation.id,
            role_id=role.id,
            version=int(sent) if sent.isascii() and sent.isdigit() else 0,
            at=at,
        )
        messages.success(request, _("The role is over. It is without effect from their next press on."))
        return redirect("people:people", organisation.id)
    context = {"organisation": organisation, "held": held_role(role, at=at)}
    return render(request, "people/administration/end.html", context)
