"""Recommendations for everybody: what is advised, how strong it is, and the way down."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sirkel.network.queries.cards import card_for
from sirkel.policy.queries.recommendations import (
    recommendation_for,
    recommendations_visible_to,
    writes_as,
)
from sirkel.policy.queries.support import numbers_resting_on, open_view_of, view_of


@require_safe
def recommendation_list(request: HttpRequest) -> HttpResponse:
    """List what is recommended; with ``?card=`` only what rests on a card that the reader may read."""
    found = recommendations_visible_to(request.user).exclude(version=0)
    card = None
    if card_id := _card_id(request):
        card = card_for(request.user, card_id)
        found = found.filter(number__in=numbers_resting_on(card.id, request.user))
    views = [view_of(recommendation, request.user) for recommendation in found]
    context = {"views": views, "card": card, "is_writer": writes_as(request.user) is not None}
    return render(request, "policy/recommendations.html", context)


def _card_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("card", ""))
    except ValueError:
        return None


@require_safe
def recommendation_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a recommendation with the way down to its cards, no further than the reader may see."""
    recommendation = recommendation_for(request.user, number)
    is_writer = writes_as(request.user) is not None
    address = settings.SITE_URL + reverse("policy:recommendation", args=[number])
    context: dict[str, object] = {
        "recommendation": recommendation,
        "is_writer": is_writer,
        "address": address,
    }
    context["view"] = open_view_of(recommendation, request.user)
    if context["view"] is None:
        return render(request, "policy/being_revised.html", context)
    return render(request, "policy/recommendation.html", context)
