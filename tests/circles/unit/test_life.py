"""A circle's life gathered from what its verbs wrote down, and the figures counted from it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from sirkel.circles.checks import robustness_is_known
from sirkel.circles.domain import follow_ups, phases, planning
from sirkel.circles.enums import InUse, MeetingState, TrialState
from sirkel.circles.models import Circle, Membership, Trial
from sirkel.circles.queries.circle_page import circle_page
from sirkel.circles.queries.life import Life, MeetingDay, TrialDays, lives_of
from sirkel.circles.queries.robustness import definitions_here, figures_of, robustness_page
from sirkel.circles.queries.story import rings_of, story_of
from sirkel.circles.queries.trial_page import today_at
from sirkel.evidence import robustness
from sirkel.kernel import clock
from sirkel.people.enums import Role
from sirkel.people.models import RoleAssignment
from sirkel.web import pictures
from tests.factories.anchoring import make_leader
from tests.factories.closing import go_to_follow_up, make_anchor, write_closing
from tests.factories.handovers import make_line
from tests.factories.lives import ago, make_anchored, make_lived, meet, move
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    return make_anchored()


@pytest.fixture
def lived():
    return make_lived()


def said(circle):
    """Every figure of a circle as (part, whole, days), None where it is not known."""
    figures = figures_of(Circle.objects.filter(id=circle.id), robustness.newest(), at=clock.now())[circle.id]
    return {
        one.definition.key: (one.count.part, one.count.whole, one.count.days) if one.is_known else None
        for one in figures
    }


def kinds(story):
    return [line.kind for line in story.lines]


def test_a_circle_that_just_began_has_no_figure_and_a_story_of_one_line(circle):
    assert set(said(circle).values()) == {None}
    story = story_of(person=circle.facilitator, circle_id=circle.id, at=clock.now())
    assert kinds(story) == ["begun"]
    assert not story.is_begun
    assert (story.rings.held, story.rings.planned, story.rings.gaps, story.rings.kept) == (0, 0, (), 0)


def test_figures_are_counted_from_what_the_verbs_wrote_down(lived):
    assert said(lived) == {
        "time.held": (3, 4, None),
        "time.again": (1, 1, 10),
        "structure.rhythm": (2, 2, 25),
        "structure.answers": None,
        "use.decided": (2, 2, None),
        "endurance.facilitator": None,
        "endurance.leader": (1, 1, 5),
        "endurance.pause": (1, 1, 5),
        "endurance.after": None,
        "endurance.three_months": None,
        "endurance.six_months": None,
    }


def test_a_moved_meeting_is_lost_on_its_old_day_and_a_new_place_moves_nothing(circle):
    with ago(50):
        made = make_meeting(circle=circle, facilitator=circle.facilitator, state=MeetingState.PLANNED)
        plan = planning.MeetingPlan(starts_at=clock.now(), method=made.meeting.method, place="Et annet sted")
        asked = {"acting": circle.facilitator, "meeting_id": made.meeting.id, "at": clock.now()}
        planning.change_meeting(**asked, plan=plan)
        later = planning.MeetingPlan(
            starts_at=clock.now() + timedelta(days=8), method=made.meeting.method, place=""
        )
        planning.change_meeting(**asked, plan=later)
    with ago(42):
        made.open().close()
    assert said(circle)["time.again"] == (1, 1, 8)
    assert said(circle)["time.held"] == (1, 1, None)
    story = story_of(person=circle.facilitator, circle_id=circle.id, at=clock.now())
    assert kinds(story) == ["begun", "moved", "meeting"]


def test_a_draft_is_no_meeting_cancelled_or_not(circle):
    meet(circle, circle.facilitator, 30, state=MeetingState.DRAFT)
    with ago(20):
        draft = make_meeting(circle=circle, facilitator=circle.facilitator, state=MeetingState.DRAFT)
        planning.cancel_meeting(acting=circle.facilitator, meeting_id=draft.meeting.id, at=clock.now())
    assert said(circle)["time.held"] is None
    assert story_of(person=circle.facilitator, circle_id=circle.id, at=clock.now()).rings.gaps == ()


def test_a_drop_counts_as_much_as_a_keep(lived):
    before = said(lived)
    Trial.objects.filter(circle=lived, decision="keep").update(decision="drop")
    assert said(lived) == before


def test_rings_and_leaves_are_the_counts(lived):
    with clock.moved(timedelta(days=3)):
        coming = clock.now()
    make_meeting(circle=lived, facilitator=lived.facilitator, state=MeetingState.PLANNED, starts_at=coming)
    rings = story_of(person=lived.facilitator, circle_id=lived.id, at=clock.now()).rings
    assert (rings.held, rings.to_come, rings.gaps, rings.kept) == (3, 1, (1,), 1)
    page = circle_page(person=lived.facilitator, circle_id=lived.id, at=clock.now())
    assert (page.held, page.planned, page.gaps, page.kept) == (3, 4, (1,), 1)
    around = story_of(person=lived.union, circle_id=lived.id, at=clock.now()).rings
    assert (around.held, around.to_come, around.gaps, around.kept) == (3, 1, (1,), None)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-90, 90), st.sampled_from(["held", "cancelled", "planned"])), max_size=14),
    st.lists(st.sampled_from(["keep", "adapt", "drop", ""]), max_size=9),
)
def test_there_is_a_ring_per_meeting_a_gap_per_cancelled_one_and_a_leaf_per_trial_kept(meetings, decisions):
    today = date(2026, 5, 4)
    days = sorted((today + timedelta(days=shift), state) for shift, state in meetings)
    life = Life(
        Circle(),
        today,
        today,
        meetings=[MeetingDay(number, day, state, ()) for number, (day, state) in enumerate(days, 1)],
        trials=[TrialDays(Trial(decision=one), today, today, is_over=bool(one)) for one in decisions],
    )
    rings = rings_of(life, is_inside=True)
    drawing = pictures.growth_rings(rings.held, rings.planned, rings.kept, rings.gaps)
    states = [state for _shift, state in meetings]
    assert sum(ring.is_held for ring in drawing.rings) == rings.held == states.count("held")
    assert rings.cancelled == states.count("cancelled")
    assert all(0 <= gap <= rings.held for gap in rings.gaps)
    assert len(drawing.leaves) == rings.kept == decisions.count("keep")
    assert rings_of(life, is_inside=False).kept is None


def test_closing_and_going_back_and_closing_again(lived):
    for days in (92, 50):
        with ago(days):
            go_to_follow_up(lived, lived.facilitator)
        if days > 50:
            move(lived, lived.facilitator, "closing", 60)
    meet(lived, lived.facilitator, 20)
    assert said(lived)["endurance.after"][0] == 1
    story = story_of(person=lived.facilitator, circle_id=lived.id, at=clock.now())
    assert story.life.closed_on == today_at(lived, at=clock.now() - timedelta(days=50))
    assert kinds(story).count("closed") == 1
    assert [line.number for line in story.lines if line.kind == "look_back" and line.is_to_come] == [3, 6]


def test_what_is_in_use_at_a_look_back_is_counted_and_stays_inside(lived):
    acting = lived.facilitator
    with ago(100):
        write_closing(lived, acting)
        anchors = [make_anchor(lived, acting) for _each in range(3)]
        make_anchor(lived, acting, kind="stop", place="", holder="", look_again_on=None)
        go_to_follow_up(lived, acting)
    answers = zip((one.id for one in anchors), (InUse.PARTLY, InUse.NO, InUse.UNKNOWN), strict=True)
    with ago(8):
        follow_ups.answer_follow_up(
            acting=acting,
            circle_id=lived.id,
            months=3,
            in_use=dict(answers),
            still_meets="no",
            words="",
            lang="nb",
            at=clock.now(),
        )
    assert said(lived)["endurance.three_months"] == (1, 2, None)
    assert said(lived)["endurance.six_months"] is None
    assert said(lived)["endurance.after"] == (0, 0, None)
    around = story_of(person=lived.union, circle_id=lived.id, at=clock.now())
    backs = [(line.number, line.state) for line in around.lines if line.kind == "look_back"]
    assert backs == [(3, "answered"), (6, "")]
    page = robustness_page(person=lived.union, circle_id=lived.id, at=clock.now())
    assert "endurance.three_months" not in {one.definition.key for part in page.parts for one in part.figures}


def test_an_early_end_out_of_a_pause_is_told_and_not_waited_for(lived):
    with ago(90):
        phases.pause_circle(acting=lived.facilitator, circle_id=lived.id, reason="workload", at=clock.now())
    assert said(lived)["endurance.pause"] == (1, 1, 5)
    with ago(80):
        phases.end_circle_early(acting=lived.facilitator, circle_id=lived.id, reason="enough", at=clock.now())
    assert said(lived)["endurance.pause"] == (1, 2, 5)
    coming = clock.now() + timedelta(days=9)
    make_meeting(circle=lived, facilitator=lived.facilitator, state=MeetingState.PLANNED, starts_at=coming)
    story = story_of(person=lived.facilitator, circle_id=lived.id, at=clock.now())
    assert kinds(story)[-1] == "ended"
    assert story.rings.to_come == 0


def test_a_facilitator_who_leaves_is_seen_inside_alone(lived):
    around_before = story_of(person=lived.union, circle_id=lived.id, at=clock.now()).lines
    figures_before = robustness_page(person=lived.union, circle_id=lived.id, at=clock.now()).parts
    Membership.objects.filter(circle=lived, person=lived.other).update(
        left_at=clock.now() - timedelta(days=140)
    )
    assert said(lived)["endurance.facilitator"] == (1, 1, 15)
    assert "facilitator" in kinds(story_of(person=lived.facilitator, circle_id=lived.id, at=clock.now()))
    assert story_of(person=lived.union, circle_id=lived.id, at=clock.now()).lines == around_before
    assert robustness_page(person=lived.union, circle_id=lived.id, at=clock.now()).parts == figures_before
    keys = {one.definition.key for part in figures_before for one in part.figures}
    assert keys == {one.key for one in robustness.newest() if not one.is_inside}


def test_a_leader_whose_role_is_renewed_has_not_left(circle):
    meet(circle, circle.facilitator, 20)
    held = RoleAssignment.objects.get(person=circle.leader, role=Role.LEADER)
    ended = clock.now() - timedelta(days=30)
    RoleAssignment.objects.filter(id=held.id).update(valid_to=ended)
    assert said(circle)["endurance.leader"] == (1, 1, 10)
    RoleAssignment.objects.create(
        person=circle.leader,
        role=Role.LEADER,
        organisation=circle.organisation,
        workplace=circle.workplace,
        valid_from=ended,
    )
    assert said(circle)["endurance.leader"] is None


def test_a_line_answered_late_is_no_line_in_time(circle):
    with ago(40):
        make_line(circle, circle.facilitator, state="sent", leader=circle.leader)
        make_line(circle, circle.facilitator, state="answered", leader=circle.leader)
    assert said(circle)["structure.answers"] == (1, 2, None)
    inside = story_of(person=circle.facilitator, circle_id=circle.id, at=clock.now())
    assert [kind for kind in kinds(inside) if kind.startswith("line")] == [
        "line_answered",
        "line",
        "line",
        "line_due",
    ]
    around = story_of(person=circle.union, circle_id=circle.id, at=clock.now())
    assert {line.answer for line in around.lines} == {None}
    assert {line.answer for line in inside.lines} != {None}


def test_another_circle_at_the_same_workplace_changes_nothing(lived):
    before = said(lived)
    with ago(170):
        other, acting = make_circle(workplace=lived.workplace, facilitator=lived.facilitator, name="En annen")
    meet(other, acting, 150, state=MeetingState.CANCELLED)
    meet(other, acting, 20)
    make_trial(other, acting, state=TrialState.RUNNING)
    assert said(lived) == before
    both = figures_of(Circle.objects.all(), robustness.newest(), at=clock.now())
    assert len(both) == 2
    assert (
        both[lived.id]
        == figures_of(Circle.objects.filter(id=lived.id), robustness.newest(), at=clock.now())[lived.id]
    )


def test_the_number_of_queries_does_not_grow_with_the_circles(lived):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            found = lives_of(Circle.objects.all(), at=clock.now())
        return len(found), len(seen)

    one, few = asked()
    for _more in range(3):
        other, acting = make_circle()
        make_leader(other)
        meet(other, acting, 10)
        make_trial(other, acting, state=TrialState.RUNNING)
    many, as_many = asked()
    assert (one, many) == (1, 4)
    assert as_many == few <= 14


def test_a_day_is_the_day_at_the_workplace(circle):
    circle.workplace.time_zone = "Europe/Mariehamn"
    circle.workplace.save()
    late = (clock.now() - timedelta(days=10)).replace(month=1, day=10, hour=22, minute=30)
    with clock.frozen(late):
        make_meeting(circle=circle, facilitator=circle.facilitator, state=MeetingState.HELD)
    (life,) = lives_of(Circle.objects.filter(id=circle.id), at=late + timedelta(days=1)).values()
    assert life.meetings[0].day.day == 11


def test_an_installation_chooses_its_definitions_and_a_wrong_name_is_said_before_anybody_is_served():
    with override_settings(ROBUSTNESS=["use.decided", "time.held/1"]):
        assert [one.key for one in definitions_here()] == ["time.held", "use.decided"]
        assert robustness_is_known() == []
    with override_settings(ROBUSTNESS=["time.hold"]):
        assert "time.hold" in robustness_is_known()[0].msg
    assert definitions_here() == robustness.newest()
