from dataclasses import fields
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.domain import handovers, sharing, withdrawing
from sirkel.circles.domain.signals import items_approved
from sirkel.circles.enums import Audience, HandoverState, ShareState
from sirkel.circles.models import Handover, ShareItem
from sirkel.circles.queries.handovers import HandoverLine, handovers_for_leader, handovers_of
from sirkel.circles.rules.handover_states import ALLOWED, after_working_days, may_go
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.network.models import ExperienceCard
from tests.factories.anchoring import commit
from tests.factories.handovers import LINE, make_leader, make_line
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db
STATES = list(HandoverState)


@pytest.fixture
def circle():
    made, made.facilitator = make_circle()
    made.leader = make_leader(made)
    return made


def line(circle, state=HandoverState.DRAFT, **more):
    return make_line(circle, circle.facilitator, state=state, leader=circle.leader, **more)


def verbs(circle, handover):
    """What brings a handover to each state, by its real verb; approval is the meeting's."""
    here = {
        "acting": circle.facilitator,
        "circle_id": circle.id,
        "handover_id": handover.id,
        "at": clock.now(),
    }
    there = {"acting": circle.leader, "handover_id": handover.id, "at": clock.now()}
    return {
        HandoverState.SENT: lambda: handovers.send_handover(**here),
        HandoverState.ANSWERED: lambda: handovers.answer_handover(**there, answer="no", reason="Ikke nå."),
        HandoverState.FOLLOWED_UP: lambda: handovers.follow_up(**here, text="Vi prøver uten."),
    }


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(HandoverState.values)


@pytest.mark.parametrize(
    ("before", "to"),
    list(product(STATES, [HandoverState.SENT, HandoverState.ANSWERED, HandoverState.FOLLOWED_UP])),
)
def test_a_line_goes_where_the_table_says_and_nowhere_else(circle, before, to):
    handover = line(circle, before)
    act = verbs(circle, handover)[to]
    if may_go(before, to):
        act()
    else:
        with pytest.raises(Refused):
            act()
    handover.refresh_from_db()
    assert handover.state == (to if may_go(before, to) else before)


def ask(live, handover):
    return handovers.ask_circle(
        acting=live.facilitator, circle_id=live.circle.id, handover_id=handover.id, at=clock.now()
    )


def meeting(circle):
    return make_meeting(circle=circle, facilitator=circle.facilitator, step="carry-out", people=3)


def object_to(live, handover, phone=0):
    sharing.object_to(
        meeting_id=live.meeting.id,
        round_id=live.round.id,
        device=live.devices[phone],
        item_ids={handover.share_item_id} if handover else set(),
    )


def test_what_nobody_objects_to_is_approved_and_becomes_no_card(circle):
    live, drafted = meeting(circle), line(circle)
    asked = ask(live, drafted)
    assert asked.share_item.audience == Audience.LEADER
    heard = []

    def hear(items, **_more):
        heard.extend(items)

    items_approved.connect(hear)
    live.go_on()
    items_approved.disconnect(hear)
    drafted.refresh_from_db()
    assert (drafted.state, drafted.text) == (HandoverState.APPROVED, LINE)
    assert heard == []
    assert not ExperienceCard.objects.exists()


def test_one_objection_keeps_it_a_draft_and_it_can_be_asked_anew_later(circle):
    live, drafted = meeting(circle), line(circle)
    asked = ask(live, drafted)
    object_to(live, asked)
    live.close()
    drafted.refresh_from_db()
    assert drafted.state == HandoverState.DRAFT
    assert [
        one.is_objected
        for one in handovers_of(person=circle.facilitator, circle_id=circle.id, at=clock.now())
    ] == [True]
    changed = handovers.change_draft(
        acting=circle.facilitator,
        circle_id=circle.id,
        handover_id=drafted.id,
        text="Andre ord",
        at=clock.now(),
    )
    again = meeting(circle)
    ask(again, changed)
    again.close()
    drafted.refresh_from_db()
    assert (drafted.state, drafted.text) == (HandoverState.APPROVED, "Andre ord")


def test_what_a_meeting_lets_out_to_the_leader_is_a_line_without_a_draft(circle):
    live = meeting(circle)
    sharing.propose(
        acting=live.facilitator,
        meeting_id=live.meeting.id,
        text="Fast vakt",
        lang="nb",
        audience=Audience.LEADER,
    )
    live.go_on()
    assert Handover.objects.get().state == HandoverState.APPROVED


def test_asking_twice_is_asking_once_and_words_under_their_eyes_stay(circle):
    live, drafted = meeting(circle), line(circle)
    ask(live, drafted)
    ask(live, drafted)
    assert ShareItem.objects.count() == 1
    with pytest.raises(Refused) as refused:
        handovers.change_draft(
            acting=circle.facilitator, circle_id=circle.id, handover_id=drafted.id, text="x", at=clock.now()
        )
    assert refused.value.code == "handovers.asked"


def test_the_circle_is_asked_in_a_meeting(circle):
    drafted = line(circle)
    with pytest.raises(Refused) as refused:
        handovers.ask_circle(
            acting=circle.facilitator, circle_id=circle.id, handover_id=drafted.id, at=clock.now()
        )
    assert refused.value.code == "handovers.no_meeting"


def test_a_thrown_away_draft_asks_nobody_any_more(circle):
    live, drafted = meeting(circle), line(circle)
    ask(live, drafted)
    handovers.discard_draft(
        acting=circle.facilitator, circle_id=circle.id, handover_id=drafted.id, at=clock.now()
    )
    assert not ShareItem.objects.exists()
    live.go_on()
    assert not Handover.objects.exists()


@pytest.mark.parametrize("is_sent", [False, True])
def test_what_the_circle_takes_back_loses_its_words(circle, is_sent):
    live, drafted = meeting(circle), line(circle)
    ask(live, drafted)
    live.close()
    if is_sent:
        verbs(circle, drafted)[HandoverState.SENT]()
    item = ShareItem.objects.get()
    assert item.state == ShareState.APPROVED
    withdrawing.withdraw_item(acting=circle.facilitator, item_id=item.id, at=clock.now())
    assert list(Handover.objects.values_list("text", flat=True)) == (["…"] if is_sent else [])


def test_nothing_is_sent_where_nobody_leads(circle):
    made, facilitator = make_circle()
    handover = make_line(made, facilitator)
    Handover.objects.filter(id=handover.id).update(state=HandoverState.APPROVED)
    asked = {"acting": facilitator, "circle_id": made.id, "handover_id": handover.id, "at": clock.now()}
    with pytest.raises(Refused) as refused:
        handovers.send_handover(**asked)
    assert refused.value.code == "handovers.no_leader"
    make_leader(made)
    assert handovers.send_handover(**asked).state == HandoverState.SENT


def test_an_answer_is_given_once_and_both_are_shown(circle):
    handover = line(circle, HandoverState.SEEN)
    other = make_leader(circle)
    asked = {"handover_id": handover.id, "at": clock.now()}
    handovers.answer_handover(acting=circle.leader, answer="yes", reason="Fra mandag.", **asked)
    with pytest.raises(Conflict) as conflict:
        handovers.answer_handover(acting=other, answer="no", reason="Ikke råd.", **asked)
    assert conflict.value.facts == {
        "kept": {"answer": "yes", "reason": "Fra mandag."},
        "sent": {"answer": "no", "reason": "Ikke råd."},
    }
    handover.refresh_from_db()
    assert (handover.answer, handover.reason) == ("yes", "Fra mandag.")


@pytest.mark.parametrize(
    ("answer", "reason"), [("yes", " "), ("perhaps", "Ja"), ("", "Ja"), ("no", "x" * 501)]
)
def test_an_answer_needs_its_word_and_its_reason(circle, answer, reason):
    handover = line(circle, HandoverState.SENT)
    asked = {"acting": circle.leader, "handover_id": handover.id, "at": clock.now()}
    with pytest.raises(Refused):
        handovers.answer_handover(**asked, answer=answer, reason=reason)
    assert handovers.answer_handover(**asked, answer="no", reason="Etter sommeren.").answer == "no"


def test_overdue_follows_from_the_day_and_is_seen_on_both_sides(circle):
    sent, answered = line(circle, HandoverState.SENT), line(circle, HandoverState.ANSWERED)
    yesterday = clock.now().date() - timedelta(days=2)
    Handover.objects.filter(id__in=[sent.id, answered.id]).update(due_on=yesterday)
    at = clock.now()
    inside = {
        one.handover.id: one.is_overdue
        for one in handovers_of(person=circle.facilitator, circle_id=circle.id, at=at)
    }
    outside = {one.id: one.is_overdue for one in handovers_for_leader(person=circle.leader, at=at)}
    assert inside == outside == {sent.id: True, answered.id: False}


def test_a_leader_sees_what_was_sent_and_nothing_else_of_it(circle):
    trial = make_trial(circle, circle.facilitator, state="decided")
    made = {state: line(circle, state, trial_id=trial.id) for state in STATES}
    seen = handovers_for_leader(person=circle.leader, at=clock.now())
    sent = STATES[STATES.index(HandoverState.SENT) :]
    assert {one.id for one in seen} == {made[state].id for state in sent}
    # No field leads to the trial, the meeting or anybody.
    assert {field.name for field in fields(HandoverLine)} == {
        "id",
        "circle_name",
        "circle_language",
        "workplace",
        "text",
        "lang",
        "obstacle",
        "state",
        "due_on",
        "is_overdue",
        "is_waiting",
        "may_answer",
        "asks_mandate",
        "named",
        "answer",
        "answer_label",
        "reason",
        "answered_on",
        "followed_up",
        "said_later",
        "comes_back_on",
        "other_body",
    }


def test_another_leader_sees_and_answers_nothing(circle):
    handover = line(circle, HandoverState.SENT)
    stranger = make_leader(make_circle()[0])
    assert handovers_for_leader(person=stranger, at=clock.now()) == []
    asked = {"handover_id": handover.id, "answer": "yes", "reason": "Ja", "at": clock.now()}
    with pytest.raises(NotFound):
        handovers.answer_handover(acting=stranger, **asked)
    handovers.answer_handover(acting=circle.leader, **asked)


@pytest.mark.parametrize(
    ("state", "broken"),
    [
        (HandoverState.SENT, {"due_on": None}),
        (HandoverState.ANSWERED, {"answer": ""}),
        (HandoverState.ANSWERED, {"reason": ""}),
        (HandoverState.SENT, {"answer": "yes", "reason": "Ja"}),
        (HandoverState.FOLLOWED_UP, {"followed_up": ""}),
        (HandoverState.DRAFT, {"text": ""}),
    ],
)
def test_the_database_holds_the_rules_too(circle, state, broken):
    handover = line(circle, state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(id=handover.id).update(**broken)


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 3, 4), 1, date(2026, 3, 5)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 4), 10, date(2026, 3, 18)),
        (date(2026, 3, 4), 0, date(2026, 3, 4)),
    ],
)
def test_working_days_leave_the_weekend_out(day, days, due):
    assert after_working_days(day, days) == due


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_a_due_day_is_a_working_day_with_so_many_before_it(day, days):
    due = after_working_days(day, days)
    passed = [day + timedelta(days=place) for place in range(1, (due - day).days + 1)]
    assert due.weekday() <= 4
    assert sum(one.weekday() <= 4 for one in passed) == days


def test_the_day_is_the_one_that_the_leader_signed(circle):
    before = line(circle, HandoverState.SENT)
    commit(circle, circle.facilitator, circle.leader, answer_days=3)
    after = line(circle, HandoverState.SENT)
    assert (before.answer_days, after.answer_days) == (10, 3)
    assert after.due_on == after_working_days(after.sent_on, 3)
