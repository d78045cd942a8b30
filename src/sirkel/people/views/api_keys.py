"""One's own keys for programs: the list, making one, which is shown this once, and ending one."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.domain import api_keys
from sirkel.people.forms.api_keys import KeyForm
from sirkel.people.queries.api_keys import keys_of
from sirkel.people.views.asking import signed_in
from sirkel.people.views.fresh import freshly_signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def keys(request: HttpRequest) -> HttpResponse:
    """Show somebody's keys and make another one. Its secret stands in this answer and in no other."""
    person, at = signed_in(request), clock.now()
    form = KeyForm(request.POST if request.method == "POST" else None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            made, secret = api_keys.make_key(
                acting=person,
                key_id=chosen["form_id"],
                label=chosen["label"],
                days=chosen["days"],
                may_answer=chosen["may_answer"],
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form = KeyForm()
    lines = keys_of(person, at=at)
    context = {"form": form, "lines": lines, "made": made, "secret": secret}
    return render(request, "people/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """End one of one's own keys. A sign-in of before does: whoever ends a key takes something away from nobody else."""
    api_keys.end_key(acting=signed_in(request), key_id=key_id, at=clock.now())
    messages.success(request, _("The key is ended. What still shows it gets nothing."))
    return redirect("people:keys")
