"""Every address of the URL table, filled in with things that exist, so that a new address is attacked the day it comes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sirkel.circles.domain import joining, sharing, trials
from sirkel.circles.enums import Audience
from sirkel.circles.models import Note, Trial
from sirkel.circles.queries.links import answer_path, leave_path
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.enums import MailKind
from sirkel.people.models import Unit
from sirkel.people.queries.mail import mail_off_address
from tests.circles.web.hands import Phone
from tests.factories.handovers import make_line
from tests.factories.meetings import Live, make_meeting, sign_in
from tests.factories.places import make_hold

_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes() -> list[str]:
    """Return every route of the URL table, with its places open: ``m/<uuid:meeting_id>/``."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, here)
            else:
                yield here

    return list(dict.fromkeys(walk(get_resolver().url_patterns, "")))


@dataclass
class Place:
    """A running meeting with a facilitator and a phone, and something of everything an address can name."""

    step: str = "write"
    live: Live = field(init=False)
    phone: Phone = field(init=False)
    facilitator: Client = field(default_factory=Client)
    ids: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.live = make_meeting(step="write", people=3)
        self.phone = Phone(self.live)
        own = self.phone.note("Vårt eget ord").json()["client_id"]
        self.live.write("En", "To", "Tre")
        note = self._shown().id
        trial = self._trial()
        if self.step != "write":
            self.live.go_to(self.step)
        sign_in(self.facilitator, self.live.facilitator)
        meeting = self.live.meeting
        workplace = meeting.circle.workplace
        self.ids = {
            "meeting_id": meeting.id,
            "circle_id": meeting.circle_id,
            "number": meeting.number,
            "round_id": self.live.round.id,
            "client_id": own,
            "note_id": note,
            "trial_id": trial.id,
            "step_id": meeting.steps.last().id,
            "card_id": new_id(),
            "item_id": meeting.share_items.get().id,
            "expectation_id": new_id(),
            "anchor_id": new_id(),
            "months": 3,
            "handover_id": make_line(meeting.circle, self.live.facilitator).id,
            "obstacle_id": new_id(),
            "entry_id": new_id(),
            "task_id": new_id(),
            "mail_id": new_id(),
            "place_id": workplace.id,
            "workplace_id": workplace.id,
            "organisation_id": workplace.organisation_id,
            "unit_id": Unit.objects.create(workplace=workplace, name="Furu").id,
            "role_id": self.live.facilitator.roles.first().id
            if self.live.facilitator.roles.exists()
            else new_id(),
            "person_id": self.live.facilitator.id,
            "hold_id": make_hold(workplace.organisation).id,
            "name": "record",
            "key_id": new_id(),
            "line_id": new_id(),
            "part": "leader",
            "handle": new_id(),
            "provider": "none",
            "identity_id": new_id(),
            "pk": 1,
            "letter": "a",
            "surface": "hand",
            "token": "none",
            "secret": "none",
            "address": joining.join_address(meeting),
        }

    def _shown(self) -> Note:
        """Show the first round and come back to the step in a second one."""
        self.live.reveal().go_on().go_back()
        self.phone.note("Et ord til")
        return Note.objects.filter(round__step__meeting=self.live.meeting).first()

    def _trial(self) -> Trial:
        plan = trials.TrialPlan(
            what="Én sitter ved bordet",
            who="Kveldsvakt B",
            when="Hver kveld",
            prediction="Færre avbrudd",
            look_at="Strek på tavla",
            stop_rule="Noen får ikke kveldsmat",
            ends_on=clock.now().date(),
            lang="nb",
        )
        sharing.propose(
            acting=self.live.facilitator,
            meeting_id=self.live.meeting.id,
            text="Dette kan gå videre",
            lang="nb",
            audience=Audience.NETWORK,
        )
        return trials.decide_trial(
            acting=self.live.facilitator, meeting_id=self.live.meeting.id, plan=plan, at=clock.now()
        )

    def _token(self, route: str) -> str:
        """Return a right token for a link of the facilitator's, as it stands in a mail."""
        member = self.live.circle.memberships.get()
        links = {
            "mail": mail_off_address(member.person_id, MailKind.DATES, at=clock.now()).partition(
                "/link/mail/"
            )[2],
            "answer": answer_path(member.id, self.live.meeting.id).partition("/link/answer/")[2],
            "leave": leave_path(member.id).partition("/link/leave/")[2],
        }
        return links.get(route.split("/")[1], "none").rstrip("/")

    def body(self) -> dict[str, str]:
        """Return a form that every act of a phone finds something in."""
        return {
            "client_id": str(new_id()),
            "receipt": new_receipt(),
            "text": "Utenfra",
            "lang": "nb",
            "version": "1",
            "turn": "0",
            "felt_heard": "3",
            f"dots-{self.ids['note_id']}": "3",
            "keep": str(self.ids["item_id"]),
            "pin": "7205",
            "place": "0",
        }

    def at(self, route: str, **other: Any) -> str:
        """Return the address of a route here; ``other`` replaces some of what it names."""
        ids = {**self.ids, **other}
        if route.startswith("room/"):
            ids["address"] = joining.room_address(self.live.meeting)
        if route.startswith("link/"):
            ids["token"] = self._token(route)
        return "/" + _PLACE.sub(lambda place: str(ids[place[2]]), route)
