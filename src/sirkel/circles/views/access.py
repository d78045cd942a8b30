"""Who gets to take part: the leader's numbers, the tap on the phone, and what the representative sees."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sirkel.circles.domain.access import answer_access, say_staff
from sirkel.circles.forms.access import StaffForm
from sirkel.circles.models import Meeting
from sirkel.circles.queries.access import access_page, period_asked, staff_facts, workplace_around
from sirkel.circles.queries.standing import Part
from sirkel.circles.rules.access import GROUPS, end_of
from sirkel.circles.views.hand import ASKED_COOKIE
from sirkel.circles.views.leading import who
from sirkel.circles.views.participant import device_of
from sirkel.circles.views.posting import act, done
from sirkel.kernel import clock


@require_http_methods(["GET", "POST"])
@login_required
def staff(request: HttpRequest, workplace_id: uuid.UUID) -> HttpResponse:
    """Ask a leader how many work which shift and under which contract."""
    at, person = clock.now(), who(request)
    workplace = workplace_around(person=person, workplace_id=workplace_id, part=Part.LEADER, at=at)
    facts = staff_facts(workplace)
    form = StaffForm(request.POST if request.method == "POST" else None, sizes=facts.sizes if facts else None)
    if request.method == "POST" and form.is_valid():
        say_staff(acting=person, workplace_id=workplace_id, sizes=form.sizes, at=at)
        messages.success(request, _("Kept."))
        return redirect("circles:leader")
    context = {"workplace": workplace, "form": form, "facts": facts}
    return render(request, "circles/staff.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def access(request: HttpRequest, workplace_id: uuid.UUID) -> HttpResponse:
    """Show a representative who gets to take part, by half-year and in bands."""
    page = access_page(person=who(request), workplace_id=workplace_id, at=clock.now())
    return render(request, "circles/access.html", {"page": page, "workplace": page.workplace})


@act("access")
def answer(request: HttpRequest, meeting_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Take in a tap, or that somebody would rather not; either way the phone is not asked again this half-year."""
    groups = {kind: request.POST[kind] for kind in GROUPS if request.POST.get(kind)}
    skips = request.POST.get("do") == "skip"
    answer_access(
        meeting_id=meeting_id,
        round_id=round_id,
        device=device_of(request),
        groups={} if skips else groups,
        at=clock.now(),
    )
    response = done(request, meeting_id, {"state": "kept"}, say="" if skips else _("Thank you. Counted."))
    keep_asked(response, meeting=Meeting.objects.get(id=meeting_id))
    return response


def keep_asked(response: HttpResponse, *, meeting: Meeting) -> None:
    """Let the phone know until when it need not be asked; the cookie says nothing else."""
    at = clock.now()
    period = period_asked(meeting=meeting, at=at)
    if period:
        response.set_cookie(
            ASKED_COOKIE,
            period,
            max_age=((end_of(period) - at.date()).days + 1) * 24 * 3600,
            httponly=True,
            secure=settings.SITE_IS_SECURE,
            samesite="Lax",
            path="/m/",
        )
