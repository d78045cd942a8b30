"""What people leave for the next meeting: a challenge or a small story, unsigned unless they sign it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import CircleState
from sirkel.circles.models import Challenge, ChallengeInbox, Circle, Meeting
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.rules.client_ids import client_hash
from sirkel.kernel import audit
from sirkel.kernel.errors import NotFound, Refused
from sirkel.people.domain.erasing import delete_for_good
from sirkel.people.models import Person

MOST_WORDS, MOST_NAME = 500, 40
_OVER = {CircleState.CLOSED, CircleState.ENDED_EARLY}


@dataclass(frozen=True)
class Story:
    """What somebody leaves. ``signed_name`` is empty unless the writer wants to be asked about it."""

    client_id: uuid.UUID
    text: str
    lang: str
    signed_name: str = ""
    is_sure: bool = False


def leave_challenge(*, circle: Circle, story: Story) -> Challenge:
    """Leave something for the circle's next meeting; the same client id again corrects it while it waits.

    Without ``acting`` on purpose: nothing that is kept says who left it, unless its writer signs.

    Raises:
        Refused: ``challenges.over`` when the circle is over, ``challenges.brought`` when it was already taken
            to a meeting, and as for notes.

    """
    if circle.state in _OVER:
        raise Refused("challenges.over", _("This circle is over."), status=409)
    words = {
        "text": words_for_circle(story.text, most=MOST_WORDS, is_sure=story.is_sure),
        "signed_name": words_for_circle(story.signed_name, most=MOST_NAME, may_be_empty=True),
        "lang": story.lang,
    }
    with transaction.atomic():
        challenge, _made = Challenge.objects.get_or_create(
            circle=circle, client_hash=client_hash(story.client_id), defaults=words
        )
        if challenge.meeting_id:
            raise Refused("challenges.brought", _("A meeting has already taken it up."), status=409)
        Challenge.objects.filter(id=challenge.id).update(**words)
    challenge.refresh_from_db()
    return challenge


def take_back(*, circle: Circle, client_id: uuid.UUID) -> bool:
    """Take back what waits, for whoever holds its id; return whether there was something."""
    waiting = Challenge.objects.filter(circle=circle, meeting=None, client_hash=client_hash(client_id))
    return delete_for_good(waiting)


def remove_challenge(*, acting: Person, circle_id: uuid.UUID, challenge_id: uuid.UUID, at: datetime) -> None:
    """Remove what must not stand, such as words about somebody who can be recognised. It is gone for good.

    Raises:
        NotFound: no such challenge, or not of a circle this person facilitates.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        if not delete_for_good(Challenge.objects.filter(circle=circle, id=challenge_id)):
            raise NotFound("challenges.none", _("It is already gone."))
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="challenge.removed",
            target=challenge_id,
            facts={},
            at=at,
        )


def renew_inbox_link(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> None:
    """Make the circle's link anew: whatever was printed or sent before opens nothing any more.

    Raises:
        NotFound: this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        inbox, _made = ChallengeInbox.objects.select_for_update().get_or_create(circle=circle)
        inbox.link_epoch += 1
        inbox.save(update_fields=["link_epoch"])
        audit.record(
            chain=circle.organisation_id,
            acting=acting.id,
            verb="challenge.link_renewed",
            target=circle.id,
            facts={},
            at=at,
        )


def bring_challenges(*, meeting: Meeting) -> None:
    """Count what waited as brought to a meeting that closes. Must run inside the caller's transaction."""
    Challenge.objects.filter(circle=meeting.circle_id, meeting=None).update(meeting=meeting)


def own_among(*, circle: Circle, client_ids: Iterable[uuid.UUID]) -> list[tuple[uuid.UUID, Challenge]]:
    """Return what of a browser's own still waits, each with the id that takes it back."""
    by_hash = {client_hash(one): one for one in client_ids}
    waiting = Challenge.objects.filter(circle=circle, meeting=None, client_hash__in=list(by_hash))
    return [(by_hash[bytes(one.client_hash)], one) for one in waiting.order_by("id")]
