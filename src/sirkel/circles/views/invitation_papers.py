"""A circle's invitation on paper: the poster and the cards, as a page and as a file."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sirkel.circles.queries.forming import InvitationPage, Offer, invitation_page, offer_of
from sirkel.circles.views.leading import who
from sirkel.exchange.invitation import (
    CARDS_PER_SHEET,
    Invitation,
    invitation_cards_pdf,
    invitation_poster_pdf,
)
from sirkel.exchange.qr import qr_drawing
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict

_LANGUAGES = dict(settings.LANGUAGES)


def _asked(request: HttpRequest, circle_id: uuid.UUID) -> tuple[InvitationPage, str]:
    """Return the open invitation of the asker's circle and the language of the paper: any that is spoken here."""
    page = invitation_page(person=who(request), circle_id=circle_id)
    if not page.is_open:
        raise Conflict("invitations.closed", _("The invitation is not open."), _("Open it first."))
    asked = request.GET.get("lang", "")
    return page, asked if asked in _LANGUAGES else page.circle.language


def lines_of(offer: Offer) -> list[str]:
    """Return in short sentences what an invitation means for whoever is asked."""
    lines = [_("It is voluntary, and you may leave whenever you want.")]
    if offer.is_paid:
        lines.append(_("It is working time. Your leader has signed that."))
    else:
        lines.append(_("It is meant to be working time. Your leader has not signed yet."))
    if offer.meetings:
        lines.append(
            ngettext(
                "%(n)d meeting of %(minutes)d minutes.",
                "%(n)d meetings of %(minutes)d minutes.",
                offer.meetings,
            )
            % {"n": offer.meetings, "minutes": offer.minutes}
        )
    if offer.is_joint:
        lines.append(_("For employees. Leaders come to a few meetings, and you know which."))
    elif offer.kind == "mixed":
        lines.append(_("Employees and leaders together: the group has agreed to it."))
    else:
        lines.append(_("For leaders."))
    lines.append(_("What you say stays in the circle. Your leader never sees who said what."))
    return lines


def _made(page: InvitationPage, language: str) -> Invitation:
    circle = page.circle
    return Invitation(
        circle_name=circle.name,
        workplace=circle.workplace.name,
        purpose=circle.purpose,
        lines=lines_of(offer_of(circle, at=clock.now())),
        qr_url=settings.SITE_URL + reverse("circles:invited", args=[page.address]),
        language=language,
        lang=circle.language,
        labels={
            "title": _("Do you want to be in a learning circle?"),
            "qr": _("QR code that opens the invitation on your phone"),
            "ask": _("Read more, and say yes or no thanks. Point your camera at the square."),
            "promise": _("No thanks is a good answer too. Nobody sees it."),
            "cards": _("Invitation cards"),
        },
    )


def _page(request: HttpRequest, circle_id: uuid.UUID, name: str) -> HttpResponse:
    page, language = _asked(request, circle_id)
    with translation.override(language):
        made = _made(page, language)
        context = {
            "circle": page.circle,
            "paper": made,
            "qr": qr_drawing(made.qr_url),
            "language": language,
            "languages": list(_LANGUAGES),
            "cards": range(CARDS_PER_SHEET),
        }
        return render(request, f"circles/forming/{name}.html", context)


@require_safe
@login_required
def poster(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the poster as it will be printed."""
    return _page(request, circle_id, "poster")


@require_safe
@login_required
def cards(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Show the cards as they will be printed."""
    return _page(request, circle_id, "cards")


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
@login_required
def poster_file(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Send the poster as a PDF."""
    page, language = _asked(request, circle_id)
    with translation.override(language):
        return _file(invitation_poster_pdf(_made(page, language), at=clock.now()), "invitation")


@require_safe
@login_required
def cards_file(request: HttpRequest, circle_id: uuid.UUID) -> HttpResponse:
    """Send the cards as a PDF."""
    page, language = _asked(request, circle_id)
    with translation.override(language):
        return _file(invitation_cards_pdf(_made(page, language), at=clock.now()), "invitation-cards")
