"""A circle that has every paper there is, and the list of its papers as somebody finds it."""

import html
import re
from datetime import timedelta

from django.test import Client

from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Circle, Meeting, Membership, Trial
from sirkel.kernel import clock
from sirkel.people.models import Person
from tests.factories.anchoring import commit, make_leader, make_representative, settle
from tests.factories.meetings import Live, make_circle, make_facilitator, make_meeting, sign_in
from tests.factories.trials import make_trial

MEMBER = "Aino Kyllikki"
_LINK = re.compile(r'href="([^"?]*)\?lang=\w+">(Page|PDF|Word)<span class="only-heard">: ([^<]*)<')


def browser(person: Person, language: str = "en") -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client(headers={"accept-language": language})
    sign_in(client, person)
    return client


def make_all_papers() -> Live:
    """Return the planned meeting of a circle with two held ones, a signed commitment, ground rules and a poster.

    It carries ``held``, ``leader``, ``union``, ``member`` and ``trial`` beside what every meeting has.
    """
    circle, facilitator = make_circle(name="Rolig kveld")
    made = make_meeting(circle=circle, facilitator=facilitator, state=MeetingState.PLANNED)
    for _number in range(2):
        held = make_meeting(circle=circle, facilitator=facilitator).close().meeting
        opened_at = clock.now() - timedelta(days=3)
        Meeting.objects.filter(id=held.id).update(
            opened_at=opened_at, closed_at=opened_at + timedelta(minutes=90)
        )
        made.held = held
    made.leader, made.union = make_leader(circle), make_representative(circle)
    commit(circle, facilitator, made.leader)
    settle(circle, facilitator)
    made.trial = make_trial(circle, facilitator, what="Én sitter med bord 2")
    Trial.objects.filter(id=made.trial.id).update(is_on_poster=True)
    made.member = make_facilitator(circle.workplace, first_name=MEMBER)
    Membership.objects.create(circle=circle, person=made.member, role=MemberRole.PARTICIPANT)
    return made


def listed(client: Client, circle: Circle) -> dict[str, dict[str, str]]:
    """Return the address by format of every paper on the page, by the name that is read aloud; the page is English."""
    text = client.get(f"/circles/{circle.id}/papers/").content.decode()
    found: dict[str, dict[str, str]] = {}
    for address, form, name in _LINK.findall(text):
        found.setdefault(html.unescape(name), {})[form] = address
    return found
