"""Looks back: their days, who answers when, what can be changed, and what the database holds to."""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.domain import follow_ups, phases
from sirkel.circles.enums import CircleState, InUse, MemberRole, StillMeets
from sirkel.circles.models import AnchorLook, Circle, FollowUp, Membership
from sirkel.circles.queries.closing import ending_of
from sirkel.circles.rules import follow_ups as rules
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.models import AuditEvent
from tests.factories.anchoring import make_leader
from tests.factories.closing import finish_closing, go_to_follow_up, look_back, make_anchor, on_day
from tests.factories.meetings import make_circle, make_workplace
from tests.factories.thread import make_person

DAY = timedelta(days=1)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 12, 31))


@given(days, st.integers(0, 48))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = rules.months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    last = calendar.monthrange(later.year, later.month)[1]
    assert later.day == day.day or (later.day == last and last < day.day)


@given(days, st.sampled_from(rules.MONTHS))
def test_a_look_back_falls_on_a_working_day_at_most_two_days_late(day, months):
    due = rules.due_day(day, months)
    assert due.weekday() < 5
    assert timedelta(0) <= due - rules.months_after(day, months) <= 2 * DAY


@given(days)
def test_the_looks_back_of_one_circle_never_change_places_however_they_are_moved(day):
    (first3, last3), (first6, last6) = (rules.bounds(day, months) for months in (3, 6))
    assert day < first3 <= rules.due_day(day, 3) <= last3 < first6 <= rules.due_day(day, 6) <= last6


@pytest.fixture
def led(db):
    circle, acting = make_circle()
    Circle.objects.filter(id=circle.id).update(state=CircleState.CLOSING)
    circle.refresh_from_db()
    return circle, acting


@pytest.fixture
def followed(led):
    circle, acting = led
    make_anchor(circle, acting)
    make_anchor(circle, acting, kind="stop", text="Stoppet")
    return circle, acting, go_to_follow_up(circle, acting)


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def answer(circle, acting, at, months=3, **other):
    given_ = {
        "in_use": {anchor.id: InUse.YES for anchor in ending_of(circle).lasting},
        "still_meets": StillMeets.NO,
        "words": "Turnusen hjalp",
        "lang": "nb",
    } | other
    return follow_ups.answer_follow_up(acting=acting, circle_id=circle.id, months=months, at=at, **given_)


@pytest.mark.parametrize(
    ("zone", "moment", "due"),
    [
        ("Europe/Oslo", datetime(2026, 3, 2, 22, 30, tzinfo=UTC), date(2026, 6, 2)),
        ("Europe/Mariehamn", datetime(2026, 3, 2, 22, 30, tzinfo=UTC), date(2026, 6, 3)),
        ("Europe/Mariehamn", datetime(2026, 3, 30, 21, 30, tzinfo=UTC), date(2026, 6, 30)),
    ],
)
def test_the_days_follow_the_calendar_on_the_workplace_s_wall(db, zone, moment, due):
    workplace = make_workplace()
    workplace.time_zone = zone
    workplace.save()
    circle, acting = make_circle(workplace=workplace)
    with clock.frozen(moment):
        finish_closing(circle, acting)
        phases.move_to_phase(acting=acting, circle_id=circle.id, phase="followup", at=moment)
    assert FollowUp.objects.get(months=3).due_on == due


def test_a_look_back_is_answered_from_two_weeks_before_its_day_however_late(followed):
    circle, acting, backs = followed
    due = backs[3].due_on
    assert code_of(lambda: answer(circle, acting, on_day(due - 15 * DAY))) == "follow_ups.not_now"
    with transaction.atomic():
        assert answer(circle, acting, on_day(due - 14 * DAY)).answered_on == due - 14 * DAY
        transaction.set_rollback(True)
    assert answer(circle, acting, on_day(due + 200 * DAY)).answered_on == due + 200 * DAY


def test_an_answer_is_changed_for_two_weeks_and_stays_one_answer(followed):
    circle, acting, backs = followed
    due = backs[3].due_on
    answer(circle, acting, on_day(due))
    changed = answer(circle, acting, on_day(due + 14 * DAY), still_meets="yes", words="")
    assert (changed.answered_on, changed.still_meets, changed.words) == (due, "yes", "")
    assert AnchorLook.objects.count() == 1
    assert code_of(lambda: answer(circle, acting, on_day(due + 15 * DAY))) == "follow_ups.not_now"
    verbs = AuditEvent.objects.filter(target=circle.id, verb__startswith="follow_up.").order_by("sequence")
    assert [event.verb for event in verbs] == ["follow_up.answered", "follow_up.changed"]
    assert "Turnusen" not in str([event.facts for event in verbs])


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"in_use": {}}, "follow_ups.anchors"),
        ({"still_meets": ""}, "follow_ups.still_meets"),
        ({"still_meets": "perhaps"}, "follow_ups.still_meets"),
        ({"words": "x" * 301}, "notes.too_long"),
        ({"words": "Aino er 131052-308T"}, "notes.national_id"),
    ],
)
def test_half_an_answer_is_none(followed, other, code):
    circle, acting, backs = followed
    at = on_day(backs[3].due_on)
    assert code_of(lambda: answer(circle, acting, at, **other)) == code
    wrong = {anchor.id: "perhaps" for anchor in ending_of(circle).lasting}
    assert code_of(lambda: answer(circle, acting, at, in_use=wrong)) == "follow_ups.anchors"
    assert not AnchorLook.objects.exists()
    answer(circle, acting, at)


def test_members_answer_and_nobody_else(followed):
    circle, acting, backs = followed
    at = on_day(backs[3].due_on)
    member = make_person("Aino")
    mine = Membership.objects.create(circle=circle, person=member, role=MemberRole.PARTICIPANT)
    for person in (make_leader(circle), make_circle()[1], make_person()):
        with pytest.raises(NotFound):
            answer(circle, person, at)
    answer(circle, member, at)
    mine.left_at = clock.now()
    mine.save()
    with pytest.raises(NotFound):
        answer(circle, member, at)
    answer(circle, acting, at)


@pytest.mark.parametrize("state", [state for state in CircleState if state != CircleState.FOLLOWUP])
def test_only_a_circle_that_is_followed_up_is_looked_back_at(followed, state):
    circle, acting, backs = followed
    halted = state in {CircleState.PAUSED, CircleState.ENDED_EARLY}
    before = "followup" if state == CircleState.PAUSED else ""
    rows = Circle.objects.filter(id=circle.id)
    rows.update(state=state, phase_before=before, halt_reason="other" if halted else "")
    at, other = on_day(backs[3].due_on), backs[3].due_on + DAY
    move = {"acting": acting, "circle_id": circle.id, "months": 3, "due_on": other, "at": at}
    assert code_of(lambda: answer(circle, acting, at)) == "follow_ups.not_now"
    assert code_of(lambda: follow_ups.move_follow_up(**move)) == "follow_ups.not_now"
    rows.update(state=CircleState.FOLLOWUP, phase_before="", halt_reason="")
    follow_ups.move_follow_up(**move)
    answer(circle, acting, at)


def test_a_day_is_moved_within_bounds_until_it_is_answered(followed):
    circle, acting, backs = followed
    closed_on = ending_of(circle).closed_on
    first, last = rules.bounds(closed_on, 3)
    move = {"acting": acting, "circle_id": circle.id, "months": 3, "at": clock.now()}
    for wrong in (first - DAY, last + DAY, clock.now().date() - DAY):
        assert code_of(lambda day=wrong: follow_ups.move_follow_up(**move, due_on=day)) == "follow_ups.due_on"
    for right in (first, last):
        assert follow_ups.move_follow_up(**move, due_on=right).due_on == right
    late = move | {"at": on_day(last - DAY)}
    assert code_of(lambda: follow_ups.move_follow_up(**late, due_on=last - 2 * DAY)) == "follow_ups.due_on"
    member = make_person("Aino")
    Membership.objects.create(circle=circle, person=member, role=MemberRole.PARTICIPANT)
    with pytest.raises(NotFound):
        follow_ups.move_follow_up(**move | {"acting": member}, due_on=first)
    look_back(circle, acting, 3)
    assert code_of(lambda: follow_ups.move_follow_up(**late, due_on=last)) == "follow_ups.not_now"
    assert backs[6].due_on == FollowUp.objects.get(months=6).due_on


def test_there_is_no_look_back_after_four_months(followed):
    circle, acting, backs = followed
    with pytest.raises(NotFound):
        answer(circle, acting, on_day(backs[6].due_on), months=4)
    answer(circle, acting, on_day(backs[6].due_on), months=6)


FOLLOW_UP = (
    {"months": 4},
    {"answered_on": "2026-06-02"},
    {"answered_on": "2026-06-02", "still_meets": "perhaps"},
    {"still_meets": "yes"},
    {"words": "Uten svar"},
)


@pytest.mark.parametrize("fields", FOLLOW_UP)
def test_the_database_keeps_a_look_back_whole(followed, fields):
    rows = FollowUp.objects.filter(months=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**fields)
    rows.update(answered_on="2026-06-02", still_meets="yes", words="Med svar")


def test_the_database_keeps_one_look_back_of_a_kind_and_one_answer_for_an_anchor(followed):
    circle, acting, backs = followed
    look_back(circle, acting, 3)
    look = AnchorLook.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(circle=circle, months=3, due_on=backs[3].due_on)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnchorLook.objects.create(follow_up=look.follow_up, anchor=look.anchor, in_use="no")
    with pytest.raises(IntegrityError), transaction.atomic():
        AnchorLook.objects.update(in_use="perhaps")
    AnchorLook.objects.update(in_use="no")
