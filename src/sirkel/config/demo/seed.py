"""Filling an empty installation with the invented workplaces."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from sirkel.circles.domain import joining, planning, running
from sirkel.circles.enums import CircleState
from sirkel.circles.models import Circle, Meeting
from sirkel.config.demo.anchoring import anchor_circle
from sirkel.config.demo.player import Player, Script
from sirkel.config.demo.thread import write_recommendations
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.enums import Area, Role, WorkplaceKind
from sirkel.people.models import Organisation, Person, RoleAssignment, Workplace

_HERE = Path(__file__).parent
_LEAD = timedelta(days=400)
WHO = {Role.COORDINATOR: "network coordinator", Role.POLICY: "policy officer"}
# The receipt of a note whose thread reaches a recommendation; see circles.yaml.
DEMO_RECEIPT = "SRKE-7QF2-M9KD-31XT"


def load(name: str) -> Any:
    """Return one of the demo's data files."""
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


def demo_person(name: str, *, language: str, at: datetime) -> Person:
    """Make an invented person with an address that leads nowhere."""
    del at
    first, family = name.split(" ", 1)
    plain = name.lower().translate(str.maketrans("øæåäö ", "oaaao."))
    return Person.objects.create_user(
        f"{plain}@demo.invalid", first_name=first, family_name=family, language=language, is_demo=True
    )


def seed_demo(*, at: datetime) -> None:
    """Fill in workplaces, people, circles and their history.

    Raises:
        Refused: ``demo.real_accounts`` where anybody has a real account.

    """
    if Person.objects.filter(is_demo=False).exists():
        raise Refused("demo.real_accounts", _("Real accounts exist here, so the demo is not filled in."))
    if Organisation.objects.exists():
        return
    places = load("places.yaml")
    facilitators: dict[str, list[Person]] = {}
    workplaces: dict[str, Workplace] = {}
    for place in places["places"]:
        workplaces[place["id"]], facilitators[place["id"]] = _place(place, at)
    for entry in places["network"]:
        person = demo_person(entry["name"], language=entry["language"], at=at)
        RoleAssignment.objects.create(person=person, role=Role(entry["role"]), valid_from=at - _LEAD)
    circles = load("circles.yaml")
    for entry in circles["circles"]:
        _circle(entry, workplaces[entry["place"]], facilitators[entry["place"]], at)
    write_recommendations(circles["recommendations"], at=at)


def _place(place: dict[str, Any], at: datetime) -> tuple[Workplace, list[Person]]:
    organisation = Organisation.objects.create(name=place["organisation"], area=Area(place["area"]))
    workplace = Workplace.objects.create(
        organisation=organisation,
        name=place["workplace"],
        kind=WorkplaceKind(place["kind"]),
        time_zone=place["time_zone"],
    )
    people = []
    for entry in place["people"]:
        person = demo_person(entry["name"], language=place["language"], at=at)
        RoleAssignment.objects.create(
            person=person,
            role=Role(entry["role"]),
            organisation=organisation,
            workplace=workplace,
            valid_from=at - _LEAD,
        )
        if entry["role"] == Role.FACILITATOR:
            people.append(person)
    return workplace, people


def _starts_at(days: int, at: datetime) -> datetime:
    return (at + timedelta(days=days)).replace(hour=12, minute=30, second=0, microsecond=0)


def _circle(entry: dict[str, Any], workplace: Workplace, facilitators: list[Person], at: datetime) -> None:
    acting = facilitators[0]
    first = _starts_at(entry["meetings"][0]["days"], at) - timedelta(days=20)
    with clock.frozen(min(first, at)):
        circle = planning.create_circle(
            acting=acting,
            plan=planning.CirclePlan(
                workplace=workplace,
                name=entry["name"],
                purpose=entry["purpose"],
                theme_frame=entry["theme_frame"],
                languages=entry["languages"],
                facilitators=facilitators[1:],
            ),
            at=min(first, at),
        )
    anchor_circle(circle, acting=acting, state=CircleState(entry["state"]), begun=min(first, at), at=at)
    for wanted in entry["meetings"]:
        _meeting(circle, wanted, acting, at)


def _meeting(circle: Circle, wanted: dict[str, Any], acting: Person, at: datetime) -> None:
    is_open = wanted.get("state") == "open"
    meeting = planning.add_meeting(
        acting=acting,
        circle=circle,
        plan=planning.MeetingPlan(
            starts_at=at if is_open else _starts_at(wanted["days"], at),
            method=wanted["method"],
            place=circle.workplace.name,
        ),
    )
    if wanted.get("state") == "draft":
        return
    planning.publish_meeting(acting=acting, meeting_id=meeting.id, at=min(meeting.starts_at, at))
    if is_open:
        running.open_meeting(acting=acting, meeting_id=meeting.id, at=at)
    elif wanted.get("state") != "planned":
        fields = {key: value for key, value in wanted.items() if key in Script.__dataclass_fields__}
        Player(facilitator=acting, meeting=meeting, script=Script(**fields)).play()


def open_demo_meeting() -> Meeting | None:
    """Return the demo's open meeting, or None when somebody has closed it."""
    return Meeting.objects.filter(state="running").select_related("circle").order_by("opened_at").first()


def demo_links(*, site: str) -> list[tuple[str, str]]:
    """Return (who, address) for every role of the demo.

    Args:
        site: where the server answers, without a slash at the end.

    """
    from sirkel.people.domain.demo import sign_in_address  # noqa: PLC0415 -- only the demo needs it

    links = []
    meeting = open_demo_meeting()
    if meeting:
        links = [
            ("participant", f"{site}/b/{joining.join_address(meeting)}"),
            ("room screen", f"{site}/room/{joining.room_address(meeting)}"),
        ]
        facilitator = (
            meeting.circle.memberships.filter(role="facilitator").order_by("person__first_name").first()
        )
        if facilitator:
            links.append(
                (
                    "facilitator",
                    f"{site}{sign_in_address(facilitator.person, f'/meetings/{meeting.id}/lead/')}",
                )
            )
    for role in (Role.COORDINATOR, Role.POLICY):
        held = RoleAssignment.objects.filter(role=role, person__is_demo=True).select_related("person").first()
        if held:
            to = "/network/cards/" if role == Role.COORDINATOR else "/policy/"
            links.append((WHO[role], f"{site}{sign_in_address(held.person, to)}"))
    links.append(("a receipt", f"{site}/receipt/  {DEMO_RECEIPT}"))
    return links
