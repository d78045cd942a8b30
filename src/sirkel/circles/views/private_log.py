"""My private log: write, read, delete, take home as text. Its pages know their owner and nobody else."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sirkel.circles.domain import private_log
from sirkel.circles.forms.private_log import LogForm
from sirkel.circles.queries.private_log import must_keep_a_log, own_entries
from sirkel.circles.views.leading import reader, who
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """Show somebody their own log, and take in an entry."""
    person, at = who(request), clock.now()
    must_keep_a_log(person, at=at)
    form = LogForm(
        request.POST if request.method == "POST" else None,
        person=person,
        language=reader(request),
        initial={"circle": request.GET.get("circle"), "meeting": request.GET.get("meeting")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            private_log.write(acting=person, text=form.cleaned_data["text"], about=form.about, at=at)
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Kept, for you alone."))
            return redirect("circles:private-log")
    context = {"form": form, "entries": own_entries(owner=person, language=reader(request))}
    return render(request, "circles/private_log/log.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def delete(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """Delete an own entry."""
    private_log.delete(acting=who(request), entry_id=entry_id)
    messages.success(request, _("The entry is gone for good."))
    return redirect("circles:private-log")


@require_safe
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """Give somebody their own log as a plain text file."""
    person = who(request)
    must_keep_a_log(person, at=clock.now())
    context = {"entries": own_entries(owner=person, language=reader(request))}
    response = render(
        request, "circles/private_log/log.txt", context, content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="sirkel-log.txt"'
    return response
