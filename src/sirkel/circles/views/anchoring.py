"""The readiness check and the leader's commitment."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import anchoring
from sirkel.circles.forms.anchoring import CommentForm, CommitmentForm, ReadinessForm
from sirkel.circles.queries.commitments import commitment_page, suggestion_for
from sirkel.circles.queries.gate import newest_readiness
from sirkel.circles.queries.standing import AROUND, Standing, standing_of
from sirkel.circles.rules.commitment import PROMISES
from sirkel.circles.rules.readiness import read_answers
from sirkel.circles.views.leading import incomplete, who
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, Refused


def way_back(standing: Standing) -> str:
    """Return where this person came from: the circle, else the page of their role."""
    if standing.is_inside:
        return "circle"
    return "leader" if standing.is_leader else "representative"


def _shown(
    request: HttpRequest, name: str, standing: Standing, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"circle": standing.circle, "standing": standing, "way_back": way_back(standing), **more}
    return render(request, f"circles/{name}.html", context, status=status)


def asked_version(request: HttpRequest) -> int:
    """Return the version a form is about.

    Raises:
        Refused: ``form.incomplete`` without one.

    """
    value = request.POST.get("version", "")
    if not value.isascii() or not value.isdigit() or len(value) > len("32000"):
        raise incomplete()
    return int(value)


@require_http_methods(["GET", "POST"])
@login_required
def readiness(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the newest advice and the questions; take in answers. Representatives read the advice."""
    at, person = clock.now(), who(request)
    needs = AROUND if request.method == "GET" else anchoring.WRITERS
    found = standing_of(person=person, circle_id=circle_id, at=at, needs=needs)
    newest = newest_readiness(found.circle)
    form = ReadinessForm(
        request.POST if request.method == "POST" else None, initial=newest.answers if newest else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            anchoring.answer_readiness(
                acting=person,
                circle_id=circle_id,
                answers=form.answers,
                look_again_on=form.cleaned_data["look_again_on"],
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The readiness check is kept."))
            return redirect("circles:readiness", circle_id)
    reading = read_answers(newest.answers) if newest else None
    may_answer = bool(found.parts & anchoring.WRITERS)
    return _shown(
        request,
        "readiness",
        found,
        422 if form.errors else 200,
        form=form if may_answer else None,
        check=newest,
        reading=reading,
    )


@require_GET
@login_required
def commitment(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the newest version: what it costs, what is promised, who signed, and what was said to it."""
    at = clock.now()
    found = standing_of(person=who(request), circle_id=circle_id, at=at)
    page = commitment_page(found, at=at)
    comment_form = CommentForm(initial={"version": page.newest.version}) if page.newest else None
    return _shown(request, "commitment", found, page=page, comment_form=comment_form)


@require_http_methods(["GET", "POST"])
@login_required
def commitment_change(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Write the next version, beginning with the newest one or with what the circle plans."""
    at, person = clock.now(), who(request)
    found = standing_of(person=person, circle_id=circle_id, at=at, needs=anchoring.WRITERS)
    page = commitment_page(found, at=at)
    initial = CommitmentForm.initial_of(page.newest) if page.newest else suggestion_for(found.circle)
    data = request.POST.copy() if request.method == "POST" else None
    form = CommitmentForm(data, initial=initial)
    other = None
    if data is not None and form.is_valid():
        try:
            anchoring.write_commitment(
                acting=person,
                circle_id=circle_id,
                plan=form.plan(lang=get_language() or "en"),
                base=form.cleaned_data["base"],
                at=at,
            )
        except Conflict as conflict:
            form.refuse(conflict)
            data["base"], other = str(conflict.facts["version"]), commitment_page(found, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The version is kept. It counts when the leader has signed it."))
            return redirect("circles:commitment", circle_id)
    status = 409 if other else 422 if form.errors else 200
    return _shown(
        request,
        "commitment_form",
        found,
        status,
        form=form,
        page=page,
        other=other,
        promises=PROMISES.values(),
    )


@require_POST
@login_required
def commitment_sign(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Sign the version that was read."""
    at, person = clock.now(), who(request)
    # Whoever has no part in the circle learns nothing of it, not even what their form lacks.
    standing_of(person=person, circle_id=circle_id, at=at)
    anchoring.sign_commitment(acting=person, circle_id=circle_id, version=asked_version(request), at=at)
    messages.success(request, _("Signed. The circle can count on it."))
    return redirect("circles:commitment", circle_id)


@require_POST
@login_required
def commitment_comment(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Take in what a representative says to a version."""
    at, person = clock.now(), who(request)
    found = standing_of(person=person, circle_id=circle_id, at=at)
    form = CommentForm(request.POST)
    if not found.is_representative or form.is_valid():
        anchoring.comment_on_commitment(
            acting=person,
            circle_id=circle_id,
            version=asked_version(request),
            text=request.POST.get("text", ""),
            at=at,
        )
        messages.success(request, _("Your comment stands beside the commitment."))
        return redirect("circles:commitment", circle_id)
    return _shown(request, "commitment", found, 422, page=commitment_page(found, at=at), comment_form=form)
