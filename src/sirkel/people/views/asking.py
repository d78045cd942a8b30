"""Who asks, by the session."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import NotAllowed
from sirkel.people.models import Person


def signed_in(request: HttpRequest) -> Person:
    """Return who asks.

    Raises:
        NotAllowed: nobody is signed in; pages send people to sign in before they ask this.

    """
    if not isinstance(request.user, Person):
        raise NotAllowed("people.sign_in", _("Sign in first."))
    return request.user
