"""Beginning a circle, in four short steps that remember everything."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sirkel.circles.domain.series import begin_series
from sirkel.circles.forms.draft import STEPS, Draft
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed
from sirkel.people.models import Person
from sirkel.people.queries.roles import workplaces_where_facilitator

_ADDRESSES = {
    "circle": "circles:new",
    "people": "circles:new-people",
    "series": "circles:new-series",
    "check": "circles:new-check",
}


@require_http_methods(["GET", "POST"])
@login_required
def wizard(request: HttpRequest, step: str) -> HttpResponse:
    """Show a step, keep what is typed in it, go on when it is right, back in any case."""
    person, at = cast("Person", request.user), clock.now()
    if not workplaces_where_facilitator(person, at=at).exists():
        raise NotAllowed(
            "circles.workplace",
            _("You cannot begin circles yet."),
            _("Ask whoever invited you to make you a facilitator at your workplace."),
        )
    draft = Draft(request.session, person=person, language=get_language() or "en", at=at)
    wrong = draft.first_wrong(before=step)
    if wrong:
        return redirect(_ADDRESSES[wrong])
    if request.method == "GET":
        return _page(request, draft, step)
    return _sent(request, draft, step)


def _sent(request: HttpRequest, draft: Draft, step: str) -> HttpResponse:
    """Keep what was typed, and go where the button says."""
    do = request.POST.get("do", "")
    if do == "drop":
        draft.drop()
        return redirect("circles:list")
    draft.keep(step, request.POST)
    if do == "back":
        return redirect(_ADDRESSES[STEPS[max(STEPS.index(step) - 1, 0)]])
    if step == "check":
        return _check(request, draft, do)
    if not getattr(draft, step).is_valid():
        return _page(request, draft, step, status=422)
    return redirect(_ADDRESSES[STEPS[STEPS.index(step) + 1]])


def _check(request: HttpRequest, draft: Draft, do: str) -> HttpResponse:
    is_right = all(row.is_valid() for row in draft.rows)
    if do not in {"publish", "keep"} or not is_right:
        return _page(request, draft, "check", status=200 if is_right else 422)
    circle = begin_series(acting=draft.person, plan=draft.plan, publish=do == "publish", at=draft.at)
    draft.drop()
    count = len(draft.rows)
    if do == "publish":
        said = ngettext(
            "The circle has begun, with %d meeting.", "The circle has begun, with %d meetings.", count
        )
    else:
        said = ngettext("%d meeting is kept as a draft.", "%d meetings are kept as drafts.", count)
    messages.success(request, said % count)
    return redirect("circles:circle", circle.id)


def _page(request: HttpRequest, draft: Draft, step: str, *, status: int = 200) -> HttpResponse:
    context = {
        "step": step,
        "number": STEPS.index(step) + 1,
        "total": len(STEPS),
        "draft": draft,
        "form": None if step == "check" else getattr(draft, step),
    }
    return render(request, f"circles/wizard/{step}.html", context, status=status)
