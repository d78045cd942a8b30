"""Words that wait for two of the circle before they leave its organisation. Seen by the circle's members alone."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import ShareState
from sirkel.circles.models import Circle, Membership, ShareItem
from sirkel.circles.queries.leading import circle_for, circles_led_by
from sirkel.circles.rules.recognition import FOUND
from sirkel.kernel import national_id
from sirkel.kernel.errors import NotFound
from sirkel.people.models import Person


@dataclass(frozen=True)
class Found:
    """Something to look at twice: the words, and what they may be."""

    words: str
    what: object
    must_go: bool


@dataclass(frozen=True)
class Release:
    """Words that wait, as one member sees them.

    ``is_checked`` says that somebody went through the checklist, ``is_own`` that it was this member;
    ``has_another`` whether anybody else with an account belongs to the circle now.
    """

    circle: Circle
    item: ShareItem
    is_led: bool
    is_checked: bool
    is_own: bool
    has_another: bool

    @property
    def found(self) -> list[Found]:
        """What the detector finds in the words."""
        return [
            Found(
                words=self.item.text[one.start : one.end],
                what=FOUND[one.kind.value],
                must_go=one.severity == national_id.Severity.HIGH,
            )
            for one in national_id.find(self.item.text)
        ]

    @property
    def may_check(self) -> bool:
        """Whether this member goes through the checklist now."""
        return self.is_led and not self.is_checked

    @property
    def may_confirm(self) -> bool:
        """Whether this member is the second."""
        return self.is_checked and not self.is_own


def waiting_in(circle: Circle) -> int:
    """Return how many of a circle's words wait for two of it."""
    return ShareItem.objects.filter(circle=circle, state=ShareState.WAITING).count()


def releases_of(*, person: Person, circle_id: uuid.UUID) -> tuple[Circle, list[Release]]:
    """Return a circle and its words that wait, for one of its members.

    Raises:
        NotFound: it does not exist, or not for this person.

    """
    circle = circle_for(person=person, circle_id=circle_id)
    is_led = circles_led_by(person).filter(id=circle.id).exists()
    others = Membership.objects.filter(circle=circle, left_at__isnull=True).exclude(person=person)
    has_another = others.exists()
    waiting = ShareItem.objects.filter(circle=circle, state=ShareState.WAITING).order_by("id")
    return circle, [
        Release(
            circle=circle,
            item=item,
            is_led=is_led,
            is_checked=item.checked_by is not None,
            is_own=item.checked_by == person.id,
            has_another=has_another,
        )
        for item in waiting
    ]


def release_of(*, person: Person, circle_id: uuid.UUID, item_id: uuid.UUID) -> Release:
    """Return one of them.

    Raises:
        NotFound: it does not wait here, or not for this person.

    """
    _circle, found = releases_of(person=person, circle_id=circle_id)
    for release in found:
        if release.item.id == item_id:
            return release
    raise NotFound("release.none", _("There are no such words here."))
