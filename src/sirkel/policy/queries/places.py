"""The places of this room."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sirkel.people.enums import Role
from sirkel.people.queries.places import Asker, Place


def policy_places(asker: Asker) -> Iterator[Place]:
    """Yield the recommendations, which everybody reads, and the desk of those who write them."""
    yield Place(_("Recommendations"), "/recommendations/", 50)
    if Role.POLICY in asker.roles:
        yield Place(_("Write recommendations"), "/policy/", 60)
