"""Will you come, and I leave: by a signed link, without signing in, and never by merely reading it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from sirkel.circles.domain import planning
from sirkel.circles.domain.answering import tidy
from sirkel.circles.enums import MeetingState, MemberRole
from sirkel.circles.models import Answer, Leaving, Membership
from sirkel.circles.queries.links import answer_path, leave_path
from sirkel.kernel import clock
from sirkel.kernel.models import AuditEvent
from sirkel.people.domain import outbox
from sirkel.people.enums import Role
from sirkel.people.models import Mail
from tests.factories.places import START, make_circle, make_person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = START - timedelta(days=10)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _before_the_meeting():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def place():
    """A circle's meeting, its facilitator's membership and that of a member."""
    circle, marit = make_circle(meetings=1)
    member = Membership.objects.create(
        circle=circle, person=make_person(name="Aino"), role=MemberRole.PARTICIPANT
    )
    return circle.meetings.get(), Membership.objects.get(person=marit), member


def browser():
    """Somebody's browser, never seen before, that guards forms as real ones do."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def page_for(person, meeting):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    answer = client.get(f"/circles/{meeting.circle_id}/meetings/{meeting.number}/")
    return answer.status_code, " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def is_the_plain_answer(answer):
    return answer.status_code == 404 and "This link does not work any more." in answer.content.decode()


class TestAnswer:
    @pytest.mark.threat(row="T11")
    def test_reading_keeps_nothing_and_every_press_counts_anew(self, place):
        meeting, _marit, aino = place
        path = answer_path(aino.id, meeting.id)
        for _scanner in range(3):
            assert browser().get(path).status_code == 200
            assert browser().head(path).status_code == 200
        assert not Answer.objects.exists()
        for says in ("yes", "no", "maybe"):
            assert browser().post(path, {"says": says}).status_code == 200
            assert Answer.objects.get().says == says
        assert browser().post(path, {"says": "perhaps"}).status_code == 400
        assert Answer.objects.get().says == "maybe"

    def test_the_facilitator_sees_counts_and_who_said_no(self, place):
        meeting, marit, aino = place
        browser().post(answer_path(marit.id, meeting.id), {"says": "yes"})
        browser().post(answer_path(aino.id, meeting.id), {"says": "no"})
        status, text = page_for(marit.person, meeting)
        assert status == 200
        assert "Yes: 1 · Maybe: 0 · No: 1 · No answer: 0 Said no: Aino" in text

    def test_a_member_sees_the_own_answer_and_nobody_else_s(self, place):
        meeting, marit, aino = place
        browser().post(answer_path(marit.id, meeting.id), {"says": "no"})
        browser().post(answer_path(aino.id, meeting.id), {"says": "maybe"})
        status, text = page_for(aino.person, meeting)
        assert status == 200
        assert "You said maybe." in text
        assert "Who is coming?" not in text
        assert "Marit" not in text.replace("Led by Marit", "")

    @pytest.mark.parametrize("role", [Role.LEADER, Role.UNION, Role.ADMINISTRATOR, Role.RESEARCHER])
    def test_nobody_outside_the_circle_sees_anything(self, place, role):
        meeting, _marit, aino = place
        browser().post(answer_path(aino.id, meeting.id), {"says": "no"})
        other = make_person(role=role, workplace=meeting.circle.workplace)
        status, text = page_for(other, meeting)
        assert status == 404
        assert "Aino" not in text

    def test_it_counts_until_the_meeting_begins(self, place):
        meeting, _marit, aino = place
        path = answer_path(aino.id, meeting.id)
        with clock.frozen(START - timedelta(seconds=1)):
            assert browser().post(path, {"says": "yes"}).status_code == 200
        with clock.frozen(START):
            assert is_the_plain_answer(browser().get(path))
            assert is_the_plain_answer(browser().post(path, {"says": "no"}))
        assert Answer.objects.get().says == "yes"

    def test_every_link_that_is_none_has_the_same_answer(self, place):
        meeting, _marit, aino = place
        right = answer_path(aino.id, meeting.id)
        elsewhere, _other = make_circle(meetings=1)
        assert browser().get(right).status_code == 200
        pages = set()
        for bad in (
            right[:-6] + "AAAAA/",
            "/link/answer/nothing/",
            right.replace("answer", "leave"),
            leave_path(aino.id).replace("leave", "answer"),
            answer_path(aino.id, elsewhere.meetings.get().id),
        ):
            for ask in ("get", "post"):
                answer = getattr(browser(), ask)(bad, {"says": "no"})
                assert is_the_plain_answer(answer)
                pages.add(answer.content.partition(b"<main")[2].partition(b"</main>")[0])
        assert len(pages) == 1
        assert not Answer.objects.exists()

    @pytest.mark.parametrize("state", [MeetingState.RUNNING, MeetingState.CANCELLED, MeetingState.HELD])
    def test_of_a_meeting_that_is_not_to_come_nothing_is_asked(self, place, state):
        meeting, _marit, aino = place
        path = answer_path(aino.id, meeting.id)
        assert browser().get(path).status_code == 200
        type(meeting).objects.update(state=state)
        assert is_the_plain_answer(browser().get(path))

    def test_an_answer_to_the_old_day_is_none_to_the_new_one(self, place):
        meeting, marit, aino = place
        browser().post(answer_path(aino.id, meeting.id), {"says": "no"})
        planning.change_meeting(
            acting=marit.person,
            meeting_id=meeting.id,
            plan=planning.MeetingPlan(starts_at=START + 7 * DAY, method=meeting.method),
            at=NOW,
        )
        assert "No: 0 · No answer: 2" in page_for(marit.person, meeting)[1]

    def test_answers_are_forgotten_the_day_after(self, place):
        meeting, _marit, aino = place
        browser().post(answer_path(aino.id, meeting.id), {"says": "no"})
        tidy(at=START + DAY - timedelta(minutes=1))
        assert Answer.objects.exists()
        tidy(at=START + DAY + timedelta(minutes=1))
        assert not Answer.objects.exists()

    def test_who_answered_stands_in_no_audit_row(self, place):
        meeting, _marit, aino = place
        before = AuditEvent.objects.count()
        browser().post(answer_path(aino.id, meeting.id), {"says": "no"})
        assert AuditEvent.objects.count() == before


class TestLeave:
    def test_reading_it_leaves_nothing_and_one_press_does(self, place):
        _meeting, _marit, aino = place
        for _scanner in range(3):
            assert browser().get(leave_path(aino.id)).status_code == 200
        assert Membership.objects.get(id=aino.id).left_at is None
        for _twice in range(2):
            assert browser().post(leave_path(aino.id)).status_code == 200
        assert Membership.objects.get(id=aino.id).left_at == NOW

    def test_it_is_undone_within_a_day_and_not_later(self, place):
        meeting, _marit, aino = place
        path = leave_path(aino.id)
        browser().post(path)
        assert page_for(aino.person, meeting)[0] == 404
        with clock.frozen(NOW + DAY - timedelta(minutes=1)):
            assert browser().post(path, {"back": "1"}).status_code == 200
            assert page_for(aino.person, meeting)[0] == 200
            browser().post(path)
        with clock.frozen(NOW + 2 * DAY):
            assert is_the_plain_answer(browser().get(path))
            assert is_the_plain_answer(browser().post(path, {"back": "1"}))
            tidy(at=clock.now())
        assert not Leaving.objects.exists()
        assert Membership.objects.get(id=aino.id).left_at is not None

    def test_whom_others_took_out_cannot_come_back_by_an_old_link(self, place):
        _meeting, _marit, aino = place
        Membership.objects.filter(id=aino.id).update(left_at=NOW)
        assert is_the_plain_answer(browser().post(leave_path(aino.id), {"back": "1"}))

    def test_the_only_facilitator_stays_until_there_is_another(self, place):
        meeting, marit, aino = place
        answer = browser().post(leave_path(marit.id))
        assert answer.status_code == 409
        assert Membership.objects.get(id=marit.id).left_at is None
        Membership.objects.filter(id=aino.id).update(role=MemberRole.FACILITATOR)
        assert browser().post(leave_path(marit.id)).status_code == 200
        assert page_for(marit.person, meeting)[0] == 404

    def test_an_answer_goes_with_whoever_leaves(self, place):
        meeting, _marit, aino = place
        browser().post(answer_path(aino.id, meeting.id), {"says": "no"})
        browser().post(leave_path(aino.id))
        assert not Answer.objects.exists()
        assert is_the_plain_answer(browser().get(answer_path(aino.id, meeting.id)))

    def test_whoever_left_is_told_by_mail_in_case_it_was_somebody_else(self, place):
        _meeting, _marit, aino = place
        Mail.objects.all().delete()
        browser().post(leave_path(aino.id))
        outbox.deliver()
        (message,) = mail.outbox
        assert message.to == [aino.person.email]
        assert leave_path(aino.id) in message.body
        assert "List-Unsubscribe" not in message.extra_headers
        browser().post(leave_path(aino.id), {"back": "1"})
        with clock.frozen(NOW + timedelta(hours=1)):
            browser().post(leave_path(aino.id))
            browser().post(leave_path(aino.id), {"back": "1"})
            assert outbox.deliver() == 0, "who came back at once is told nothing"

    def test_it_is_written_down_without_words(self, place):
        _meeting, _marit, aino = place
        browser().post(leave_path(aino.id))
        browser().post(leave_path(aino.id), {"back": "1"})
        rows = AuditEvent.objects.filter(actor=aino.person_id).order_by("sequence")
        assert [(row.verb, row.facts) for row in rows] == [("circle.left", {}), ("circle.came_back", {})]
