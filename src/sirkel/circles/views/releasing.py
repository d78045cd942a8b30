"""Before words leave the organisation: two of the circle look at them."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sirkel.circles.domain import releasing
from sirkel.circles.forms.releasing import CheckForm
from sirkel.circles.queries.releasing import Release, release_of, releases_of
from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.circles.views.leading import who
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused


@require_safe
@login_required
def waiting(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """List what waits for two of the circle."""
    circle, found = releases_of(person=who(request), circle_id=circle_id)
    return render(request, "circles/releasing/list.html", {"circle": circle, "releases": found})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def release(request: HttpRequest, circle_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """Show words that wait; go through the checklist, say yes as the second, or keep them in the room."""
    acting = who(request)
    found = release_of(person=acting, circle_id=circle_id, item_id=item_id)
    where: dict[str, Any] = {"acting": acting, "circle_id": circle_id, "item_id": item_id, "at": clock.now()}
    does = request.POST.get("do", "check") if request.method == "POST" else ""
    if does == "keep":
        releasing.keep(**where)
        messages.success(request, _("It stays in the room."))
    elif does == "confirm":
        releasing.confirm(**where)
        messages.success(request, _("It has left the room. The circle can take it back at any time."))
    elif does:
        return _checked(request, found, where)
    else:
        return _shown(request, found, CheckForm(has_found=bool(found.found)))
    return redirect("circles:releases", circle_id)


def _checked(request: HttpRequest, found: Release, where: dict[str, Any]) -> HttpResponse:
    form = CheckForm(request.POST, has_found=bool(found.found))
    if form.is_valid():
        try:
            releasing.check(**where, answers=form.answers, has_looked=bool(form.cleaned_data.get("looked")))
        except (NotFound, Conflict):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Thank you. Now somebody else of the circle says yes or no."))
            return redirect("circles:release", found.circle.id, found.item.id)
    return _shown(request, found, form)


def _shown(request: HttpRequest, found: Release, form: CheckForm) -> HttpResponse:
    context = {"release": found, "circle": found.circle, "form": form, "questions": QUESTIONS.values()}
    return render(request, "circles/releasing/item.html", context, status=400 if form.errors else 200)
