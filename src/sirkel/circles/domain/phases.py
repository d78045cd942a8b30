"""A circle's way through its phases: on, back, into a pause and out of it, and to an early end."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.closing_record import turn_at_the_end
from sirkel.circles.enums import CircleState, HaltReason
from sirkel.circles.models import Circle, VoiceWindow
from sirkel.circles.queries.gate import BEFORE_GATE, gate_of
from sirkel.circles.queries.leading import circle_led
from sirkel.circles.queries.standing import Part, Standing, standing_of
from sirkel.circles.rules.phases import (
    END_REASONS,
    GATED,
    GUARDED_REASON,
    OVER,
    PAUSE_REASONS,
    may_change,
)
from sirkel.kernel import audit
from sirkel.kernel.errors import Conflict, NotAllowed, Refused
from sirkel.people.enums import Role
from sirkel.people.models import Person
from sirkel.people.queries.roles import holders_at

GUARDS = frozenset({Part.FACILITATOR, Part.REPRESENTATIVE})


def move_to_phase(*, acting: Person, circle_id: uuid.UUID, phase: str, at: datetime) -> Circle:
    """Move a circle that is under way by one phase, on or back. Saying the same twice changes nothing.

    Raises:
        Refused: ``circles.phase`` for a phase it cannot go to from where it is; ``circles.gate`` (facts:
            missing) for a circle that would come to its focus and lacks something of what it needs; as for
            ``turn_at_the_end`` around the follow-up.
        NotFound: this person does not facilitate it.

    """
    circle_led(acting=acting, circle_id=circle_id)
    with transaction.atomic():
        circle = _locked(circle_id)
        if circle.state == phase and phase not in {CircleState.PAUSED, CircleState.ENDED_EARLY}:
            return circle
        if circle.state == CircleState.PAUSED or phase in {CircleState.PAUSED, CircleState.ENDED_EARLY}:
            raise _cannot()
        before = circle.state
        _must_be_allowed(circle, phase)
        if phase == GATED and before in BEFORE_GATE:
            _must_be_ready(circle, at=at)
        turn_at_the_end(circle=circle, to=phase, at=at)
        _change(circle, to=phase, at=at)
        _record("circle.phase", circle, acting=acting, at=at, facts={"from": before, "to": phase})
    return circle


def pause_circle(*, acting: Person, circle_id: uuid.UUID, reason: str, at: datetime) -> Circle:
    """Pause a circle: its phase waits until it goes on. Its facilitators and representatives may.

    Raises:
        Refused: ``circles.reason`` for a reason that is none here, ``circles.phase`` for a circle that is not
            under way.
        NotFound: the person is neither.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs=GUARDS)
    reasons = (GUARDED_REASON, *PAUSE_REASONS) if found.is_representative else PAUSE_REASONS
    _must_be_reason(reason, reasons)
    with transaction.atomic():
        circle = _locked(circle_id)
        before = circle.state
        _change(circle, to=CircleState.PAUSED, reason=reason, at=at)
        _record(
            "circle.paused",
            circle,
            acting=acting,
            at=at,
            facts={"from": before, "reason": reason, "by": part_acting(found)},
        )
    return circle


def resume_circle(*, acting: Person, circle_id: uuid.UUID, at: datetime) -> Circle:
    """Let a paused circle go on in the phase it came from.

    A pause for a concern is lifted by a representative alone, as long as the workplace has one.

    Raises:
        NotAllowed: ``circles.guarded`` for a facilitator and a pause for a concern.
        Conflict: ``circles.not_paused``.
        NotFound: the person is neither its facilitator nor a representative.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs=GUARDS)
    with transaction.atomic():
        circle = _locked(circle_id)
        if circle.state != CircleState.PAUSED:
            raise Conflict("circles.not_paused", _("The circle is not paused."))
        _must_lift(found, circle, at=at)
        _change(circle, to=circle.phase_before, at=at)
        _record(
            "circle.resumed",
            circle,
            acting=acting,
            at=at,
            facts={"to": circle.state, "by": part_acting(found)},
        )
    return circle


def end_circle_early(*, acting: Person, circle_id: uuid.UUID, reason: str, at: datetime) -> Circle:
    """End a circle before its time. What it learned stays; it does not begin again.

    Raises:
        Refused: ``circles.reason``, ``circles.phase`` for a circle that is over.
        NotAllowed: ``circles.guarded`` while a representative's pause for a concern holds.
        NotFound: this person does not facilitate it.

    """
    found = standing_of(person=acting, circle_id=circle_id, at=at, needs={Part.FACILITATOR})
    _must_be_reason(reason, END_REASONS)
    with transaction.atomic():
        circle = _locked(circle_id)
        _must_lift(found, circle, at=at)
        before = circle.phase_before or circle.state
        _change(circle, to=CircleState.ENDED_EARLY, reason=reason, at=at)
        _record("circle.ended_early", circle, acting=acting, at=at, facts={"from": before, "reason": reason})
    return circle


def may_lift(standing: Standing, *, at: datetime) -> bool:
    """Tell whether somebody may lift a pause for a concern: a representative, or whoever is left without one."""
    if standing.is_representative:
        return True
    return not holders_at(standing.circle.workplace, Role.UNION, at=at).exists()


def part_acting(standing: Standing) -> Part:
    """Return in which part somebody acts who may be several: the guard before the facilitator."""
    for part in (Part.REPRESENTATIVE, Part.LEADER, Part.FACILITATOR):
        if part in standing.parts:
            return part
    return Part.MEMBER


def _must_lift(standing: Standing, circle: Circle, *, at: datetime) -> None:
    if circle.halt_reason == GUARDED_REASON and not may_lift(standing, at=at):
        raise NotAllowed(
            "circles.guarded",
            _("A representative paused the circle for a concern."),
            _("Talk it over. A representative lets the circle go on."),
        )


def _locked(circle_id: uuid.UUID) -> Circle:
    return Circle.objects.select_for_update(of=("self",)).select_related("workplace").get(id=circle_id)


def _cannot() -> Refused:
    return Refused(
        "circles.phase",
        _("The circle cannot go there from where it is."),
        _("It goes on or back by one phase at a time."),
    )


def _must_be_reason(reason: str, reasons: Collection[str]) -> None:
    if reason not in reasons:
        raise Refused("circles.reason", _("Choose a reason."), facts={"field": "reason"})


def _must_be_allowed(circle: Circle, to: str) -> None:
    if not may_change(circle.state, to, phase_before=circle.phase_before):
        raise _cannot()


def _must_be_ready(circle: Circle, *, at: datetime) -> None:
    missing = gate_of(circle, at=at).missing
    if missing:
        raise Refused(
            "circles.gate",
            _("Something is still missing before the circle comes to its focus."),
            _("The circle's page says what, and leads there."),
            facts={"missing": list(missing)},
            status=409,
        )


def _change(circle: Circle, *, to: str, at: datetime, reason: str = "") -> None:
    _must_be_allowed(circle, to)
    circle.phase_before = circle.state if to == CircleState.PAUSED else ""
    circle.state = CircleState(to)
    circle.halt_reason = HaltReason(reason) if reason else ""
    circle.ended_at = at if circle.state in OVER else None
    circle.save(update_fields=["state", "phase_before", "halt_reason", "ended_at"])
    if circle.state in OVER:
        VoiceWindow.objects.filter(circle=circle).delete()


def _record(verb: str, circle: Circle, *, acting: Person, at: datetime, facts: audit.Facts) -> None:
    audit.record(
        chain=circle.organisation_id, acting=acting.id, verb=verb, target=circle.id, facts=facts, at=at
    )
