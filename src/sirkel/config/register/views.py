"""The pages that are written from the register: the notice for everybody, record and annex for those who answer for them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sirkel.config.register.documents import DOCUMENTS, context
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.people.enums import Role
from sirkel.people.queries.roles import has_role

READERS = (Role.ADMINISTRATOR, Role.LEADER, Role.UNION)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, why, until when and who sees it, to anybody."""
    return render(request, "config/privacy.html", context(only_people=True))


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
