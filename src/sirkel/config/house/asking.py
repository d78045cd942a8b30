"""Who asks for a page about the whole installation."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person
from sirkel.people.queries.roles import administers_anything, keeps_house
from sirkel.people.views.asking import signed_in


def administrator(request: HttpRequest, *, at: datetime) -> Person:
    """Return who asks, an administrator of anything.

    Raises:
        NotFound: ``house.none`` for anybody else.

    """
    person = signed_in(request)
    if not administers_anything(person, at=at):
        raise _no_such_page()
    return person


def keeper(request: HttpRequest, *, at: datetime) -> Person:
    """Return who asks, who keeps the whole installation.

    Raises:
        NotFound: ``house.none`` for anybody else.

    """
    person = signed_in(request)
    if not keeps_house(person, at=at):
        raise _no_such_page()
    return person


def _no_such_page() -> NotFound:
    return NotFound("house.none", _("There is no such page."))
