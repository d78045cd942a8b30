"""One small world with everybody in it, in which every address of the project can be asked for by everybody."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.test import Client

from sirkel.circles.domain import (
    agreeing,
    joining,
    line_asking,
    member_list,
    open_invitation,
    planning,
    private_log,
    running,
    sharing,
)
from sirkel.circles.enums import Audience, MemberRole, ShareState, TrialState
from sirkel.circles.models import (
    Anchor,
    Circle,
    ClosingRecord,
    FollowUp,
    InboxNote,
    Meeting,
    Membership,
    Reminder,
    ShareItem,
    Trial,
)
from sirkel.circles.queries import open_links
from sirkel.circles.queries.forming import join_path
from sirkel.circles.queries.links import answer_path, leave_path
from sirkel.circles.views.participant import DEVICE_COOKIE, PASS_COOKIE
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id
from sirkel.people.domain.api_keys import make_key
from sirkel.people.domain.demo import sign_in_address
from sirkel.people.domain.mail_settings import new_calendar_address
from sirkel.people.domain.seats import Taken
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Person, Unit
from sirkel.people.queries.mail import mail_off_address
from tests.factories.anchoring import commit, settle
from tests.factories.handovers import leave, make_line
from tests.factories.meetings import Live
from tests.factories.places import make_hold
from tests.factories.thread import RoomOfOwn, make_person, make_reader, make_recommendation
from tests.factories.trials import make_trial, react

ROLES = (
    "stranger",
    "phone",
    "other_phone",
    "facilitator",
    "elsewhere",
    "leader",
    "union",
    "coordinator",
    "policy",
    "researcher",
    "administrator",
)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class World:
    """People and phones by role, and what the parts of an address stand for."""

    people: dict[str, Person]
    phones: dict[str, Taken]
    # Values of addresses and forms by the name the table gives them.
    parts: dict[str, object]
    sessions: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    # What every answer is looked through for, once it is put there.
    marks: object = None

    def client(self, role: str, **options: object) -> Client:
        """Return a browser as it is in the hands of this role. Sessions are made once and live as long as the world."""
        client = Client(headers={"accept-language": "en"}, **options)
        if role in self.people:
            if role not in self.sessions:
                client.force_login(self.people[role], backend=BACKEND)
                self.sessions[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        if role in self.phones:
            client.cookies[DEVICE_COOKIE] = self.phones[role].device
            client.cookies[PASS_COOKIE] = self.phones[role].seat_pass
        return client

    def program(self, role: str) -> Client:
        """Return a program with this role's key, which may answer too; without one for whoever has no account."""
        if role not in self.people:
            return Client(headers={"accept-language": "en"})
        if role not in self.keys:
            given = {"label": "Report", "days": 90, "may_answer": True, "at": clock.now()}
            _key, self.keys[role] = make_key(acting=self.people[role], key_id=new_id(), **given)
        return Client(headers={"accept-language": "en", "authorization": f"Bearer {self.keys[role]}"})


def _running(circle: Circle, facilitator: Person) -> Live:
    plan = planning.MeetingPlan(starts_at=clock.now(), method="meeting-90-middle")
    live = Live(
        meeting=planning.add_meeting(acting=facilitator, circle=circle, plan=plan), facilitator=facilitator
    )
    planning.publish_meeting(acting=facilitator, meeting_id=live.meeting.id, at=clock.now())
    running.open_meeting(acting=facilitator, meeting_id=live.meeting.id, at=clock.now())
    live.meeting.refresh_from_db()
    return live


def _draft(circle: Circle, facilitator: Person) -> Meeting:
    plan = planning.MeetingPlan(starts_at=clock.now() + timedelta(days=20), method="meeting-90-middle")
    return planning.add_meeting(acting=facilitator, circle=circle, plan=plan)


def _planned(circle: Circle, facilitator: Person) -> Meeting:
    meeting = _draft(circle, facilitator)
    return planning.publish_meeting(acting=facilitator, meeting_id=meeting.id, at=clock.now())


def make_world() -> World:
    """Return the world: a circle with a held, a running and a planned meeting, a card, recommendations, and all roles."""
    here, there = RoomOfOwn(), RoomOfOwn()
    scope = {"organisation": here.organisation, "workplace": here.workplace}
    people = {
        "facilitator": here.facilitator,
        "elsewhere": there.facilitator,
        "leader": make_reader(Role.LEADER, **scope),
        "union": make_reader(Role.UNION, **scope),
        "coordinator": make_reader(Role.COORDINATOR),
        "policy": make_reader(Role.POLICY),
        "researcher": make_reader(Role.RESEARCHER),
        "administrator": make_reader(Role.ADMINISTRATOR, organisation=here.organisation),
    }
    theme = here.theme("Kveldens første time")
    note, _receipt = here.note("Når vi rydder først, sitter bord 2 alene", theme=theme)
    card = here.card("Å sitte ned først er også arbeid", theme=theme, note=note)
    other_card = here.card("Oppvasken kan vente", theme=theme)
    published = make_recommendation(people["policy"], [card])
    draft = make_recommendation(people["policy"], [card], is_published=False)
    live, other = _running(here.circle, here.facilitator), _running(there.circle, there.facilitator)
    phones = {"phone": live.join(), "other_phone": other.join()}
    live.go_to("write")
    live.write("Vist")
    planned, draft_meeting = (make(here.circle, here.facilitator) for make in (_planned, _draft))
    item = sharing.propose(
        acting=here.facilitator,
        meeting_id=live.meeting.id,
        text="Vi setter oss først",
        lang="nb",
        audience=Audience.NETWORK,
    )
    leaving = ShareItem.objects.create(
        circle=here.circle,
        meeting=here.meeting,
        text="Bordet først, så rommene",
        lang="nb",
        audience=Audience.NETWORK,
        state=ShareState.WAITING,
    )
    trial = here.trial("Én sitter med bord 2", is_decided=False)
    member = Membership.objects.create(
        circle=here.circle, person=make_person("Aino"), role=MemberRole.PARTICIPANT
    )
    Reminder.objects.create(
        meeting=planned, starts_at=planned.starts_at, due_at=planned.starts_at - timedelta(days=1)
    )
    over = here.trial("Vi rydder etterpå")
    Trial.objects.filter(id=trial.id).update(is_on_poster=True)
    trial.refresh_from_db()
    written = react(trial, text="Bra")
    commit(here.circle, here.facilitator, None)
    settle(here.circle, here.facilitator, count=None)
    now = {"acting": here.facilitator, "circle_id": here.circle.id, "at": clock.now()}
    invitation = open_invitation.open_invitation(**now)
    listed = member_list.put_on_list(
        **now,
        entries=[
            member_list.Entry(first_name="Liv", lang="nb"),
            member_list.Entry(first_name="Mika", lang="fi", email="mika@example.org"),
        ],
    )
    expectation = agreeing.add_expectation(
        acting=here.facilitator, circle_id=here.circle.id, text="At vi blir hørt", lang="nb"
    )
    record = ClosingRecord.objects.create(circle=here.circle, lang="nb")
    anchor = Anchor.objects.create(record=record, text="Vi setter oss først", lang="nb", kind="stop")
    today = clock.now().date()
    ClosingRecord.objects.filter(id=record.id).update(goes_on="ends", finished_on=today, fixed_on=today)
    FollowUp.objects.create(circle=here.circle, months=3, due_on=today)
    invented = make_person("Eksempel")
    invented.is_demo = True
    invented.save()
    sent = make_line(here.circle, here.facilitator, state="sent", named=[("rules", "Nøkkelskapet er låst")])
    parts = {
        "circle": here.circle.id,
        "workplace": here.workplace.id,
        "organisation": here.organisation.id,
        "unit": Unit.objects.create(workplace=here.workplace, name="Furu").id,
        "role": people["leader"].roles.filter(role=Role.LEADER).first().id,
        "leader_person": people["leader"].id,
        "soon": (today + timedelta(days=30)).isoformat(),
        "hold": make_hold(here.organisation).id,
        "running": live.meeting.id,
        "held": here.meeting.id,
        "planned": planned.number,
        "draft_meeting": draft_meeting.number,
        "round": live.round.id,
        "note": note.id,
        "waiting": InboxNote.objects.get(text="Vist").id,
        "theme": theme.id,
        "item": item.id,
        "leaving": leaving.id,
        "client": new_id(),
        "step": live.meeting.steps.get(key="deepen").id,
        "trial": trial.id,
        "over": over.id,
        "planned_trial": make_trial(
            here.circle, here.facilitator, state=TrialState.PLANNED, touches_care=True
        ).id,
        "reaction": written.id,
        "challenge": leave(here.circle).id,
        "inbox_link": open_links.inbox_address(here.circle),
        "line_drafted": make_line(here.circle, here.facilitator).id,
        "log_entry": private_log.write(acting=here.facilitator, text="Bord 2", at=clock.now()).id,
        "line_asked": line_asking.ask_between(
            acting=here.facilitator,
            circle_id=here.circle.id,
            handover_id=make_line(here.circle, here.facilitator).id,
            days=7,
            at=clock.now(),
        ).id,
        "line_approved": make_line(here.circle, here.facilitator, state="approved_by_circle").id,
        "line_sent": sent.id,
        "obstacle": sent.named_obstacles.get().id,
        "line_answered": make_line(
            here.circle, here.facilitator, state="answered", leader=people["leader"]
        ).id,
        "log_link": open_links.log_address(trial),
        "poster_link": open_links.poster_address(trial),
        "expectation": expectation.id,
        "anchor": anchor.id,
        "participant": listed[0].id,
        "invitation": open_links.invitation_address(here.circle, invitation),
        "join_link": join_path(here.circle.id, listed[1].person_id).split("/")[3],
        "card": card.id,
        "other_card": other_card.id,
        "published": published.number,
        "draft": draft.number,
        "letter": "a",
        "surface": "hand",
        "join": joining.join_address(live.meeting),
        "room": joining.room_address(live.meeting),
        "answer": answer_path(member.id, planned.id).split("/")[3],
        "leave": leave_path(member.id).split("/")[3],
        "mail_off": mail_off_address(member.person_id, MailKind.DATES, at=clock.now()).split("/")[-2],
        "feed": new_calendar_address(acting=member.person).rpartition("/")[2].removesuffix(".ics"),
        "demo": sign_in_address(invented, "/").split("/")[3],
    }
    return World(people=people, phones=phones, parts=parts)
