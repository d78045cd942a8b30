"""My data: what is kept of me, correct my name, take all of it along, and who can read what I wrote."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain import own_data
from sirkel.people.forms import NameForm
from sirkel.people.queries.holds import told_of
from sirkel.people.queries.own_data import parts_of, seen_by
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in

MOST_SHOWN = 20
"""So many rows of a class stand on the page; the file has all of them."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """Show what is kept of somebody, and take in their right name."""
    person = signed_in(request)
    names = {"first_name": person.first_name, "family_name": person.family_name}
    form = NameForm(request.POST if request.method == "POST" else None, initial=names)
    if request.method == "POST" and form.is_valid():
        try:
            own_data.correct_name(acting=person, **form.cleaned_data, at=clock.now())
        except Refused as refused:
            form.add_error("first_name", str(refused.message))
        else:
            messages.success(request, _("Your name is corrected."))
            return redirect("people:data")
    context = {
        "form": form,
        "email": person.email,
        "held": told_of(person),
        "shown": [(part, part.lines[:MOST_SHOWN], len(part.rows) - MOST_SHOWN) for part in parts_of(person)],
    }
    return render(request, "people/own_data.html", context, status=422 if form.errors else 200)


@require_POST
@partial(freshly_signed_in, page="people:data")
def take_along(request: HttpRequest) -> HttpResponse:
    """Give somebody all that is kept of them as one file. Asked by POST, so that no link fetches it by itself."""
    made = own_data.as_zip(person=signed_in(request), at=clock.now())
    response = HttpResponse(made, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="sirkel-data.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def readers(request: HttpRequest) -> HttpResponse:
    """Say who can read what somebody wrote under their own name."""
    return render(request, "people/readers.html", {"seen": seen_by(signed_in(request), at=clock.now())})
