"""Which operations need a key, and what a key may do."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from sirkel.api.middleware import key_of
from sirkel.kernel import clock
from sirkel.kernel.errors import NotAllowed
from sirkel.people.models import Person
from sirkel.people.queries.api_keys import is_good_enough


class WithKey(HttpBearer):
    """Somebody's key. Whose it is has been found out before, by ``middleware.ByKey``; here it is asked for."""

    openapi_description = (
        "A key that its owner made under “How I sign in”; it reads as its owner and never more."
    )

    def __call__(self, request: HttpRequest) -> Person | None:
        """Return the key's owner; None without a key, or where the owner lost the second step that they need."""
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:  # noqa: ARG002 -- read before
        """Return the key's owner, see ``__call__``."""
        key = key_of(request)
        if key is None or not is_good_enough(key.person, at=clock.now()):
            return None
        return key.person


def owner(request: HttpRequest) -> Person:
    """Return whose key it is, in an operation that needs one."""
    assert isinstance(request.user, Person)  # noqa: S101 -- WithKey stands before every operation that asks
    return request.user


def reader(request: HttpRequest) -> object:
    """Return who reads what is for everybody too: the key's owner, a stranger without a key or a good enough one.

    A key that is not good enough any more is worth as much as none: it is no way around the second step.
    """
    key = key_of(request)
    return key.person if key is not None and is_good_enough(key.person, at=clock.now()) else None


def must_answer(request: HttpRequest) -> Person:
    """Return whose key it is, where it may do more than read.

    Raises:
        NotAllowed: ``keys.reads_only``.

    """
    key = key_of(request)
    if key is None or not key.may_answer:
        raise NotAllowed(
            "keys.reads_only",
            _("This key only reads."),
            _("Its owner can make one that may also answer."),
        )
    return owner(request)
