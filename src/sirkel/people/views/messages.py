"""My messages: what I am written to about and when, and my calendar's address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sirkel.kernel import clock
from sirkel.people.domain import mail_settings
from sirkel.people.forms import MessagesForm
from sirkel.people.queries.mail import WANTS, has_calendar_address, reach_of, settings_of
from sirkel.people.views.asking import signed_in


@require_http_methods(["GET", "POST"])
@login_required
def own_messages(request: HttpRequest) -> HttpResponse:
    """Show and keep how somebody wants to be written to."""
    person = signed_in(request)
    form = MessagesForm(
        request.POST if request.method == "POST" else None, person=person, chosen=settings_of(person)
    )
    if request.method == "POST" and form.is_valid():
        mail_settings.choose(
            acting=person,
            language=form.cleaned_data["language"],
            quiet_from=form.cleaned_data["quiet_from"],
            quiet_to=form.cleaned_data["quiet_to"],
            wants=form.wants,
        )
        messages.success(request, _("Kept. It counts from now on."))
        return redirect("people:messages")
    zone = reach_of([person.id], at=clock.now())[person.id].zone
    context = {"form": form, "zone": zone, "email": person.email}
    return render(request, "people/messages.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def own_calendar(request: HttpRequest) -> HttpResponse:
    """Make a new calendar address and show it this once, or take it away."""
    person, address = signed_in(request), ""
    if "end" in request.POST:
        mail_settings.end_calendar_address(acting=person)
        messages.success(request, _("The calendar address is gone. Calendars that ask for it get nothing."))
        return redirect("people:calendar-address")
    if request.method == "POST":
        address = mail_settings.new_calendar_address(acting=person)
    context = {"has_address": has_calendar_address(person), "address": address}
    return render(request, "people/calendar_address.html", context)


@csrf_exempt  # nosemgrep: no-way-round-the-form-guard -- a signed link proves who asks
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """Switch one kind of mail off by the link in a mail; reading the page switches nothing (RFC 8058).

    Without the guard against forms of other sites: mail programs post here themselves, and whoever could forge
    the form would have to know the signed address.
    """
    person, kind = mail_settings.mail_off_of(token, at=clock.now())
    if request.method == "POST":
        mail_settings.switch(person_id=person.id, kind=kind, is_wanted="again" in request.POST)
    with override(person.language):
        context = {"kind": kind, "is_wanted": getattr(settings_of(person), WANTS[kind])}
        return render(request, "people/mail_off.html", context)
