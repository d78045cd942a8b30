"""A line to the leader between meetings: asked, kept in the room by nobody in particular, answered, cleared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.domain import (
    handover_answers,
    handovers,
    line_asking,
    line_mails,
    phases,
    trial_moves,
)
from sirkel.circles.domain.handover_answers import Mark
from sirkel.circles.enums import HandoverState, MemberRole, TrialState
from sirkel.circles.line_enums import LineNews, ObstacleState
from sirkel.circles.models import Handover, LineObjection, Membership, NamedObstacle
from sirkel.circles.queries.handovers import handover_for_leader, handovers_for_leader, handovers_of
from sirkel.circles.rules.handover_states import after_working_days, before_working_days
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.kernel.ids import new_id
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import mail_settings, outbox
from sirkel.people.enums import MailKind, Role
from sirkel.people.models import Mail, RoleAssignment
from tests.attack.dump import take_dump
from tests.factories.handovers import LINE, make_leader, make_line
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.thread import make_person
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db(databases=["default", "research", "vault"])
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def circle():
    with clock.frozen(MONDAY):
        made, made.facilitator = make_circle()
        made.leader = make_leader(made)
        yield made


def here(circle, handover):
    return {
        "acting": circle.facilitator,
        "circle_id": circle.id,
        "handover_id": handover.id,
        "at": clock.now(),
    }


def ask(circle, *, days=7, **more):
    drafted = make_line(circle, circle.facilitator, leader=circle.leader, **more)
    return line_asking.ask_between(**here(circle, drafted), days=days)


def state_of(line):
    return Handover.objects.get(id=line.id)


class TestAskedBetweenMeetings:
    def test_without_an_objection_it_is_approved_the_day_after_the_last_one_and_not_before(self, circle):
        line = ask(circle, days=7)
        assert line_asking.settle(at=MONDAY + timedelta(days=7)) == 0
        assert state_of(line).state == HandoverState.DRAFT
        assert line_asking.settle(at=MONDAY + timedelta(days=8)) == 1
        assert state_of(line).state == HandoverState.APPROVED
        assert line_asking.settle(at=MONDAY + timedelta(days=8)) == 0

    def test_one_objection_keeps_it_in_the_room_and_is_itself_forgotten(self, circle):
        line = ask(circle)
        line_asking.let_stay(circle=circle, handover_id=line.id, client_id=new_id(), at=MONDAY)
        assert line_asking.settle(at=MONDAY + timedelta(days=8)) == 0
        kept = state_of(line)
        assert (kept.state, kept.has_stayed, kept.asked_until) == (HandoverState.DRAFT, True, None)
        assert not LineObjection.objects.exists()
        with pytest.raises(Refused):
            handovers.send_handover(**here(circle, line))

    def test_nobody_sees_an_objection_while_the_circle_is_asked(self, circle):
        line = ask(circle)
        before = handovers_of(person=circle.facilitator, circle_id=circle.id, at=MONDAY)
        for _one in range(3):
            line_asking.let_stay(circle=circle, handover_id=line.id, client_id=new_id(), at=MONDAY)
        assert handovers_of(person=circle.facilitator, circle_id=circle.id, at=MONDAY) == before

    def test_a_dump_says_nothing_of_who_objected_or_when(self, circle):
        member = make_person("Aino")
        Membership.objects.create(circle=circle, person=member, role=MemberRole.PARTICIPANT)
        line = ask(circle)
        audited, client = AuditEvent.objects.count(), new_id()
        line_asking.let_stay(circle=circle, handover_id=line.id, client_id=client, at=clock.now())
        assert AuditEvent.objects.count() == audited
        (row,) = take_dump().of("circles_lineobjection")
        assert set(row.values) == {"id", "handover_id", "client_hash"}
        assert client.hex not in str(take_dump().rows)

    def test_saying_it_twice_is_once_and_whoever_holds_the_id_takes_it_back(self, circle):
        line, mine = ask(circle), new_id()
        said = {"circle": circle, "handover_id": line.id, "at": MONDAY}
        line_asking.let_stay(**said, client_id=mine)
        line_asking.let_stay(**said, client_id=mine)
        assert line_asking.let_go(**said, client_id=new_id()) is False
        assert line_asking.let_go(**said, client_id=mine) is True
        assert line_asking.settle(at=MONDAY + timedelta(days=8)) == 1

    def test_after_the_last_day_nothing_is_taken_in(self, circle):
        line = ask(circle)
        late = MONDAY + timedelta(days=8)
        with pytest.raises(NotFound):
            line_asking.let_stay(circle=circle, handover_id=line.id, client_id=new_id(), at=late)

    def test_another_circle_has_no_say(self, circle):
        line, (other, _person) = ask(circle), make_circle()
        with pytest.raises(NotFound):
            line_asking.let_stay(circle=other, handover_id=line.id, client_id=new_id(), at=MONDAY)
        assert not LineObjection.objects.exists()

    def test_the_day_is_the_workplaces_own(self, circle):
        circle.workplace.time_zone = "Europe/Mariehamn"
        circle.workplace.save()
        line = ask(circle, days=3)
        just_over_on_aland = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
        assert line_asking.settle(at=just_over_on_aland - timedelta(hours=1)) == 0
        assert line_asking.settle(at=just_over_on_aland) == 1
        assert state_of(line).state == HandoverState.APPROVED

    def test_its_words_stand_still_while_it_is_asked(self, circle):
        line = ask(circle)
        for refused in (
            lambda: handovers.change_draft(**here(circle, line), text="Noe annet"),
            lambda: _ask_in_a_meeting(circle, line),
        ):
            with pytest.raises(Refused) as no:
                refused()
            assert no.value.code == "handovers.asked"
        line_asking.stop_asking(**here(circle, line))
        assert handovers.change_draft(**here(circle, line), text="Noe annet").text == "Noe annet"

    def test_a_paused_circle_is_not_asked_and_what_was_asked_waits(self, circle):
        line = ask(circle)
        rest = {"acting": circle.facilitator, "circle_id": circle.id}
        phases.pause_circle(**rest, reason="staffing", at=MONDAY)
        assert line_asking.settle(at=MONDAY + timedelta(days=9)) == 0
        other = make_line(circle, circle.facilitator)
        with pytest.raises(Refused) as no:
            line_asking.ask_between(**here(circle, other), days=7)
        assert no.value.code == "handovers.circle_rests"
        phases.resume_circle(**rest, at=MONDAY)
        assert line_asking.settle(at=MONDAY + timedelta(days=9)) == 1
        assert state_of(line).state == HandoverState.APPROVED

    def test_only_a_draft_can_be_asked_about(self, circle):
        sent = make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader)
        with pytest.raises(Refused):
            line_asking.ask_between(**here(circle, sent), days=7)
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(id=sent.id).update(asked_until=date(2026, 3, 9))

    def test_a_number_of_days_that_was_not_offered_is_refused(self, circle):
        with pytest.raises(Refused) as no:
            ask(circle, days=1)
        assert no.value.code == "handovers.days"


def _ask_in_a_meeting(circle, line):
    make_meeting(circle=circle, facilitator=circle.facilitator, step="carry-out", people=1)
    return handovers.ask_circle(**here(circle, line))


class TestWhatIsInTheWay:
    NAMED = (("people", "Ingen vakt på bord 2"), ("rules", "Nøkkelskapet er låst"))

    def test_the_circle_is_asked_about_the_line_and_what_it_names_together(self, circle):
        drafted = make_line(circle, circle.facilitator, named=self.NAMED)
        live = make_meeting(circle=circle, facilitator=circle.facilitator, step="carry-out", people=2)
        asked = handovers.ask_circle(**here(circle, drafted))
        for _kind, line in self.NAMED:
            assert line in asked.share_item.text
        live.go_on()
        approved = state_of(drafted)
        assert (approved.state, approved.text) == (HandoverState.APPROVED, LINE)
        assert [one.line for one in approved.named_obstacles.order_by("position")] == [
            line for _kind, line in self.NAMED
        ]

    @pytest.mark.parametrize(
        "named",
        [
            [("people", "x")] * 4,
            [("", "Ingen vakt")],
            [("people", "x" * 121)],
            [("people", "x" * 120)] * 3,
        ],
    )
    def test_three_at_most_of_a_known_kind_and_short(self, circle, named):
        text = "y" * 200
        with pytest.raises(Refused):
            make_line(circle, circle.facilitator, text=text, named=named)
        assert make_line(circle, circle.facilitator, text=text, named=[("people", "x" * 120)])

    def marked(self, circle, state, until=None, *, acting=None):
        (one,) = NamedObstacle.objects.filter(position=0)
        return handover_answers.mark_obstacle(
            acting=acting or circle.leader,
            handover_id=one.handover_id,
            obstacle_id=one.id,
            mark=Mark(state, until),
            at=clock.now(),
        )

    @pytest.fixture
    def sent(self, circle):
        return make_line(
            circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader, named=self.NAMED
        )

    def test_a_leader_works_on_it_until_a_day_and_then_it_is_out_of_the_way(self, circle, sent):
        worked = self.marked(circle, "working", date(2026, 3, 20))
        assert (worked.until, worked.marked_on) == (date(2026, 3, 20), MONDAY.date())
        done = self.marked(circle, "removed")
        assert (done.state, done.until) == (ObstacleState.REMOVED, None)
        (line,) = handovers_of(person=circle.facilitator, circle_id=circle.id, at=MONDAY)
        assert [one.state for one in line.named] == ["removed", "open"]

    @pytest.mark.parametrize(
        ("state", "until"), [("working", None), ("working", date(2026, 3, 1)), ("open", None)]
    )
    def test_working_on_it_needs_a_day_to_come(self, circle, sent, state, until):
        with pytest.raises(Refused):
            self.marked(circle, state, until)
        assert self.marked(circle, "cannot").state == ObstacleState.CANNOT

    def test_nobody_but_the_leader_of_the_workplace_marks_it(self, circle, sent):
        other, _person = make_circle()
        for stranger in (circle.facilitator, make_leader(other)):
            with pytest.raises(NotFound):
                self.marked(circle, "removed", acting=stranger)
        assert self.marked(circle, "removed").state == ObstacleState.REMOVED

    def test_the_database_knows_no_work_without_a_day(self, sent):
        with pytest.raises(IntegrityError), transaction.atomic():
            NamedObstacle.objects.update(state=ObstacleState.WORKING, marked_on=date(2026, 3, 2))


class TestAnswers:
    def sent(self, circle, **more):
        return make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader, **more)

    def answer(self, circle, line, answer, *, at=None, **more):
        return handover_answers.answer_handover(
            acting=circle.leader,
            handover_id=line.id,
            answer=answer,
            reason=more.pop("reason", "Fordi."),
            at=at or clock.now(),
            **more,
        )

    def test_later_names_the_day_on_which_it_comes_back_and_waits_then(self, circle):
        line = self.sent(circle)
        for day in (None, MONDAY.date()):
            with pytest.raises(Refused) as no:
                self.answer(circle, line, "later", comes_back_on=day)
            assert no.value.code == "handovers.comes_back_on"
        self.answer(circle, line, "later", comes_back_on=date(2026, 4, 13), reason="Etter påske.")
        waits = {
            day: [
                (one.is_waiting, one.is_overdue) for one in handovers_for_leader(person=circle.leader, at=day)
            ]
            for day in (MONDAY + timedelta(days=41), MONDAY + timedelta(days=42), MONDAY + timedelta(days=43))
        }
        assert list(waits.values()) == [[(False, False)], [(True, False)], [(True, True)]]

    def test_after_a_later_one_more_answer_stands_and_what_was_said_stays_readable(self, circle):
        line = self.sent(circle)
        self.answer(circle, line, "later", comes_back_on=date(2026, 4, 13), reason="Etter påske.")
        with pytest.raises(Conflict):
            self.answer(circle, line, "later", comes_back_on=date(2026, 5, 13))
        final = self.answer(circle, line, "yes", reason="Fra 1. mai.")
        assert (final.answer, final.reason, final.said_later, final.comes_back_on) == (
            "yes",
            "Fra 1. mai.",
            "Etter påske.",
            None,
        )
        with pytest.raises(Conflict) as no:
            self.answer(circle, line, "no", reason="Likevel ikke.")
        assert no.value.facts["kept"] == {"answer": "yes", "reason": "Fra 1. mai."}

    def test_somebody_else_is_named(self, circle):
        line = self.sent(circle)
        with pytest.raises(Refused) as no:
            self.answer(circle, line, "other_body")
        assert no.value.code == "handovers.other_body"
        assert self.answer(circle, line, "other_body", other_body="Driftsstyret").other_body == "Driftsstyret"

    def test_what_belongs_to_another_answer_is_not_kept(self, circle):
        line = self.sent(circle)
        kept = self.answer(circle, line, "part", comes_back_on=date(2026, 4, 1), other_body="Styret")
        assert (kept.answer, kept.comes_back_on, kept.other_body) == ("part", None, "")

    def test_a_leader_who_left_answers_nothing_and_the_next_one_does(self, circle):
        line = self.sent(circle)
        next_leader = make_leader(circle)
        RoleAssignment.objects.filter(person=circle.leader, role=Role.LEADER).update(
            valid_to=MONDAY - timedelta(hours=1)
        )
        with pytest.raises(NotFound):
            self.answer(circle, line, "yes")
        circle.leader = next_leader
        assert self.answer(circle, line, "yes").answer == "yes"


class TestMandate:
    @pytest.fixture
    def trial(self, circle):
        return make_trial(circle, circle.facilitator, state=TrialState.WAITING_MANDATE, touches_care=True)

    def answered(self, circle, trial, answer, **more):
        line = make_line(
            circle,
            circle.facilitator,
            state=HandoverState.SENT,
            leader=circle.leader,
            trial_id=trial.id,
            **more,
        )
        handover_answers.answer_handover(
            acting=circle.leader, handover_id=line.id, answer=answer, reason="Fordi.", at=clock.now()
        )
        trial.refresh_from_db()
        return line

    def test_a_yes_gives_the_trial_its_mandate_and_it_may_begin(self, circle, trial):
        line = self.answered(circle, trial, "yes")
        assert (line.asks_mandate, trial.mandate) == (True, "given")
        given = AuditEvent.objects.get(verb="trial.mandate_given")
        assert (given.actor, given.facts) == (circle.leader.id, {"handover": str(line.id)})
        begun = trial_moves.move_trial(
            acting=circle.facilitator, circle_id=circle.id, trial_id=trial.id, to="running", at=clock.now()
        )
        assert begun.state == TrialState.RUNNING

    @pytest.mark.parametrize("answer", ["no", "part"])
    def test_anything_but_a_yes_gives_none(self, circle, trial, answer):
        self.answered(circle, trial, answer)
        assert trial.mandate == "needed"
        assert not AuditEvent.objects.filter(verb="trial.mandate_given").exists()

    def test_a_line_from_a_trial_that_needs_none_asks_for_none(self, circle):
        trial = make_trial(circle, circle.facilitator, state=TrialState.PLANNED)
        line = self.answered(circle, trial, "yes")
        assert (line.asks_mandate, trial.mandate) == (False, "not_needed")

    def test_the_leader_sees_that_a_mandate_is_asked_and_nothing_of_the_trial(self, circle, trial):
        line = self.answered(circle, trial, "yes")
        seen = handover_for_leader(person=circle.leader, handover_id=line.id, at=clock.now())
        assert seen.asks_mandate is True
        assert trial.what not in str(seen)


class TestMails:
    def mails(self, kind=LineNews.SENT):
        return Mail.objects.filter(kind=MailKind.LINES, edition=kind.value)

    def sent(self, circle):
        return make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=circle.leader)

    @pytest.mark.threat(row="T13")
    def test_a_leader_is_written_to_when_a_line_was_sent_in_words_without_content(self, circle, mailoutbox):
        self.sent(circle)
        assert outbox.deliver() == 1
        (mail,) = mailoutbox
        assert mail.to == [circle.leader.email]
        assert circle.name in mail.subject
        assert "16 March" in mail.subject
        assert LINE not in mail.subject + mail.body
        assert "/link/mail/" in mail.extra_headers["List-Unsubscribe"]

    def test_it_waits_for_the_end_of_quiet_hours(self, circle, mailoutbox):
        night = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
        with clock.frozen(night):
            self.sent(circle)
            assert outbox.deliver() == 0
        with clock.frozen(night + timedelta(hours=8)):
            assert outbox.deliver() == 1

    def test_whoever_switched_them_off_gets_none(self, circle, mailoutbox):
        mail_settings.switch(person_id=circle.leader.id, kind=MailKind.LINES, is_wanted=False)
        self.sent(circle)
        assert outbox.deliver() == 0
        assert mailoutbox == []

    def test_one_gentle_reminder_before_the_day_and_one_after_it_however_often_the_timetable_runs(
        self, circle
    ):
        line = self.sent(circle)
        assert line.due_on == date(2026, 3, 16)
        told = []
        for day in range(25):
            at = MONDAY + timedelta(days=day)
            with clock.frozen(at):
                line_mails.remind_leaders(at=at)
                line_mails.remind_leaders(at=at)
                told.append((self.mails(LineNews.SOON).count(), self.mails(LineNews.OVERDUE).count()))
        assert told[:10] == [(0, 0)] * 10
        assert told[10:15] == [(1, 0)] * 5
        assert told[15:] == [(1, 1)] * 10

    def test_an_answer_ends_the_reminding_even_of_what_lies_in_the_outbox(self, circle, mailoutbox):
        line = self.sent(circle)
        outbox.deliver()
        mailoutbox.clear()
        late = MONDAY + timedelta(days=15)
        with clock.frozen(late):
            line_mails.remind_leaders(at=late)
            handover_answers.answer_handover(
                acting=circle.leader, handover_id=line.id, answer="no", reason="Nei.", at=late
            )
            outbox.deliver()
        assert [mail.to for mail in mailoutbox] == [[circle.facilitator.email]]
        assert "Nei." not in mailoutbox[0].body

    def test_a_leader_who_left_is_not_written_to(self, circle, mailoutbox):
        self.sent(circle)
        RoleAssignment.objects.filter(person=circle.leader).update(valid_to=MONDAY - timedelta(hours=1))
        assert outbox.deliver() == 0
        at = MONDAY + timedelta(days=15)
        with clock.frozen(at):
            assert line_mails.remind_leaders(at=at) == 0

    def test_a_later_comes_back_by_mail_on_its_day(self, circle):
        line = self.sent(circle)
        handover_answers.answer_handover(
            acting=circle.leader,
            handover_id=line.id,
            answer="later",
            reason="Etter påske.",
            comes_back_on=date(2026, 4, 13),
            at=MONDAY,
        )
        for day, expected in ((41, 0), (42, 1), (43, 1)):
            at = MONDAY + timedelta(days=day)
            with clock.frozen(at):
                line_mails.remind_leaders(at=at)
            assert self.mails(LineNews.BACK).count() == expected

    def test_members_are_told_that_the_circle_is_asked_but_not_the_one_who_asks(self, circle, mailoutbox):
        member = make_person("Aino")
        Membership.objects.create(circle=circle, person=member, role=MemberRole.PARTICIPANT)
        ask(circle)
        outbox.deliver()
        (mail,) = mailoutbox
        assert mail.to == [member.email]
        assert LINE not in mail.subject + mail.body

    def test_a_paused_circle_reminds_nobody(self, circle):
        self.sent(circle)
        phases.pause_circle(acting=circle.facilitator, circle_id=circle.id, reason="staffing", at=MONDAY)
        at = MONDAY + timedelta(days=15)
        with clock.frozen(at):
            assert line_mails.remind_leaders(at=at) == 0


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.integers(0, 40))
def test_working_days_count_back_as_they_count_on(day, days):
    back = before_working_days(day, days)
    assert back <= day
    weekdays = sum((back + timedelta(n)).weekday() < 5 for n in range((day - back).days))
    assert weekdays == days
    assert after_working_days(back, days) <= day or day.weekday() >= 5
