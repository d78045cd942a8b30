"""What a circle's invitation opens: by the link on paper, and by the link in a mail.

To look writes nothing. A no is a page and nothing else: it is sent nowhere, and nothing knows that it was opened.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sirkel.circles.domain import open_invitation
from sirkel.circles.domain.member_list import answer_by_link
from sirkel.circles.domain.unsigned import must_not_flood
from sirkel.circles.forms.forming import YesForm
from sirkel.circles.queries.forming import Offer, asked_by_link, offer_by_address, offer_of
from sirkel.circles.views import own_entries
from sirkel.circles.views.asking import address_of
from sirkel.circles.views.joining import see_other
from sirkel.circles.views.leading import asked_id, reader
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed, Refused
from sirkel.kernel.ids import new_id
from sirkel.people.models import Person


def _page(
    request: HttpRequest, name: str, address: str, offer: Offer, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"offer": offer, "circle": offer.circle, "address": address, **more}
    return render(request, f"circles/forming/{name}.html", context, status=status)


@require_safe
def invited(request: HttpRequest, address: str) -> HttpResponse:
    """Say what the circle is, and offer the three answers."""
    offer = offer_by_address(address, at=clock.now())
    own = own_entries.own_ids(request, own_entries.YES)
    return _page(request, "invited", address, offer, own=own[0] if own else None)


@require_safe
def more(request: HttpRequest, address: str) -> HttpResponse:
    """Tell more to whoever is not sure."""
    return _page(request, "more", address, offer_by_address(address, at=clock.now()))


@require_safe
def no(request: HttpRequest, address: str) -> HttpResponse:
    """Thank whoever says no. Nothing is written down, so there is nothing to take back."""
    return _page(request, "no", address, offer_by_address(address, at=clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def yes(request: HttpRequest, address: str) -> HttpResponse:
    """Take in a yes: a first name, and an address for whoever wants reminders."""
    at = clock.now()
    offer = offer_by_address(address, at=at)
    acting = request.user if isinstance(request.user, Person) else None
    first = {"client_id": new_id(), "first_name": acting.first_name if acting else ""}
    form = YesForm(request.POST if request.method == "POST" else None, initial=first)
    if acting:
        del form.fields["email"]
    if request.method == "POST" and form.is_valid():
        try:
            must_not_flood(address=address_of(request), thing=offer.circle.id)
            said = open_invitation.Yes(**form.cleaned_data, lang=reader(request))
            open_invitation.say_yes(circle=offer.circle, yes=said, acting=acting, at=at)
        except Refused as refused:
            form.refuse(refused)
            return _page(request, "yes", address, offer, refused.status, form=form)
        response = see_other(reverse("circles:invited-done", args=[address]))
        own_entries.keep_own(response, request, own_entries.YES, said.client_id)
        return response
    return _page(request, "yes", address, offer, 422 if form.errors else 200, form=form)


@require_safe
def done(request: HttpRequest, address: str) -> HttpResponse:
    """Thank whoever said yes, and let them take it back from the same browser."""
    own = own_entries.own_ids(request, own_entries.YES)
    offer = offer_by_address(address, at=clock.now())
    is_known = isinstance(request.user, Person)
    return _page(request, "done", address, offer, own=own[0] if own and not is_known else None)


@require_POST
def take_back(request: HttpRequest, address: str) -> HttpResponse:
    """Take this browser's yes back."""
    offer = offer_by_address(address, at=clock.now())
    response = see_other(reverse("circles:invited", args=[address]))
    client_id = asked_id(request, "client_id", may_lack=True)
    if client_id and client_id in own_entries.own_ids(request, own_entries.YES):
        open_invitation.take_back(circle=offer.circle, client_id=client_id)
        own_entries.drop_own(response, request, own_entries.YES, client_id)
        messages.success(request, _("Taken back."))
    return response


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- a signed link proves who asks
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the owner of an address whether they join, and keep a yes. Reading changes nothing."""
    at = clock.now()
    row = asked_by_link(token)
    assert row.person is not None  # noqa: S101 -- found by it
    said, refused = "", None
    if request.method == "POST":
        said = "yes" if request.POST.get("answer") == "yes" else "no"
        try:
            row = answer_by_link(token=token, is_yes=said == "yes", at=at) or row
        except NotAllowed as no_entry:
            said, refused = "", no_entry
    with override(row.person.language if row.person else None):
        context = {
            "row": row,
            "circle": row.circle,
            "offer": offer_of(row.circle, at=at),
            "said": said,
            "refused": refused,
            "is_in": row.membership_id is not None,
        }
        return render(
            request, "circles/forming/by_mail.html", context, status=refused.status if refused else 200
        )
