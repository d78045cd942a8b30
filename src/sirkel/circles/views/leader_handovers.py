"""What circles have handed over to a leader: the one approved line of each, and the leader's answer."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sirkel.circles.domain import handover_answers
from sirkel.circles.domain.handover_answers import Mark
from sirkel.circles.enums import HandoverAnswer
from sirkel.circles.forms.handovers import AnswerForm, MarkForm
from sirkel.circles.queries.handovers import handover_for_leader, handovers_for_leader
from sirkel.circles.queries.standing import Part, must_be
from sirkel.circles.views.leading import who
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused


@require_GET
@login_required
def all_(request: HttpRequest) -> HttpResponse:
    """Show a leader every line, the waiting ones first."""
    at = clock.now()
    must_be(who(request), Part.LEADER, at=at)
    lines = handovers_for_leader(person=who(request), at=at)
    return render(request, "circles/handovers/leader_list.html", {"lines": lines})


def _page(
    request: HttpRequest,
    handover_id: uuid.UUID,
    *,
    form: AnswerForm | None = None,
    marked: tuple[uuid.UUID, MarkForm] | None = None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    line = handover_for_leader(person=who(request), handover_id=handover_id, at=clock.now())
    obstacles = [
        (one, marked[1] if marked and marked[0] == one.id else MarkForm(prefix=one.id.hex))
        for one in line.named
    ]
    context: dict[str, object] = {
        "line": line,
        "form": form or AnswerForm(is_after_later=line.comes_back_on is not None),
        "obstacles": obstacles,
    }
    status = 400 if form is not None or marked is not None else 200
    if conflict:
        sent = conflict.facts["sent"]
        context |= {
            "conflict": conflict,
            "sent_label": HandoverAnswer(sent["answer"]).label,
            "sent_reason": sent["reason"],
        }
        status = conflict.status
    return render(request, "circles/handovers/leader_line.html", context, status=status)


@require_GET
@login_required
def line(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """Show a leader one line. To look writes nothing."""
    return _page(request, handover_id)


@require_POST
@login_required
def seen(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """Let the circle know that the line is read."""
    handover_answers.mark_seen(acting=who(request), handover_id=handover_id, at=clock.now())
    messages.success(request, _("The circle sees that you have read it."))
    return redirect("circles:leader-handover", handover_id)


@require_POST
@login_required
def answer(request: HttpRequest, handover_id: uuid.UUID) -> HttpResponse:
    """Answer a line."""
    line = handover_for_leader(person=who(request), handover_id=handover_id, at=clock.now())
    form = AnswerForm(request.POST, is_after_later=line.comes_back_on is not None)
    if form.is_valid():
        try:
            handover_answers.answer_handover(
                acting=who(request), handover_id=handover_id, at=clock.now(), **form.cleaned_data
            )
        except Conflict as conflict:
            return _page(request, handover_id, conflict=conflict)
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The circle can read your answer now."))
            return redirect("circles:leader-handover", handover_id)
    return _page(request, handover_id, form=form)


@require_POST
@login_required
def mark(request: HttpRequest, handover_id: uuid.UUID, obstacle_id: uuid.UUID) -> HttpResponse:
    """Take in what becomes of something in the way."""
    handover_for_leader(person=who(request), handover_id=handover_id, at=clock.now())
    form = MarkForm(request.POST, prefix=obstacle_id.hex)
    if form.is_valid():
        try:
            handover_answers.mark_obstacle(
                acting=who(request),
                handover_id=handover_id,
                obstacle_id=obstacle_id,
                mark=Mark(**form.cleaned_data),
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The circle sees what becomes of it."))
            return redirect("circles:leader-handover", handover_id)
    return _page(request, handover_id, marked=(obstacle_id, form))
