"""The places of this room: my circles, the leader's page, the representative's, and one's private log."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sirkel.circles.models import Membership
from sirkel.circles.queries.keeping import kept
from sirkel.people.enums import Role
from sirkel.people.queries.places import Asker, Place

_WORK_ELSEWHERE = frozenset(
    {Role.LEADER, Role.UNION, Role.COORDINATOR, Role.POLICY, Role.RESEARCHER, Role.ADMINISTRATOR}
)


def circle_places(asker: Asker) -> Iterator[Place]:
    """Yield what somebody has in this room. "My circles" stands for members, and for whoever has no other work here."""
    is_member = Membership.objects.filter(
        kept("circle__", at=asker.at), person=asker.person, left_at__isnull=True
    ).exists()
    # A circle's own pages belong to the first of these that somebody has: a leader comes to them from the leader's page.
    rest: tuple[str, ...] = ("/circles/", "/meetings/")
    if is_member or Role.FACILITATOR in asker.roles or not asker.roles & _WORK_ELSEWHERE:
        yield Place(_("My circles"), "/circles/", 10, rest)
        rest = ()
    if Role.LEADER in asker.roles:
        yield Place(_("Where I lead"), "/leader/", 20, ("/leader/", *rest))
        rest = ()
    if Role.UNION in asker.roles:
        yield Place(_("Where I guard"), "/representative/", 30, ("/representative/", *rest))
    if Role.FACILITATOR in asker.roles:
        yield Place(_("My log"), "/me/log/", 80, ("/me/log",))
