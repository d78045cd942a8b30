"""Says who a program is, by the key that it shows. It stands before everything that asks who somebody is."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from sirkel.api.problems import no_such_key, problem, too_many
from sirkel.circles.views.asking import address_of
from sirkel.kernel import clock
from sirkel.kernel.limits import Limit, asker_of_address
from sirkel.people.domain.api_keys import keep_use
from sirkel.people.models import ApiKey
from sirkel.people.queries.api_keys import key_shown

HERE = "/api/"
_SCHEME, _KEY = "bearer", "api_key"

# A key is too long to be guessed; this keeps a broken program from asking for ever.
WRONG_KEYS = Limit("api:wrong", most=30, within_seconds=600, wait_seconds=600)
REQUESTS = Limit("api:requests", most=1200, within_seconds=600, wait_seconds=60)


class ByKey:
    """Let the API know its asker by a key alone: no cookie counts there, so that no other site can ask as somebody.

    Without a key the asker is a stranger, who may read what is for everybody. A key that opens nothing is refused
    wherever it is shown, so that a program learns of it at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as to the owner of the key."""
        if not request.path.startswith(HERE):
            return self.get_response(request)
        request.COOKIES.clear()
        request.user = AnonymousUser()
        shown = request.headers.get("Authorization")
        if shown is not None:
            refused = self._recognise(request, shown)
            if refused is not None:
                return refused
        response = self.get_response(request)
        patch_vary_headers(response, ["Authorization"])
        return response

    def _recognise(self, request: HttpRequest, shown: str) -> HttpResponseBase | None:
        asker = asker_of_address(address_of(request))
        if WRONG_KEYS.must_wait(asker):
            return problem(too_many())
        scheme, _space, secret = shown.partition(" ")
        at = clock.now()
        key = key_shown(secret.strip(), at=at) if scheme.lower() == _SCHEME else None
        if key is None:
            WRONG_KEYS.miss(asker)
            return problem(no_such_key())
        if REQUESTS.must_wait(key.id.hex):
            return problem(too_many())
        REQUESTS.miss(key.id.hex)
        keep_use(key, at=at)
        request.user = key.person
        setattr(request, _KEY, key)
        return None


def key_of(request: HttpRequest) -> ApiKey | None:
    """Return the key that a request was made with."""
    return getattr(request, _KEY, None)
