from datetime import timedelta

import pytest

from sirkel.circles.domain import agreeing, phases
from sirkel.circles.enums import MemberRole
from sirkel.circles.models import Circle, Membership
from sirkel.circles.queries.gate import Facilitation, gate_of
from sirkel.circles.rules.readiness import Weight
from sirkel.kernel import clock
from sirkel.kernel.errors import Refused
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from tests.factories.anchoring import answer, commit, make_leader, make_ready, settle
from tests.factories.meetings import make_circle, make_facilitator
from tests.factories.thread import give_role

pytestmark = pytest.mark.django_db
BEFORE = ("circles.gate", "forming")


@pytest.fixture
def led():
    return make_circle()


def focus(circle, acting):
    return phases.move_to_phase(acting=acting, circle_id=circle.id, phase="focusing", at=clock.now())


def missing(circle, acting):
    """What stands in the way of the focus, as the refusal says it; nothing when the circle gets there."""
    try:
        focus(circle, acting)
    except Refused as refused:
        circle.refresh_from_db()
        return refused.facts["missing"] if (refused.code, circle.state) == BEFORE else refused.code
    return []


def test_a_circle_comes_to_its_focus_when_all_four_are_there_and_not_before(led):
    circle, acting = led
    assert missing(circle, acting) == ["readiness", "commitment", "agreement"]
    answer(circle, acting)
    assert missing(circle, acting) == ["commitment", "agreement"]
    commit(circle, acting, None)
    assert missing(circle, acting) == ["commitment", "agreement"]
    leader = make_leader(circle)
    commit(circle, acting, leader, base=1)
    assert missing(circle, acting) == ["agreement"]
    settle(circle, acting, count=None)
    assert missing(circle, acting) == ["agreement"]
    agreeing.agree(acting=acting, circle_id=circle.id, version=1, count=6, at=clock.now())
    assert missing(circle, acting) == []
    circle.refresh_from_db()
    assert circle.state == "focusing"


@pytest.mark.parametrize("weight", list(Weight))
def test_any_advice_counts_for_it_is_advice(led, weight):
    circle, acting = led
    make_ready(circle, acting)
    answer(circle, acting, weight)
    assert gate_of(circle, at=clock.now()).readiness.advice == weight.value
    assert missing(circle, acting) == []


def test_a_new_version_of_the_commitment_needs_its_own_signature(led):
    circle, acting = led
    leader = make_ready(circle, acting)
    commit(circle, acting, None, base=1)
    assert missing(circle, acting) == ["commitment"]
    commit(circle, acting, leader, base=2)
    assert missing(circle, acting) == []


def test_a_leader_who_left_leaves_the_text_and_not_the_signature(led):
    circle, acting = led
    leader = make_ready(circle, acting)
    RoleAssignment.objects.filter(person=leader).update(valid_to=clock.now() - timedelta(minutes=1))
    assert missing(circle, acting) == ["commitment"]
    commitment = gate_of(circle, at=clock.now()).commitment
    assert (commitment.state, commitment.newest.version) == ("lapsed", 1)
    assert commitment.signature.leader == leader


def test_ground_rules_that_are_open_again_are_not_agreed(led):
    circle, acting = led
    make_ready(circle, acting)
    asked = {"acting": acting, "circle_id": circle.id, "version": 1, "at": clock.now()}
    agreeing.reopen_agreement(**asked)
    assert missing(circle, acting) == ["agreement"]
    agreeing.agree(**asked, count=5)
    assert missing(circle, acting) == []


class TestLeaderWhoFacilitates:
    @pytest.mark.parametrize("scope", ["workplace", "organisation"])
    def test_the_members_leader_is_never_the_only_facilitator(self, led, scope):
        circle, acting = led
        make_ready(circle, acting)
        given = {"workplace": {"workplace": circle.workplace}, "organisation": {}}[scope]
        give_role(acting, Role.LEADER, organisation=circle.organisation, **given)
        assert missing(circle, acting) == ["facilitator"]
        assert gate_of(circle, at=clock.now()).facilitation == Facilitation.LEADER_ALONE
        second = make_facilitator(circle.workplace)
        Membership.objects.create(circle=circle, person=second, role=MemberRole.FACILITATOR)
        assert missing(circle, acting) == []

    def test_two_leaders_are_no_better_than_one(self, led):
        circle, acting = led
        make_ready(circle, acting)
        for person in (acting, make_leader(circle)):
            give_role(person, Role.LEADER, workplace=circle.workplace)
            Membership.objects.get_or_create(circle=circle, person=person, role=MemberRole.FACILITATOR)
        assert missing(circle, acting) == ["facilitator"]

    def test_somebody_who_leads_elsewhere_or_led_before_is_a_facilitator_like_others(self, led):
        circle, acting = led
        make_ready(circle, acting)
        give_role(acting, Role.LEADER, workplace=make_circle()[0].workplace)
        give_role(acting, Role.LEADER, workplace=circle.workplace, is_past=True)
        assert missing(circle, acting) == []

    @pytest.mark.parametrize("gone", ["left", "inactive"])
    def test_a_second_facilitator_who_is_gone_does_not_count(self, led, gone):
        circle, acting = led
        make_ready(circle, acting)
        give_role(acting, Role.LEADER, workplace=circle.workplace)
        second = make_facilitator(circle.workplace)
        membership = Membership.objects.create(circle=circle, person=second, role=MemberRole.FACILITATOR)
        if gone == "left":
            membership.left_at = clock.now()
            membership.save()
        else:
            second.is_active = False
            second.save()
        assert missing(circle, acting) == ["facilitator"]


def test_a_circle_that_is_further_on_goes_back_to_its_focus_without_asking(led):
    circle, acting = led
    Circle.objects.filter(id=circle.id).update(state="cocreating")
    assert focus(circle, acting).state == "focusing"


def test_a_pause_in_the_focus_leads_back_into_it(led):
    circle, acting = led
    Circle.objects.filter(id=circle.id).update(state="focusing")
    asked = {"acting": acting, "circle_id": circle.id, "at": clock.now()}
    phases.pause_circle(**asked, reason="staffing")
    assert phases.resume_circle(**asked).state == "focusing"
