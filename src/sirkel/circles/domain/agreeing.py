"""What a circle settles for itself: ground rules in versions, and what its members expect."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.enums import CircleState, Outcome
from sirkel.circles.models import Circle, Expectation, WorkingAgreement
from sirkel.circles.queries.leading import circle_for, circle_led
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.models import Person

ITEM_LENGTH = 200
MOST_ITEMS = 15
EXPECTATION_LENGTH = 300
MOST_AGREEING = 40
_OVER = {CircleState.CLOSED, CircleState.ENDED_EARLY}
LOOKING_BACK = CircleState.CLOSING
"""The one phase in which expectations are taken out again; afterwards what came of them stands."""


def write_agreement(
    *, acting: Person, circle_id: uuid.UUID, items: Sequence[str], lang: str, base: int, at: datetime
) -> WorkingAgreement:
    """Write the next version of a circle's ground rules. Nobody has agreed to it yet; earlier ones stay.

    Args:
        acting: any member with an account.
        circle_id: the circle.
        items: one sentence each; empty ones are left out.
        lang: the language they are in.
        base: the version the writer had before them; 0 when there was none.
        at: now.

    Raises:
        Refused: ``agreements.items`` when nothing is written, or too much; ``circles.over``; as for notes.
        Conflict: ``agreements.changed`` (facts: version) when somebody has written a newer version meanwhile.
        NotFound: not this person's circle.

    """
    circle_for(person=acting, circle_id=circle_id)
    kept = [words_for_circle(item, most=ITEM_LENGTH, is_sure=True) for item in items if item.strip()]
    if not kept or len(kept) > MOST_ITEMS:
        raise Refused(
            "agreements.items",
            _("Write from one to %d ground rules, each on a line of its own.") % MOST_ITEMS,
            facts={"field": "items"},
        )
    with transaction.atomic():
        circle = _open_circle(circle_id)
        newest = _newest(circle)
        if (newest.version if newest else 0) != base:
            raise Conflict(
                "agreements.changed",
                _("Somebody else has changed the ground rules meanwhile."),
                _("Both texts are here. Put together what should count, and save again."),
                facts={"version": newest.version if newest else 0},
            )
        written = WorkingAgreement.objects.create(
            circle=circle, version=base + 1, items=kept, lang=lang, written_at=at
        )
        _record("agreement.written", circle, acting, at, version=written.version)
    return written


def agree(
    *, acting: Person, circle_id: uuid.UUID, version: int, count: int, at: datetime
) -> WorkingAgreement:
    """Keep that the circle agreed on a version: how many were for it in the room, never who.

    Raises:
        Refused: ``agreements.count`` for a number that cannot be; ``circles.over``.
        Conflict: ``agreements.changed`` for a version that is not the newest.
        NotFound: this person does not facilitate it.

    """
    circle_led(acting=acting, circle_id=circle_id)
    if not 1 <= count <= MOST_AGREEING:
        raise Refused(
            "agreements.count",
            _("Choose a number from %(least)d to %(most)d.") % {"least": 1, "most": MOST_AGREEING},
            facts={"field": "count"},
        )
    with transaction.atomic():
        circle = _open_circle(circle_id)
        agreement = _must_be_newest(circle, version)
        agreement.agreed_count, agreement.agreed_at, agreement.reopened_at = count, at, None
        agreement.save(update_fields=["agreed_count", "agreed_at", "reopened_at"])
        _record("agreement.agreed", circle, acting, at, version=version, count=count)
    return agreement


def reopen_agreement(*, acting: Person, circle_id: uuid.UUID, version: int, at: datetime) -> WorkingAgreement:
    """Open the ground rules again because the circle wants to talk about them. Any member may.

    Raises:
        Conflict: ``agreements.changed`` for a version that is not the newest.
        NotFound: not this person's circle.

    """
    circle_for(person=acting, circle_id=circle_id)
    with transaction.atomic():
        circle = _open_circle(circle_id)
        agreement = _must_be_newest(circle, version)
        if agreement.is_agreed:
            agreement.reopened_at = at
            agreement.save(update_fields=["reopened_at"])
            _record("agreement.reopened", circle, acting, at, version=version)
    return agreement


def add_expectation(*, acting: Person, circle_id: uuid.UUID, text: str, lang: str) -> Expectation:
    """Write down what somebody expects. Who wrote it, and when, is kept nowhere; so there is no audit row.

    Raises:
        Refused: ``circles.over``; ``expectations.fixed`` once the circle has closed; as for notes.
        NotFound: not this person's circle.

    """
    circle_for(person=acting, circle_id=circle_id)
    kept = words_for_circle(text, most=EXPECTATION_LENGTH, is_sure=True)
    with transaction.atomic():
        circle = _open_circle(circle_id)
        _must_not_stand(circle)
        return Expectation.objects.create(circle=circle, text=kept, lang=lang)


def take_expectation_away(*, acting: Person, circle_id: uuid.UUID, expectation_id: uuid.UUID) -> None:
    """Take an expectation away that was written by mistake.

    Raises:
        Refused: ``circles.over``; ``expectations.fixed`` once the circle has closed.
        NotFound: there is none, or this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    expectation = _expectation(circle, expectation_id)
    with transaction.atomic():
        _must_not_stand(_open_circle(circle_id))
        expectation.delete()


def look_back_at_expectation(
    *, acting: Person, circle_id: uuid.UUID, expectation_id: uuid.UUID, outcome: str, words: str = ""
) -> Expectation:
    """Keep what became of an expectation, as the circle said it when it took it out again.

    Raises:
        Refused: ``expectations.outcome``; ``expectations.too_early`` before the closing and ``expectations.fixed``
            after it; as for notes.
        NotFound: there is none, or this person does not facilitate the circle.

    """
    circle = circle_led(acting=acting, circle_id=circle_id)
    expectation = _expectation(circle, expectation_id)
    _must_not_stand(circle)
    if circle.state != LOOKING_BACK:
        raise Refused(
            "expectations.too_early",
            _("The expectations are taken out again when the circle closes."),
            status=409,
        )
    if outcome not in Outcome.values:
        raise Refused("expectations.outcome", _("Choose what became of it."), facts={"field": "outcome"})
    kept = words_for_circle(words, most=EXPECTATION_LENGTH, is_sure=True, may_be_empty=True)
    with transaction.atomic():
        expectation.outcome, expectation.looking_back = outcome, kept
        expectation.save(update_fields=["outcome", "looking_back"])
    return expectation


def _open_circle(circle_id: uuid.UUID) -> Circle:
    circle = Circle.objects.select_for_update().get(id=circle_id)
    if circle.state in _OVER:
        raise Refused("circles.over", _("The circle is over."), status=409)
    return circle


def _must_not_stand(circle: Circle) -> None:
    if (circle.phase_before or circle.state) == CircleState.FOLLOWUP:
        raise Refused("expectations.fixed", _("The closing stands as it is."), status=409)


def _newest(circle: Circle) -> WorkingAgreement | None:
    return WorkingAgreement.objects.filter(circle=circle).order_by("-version").first()


def _must_be_newest(circle: Circle, version: int) -> WorkingAgreement:
    newest = _newest(circle)
    if newest is None or newest.version != version:
        raise Conflict(
            "agreements.changed",
            _("Somebody else has changed the ground rules meanwhile."),
            _("Read them again first."),
            facts={"version": newest.version if newest else 0},
        )
    return newest


def _expectation(circle: Circle, expectation_id: uuid.UUID) -> Expectation:
    found = Expectation.objects.filter(circle=circle, id=expectation_id).first()
    if found is None:
        raise NotFound("expectations.none", _("There is no such expectation."))
    return found


def _record(verb: str, circle: Circle, acting: Person, at: datetime, **facts: audit.Fact) -> None:
    audit.record(
        chain=circle.organisation_id, acting=acting.id, verb=verb, target=circle.id, facts=facts, at=at
    )
