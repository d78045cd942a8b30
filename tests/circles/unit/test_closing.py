"""What a circle's closing holds to: each rule with an attempt to break it, beside the way that works."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import agreeing, closing_record, phases
from sirkel.circles.enums import CircleState, MemberRole, Outcome
from sirkel.circles.models import Anchor, Circle, ClosingRecord, FollowUp, Membership
from sirkel.circles.queries.around import circle_around
from sirkel.circles.queries.closing import ending_of, endings_of
from sirkel.circles.queries.standing import Part
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from tests.factories.anchoring import make_leader, make_representative
from tests.factories.closing import (
    LINE,
    anchor_plan,
    finish_closing,
    go_to_follow_up,
    look_back,
    make_anchor,
    on_day,
    write_closing,
)
from tests.factories.meetings import make_circle
from tests.factories.thread import make_person, make_reader
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def put(circle, state, **more):
    Circle.objects.filter(id=circle.id).update(state=state, **more)
    circle.refresh_from_db()


def go(circle, acting, phase, at=None):
    return phases.move_to_phase(acting=acting, circle_id=circle.id, phase=phase, at=at or clock.now())


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@pytest.fixture
def led():
    circle, acting = make_circle()
    put(circle, CircleState.CLOSING)
    return circle, acting


@pytest.fixture
def member(led):
    person = make_person("Aino")
    Membership.objects.create(circle=led[0], person=person, role=MemberRole.PARTICIPANT)
    return person


def acts(circle, acting, anchor, expectation):
    """Everything that writes in a closing, by name."""
    asked = {"acting": acting, "circle_id": circle.id}
    now = {"at": clock.now()}
    return {
        "new line": lambda: closing_record.place_anchor(**asked, **now, plan=anchor_plan()),
        "change": lambda: closing_record.place_anchor(
            **asked, **now, plan=anchor_plan(kind="stop"), anchor_id=anchor.id
        ),
        "goes on": lambda: closing_record.say_how_it_goes_on(**asked, **now, goes_on="as_is", lang="nb"),
        "finish": lambda: closing_record.finish_record(**asked, **now),
        "expectation": lambda: agreeing.look_back_at_expectation(
            **asked, expectation_id=expectation.id, outcome=Outcome.MET
        ),
        "take away": lambda: closing_record.take_anchor_away(**asked, **now, anchor_id=anchor.id),
        "expectation away": lambda: agreeing.take_expectation_away(**asked, expectation_id=expectation.id),
    }


NAMES = ("new line", "change", "goes on", "finish", "expectation", "take away", "expectation away")


@pytest.fixture
def written(led):
    circle, acting = led
    expectation = agreeing.add_expectation(acting=acting, circle_id=circle.id, text="Ro", lang="nb")
    anchor = make_anchor(circle, acting)
    finish_closing(circle, acting)
    return circle, acting, anchor, expectation


@pytest.mark.parametrize("name", NAMES)
def test_what_can_be_written_while_the_circle_closes_stands_when_it_is_followed_up(written, name):
    circle, acting, anchor, expectation = written
    act = acts(circle, acting, anchor, expectation)[name]
    go(circle, acting, "followup")
    assert code_of(act) in {"closing.fixed", "expectations.fixed"}
    phases.pause_circle(acting=acting, circle_id=circle.id, reason="illness", at=clock.now())
    assert code_of(act) in {"closing.fixed", "expectations.fixed", "expectations.too_early"}
    phases.resume_circle(acting=acting, circle_id=circle.id, at=clock.now())
    go(circle, acting, "closing")
    act()


@pytest.mark.parametrize("state", ["idea", "anchoring", "forming", "focusing", "cocreating"])
def test_nothing_of_a_closing_is_written_before_it(led, state):
    circle, acting = led
    put(circle, state)
    assert code_of(lambda: make_anchor(circle, acting)) == "closing.too_early"
    assert not ClosingRecord.objects.exists()
    put(circle, CircleState.CLOSING)
    make_anchor(circle, acting)


def test_a_circle_goes_to_its_follow_up_when_the_group_stands_by_its_closing_and_not_before(led):
    circle, acting = led
    step = lambda: go(circle, acting, "followup")  # noqa: E731 -- asked again and again
    assert code_of(step) == "circles.closing_missing"
    make_anchor(circle, acting)
    assert code_of(step) == "circles.closing_missing"
    finish = lambda: closing_record.finish_record(acting=acting, circle_id=circle.id, at=clock.now())  # noqa: E731
    assert code_of(finish) == "closing.goes_on"
    write_closing(circle, acting)
    assert code_of(step) == "circles.closing_missing"
    finish()
    make_anchor(circle, acting, text="Noe nytt")
    assert code_of(step) == "circles.closing_missing"
    circle.refresh_from_db()
    assert circle.state == CircleState.CLOSING
    assert not FollowUp.objects.exists()
    finish()
    step()
    assert FollowUp.objects.count() == 2
    assert ending_of(circle).closed_on is not None


def test_finishing_twice_is_finishing_once(led):
    circle, acting = led
    finish_closing(circle, acting)
    for _again in range(2):
        closing_record.finish_record(acting=acting, circle_id=circle.id, at=clock.now() + WEEK)
    assert ClosingRecord.objects.get().finished_on == clock.now().date()
    assert AuditEvent.objects.filter(target=circle.id, verb="closing.finished").count() == 1


def test_going_back_opens_the_closing_until_somebody_has_looked_back(led):
    circle, acting = led
    backs = go_to_follow_up(circle, acting)
    go(circle, acting, "closing")
    assert not FollowUp.objects.exists()
    assert ClosingRecord.objects.get().fixed_on is None
    go(circle, acting, "followup")
    look_back(circle, acting, 3)
    assert code_of(lambda: go(circle, acting, "closing", on_day(backs[3].due_on))) == "circles.followed_up"


def test_a_circle_closes_after_its_last_look_back(led):
    circle, acting = led
    backs = go_to_follow_up(circle, acting)
    close = lambda: go(circle, acting, "closed", on_day(backs[6].due_on))  # noqa: E731 -- asked twice
    look_back(circle, acting, 3)
    assert code_of(close) == "circles.follow_up_open"
    look_back(circle, acting, 6)
    assert close().state == CircleState.CLOSED


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"kind": "shelve"}, "closing.kind"),
        ({"place": ""}, "closing.place"),
        ({"place": "drawer"}, "closing.place"),
        ({"holder": ""}, "closing.holder"),
        ({"holder": "Kari Nordmann"}, "closing.holder"),
        ({"look_again_on": None}, "closing.look_again_on"),
        ({"look_again_on": clock.now().date()}, "closing.look_again_on"),
        ({"look_again_on": clock.now().date() + timedelta(days=800)}, "closing.look_again_on"),
        ({"text": " "}, "notes.empty"),
        ({"text": "x" * 301}, "notes.too_long"),
        ({"text": "Aino er 131052-308T"}, "notes.national_id"),
    ],
)
@pytest.mark.parametrize("kind", ["keep", "hand_over"])
def test_a_line_says_what_where_with_whom_and_when(led, kind, plan, code):
    circle, acting = led
    assert code_of(lambda: make_anchor(circle, acting, **({"kind": kind} | plan))) == code
    assert not Anchor.objects.exists()
    assert make_anchor(circle, acting, kind=kind).text == LINE


def test_a_trial_has_one_line_and_a_strange_trial_none(led):
    circle, acting = led
    trial = make_trial(circle, acting)
    strange = make_trial(*make_circle())
    with pytest.raises(NotFound):
        make_anchor(circle, acting, trial_id=strange.id)
    first = make_anchor(circle, acting, trial_id=trial.id)
    assert code_of(lambda: make_anchor(circle, acting, trial_id=trial.id)) == "closing.trial"
    closing_record.take_anchor_away(acting=acting, circle_id=circle.id, anchor_id=first.id, at=clock.now())
    make_anchor(circle, acting, trial_id=trial.id)
    trial.delete()
    assert Anchor.objects.get().trial is None


def test_another_form_is_said_in_words(led):
    circle, acting = led
    assert code_of(lambda: write_closing(circle, acting, goes_on="other_form")) == "closing.form"
    assert code_of(lambda: write_closing(circle, acting, goes_on="perhaps")) == "closing.goes_on"
    write_closing(circle, acting, goes_on="other_form", form="Et kvarter på tirsdager")


@pytest.mark.parametrize("name", NAMES[:6])
def test_only_the_facilitators_write(written, member, name):
    circle, acting, anchor, expectation = written
    leader = make_leader(circle)
    outsider = make_reader(Role.ADMINISTRATOR)
    for person in (member, leader, outsider):
        with pytest.raises(NotFound):
            acts(circle, person, anchor, expectation)[name]()
    acts(circle, acting, anchor, expectation)[name]()


class TestLeader:
    @pytest.fixture
    def seen(self, led):
        """What a leader, and a representative, sees of the circle's end on a day."""
        circle, _acting = led
        people = {Part.LEADER: make_leader(circle), Part.REPRESENTATIVE: make_representative(circle)}

        def look(part=Part.LEADER, at=None):
            found = circle_around(person=people[part], circle_id=circle.id, part=part, at=at or clock.now())
            return None if found.ending is None else {one.text for one in found.ending.anchors}

        return look

    def test_sees_nothing_while_it_is_written_and_let_out_lines_a_week_later(self, led, seen):
        circle, acting = led
        make_anchor(circle, acting, text="Ut", for_leader=True)
        make_anchor(circle, acting, text="Inne")
        finish_closing(circle, acting)
        assert seen(at=clock.now() + 2 * WEEK) is None
        go(circle, acting, "followup")
        assert seen() == set()
        assert seen(at=clock.now() + WEEK - timedelta(days=1)) == set()
        assert seen(at=clock.now() + WEEK) == {"Ut"}
        assert seen(Part.REPRESENTATIVE, at=clock.now() + WEEK) == set()

    def test_never_sees_what_one_member_kept_in(self, led, member, seen):
        circle, acting = led
        anchor = make_anchor(circle, acting, text="Ut", for_leader=True)
        go_to_follow_up(circle, acting)
        keep = {"acting": member, "circle_id": circle.id, "anchor_id": anchor.id}
        before = AuditEvent.objects.count()
        assert code_of(lambda: closing_record.keep_inside(**keep, at=clock.now() + WEEK)) == "closing.seen"
        closing_record.keep_inside(**keep, at=clock.now() + WEEK - timedelta(days=1))
        assert AuditEvent.objects.count() == before
        assert seen(at=clock.now() + 2 * WEEK) == set()

    def test_cannot_keep_a_line_in_from_outside(self, led, member):
        circle, acting = led
        anchor = make_anchor(circle, acting, for_leader=True)
        for person in (make_leader(circle), make_circle()[1]):
            with pytest.raises(NotFound):
                closing_record.keep_inside(
                    acting=person, circle_id=circle.id, anchor_id=anchor.id, at=clock.now()
                )
        closing_record.keep_inside(acting=member, circle_id=circle.id, anchor_id=anchor.id, at=clock.now())
        assert not Anchor.objects.get().for_leader

    def test_sees_of_an_early_end_what_was_let_out_once_it_stands(self, led, seen):
        circle, acting = led
        put(circle, CircleState.ENDED_EARLY, halt_reason="enough")
        make_anchor(circle, acting, text="Ut", for_leader=True)
        finish_closing(circle, acting)
        assert seen(at=clock.now() + WEEK - timedelta(days=1)) is None
        assert seen(at=clock.now() + WEEK) == {"Ut"}


class TestEarlyEnd:
    def test_a_closing_is_offered_and_stands_a_week_after_it_was_finished(self, led):
        circle, acting = led
        put(circle, CircleState.ENDED_EARLY, halt_reason="staffing")
        anchor = make_anchor(circle, acting)
        finish_closing(circle, acting)
        change = {"acting": acting, "circle_id": circle.id, "plan": anchor_plan(kind="stop")}
        later = {"at": clock.now() + WEEK, "anchor_id": anchor.id}
        assert code_of(lambda: closing_record.place_anchor(**change, **later)) == "closing.fixed"
        closing_record.place_anchor(**change, **later | {"at": clock.now() + WEEK - timedelta(days=1)})
        assert not FollowUp.objects.exists()

    def test_what_was_fixed_before_the_end_stays_fixed(self, led):
        circle, acting = led
        go_to_follow_up(circle, acting)
        phases.end_circle_early(acting=acting, circle_id=circle.id, reason="enough", at=clock.now())
        assert code_of(lambda: make_anchor(circle, acting)) == "closing.fixed"


def test_the_end_of_many_circles_is_known_in_as_many_queries_as_of_one(led, django_assert_num_queries):
    circle, acting = led
    make_anchor(circle, acting, kind="stop", text="Stoppet")
    make_anchor(circle, acting)
    go_to_follow_up(circle, acting, goes_on="as_is")
    look_back(circle, acting, 3, in_use="partly")
    others = [make_circle()[0] for _each in range(3)]
    with django_assert_num_queries(4):
        found = endings_of([circle.id, *(other.id for other in others)])
    ending = found[circle.id]
    assert [anchor.kind for anchor in ending.anchors] == ["keep", "stop"]
    assert [(one.follow_up.months, one.follow_up.still_meets) for one in ending.look_backs] == [
        (3, "similar"),
        (6, ""),
    ]
    assert ending.look_backs[0].in_use == {ending.lasting[0].id: "partly"}
    assert found[others[0].id].record is None


RECORD = (
    {"goes_on": "", "finished_on": "2026-03-02"},
    {"goes_on": "perhaps", "finished_on": "2026-03-02"},
    {"goes_on": "ends", "fixed_on": "2026-03-02"},
    {"goes_on": "ends", "finished_on": "2026-03-03", "fixed_on": "2026-03-02"},
)
ANCHOR = (
    {"text": ""},
    {"kind": "shelve"},
    {"kind": "stop"},
    {"kind": "stop", "place": "", "holder": ""},
    {"kind": "keep", "place": ""},
    {"kind": "keep", "place": "drawer"},
    {"kind": "hand_over", "holder": ""},
    {"kind": "hand_over", "holder": "Kari Nordmann"},
    {"kind": "hand_over", "look_again_on": None},
)


@pytest.mark.parametrize("fields", RECORD)
def test_the_database_keeps_a_record_whole(led, fields):
    write_closing(*led)
    rows = ClosingRecord.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**fields)
    rows.update(goes_on="ends", finished_on="2026-03-02", fixed_on="2026-03-02")


@pytest.mark.parametrize("fields", ANCHOR)
def test_the_database_keeps_a_line_whole(led, fields):
    make_anchor(*led)
    rows = Anchor.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**fields)
    rows.update(kind="stop", place="", holder="", look_again_on=None)


def test_a_circle_has_one_record_and_a_trial_one_line_in_it(led):
    circle, acting = led
    trial = make_trial(circle, acting)
    anchor = make_anchor(circle, acting, trial_id=trial.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosingRecord.objects.create(circle=circle, lang="nb")
    with pytest.raises(IntegrityError), transaction.atomic():
        Anchor.objects.create(record=anchor.record, trial=trial, text="To", lang="nb", kind="stop")
    Anchor.objects.create(record=anchor.record, text="To", lang="nb", kind="stop")


FIXED = (
    lambda: ClosingRecord.objects.update(goes_on="as_is"),
    lambda: ClosingRecord.objects.update(form="Noe annet"),
    lambda: ClosingRecord.objects.update(celebrate="Noe annet"),
    lambda: Anchor.objects.update(text="Noe annet"),
    lambda: Anchor.objects.update(kind="hand_over"),
    lambda: Anchor.objects.update(holder="leader"),
    lambda: Anchor.objects.update(kind="stop", place="", holder="", look_again_on=None),
    lambda: Anchor.objects.create(record=ClosingRecord.objects.get(), text="Til", lang="nb", kind="stop"),
)


@pytest.mark.parametrize("act", FIXED)
def test_the_database_itself_lets_nothing_of_a_fixed_closing_be_changed(led, act):
    circle, acting = led
    make_anchor(circle, acting)
    backs = go_to_follow_up(circle, acting)
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    assert len(backs) == 2
    go(circle, acting, "closing")
    act()


def test_a_fixed_closing_goes_with_its_circle_and_loses_a_trial_that_is_deleted(led):
    circle, acting = led
    trial = make_trial(circle, acting)
    make_anchor(circle, acting, trial_id=trial.id)
    go_to_follow_up(circle, acting)
    look_back(circle, acting, 3)
    trial.delete()
    assert Anchor.objects.get().trial is None
    ClosingRecord.objects.get().delete()
    assert not Anchor.objects.exists()
