"""Programs with keys, as tests need them."""

from django.test import Client

from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.domain.api_keys import make_key
from sirkel.people.models import ApiKey, Person


def new_key(person: Person, **more: object) -> tuple[ApiKey, str]:
    """Return a key of somebody's and its secret: for 90 days, reading only, unless told otherwise."""
    given = {"label": "Report", "days": 90, "may_answer": False, "at": clock.now(), "key_id": new_id()}
    return make_key(acting=person, **(given | more))


def program(person: Person | None, *, secret: str = "", **more: object) -> Client:
    """Return a program with a new key of somebody's, with a secret, or with none."""
    if person is not None:
        _key, secret = new_key(person, **more)
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    return Client(headers={"accept-language": "en", **headers})
