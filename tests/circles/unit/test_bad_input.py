"""What goes wrong around a circle, one test per line: a plain answer, and nothing lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sirkel.circles.domain import (
    agreeing,
    anchoring,
    forgetting,
    handover_answers,
    handovers,
    phases,
    planning,
    trial_moves,
)
from sirkel.circles.enums import HandoverState, TrialState
from sirkel.circles.models import CommitmentSignature, Membership, Trial, WorkingAgreement
from sirkel.circles.queries.agreements import agreement_page
from sirkel.circles.queries.commitments import commitment_of
from sirkel.circles.rules.handover_states import after_working_days
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.domain import outbox
from sirkel.people.enums import Role
from sirkel.people.models import Mail, RoleAssignment
from tests.factories.anchoring import RULES, commit, make_leader, make_ready
from tests.factories.handovers import make_line
from tests.factories.places import make_circle
from tests.factories.trials import make_trial, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    made, made.facilitator = make_circle(starts_at=clock.now() + timedelta(days=9))
    made.asked = {"acting": made.facilitator, "circle_id": made.id, "at": clock.now()}
    return made


def leave_the_lead(leader):
    RoleAssignment.objects.filter(person=leader, role=Role.LEADER).update(
        valid_to=clock.now() - timedelta(seconds=1)
    )


def test_a_leader_signs_an_old_version(circle):
    leader = make_leader(circle)
    commit(circle, circle.facilitator, None)
    commit(circle, circle.facilitator, None, base=1, cover="Ingen vikar")
    sign = {"acting": leader, "circle_id": circle.id, "at": clock.now()}
    with pytest.raises(Conflict):
        anchoring.sign_commitment(**sign, version=1)
    assert not CommitmentSignature.objects.exists()
    anchoring.sign_commitment(**sign, version=2)
    assert commitment_of(circle, at=clock.now()).is_signed


def test_a_leader_leaves(circle):
    leader = make_ready(circle, circle.facilitator)
    line = make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=leader)
    approved = make_line(circle, circle.facilitator, state=HandoverState.APPROVED)
    leave_the_lead(leader)
    # The promise stands and its signature counts no more; nothing can be sent to nobody, and nothing is lost.
    assert not commitment_of(circle, at=clock.now()).is_signed
    with pytest.raises(Refused) as no:
        phases.move_to_phase(**circle.asked, phase="focusing")
    assert no.value.facts == {"missing": ["commitment"]}
    with pytest.raises(Refused) as no:
        handovers.send_handover(**circle.asked, handover_id=approved.id)
    assert no.value.code == "handovers.no_leader"
    answer = {"handover_id": line.id, "answer": "yes", "reason": "Ja.", "at": clock.now()}
    with pytest.raises(NotFound):
        handover_answers.answer_handover(acting=leader, **answer)
    successor = make_leader(circle)
    assert handover_answers.answer_handover(acting=successor, **answer).answer == "yes"
    anchoring.sign_commitment(acting=successor, circle_id=circle.id, version=1, at=clock.now())
    assert phases.move_to_phase(**circle.asked, phase="focusing").state == "focusing"


def test_the_sole_facilitator_is_the_members_line_manager(circle):
    make_ready(circle, circle.facilitator)
    role = RoleAssignment.objects.create(
        person=circle.facilitator,
        role=Role.LEADER,
        workplace=circle.workplace,
        organisation=circle.organisation,
        valid_from=clock.now() - timedelta(days=1),
    )
    with pytest.raises(Refused) as no:
        phases.move_to_phase(**circle.asked, phase="focusing")
    assert no.value.facts == {"missing": ["facilitator"]}
    role.delete()
    assert phases.move_to_phase(**circle.asked, phase="focusing").state == "focusing"


def test_a_trial_without_an_end_date(circle):
    trial = make_trial(circle, circle.facilitator, state=TrialState.IDEA)
    begin = {**circle.asked, "trial_id": trial.id, "to": "running"}
    with pytest.raises(Refused):
        trial_moves.move_trial(**begin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(id=trial.id).update(state=TrialState.RUNNING)
    trial_moves.change_plan(**circle.asked, trial_id=trial.id, plan=plan())
    assert trial_moves.move_trial(**begin).state == TrialState.RUNNING


def test_a_decision_without_learning(circle):
    trial = make_trial(circle, circle.facilitator)
    decide = {**circle.asked, "trial_id": trial.id, "decision": "drop"}
    with pytest.raises(Refused) as no:
        trial_moves.decide_between(**decide, learning="  ")
    assert no.value.code == "trials.learning"
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(id=trial.id).update(state=TrialState.DECIDED, decision="drop", learning="")
    assert trial_moves.decide_between(**decide, learning="Det flyttet bare presset.").decision == "drop"


def test_a_handover_answered_twice_by_two_leaders(circle):
    first, second = make_leader(circle), make_leader(circle)
    line = make_line(circle, circle.facilitator, state=HandoverState.SENT, leader=first)
    answer = {"handover_id": line.id, "at": clock.now()}
    handover_answers.answer_handover(acting=first, **answer, answer="yes", reason="Fra mandag.")
    with pytest.raises(Conflict) as no:
        handover_answers.answer_handover(acting=second, **answer, answer="no", reason="Ikke råd.")
    assert no.value.facts["kept"] == {"answer": "yes", "reason": "Fra mandag."}
    assert no.value.facts["sent"] == {"answer": "no", "reason": "Ikke råd."}
    line.refresh_from_db()
    assert (line.answer, line.reason) == ("yes", "Fra mandag.")


def test_two_people_edit_one_agreement(circle):
    mine = {**circle.asked, "lang": "nb", "base": 0}
    agreeing.write_agreement(**mine, items=RULES)
    with pytest.raises(Conflict) as no:
        agreeing.write_agreement(**mine, items=["Bare min regel"])
    assert no.value.facts["version"] == 1
    assert WorkingAgreement.objects.get().items == RULES
    agreeing.write_agreement(**mine | {"base": 1}, items=["Bare min regel", *RULES])
    page = agreement_page(person=circle.facilitator, circle_id=circle.id)
    assert page.newest.version == 2


def test_an_agreement_that_changed_meanwhile_is_not_agreed_to_unread(circle):
    agreeing.write_agreement(**circle.asked, items=RULES, lang="nb", base=0)
    agreeing.write_agreement(**circle.asked, items=["Noe annet"], lang="nb", base=1)
    with pytest.raises(Conflict):
        agreeing.agree(**circle.asked, version=1, count=7)
    assert not WorkingAgreement.objects.filter(agreed_at__isnull=False).exists()
    assert agreeing.agree(**circle.asked, version=2, count=7).is_agreed


def test_a_meeting_is_moved_while_its_invitations_go_out(circle, mailoutbox):
    meeting = circle.meetings.get()
    # They lie in the outbox with the old day when the day changes.
    assert Mail.objects.filter(about=meeting.id, state="waiting").count() == 1
    moved = meeting.starts_at + timedelta(days=1)
    planning.change_meeting(
        acting=circle.facilitator,
        meeting_id=meeting.id,
        plan=planning.MeetingPlan(starts_at=moved, method=meeting.method),
        at=clock.now(),
    )
    # By day: at night a mail waits.
    with clock.frozen((clock.now() + timedelta(days=2)).replace(hour=11)):
        outbox.deliver()
    assert len(mailoutbox) == 1
    assert mailoutbox[0].subject.startswith("Endret")


def test_a_member_leaves_and_asks_for_deletion_and_a_last_facilitator_cannot_go_unnoticed(circle):
    with pytest.raises(Conflict):
        forgetting.forget_person(acting=circle.facilitator, at=clock.now())
    assert Membership.objects.filter(person=circle.facilitator).exists()


class TestClocks:
    """Åland is an hour ahead of Denmark, Norway and Sweden, in summer and in winter."""

    LATE = {
        "winter": datetime(2026, 1, 15, 22, 30, tzinfo=UTC),
        "summer": datetime(2026, 7, 15, 21, 30, tzinfo=UTC),
    }

    @pytest.mark.parametrize("season", ["winter", "summer"])
    @pytest.mark.parametrize(("zone", "is_next_day"), [("Europe/Oslo", False), ("Europe/Mariehamn", True)])
    def test_a_line_sent_late_is_due_by_the_workplaces_own_day(self, circle, zone, is_next_day, season):
        circle.workplace.time_zone = zone
        circle.workplace.save()
        at = self.LATE[season]
        leader = make_leader(circle)
        RoleAssignment.objects.filter(person=leader).update(valid_from=at - timedelta(days=1))
        line = make_line(circle, circle.facilitator, state=HandoverState.APPROVED)
        sent = handovers.send_handover(**circle.asked | {"at": at}, handover_id=line.id)
        day = at.date() + timedelta(days=is_next_day)
        assert (sent.sent_on, sent.due_on) == (day, after_working_days(day, sent.answer_days))

    @pytest.mark.parametrize("zone", ["Europe/Oslo", "Europe/Mariehamn"])
    @pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_the_night_of_the_change_makes_a_day_neither_longer_nor_shorter_for_an_answer(
        self, circle, zone, night
    ):
        circle.workplace.time_zone = zone
        circle.workplace.save()
        leader = make_leader(circle)
        RoleAssignment.objects.filter(person=leader).update(valid_from=datetime(2026, 1, 1, tzinfo=UTC))
        noon = datetime(night.year, night.month, night.day, 10, tzinfo=UTC) - timedelta(days=2)
        line = make_line(circle, circle.facilitator, state=HandoverState.APPROVED)
        sent = handovers.send_handover(**circle.asked | {"at": noon}, handover_id=line.id)
        overdue = [sent.is_overdue(sent.due_on + timedelta(days=days)) for days in (0, 1)]
        assert overdue == [False, True]
