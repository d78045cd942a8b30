"""What the head of every page is filled with."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from sirkel.kernel import clock
from sirkel.people.queries.places import Place, places_of


def places(request: HttpRequest) -> dict[str, object]:
    """Return the reader's places; looked up when a page shows them, and by no other page."""

    def found() -> list[Place]:
        return places_of(getattr(request, "user", None), path=request.path, at=clock.now())

    return {"places": SimpleLazyObject(found)}
