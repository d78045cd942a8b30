"""Writing recommendations: the list of drafts, the editor, a clause with its cards."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.network.queries.cards import find_cards
from sirkel.people.views.asking import signed_in
from sirkel.policy.domain import recommendations
from sirkel.policy.enums import Confidence
from sirkel.policy.forms import CardSearch, ClauseForm, LinkForm, RecommendationForm, say
from sirkel.policy.queries.recommendations import (
    clause_of,
    must_write,
    recommendation_for,
    recommendations_visible_to,
)
from sirkel.policy.queries.support import support_of, view_of

CARDS_OFFERED = 12


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """List every recommendation for its writers, and begin a new one."""
    person = signed_in(request)
    must_write(person, at=clock.now())
    form = RecommendationForm(request.POST or None, initial={"lang": request.LANGUAGE_CODE})
    if form.is_valid():
        try:
            made = recommendations.start(acting=person, at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            say(form, "title", refused)
        else:
            return redirect("policy:editor", number=made.number)
    views = [view_of(found, person) for found in recommendations_visible_to(person)]
    return render(request, "policy/desk.html", {"form": form, "views": views})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest, number: int) -> HttpResponse:
    """Show a recommendation to its writers and take in a new clause."""
    person = signed_in(request)
    must_write(person, at=clock.now())
    recommendation = recommendation_for(person, number)
    form = ClauseForm(request.POST or None, initial={"lang": recommendation.lang})
    if form.is_valid():
        try:
            clause = recommendations.write_clause(
                acting=person, number=number, at=clock.now(), **form.cleaned_data
            )
        except Refused as refused:
            say(form, "text", refused)
        else:
            return redirect("policy:clause", number=number, letter=clause.letter)
    context = {"recommendation": recommendation, "view": view_of(recommendation, person), "form": form}
    return render(request, "policy/editor.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def title(request: HttpRequest, number: int) -> HttpResponse:
    """Change a draft's title and language."""
    person = signed_in(request)
    must_write(person, at=clock.now())
    recommendation = recommendation_for(person, number)
    form = RecommendationForm(
        request.POST or None, initial={"title": recommendation.title, "lang": recommendation.lang}
    )
    if form.is_valid():
        try:
            recommendations.rename(acting=person, number=number, at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            say(form, "title", refused)
        else:
            return redirect("policy:editor", number=number)
    return render(request, "policy/title.html", {"recommendation": recommendation, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clause_page(request: HttpRequest, number: int, letter: str) -> HttpResponse:
    """Show a clause, what it rests on, and cards it could rest on; take in changed words."""
    person = signed_in(request)
    must_write(person, at=clock.now())
    recommendation = recommendation_for(person, number)
    clause = clause_of(recommendation, letter)
    form = ClauseForm(request.POST or None, initial={"text": clause.text, "lang": clause.lang})
    if form.is_valid():
        try:
            recommendations.write_clause(
                acting=person, number=number, letter=letter, at=clock.now(), **form.cleaned_data
            )
        except Refused as refused:
            say(form, "text", refused)
        else:
            messages.success(request, _("The clause is kept."))
            return redirect("policy:clause", number=number, letter=letter)
    search = CardSearch(request.GET)
    words = search.cleaned_data.get("q", "") if search.is_valid() else ""
    view = support_of(clause, person)
    linked = [support.card.id for support in view.supports]
    found = find_cards(person, words=words).exclude(id__in=linked)
    context = {
        "recommendation": recommendation,
        "view": view,
        "form": form,
        "search": search,
        "offers": [(card, LinkForm(auto_id=f"card-{card.id}-%s")) for card in found[:CARDS_OFFERED]],
        "has_more": found.count() > CARDS_OFFERED,
    }
    return render(request, "policy/clause.html", context)


@login_required
@require_POST
def strike(request: HttpRequest, number: int, letter: str) -> HttpResponseRedirect:
    """Take a clause out of a draft."""
    recommendations.strike_clause(acting=signed_in(request), number=number, letter=letter, at=clock.now())
    messages.success(request, _("The clause is struck."))
    return redirect("policy:editor", number=number)


@login_required
@require_POST
def rest_on(request: HttpRequest, number: int, letter: str) -> HttpResponseRedirect:
    """Let a clause rest on a card."""
    recommendations.rest_on(
        acting=signed_in(request),
        number=number,
        letter=letter,
        card_id=_card_id(request),
        confidence=Confidence(_word(request, "confidence", Confidence.values)),
        at=clock.now(),
    )
    messages.success(request, _("The clause rests on this card now."))
    return redirect("policy:clause", number=number, letter=letter)


@login_required
@require_POST
def let_go(request: HttpRequest, number: int, letter: str) -> HttpResponseRedirect:
    """Let a clause rest on a card no longer."""
    recommendations.let_go(
        acting=signed_in(request), number=number, letter=letter, card_id=_card_id(request), at=clock.now()
    )
    messages.success(request, _("The clause rests on this card no longer."))
    return redirect("policy:clause", number=number, letter=letter)


@login_required
@require_POST
def turn(request: HttpRequest, number: int) -> HttpResponse:
    """Publish, take back to revise, or retire, as the pressed button says; a refusal is told on the editor."""
    verbs = {
        "publish": (recommendations.publish, _("Published. Everybody can read it now.")),
        "unpublish": (recommendations.unpublish, _("Taken back. Its page says that it is being revised.")),
        "retire": (recommendations.retire, _("Retired. Its page says that it is no longer recommended.")),
    }
    verb, said = verbs[_word(request, "to", list(verbs))]
    try:
        verb(acting=signed_in(request), number=number, at=clock.now())
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        messages.error(request, f"{refused.message} {refused.hint}")
    else:
        messages.success(request, said)
    return redirect("policy:editor", number=number)


def _card_id(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("card", ""))
    except ValueError as error:
        raise NotFound("cards.none", _("There is no such card here.")) from error


def _word(request: HttpRequest, name: str, known: list[str]) -> str:
    word = request.POST.get(name, "")
    if word not in known:
        raise Refused("form.choice", _("Choose one of the possibilities."))
    return word
