"""Signing in as an invented person, in the demo alone."""

from django.conf import settings
from django.core import signing
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person
from sirkel.people.queries.demo import SALT, sign_in_address

__all__ = ["demo_person_of", "require_demo", "safe_next", "sign_in_address"]


def require_demo() -> None:
    """Refuse what only the demo has, everywhere else.

    Raises:
        NotFound: outside the demo.

    """
    if not settings.DEMO:
        raise NotFound("demo.none", _("There is no such page."))


def demo_person_of(token: str) -> Person:
    """Return the invented person of a demo address.

    Raises:
        NotFound: outside the demo, for a forged address, and for anybody who is not invented.

    """
    require_demo()
    gone = NotFound("demo.none", _("There is no such page."))
    try:
        person = Person.objects.filter(
            id=signing.loads(token, salt=SALT), is_demo=True, is_active=True
        ).first()
    except signing.BadSignature as error:
        raise gone from error
    if person is None:
        raise gone
    return person


def safe_next(to: str) -> str:
    """Return where to go after signing in: a path of this site, else the circles."""
    return (
        to if to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None) else "/circles/"
    )
