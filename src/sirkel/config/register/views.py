"""The pages that are written from the register: the notice for everybody, record and annex for those who answer for them."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sirkel.circles.queries.keeping import retention
from sirkel.config.register.documents import DOCUMENTS, context, entry
from sirkel.config.register.gather import register
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.kernel.register import Controller, Tie
from sirkel.people.enums import Role
from sirkel.people.queries.holds import is_anything_held
from sirkel.people.queries.records import organisation_named, profile_of
from sirkel.people.queries.roles import has_role

READERS = (Role.ADMINISTRATOR, Role.LEADER, Role.UNION)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, why, until when and who sees it, to anybody."""
    return render(request, "config/privacy.html", context(only_people=True))


@require_safe
def handing_over(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Say what an organisation can and cannot hand over, to anybody: members read it before they write.

    Raises:
        NotFound: ``privacy.none`` where there is no such organisation.

    """
    organisation = organisation_named(organisation_id)
    if organisation is None:
        raise NotFound("privacy.none", _("There is no such page."))
    held = [entry(one) for one in register() if one.controller is Controller.EMPLOYER]
    shown = {
        "organisation": organisation,
        "profile": profile_of(organisation),
        "is_held": is_anything_held(organisation),
        "days": retention().days,
        "groups": [
            (
                _("What there is, with somebody's name"),
                [one for one in held if one.data_class.tie is Tie.ACCOUNT],
            ),
            (
                _("What there is, without a name"),
                [one for one in held if one.data_class.tie is not Tie.ACCOUNT],
            ),
        ],
    }
    return render(request, "config/handing_over.html", shown)


@require_safe
@login_required
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """Show the record (``record``) or the annex (``annex``), to be printed.

    Raises:
        NotFound: ``privacy.none`` for whoever is neither leader, representative nor administrator anywhere.

    """
    at = clock.now()
    if (
        name == "notice"
        or name not in DOCUMENTS
        or not any(has_role(request.user, role, at=at) for role in READERS)
    ):
        raise NotFound("privacy.none", _("There is no such page."))
    titles = {"record": _("Record of processing"), "annex": _("Annex to an impact assessment")}
    shown = {"body": DOCUMENTS[name][0], "title": titles[name]}
    return render(request, "config/register_paper.html", context() | shown)
