"""Experience cards: reading them, taking one's own back, holding back what could point to somebody."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound
from sirkel.network.domain import cards
from sirkel.network.forms import CardFilter
from sirkel.network.queries.cards import card_for, cards_visible_to, find_cards, may_hide, may_take_back
from sirkel.people.views.asking import signed_in

CARDS_PER_PAGE = 20


@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """List the cards that the reader may read, filtered; open to everybody."""
    form = CardFilter(request.GET)
    found = find_cards(request.user, **form.chosen)
    page = Paginator(found, CARDS_PER_PAGE).get_page(request.GET.get("page"))
    has_any = page.paginator.count > 0 or cards_visible_to(request.user).exists()
    return render(request, "network/cards.html", {"form": form, "page": page, "has_any": has_any})


@require_safe
def card_page(request: HttpRequest, card_id: uuid.UUID) -> HttpResponse:
    """Show one card with where it comes from; what the reader may not see does not exist."""
    card = card_for(request.user, card_id)
    context = {
        "card": card,
        "may_take_back": may_take_back(request.user, card),
        "may_hide": may_hide(request.user),
    }
    return render(request, "network/card.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, card_id: uuid.UUID) -> HttpResponse:
    """Ask first, then take a card back for the circle it came from."""
    card = card_for(request.user, card_id)
    if not may_take_back(request.user, card):
        raise NotFound("cards.none", _("There is no such card here."))
    if request.method == "POST":
        cards.withdraw(acting=signed_in(request), card_id=card.id, at=clock.now())
        messages.success(request, _("The card is taken back. Its words are gone."))
        return redirect("network:cards")
    return render(request, "network/take_back.html", {"card": card})


@login_required
@require_POST
def hold_back(request: HttpRequest, card_id: uuid.UUID) -> HttpResponseRedirect:
    """Hide the words of a card that could point to somebody."""
    cards.hide(acting=signed_in(request), card_id=card_id, at=clock.now())
    messages.success(request, _("The card is held back. Only coordinators can read it now."))
    return redirect("network:card", card_id=card_id)


@login_required
@require_POST
def show_again(request: HttpRequest, card_id: uuid.UUID) -> HttpResponseRedirect:
    """Show the words of a card again."""
    cards.show_again(acting=signed_in(request), card_id=card_id, at=clock.now())
    messages.success(request, _("The card is shown again."))
    return redirect("network:card", card_id=card_id)
