"""Who is in a circle: a leader takes part only by the group's recorded agreement, whichever way they come."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sirkel.circles.domain import answering, member_list, open_invitation, planning, set_ups
from sirkel.circles.domain.joining import join_address
from sirkel.circles.enums import CircleState, MeetingState, MemberRole, Perspective, SetUpKind
from sirkel.circles.models import Circle, Meeting, Membership, Participant, SetUp
from sirkel.circles.queries.forming import join_path
from sirkel.circles.queries.links import leave_path
from sirkel.circles.queries.set_ups import kind_of
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from sirkel.kernel.ids import new_id
from sirkel.people.enums import Role
from sirkel.people.models import Mail, Seat
from tests.factories.anchoring import make_leader
from tests.factories.meetings import make_meeting, sign_in
from tests.factories.thread import make_person, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    live = make_meeting(state=MeetingState.PLANNED)
    leader = make_leader(live.circle)
    return live.circle, live.facilitator, leader, live


def choose(place, kind, **more):
    asked = {"agreed_count": 7, "is_unopposed": True} if kind == "mixed" else {}
    return set_ups.choose_set_up(
        acting=place[1], circle_id=place[0].id, kind=kind, at=clock.now(), **(asked | more)
    )


def listed(place, perspective=Perspective.EMPLOYEE, email="", name="Aino"):
    entry = member_list.Entry(first_name=name, lang="fi", email=email, perspective=perspective)
    return member_list.put_on_list(acting=place[1], circle_id=place[0].id, entries=[entry], at=clock.now())[0]


def yes(place, *, acting=None, **more):
    said = open_invitation.Yes(client_id=new_id(), first_name="Aino", lang="fi", **more)
    open_invitation.say_yes(circle=place[0], yes=said, acting=acting, at=clock.now())


def by_mail(place, person):
    token = join_path(place[0].id, person.id).split("/")[3]
    return member_list.answer_by_link(token=token, is_yes=True, at=clock.now())


def leaders_inside(circle):
    return (
        Membership.objects.filter(circle=circle, role="participant", perspective="leader").count()
        + Participant.objects.filter(circle=circle, state="joined", perspective="leader").count()
    )


class TestChoosing:
    def test_the_usual_one_needs_no_choice(self, place):
        assert kind_of(place[0]) == SetUpKind.JOINT
        choose(place, "joint")
        assert not SetUp.objects.exists()

    def test_a_mixed_circle_is_agreed_by_the_group(self, place):
        for lacks in (
            {"agreed_count": None},
            {"agreed_count": 1},
            {"agreed_count": 41},
            {"is_unopposed": False},
        ):
            with pytest.raises(Refused) as no:
                choose(place, "mixed", **lacks)
            assert no.value.code == "set_ups.not_agreed"
            assert kind_of(place[0]) == SetUpKind.JOINT
        assert choose(place, "mixed").agreed_count == 7
        assert kind_of(place[0]) == SetUpKind.MIXED

    def test_the_database_keeps_no_mixed_circle_that_nobody_agreed_to(self, place):
        row = {"circle": place[0], "version": 1, "chosen_at": clock.now()}
        for kind, count in (("mixed", None), ("mixed", 1), ("joint", 7), ("leaders", 7), ("both", None)):
            with pytest.raises(IntegrityError), transaction.atomic():
                SetUp.objects.create(**row, kind=kind, agreed_count=count)
        SetUp.objects.create(**row, kind="mixed", agreed_count=2)

    def test_only_a_facilitator_chooses(self, place):
        for other in (place[2], make_person()):
            with pytest.raises(NotFound):
                set_ups.choose_set_up(acting=other, circle_id=place[0].id, kind="leaders", at=clock.now())
        choose(place, "leaders")

    def test_a_circle_of_leaders_is_made_before_it_begins(self, place):
        Circle.objects.filter(id=place[0].id).update(state=CircleState.FOCUSING)
        with pytest.raises(Refused) as no:
            choose(place, "leaders")
        assert no.value.code == "set_ups.late"
        choose(place, "mixed")

    def test_who_is_inside_is_not_pushed_out(self, place):
        listed(place, name="Aino")
        with pytest.raises(Conflict) as no:
            choose(place, "leaders")
        assert no.value.code == "set_ups.employee_inside"
        choose(place, "mixed")
        row = listed(place, Perspective.LEADER, name="Berit")
        with pytest.raises(Conflict) as no:
            choose(place, "joint")
        assert no.value.code == "set_ups.leader_inside"
        row.delete()
        choose(place, "joint")


class TestLeaderComesIn:
    @pytest.mark.threat(row="T5")
    @pytest.mark.parametrize(
        ("way", "kind"),
        [
            (way, kind)
            for way in ("says_so", "signed_in", "by_own_mail", "listed", "listed_by_mail", "becomes_leader")
            for kind in ("joint", "mixed", "leaders")
            # An employee is not asked into a circle of leaders.
            if (way, kind) != ("becomes_leader", "leaders")
        ],
    )
    def test_by_no_way_but_the_groups_agreement(self, place, way, kind):
        circle, _facilitator, leader, _live = place
        ways = {
            "says_so": lambda: yes(place, says_leads=True),
            "signed_in": lambda: yes(place, acting=leader),
            "by_own_mail": lambda: (
                yes(place, email=leader.email, says_leads=kind == "leaders"),
                by_mail(place, leader),
            ),
            "listed": lambda: listed(place, Perspective.LEADER),
            "listed_by_mail": lambda: (listed(place, email=leader.email), by_mail(place, leader)),
        }
        if way == "becomes_leader":
            leader = make_person("Berit")
            listed(place, email=leader.email)
            leader.roles.create(
                role=Role.LEADER,
                workplace=circle.workplace,
                organisation=circle.organisation,
                valid_from=clock.now() - timedelta(1),
            )
            ways[way] = lambda: by_mail(place, leader)
        choose(place, kind)
        if kind == "joint":
            with pytest.raises(NotAllowed) as no:
                ways[way]()
            assert no.value.code == "set_ups.no_leaders"
            assert leaders_inside(circle) == 0
            assert not Membership.objects.filter(circle=circle, person=leader).exists()
            assert not Participant.objects.filter(circle=circle, state="joined").exists()
        else:
            ways[way]()
            assert leaders_inside(circle) >= 1

    def test_the_database_lets_no_leader_in_without_a_set_up(self, place):
        circle, _facilitator, leader, _live = place
        row = {"circle": circle, "person": leader, "role": MemberRole.PARTICIPANT, "perspective": "leader"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(**row)
        name = {"circle": circle, "first_name": "Berit", "lang": "nb", "perspective": "leader"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Participant.objects.create(**name, state="joined")
        by = choose(place, "mixed")
        Membership.objects.create(**row, allowed_by=by)
        Participant.objects.create(**name, state="joined", allowed_by=by)

    def test_not_by_coming_back_after_the_group_changed_its_mind(self, place):
        circle, _facilitator, leader, _live = place
        choose(place, "mixed")
        yes(place, acting=leader)
        member = Membership.objects.get(circle=circle, person=leader)
        token = leave_path(member.id).split("/")[3]
        answering.leave(token=token, at=clock.now())
        answering.come_back(token=token, at=clock.now())
        answering.leave(token=token, at=clock.now())
        choose(place, "joint")
        with pytest.raises(NotAllowed):
            answering.come_back(token=token, at=clock.now())
        member.refresh_from_db()
        assert member.left_at

    def test_an_employee_stays_out_of_a_circle_of_leaders(self, place):
        choose(place, "leaders")
        for way in (lambda: yes(place), lambda: yes(place, acting=make_person()), lambda: listed(place)):
            with pytest.raises(NotAllowed) as no:
                way()
            assert no.value.code == "set_ups.leaders_only"
        assert not Participant.objects.exists()


class TestDoor:
    """The code on the screen is anonymous; whoever is signed in is known."""

    def knock(self, client, person, meeting):
        sign_in(client, person)
        return client.post(f"/b/{join_address(meeting)}")

    def test_a_leader_waits_outside_unless_the_meeting_is_joint(self, place, client):
        _circle, _facilitator, leader, live = place
        live.open()
        elsewhere = make_reader(Role.LEADER)
        assert self.knock(client, elsewhere, live.meeting).status_code == 303
        client.logout()
        seats = Seat.objects.count()
        assert self.knock(client, leader, live.meeting).status_code == 403
        assert Seat.objects.count() == seats
        Meeting.objects.filter(id=live.meeting.id).update(is_joint=True)
        assert self.knock(client, leader, live.meeting).status_code == 303

    def test_a_mixed_circle_lets_them_in(self, place, client):
        choose(place, "mixed")
        place[3].open()
        assert self.knock(client, place[2], place[3].meeting).status_code == 303


class TestJointMeeting:
    @pytest.fixture
    def planned(self, place):
        plan = planning.MeetingPlan(starts_at=clock.now() + timedelta(days=9), method="open-room")
        meeting = planning.add_meeting(acting=place[1], circle=place[0], plan=plan)
        return planning.publish_meeting(acting=place[1], meeting_id=meeting.id, at=clock.now())

    def mark(self, place, meeting, is_joint=True):
        return set_ups.mark_joint(acting=place[1], meeting_id=meeting.id, is_joint=is_joint, at=clock.now())

    @pytest.mark.threat(row="T5")
    def test_members_are_told_once_that_leaders_come(self, place, planned):
        listed(place)
        before = Mail.objects.count()
        assert self.mark(place, planned).calendar_sequence == 1
        assert self.mark(place, planned).calendar_sequence == 1
        assert Mail.objects.count() == before + 1
        assert self.mark(place, planned, is_joint=False).calendar_sequence == 2

    def test_not_once_it_runs(self, place, planned):
        self.mark(place, planned)
        with pytest.raises(Refused) as no:
            self.mark(place, place[3].open().meeting)
        assert no.value.code == "meetings.state"

    def test_a_mixed_circle_has_none(self, place, planned):
        choose(place, "mixed")
        with pytest.raises(Refused) as no:
            self.mark(place, planned)
        assert no.value.code == "set_ups.not_joint"


class TestWhateverTheOrder(TestCase):
    """However choices and arrivals follow each other, no leader is inside a circle that is for employees."""

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.sampled_from(["joint", "mixed", "leaders", "leader", "employee", "leader_account", "off"]),
            max_size=8,
        )
    )
    def test_no_leader_is_inside_a_circle_for_employees(self, acts):
        live = make_meeting(state=MeetingState.PLANNED)
        place = (live.circle, live.facilitator, make_leader(live.circle), live)
        with transaction.atomic():
            for act in acts:
                try:
                    self._do(place, act)
                except Refused:
                    continue
            kind = kind_of(place[0])
            inside = set(Participant.objects.filter(circle=place[0]).values_list("perspective", flat=True))
            assert not (kind == "joint" and "leader" in inside)
            assert not (kind == "leaders" and "employee" in inside)
            transaction.set_rollback(True)

    def _do(self, place, act):
        with transaction.atomic():
            if act in SetUpKind.values:
                choose(place, act)
            elif act == "leader_account":
                yes(place, acting=place[2])
            elif act == "off":
                Participant.objects.filter(circle=place[0], membership=None).delete()
            else:
                listed(place, act)
