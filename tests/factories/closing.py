"""Circles that close and are looked back at, made through the same verbs as real ones."""

from datetime import date, datetime, timedelta

from sirkel.circles.domain import closing_record, follow_ups, phases
from sirkel.circles.enums import CircleState, InUse
from sirkel.circles.models import Anchor, Circle, FollowUp
from sirkel.circles.queries.closing import ending_of
from sirkel.kernel import clock
from sirkel.people.models import Person

LINE = "Én sitter ved bord 2 den første timen"


def anchor_plan(**other: object) -> closing_record.AnchorPlan:
    """Return a line of a closing: kept as a routine that lies with everybody."""
    given = {
        "text": LINE,
        "lang": "nb",
        "kind": "keep",
        "place": "routine",
        "holder": "team",
        "look_again_on": clock.now().date() + timedelta(days=90),
    } | other
    return closing_record.AnchorPlan(**given)


def make_anchor(circle: Circle, acting: Person, **other: object) -> Anchor:
    """Return a line of the closing of a circle that closes."""
    return closing_record.place_anchor(
        acting=acting, circle_id=circle.id, plan=anchor_plan(**other), at=clock.now()
    )


def write_closing(circle: Circle, acting: Person, *, goes_on: str = "ends", **more: str) -> None:
    """Bring a circle to its closing and write what it needs, all but that the group stands by it."""
    if circle.state != CircleState.ENDED_EARLY:
        Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
    closing_record.say_how_it_goes_on(
        acting=acting, circle_id=circle.id, goes_on=goes_on, lang="nb", at=clock.now(), **more
    )
    circle.refresh_from_db()


def finish_closing(circle: Circle, acting: Person, **more: str) -> None:
    """Bring a circle to its closing and finish its record."""
    write_closing(circle, acting, **more)
    closing_record.finish_record(acting=acting, circle_id=circle.id, at=clock.now())


def go_to_follow_up(circle: Circle, acting: Person, **more: str) -> dict[int, FollowUp]:
    """Close a circle and let it go on to its follow-up; return its looks back by their months."""
    finish_closing(circle, acting, **more)
    phases.move_to_phase(acting=acting, circle_id=circle.id, phase="followup", at=clock.now())
    circle.refresh_from_db()
    return {one.months: one for one in FollowUp.objects.filter(circle=circle)}


def on_day(day: date, hour: int = 12) -> datetime:
    """Return noon of a day in UTC, which is the same day everywhere here."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.now().tzinfo)


def look_back(
    circle: Circle, acting: Person, months: int, *, at: datetime | None = None, in_use: str = InUse.YES
) -> FollowUp:
    """Answer a look back on its day, the same for every anchor."""
    due_on = FollowUp.objects.get(circle=circle, months=months).due_on
    return follow_ups.answer_follow_up(
        acting=acting,
        circle_id=circle.id,
        months=months,
        in_use={anchor.id: in_use for anchor in ending_of(circle).lasting},
        still_meets="similar",
        words="Den fikk plass i vaktplanen",
        lang="nb",
        at=at or on_day(due_on),
    )
