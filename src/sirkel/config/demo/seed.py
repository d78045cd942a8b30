"""Filling an empty installation with the invented workplaces."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from sirkel.circles.domain import joining
from sirkel.circles.enums import CircleState, MemberRole
from sirkel.circles.models import Meeting, Membership
from sirkel.config.bots.browser import Browser
from sirkel.config.bots.cast import by_demo_link
from sirkel.config.bots.officer import recommend
from sirkel.config.bots.stories import tell
from sirkel.config.bots.wires import in_process
from sirkel.config.pages import application
from sirkel.kernel.errors import Refused
from sirkel.kernel.tasks import run_timetable_now
from sirkel.people.domain.demo import sign_in_address
from sirkel.people.enums import Area, Role, WorkplaceKind
from sirkel.people.models import (
    Network,
    Organisation,
    Person,
    Programme,
    RoleAssignment,
    Unit,
    UnitPlacement,
    Workplace,
)

_HERE = Path(__file__).parent
_LEAD = timedelta(days=400)
HOMES = {
    Role.LEADER: ("leader", "/leader/"),
    Role.UNION: ("union representative", "/representative/"),
    Role.COORDINATOR: ("network coordinator", "/network/cards/"),
    Role.POLICY: ("policy officer", "/policy/"),
    Role.ADMINISTRATOR: ("administrator", "/administration/"),
}
POLICY_OFFICER = "Peter Eksempel"
MOST_TO_SEE = "Fjellvik sykehjem"
ENDED = (CircleState.FOLLOWUP, CircleState.CLOSED)
STORIES = (
    "dk1-first",
    "dk1-morning",
    "no1-evening",
    "no2-new",
    "se1-family",
    "se1-new",
    "se1-students",
    "ax1-record",
    "ax1-words",
)
# The receipt of a note whose thread reaches a recommendation; see stories/no1-evening.yaml.
DEMO_RECEIPT = "SRKE-7QF2-M9KD-31XT"


def load(name: str) -> Any:
    """Return one of the demo's data files."""
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


def demo_person(name: str, *, language: str) -> Person:
    """Make an invented person with an address that leads nowhere."""
    first, family = name.split(" ", 1)
    plain = name.lower().translate(str.maketrans("øæåäö ", "oaaao."))
    return Person.objects.create_user(
        f"{plain}@demo.invalid", first_name=first, family_name=family, language=language, is_demo=True
    )


def seed_demo(
    *,
    at: datetime,
    stories: Sequence[str] = STORIES,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Fill in workplaces, people, circles and their history: what happens in a circle, people do through its pages.

    Args:
        at: the moment at which the stories are told; they end there.
        stories: which ones.
        progress: told how many things have happened, of how many.

    Raises:
        Refused: ``demo.real_accounts`` where anybody has a real account.

    """
    # Whoever a story invites has an account like anybody, at an address that can never be real.
    if Person.objects.filter(is_demo=False).exclude(email__endswith="@demo.invalid").exists():
        raise Refused("demo.real_accounts", _("Real accounts exist here, so the demo is not filled in."))
    if Organisation.objects.exists():
        return
    make_places(at=at)
    with _demo_pages():
        wire = in_process(application)
        tell(
            [load(f"stories/{name}.yaml") for name in stories],
            site=settings.SITE_URL,
            wire=wire,
            today=at,
            after_day=run_timetable_now,
            progress=progress,
        )
        officer = Browser(site=settings.SITE_URL, wire=wire)
        by_demo_link(officer, POLICY_OFFICER)
        for wanted in load("recommendations.yaml"):
            recommend(officer, wanted)


def make_places(*, at: datetime) -> None:
    """Make the invented workplaces and people with their roles."""
    places = load("places.yaml")
    network = Network.objects.create(name=places["programme"]["network"])
    programme = Programme.objects.create(network=network, name=places["programme"]["name"])
    for place in places["places"]:
        _place(place, programme, at)
    for entry in places["network"]:
        person = demo_person(entry["name"], language=entry["language"])
        RoleAssignment.objects.create(person=person, role=Role(entry["role"]), valid_from=at - _LEAD)


@contextmanager
def _demo_pages() -> Iterator[None]:
    """Let the demo's own pages answer, its mails go to the folder, and the language be the same afterwards."""
    before = settings.DEMO, settings.EMAIL_BACKEND
    settings.DEMO, settings.EMAIL_BACKEND = True, "django.core.mail.backends.filebased.EmailBackend"
    try:
        with override(get_language()):
            yield
    finally:
        settings.DEMO, settings.EMAIL_BACKEND = before


def _place(place: dict[str, Any], programme: Programme, at: datetime) -> None:
    organisation = Organisation.objects.create(
        name=place["organisation"], area=Area(place["area"]), programme=programme
    )
    workplace = Workplace.objects.create(
        organisation=organisation,
        name=place["workplace"],
        kind=WorkplaceKind(place["kind"]),
        time_zone=place["time_zone"],
    )
    for name in place.get("units", ()):
        unit = Unit.objects.create(workplace=workplace, name=name)
        UnitPlacement.objects.create(unit=unit, workplace=workplace, valid_from=at - _LEAD)
    for entry in place["people"]:
        person = demo_person(entry["name"], language=place["language"])
        RoleAssignment.objects.create(
            person=person,
            role=Role(entry["role"]),
            organisation=organisation,
            workplace=None if entry["role"] == Role.ADMINISTRATOR else workplace,
            valid_from=at + timedelta(days=entry["from"]) if "from" in entry else at - _LEAD,
            valid_to=at + timedelta(days=entry["until"]) if "until" in entry else None,
        )


def open_demo_meeting() -> Meeting | None:
    """Return the demo's open meeting, or None when somebody has closed it."""
    return Meeting.objects.filter(state="running").select_related("circle").order_by("opened_at").first()


def demo_links(*, site: str) -> list[tuple[str, str]]:
    """Return (who, address) for every role of the demo.

    Args:
        site: where the server answers, without a slash at the end.

    """
    links = [*_to_the_meeting(site), *_to_the_homes(site)]
    ended = (
        Membership.objects.filter(role=MemberRole.FACILITATOR, circle__state__in=ENDED, person__is_demo=True)
        .select_related("person")
        .order_by("person__first_name")
        .first()
    )
    if ended:
        links.append(
            ("ended circle", f"{site}{sign_in_address(ended.person, f'/circles/{ended.circle_id}/')}")
        )
    links.append(("a receipt", f"{site}/receipt/  {DEMO_RECEIPT}"))
    return links


def _to_the_meeting(site: str) -> Iterator[tuple[str, str]]:
    meeting = open_demo_meeting()
    if meeting is None:
        return
    yield "participant", f"{site}/b/{joining.join_address(meeting)}"
    yield "room screen", f"{site}/room/{joining.room_address(meeting)}"
    led = (
        meeting.circle.memberships.filter(role=MemberRole.FACILITATOR).order_by("person__first_name").first()
    )
    if led:
        yield "facilitator", f"{site}{sign_in_address(led.person, f'/meetings/{meeting.id}/lead/')}"


def _to_the_homes(site: str) -> Iterator[tuple[str, str]]:
    """Yield the way in of one person per role; a leader and a representative of the place with most to see."""
    for role, (who, to) in HOMES.items():
        held = RoleAssignment.objects.filter(role=role, person__is_demo=True, valid_to__isnull=True)
        theirs = held.filter(organisation__workplaces__name=MOST_TO_SEE)
        shown = theirs.first() or held.first()
        if shown:
            yield who, f"{site}{sign_in_address(shown.person, to)}"
