"""Ground rules and expectations: pages of the circle's members alone."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sirkel.circles.domain import agreeing
from sirkel.circles.forms.anchoring import AgreeForm, AgreementForm, ExpectationForm
from sirkel.circles.queries.agreements import agreement_page, expectation_page
from sirkel.circles.views.anchoring import asked_version
from sirkel.circles.views.leading import who
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, Refused


@require_GET
@login_required
def agreement(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the ground rules, and what can be done with them now."""
    page = agreement_page(person=who(request), circle_id=circle_id)
    form = AgreeForm(initial={"version": page.newest.version}) if page.newest else None
    return render(request, "circles/agreement.html", {"page": page, "circle": page.circle, "form": form})


@require_http_methods(["GET", "POST"])
@login_required
def agreement_change(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Write the next version. Whoever comes second sees both texts, and loses none."""
    person = who(request)
    page = agreement_page(person=person, circle_id=circle_id)
    data = request.POST.copy() if request.method == "POST" else None
    form = AgreementForm(data, initial={"base": page.version, "items": page.text})
    other, status = None, 200
    if data is not None and form.is_valid():
        try:
            agreeing.write_agreement(
                acting=person,
                circle_id=circle_id,
                items=form.lines,
                lang=get_language() or "en",
                base=form.cleaned_data["base"],
                at=clock.now(),
            )
        except Conflict as conflict:
            form.refuse(conflict)
            data["base"] = str(conflict.facts["version"])
            other = agreement_page(person=person, circle_id=circle_id).newest
        except Refused as refused:
            if refused.code == "circles.over":
                raise
            form.add_error("items", f"{refused.message} {refused.hint}".strip())
        else:
            messages.success(request, _("The ground rules are kept. Agree on them together."))
            return redirect("circles:agreement", circle_id)
    if form.errors:
        status = 409 if other else 422
    context = {"page": page, "circle": page.circle, "form": form, "other": other}
    return render(request, "circles/agreement_form.html", context, status=status)


@require_POST
@login_required
def agree(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Keep how many agreed."""
    person = who(request)
    page = agreement_page(person=person, circle_id=circle_id)
    form = AgreeForm(request.POST)
    if page.is_led and not form.is_valid():
        context = {"page": page, "circle": page.circle, "form": form}
        return render(request, "circles/agreement.html", context, status=422)
    agreeing.agree(
        acting=person,
        circle_id=circle_id,
        version=asked_version(request),
        count=form.cleaned_data.get("count") or 0,
        at=clock.now(),
    )
    messages.success(request, _("Agreed. You can open the ground rules again whenever you want."))
    return redirect("circles:agreement", circle_id)


@require_POST
@login_required
def agreement_reopen(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Open the ground rules again."""
    person = who(request)
    agreement_page(person=person, circle_id=circle_id)
    agreeing.reopen_agreement(
        acting=person, circle_id=circle_id, version=asked_version(request), at=clock.now()
    )
    messages.success(request, _("The ground rules are open again."))
    return redirect("circles:agreement", circle_id)


@require_http_methods(["GET", "POST"])
@login_required
def expectations(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show what the circle expects, and take in one more."""
    person = who(request)
    page = expectation_page(person=person, circle_id=circle_id)
    form = ExpectationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        agreeing.add_expectation(
            acting=person,
            circle_id=circle_id,
            text=form.cleaned_data["text"],
            lang=get_language() or "en",
        )
        messages.success(request, _("Written down. It is taken out again at the last meeting."))
        return redirect("circles:expectations", circle_id)
    context = {"page": page, "circle": page.circle, "form": form}
    return render(request, "circles/expectations.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def expectation_away(request: HttpRequest, circle_id: uuid.UUID, expectation_id: uuid.UUID) -> HttpResponse:
    """Take an expectation away."""
    agreeing.take_expectation_away(acting=who(request), circle_id=circle_id, expectation_id=expectation_id)
    messages.success(request, _("Taken away."))
    return redirect("circles:expectations", circle_id)


@require_POST
@login_required
def expectation_back(request: HttpRequest, circle_id: uuid.UUID, expectation_id: uuid.UUID) -> HttpResponse:
    """Keep what became of an expectation."""
    agreeing.look_back_at_expectation(
        acting=who(request),
        circle_id=circle_id,
        expectation_id=expectation_id,
        outcome=request.POST.get("outcome", ""),
        words=request.POST.get("words", ""),
    )
    messages.success(request, _("Kept."))
    return redirect("circles:expectations", circle_id)
