"""The places of this room."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sirkel.people.queries.places import Asker, Place


def network_places(_asker: Asker) -> Iterator[Place]:
    """Yield the experience cards: each reader sees there those within their reach."""
    yield Place(_("Experience cards"), "/network/cards/", 40, ("/network/",))
