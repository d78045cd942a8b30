"""Circles and meetings as tests need them, made through the domain's own verbs.

``make_meeting(step="write", people=3)`` is a running meeting in its write step with three phones in it;
what comes back drives it further. Names are obviously invented.
"""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.test import Client

from sirkel.circles.domain import joining, planning, running
from sirkel.circles.domain.notes import Draft, post_note
from sirkel.circles.enums import MeetingState
from sirkel.circles.models import Circle, Meeting, Round, Step
from sirkel.circles.queries.rounds import current_round
from sirkel.circles.views.participant import DEVICE_COOKIE, PASS_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.domain.seats import Taken
from sirkel.people.enums import Area, Role
from sirkel.people.models import Organisation, Person, RoleAssignment, Workplace

_count = itertools.count(1)


def make_workplace() -> Workplace:
    """Return a workplace in an organisation of its own."""
    number = next(_count)
    organisation = Organisation.objects.create(name=f"Eksempel kommune {number}", area=Area.NO)
    return Workplace.objects.create(organisation=organisation, name=f"Prøvetunet {number}")


def make_facilitator(workplace: Workplace, *, first_name: str = "Eksempel") -> Person:
    """Return somebody who may facilitate circles at a workplace."""
    person = Person.objects.create_user(
        email=f"facilitator{next(_count)}@example.org", first_name=first_name, family_name="Prøve"
    )
    RoleAssignment.objects.create(
        person=person,
        role=Role.FACILITATOR,
        organisation=workplace.organisation,
        workplace=workplace,
        valid_from=clock.now() - timedelta(days=1),
    )
    return person


def make_circle(
    *,
    facilitator: Person | None = None,
    workplace: Workplace | None = None,
    others: tuple[Person, ...] = (),
    name: str = "Rolig kveld",
    languages: tuple[str, ...] = ("nb", "fi"),
) -> tuple[Circle, Person]:
    """Return a circle without meetings, and its facilitator."""
    workplace = workplace or make_workplace()
    facilitator = facilitator or make_facilitator(workplace)
    plan = planning.CirclePlan(
        workplace=workplace,
        name=name,
        purpose="Forstå hva som gjør kveldene urolige",
        theme_frame="",
        languages=languages,
        facilitators=others,
    )
    return planning.create_circle(acting=facilitator, plan=plan, at=clock.now()), facilitator


@dataclass
class Live:
    """A meeting, whoever runs it, and the phones in it."""

    meeting: Meeting
    facilitator: Person
    taken: list[Taken] = field(default_factory=list)

    @property
    def circle(self) -> Circle:
        """The meeting's circle."""
        return self.meeting.circle

    @property
    def devices(self) -> list[str]:
        """The secrets of the phones, in the order they joined."""
        return [taken.device for taken in self.taken]

    @property
    def round(self) -> Round | None:
        """The running round, fresh from the database."""
        self.meeting.refresh_from_db()
        return current_round(self.meeting)

    @property
    def expected(self) -> object:
        """What a facilitator's screen would send along: the running round's id."""
        return self.round.id if self.round else None

    def step(self, key: str) -> Step:
        """Return a step of the run sheet."""
        return self.meeting.steps.get(key=key)

    def open(self) -> "Live":
        """Open the meeting: its screens are in the lobby."""
        running.open_meeting(acting=self.facilitator, meeting_id=self.meeting.id, at=clock.now())
        self.meeting.refresh_from_db()
        return self

    def go_on(self) -> "Live":
        """Go to the next step."""
        running.go_on(
            acting=self.facilitator, meeting_id=self.meeting.id, expected=self.expected, at=clock.now()
        )
        self.meeting.refresh_from_db()
        return self

    def go_back(self) -> "Live":
        """Go to the step before, in a new round."""
        running.go_back(
            acting=self.facilitator, meeting_id=self.meeting.id, expected=self.expected, at=clock.now()
        )
        self.meeting.refresh_from_db()
        return self

    def go_to(self, key: str) -> "Live":
        """Go on until the step with this key runs."""
        while self.meeting.current_step is None or self.meeting.current_step.key != key:
            self.go_on()
        return self

    def reveal(self) -> "Live":
        """Show what the running round gathered, however little."""
        running.reveal(
            acting=self.facilitator,
            meeting_id=self.meeting.id,
            expected=self.expected,
            at=clock.now(),
            despite_few=True,
        )
        self.meeting.refresh_from_db()
        return self

    def pause(self) -> "Live":
        """Stop the clock."""
        running.pause(acting=self.facilitator, meeting_id=self.meeting.id, at=clock.now())
        self.meeting.refresh_from_db()
        return self

    def close(self) -> "Live":
        """Close the meeting."""
        running.close_meeting(acting=self.facilitator, meeting_id=self.meeting.id, at=clock.now())
        self.meeting.refresh_from_db()
        return self

    def join(self, *, is_shared: bool = False) -> Taken:
        """Let one more phone in."""
        taken = joining.join(meeting=self.meeting, is_shared=is_shared)
        self.taken.append(taken)
        return taken

    def seat(self, client: Client, *, is_shared: bool = False) -> Taken:
        """Let a test client in, as if it had joined by itself."""
        taken = self.join(is_shared=is_shared)
        client.cookies[DEVICE_COOKIE] = taken.device
        client.cookies[PASS_COOKIE] = taken.seat_pass
        return taken

    def write(self, *texts: str, lang: str = "nb") -> "Live":
        """Let the phones write one note each in turn, in the running round."""
        for index, text in enumerate(texts):
            post_note(
                meeting_id=self.meeting.id,
                round_id=self.round.id,
                device=self.devices[index % len(self.devices)],
                draft=Draft(client_id=new_id(), text=text, lang=lang, receipt=new_receipt()),
                at=clock.now(),
            )
        return self


def make_meeting(
    *,
    method: str = "meeting-90-middle",
    step: str = "",
    state: MeetingState = MeetingState.RUNNING,
    people: int = 0,
    circle: Circle | None = None,
    facilitator: Person | None = None,
    starts_at: datetime | None = None,
    languages: tuple[str, ...] = ("nb", "fi"),
) -> Live:
    """Return a meeting in a state, at a step, with phones in it.

    Args:
        method: the run sheet.
        step: the key of the step that runs; empty for the lobby.
        state: draft, planned, running or held.
        people: how many phones have joined.
        circle: an existing circle, with ``facilitator``; without one, a new one is made.
        facilitator: who runs it.
        starts_at: when it is planned to start; now when not said.
        languages: of a new circle.

    """
    if circle is None or facilitator is None:
        circle, facilitator = make_circle(facilitator=facilitator, languages=languages)
    plan = planning.MeetingPlan(starts_at=starts_at or clock.now(), method=method, place="Møterom 2")
    meeting = planning.add_meeting(acting=facilitator, circle=circle, plan=plan)
    made = Live(meeting=meeting, facilitator=facilitator)
    if state == MeetingState.DRAFT:
        return made
    planning.publish_meeting(acting=facilitator, meeting_id=meeting.id, at=clock.now())
    meeting.refresh_from_db()
    if state == MeetingState.PLANNED:
        return made
    made.open()
    for _phone in range(people):
        made.join()
    if step:
        made.go_to(step)
    return made.close() if state == MeetingState.HELD else made


def sign_in(client: Client, person: Person) -> None:
    """Sign a test client in as somebody with an account."""
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[2])
