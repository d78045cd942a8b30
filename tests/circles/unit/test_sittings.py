"""Two sittings of one meeting number: what is hidden in one never crosses, and everywhere they count once."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.domain import choosing, planning
from sirkel.circles.domain.sittings import SittingPlan, add_sitting
from sirkel.circles.enums import MeetingState, MemberRole, Says, TrialState
from sirkel.circles.models import Answer, Meeting, Membership, Note, Theme, Trial
from sirkel.circles.queries.challenges import challenges_at
from sirkel.circles.queries.circle_page import circle_page, meeting_before
from sirkel.circles.queries.feed import feed_of
from sirkel.circles.queries.lead import next_meeting
from sirkel.circles.queries.life import MeetingDay, one_per_number
from sirkel.circles.queries.nudges import comes_to_other_sitting
from sirkel.circles.queries.overview import circle_cards
from sirkel.circles.queries.recap import recap_of
from sirkel.circles.queries.study_hours import study_hours_of
from sirkel.circles.queries.surfaces import meeting_view, open_trials
from sirkel.circles.rules.sittings import MeetingConverter, MeetingNumber, counts
from sirkel.kernel import clock
from sirkel.kernel.errors import Conflict, NotFound, Refused
from sirkel.people.domain.mail_settings import new_calendar_address
from tests.circles.web.hands import Phone
from tests.factories.anchoring import make_leader
from tests.factories.handovers import leave
from tests.factories.meetings import Live, make_meeting, sign_in
from tests.factories.thread import make_person
from tests.factories.trials import make_trial

pytestmark = pytest.mark.django_db


@dataclass
class Two:
    """The day's and the night's sitting of one meeting."""

    day: Live
    night: Live

    @property
    def circle(self):
        return self.day.circle


def sit_again(live, *, hours=8, **more):
    plan = SittingPlan(starts_at=live.meeting.starts_at + timedelta(hours=hours), place="Vaktrommet", **more)
    return add_sitting(acting=live.facilitator, meeting_id=live.meeting.id, plan=plan, at=clock.now())


@pytest.fixture
def two():
    """A day sitting in its write step with three phones, and a night sitting that is planned."""
    day = make_meeting(step="write", people=3)
    night = Live(meeting=sit_again(day), facilitator=day.facilitator)
    planning.publish_meeting(acting=day.facilitator, meeting_id=night.meeting.id, at=clock.now())
    return Two(day, night)


def begin(live, step, people=3):
    live.open()
    for _phone in range(people):
        live.join()
    return live.go_to(step)


def seen(live):
    live.meeting.refresh_from_db()
    view = meeting_view(meeting=live.meeting, version=1, language="nb", at=clock.now())
    return sorted(note.text for note in view.other.notes)


class TestAdding:
    def test_it_has_the_number_the_run_sheet_and_a_code_of_its_own(self, two):
        day, night = two.day.meeting, two.night.open().meeting
        assert (night.number, night.sitting, night.address) == (day.number, 2, f"{day.number}-2")
        lines = [list(one.steps.values_list("key", "kind", "minutes", "prompt")) for one in (day, night)]
        assert lines[0] == lines[1]
        assert night.join_code
        assert night.join_code != day.join_code

    def test_there_are_never_three(self, two):
        with pytest.raises(Conflict) as no:
            sit_again(two.day)
        assert no.value.code == "sittings.two"
        row = {
            "circle": two.circle,
            "number": two.day.meeting.number,
            "starts_at": clock.now(),
            "method": "x",
        }
        for sitting in (1, 2, 3, 0):
            with pytest.raises(IntegrityError), transaction.atomic():
                Meeting.objects.create(**row, sitting=sitting)
        Meeting.objects.create(**row | {"number": 99}, sitting=2)

    def test_the_next_meeting_gets_the_next_number(self, two):
        plan = planning.MeetingPlan(starts_at=clock.now() + timedelta(days=30), method="open-room")
        made = planning.add_meeting(acting=two.day.facilitator, circle=two.circle, plan=plan)
        assert (made.number, made.sitting) == (two.day.meeting.number + 1, 1)

    def test_not_far_apart_nor_around_another_meeting(self):
        live = make_meeting(state=MeetingState.PLANNED, starts_at=clock.now() + timedelta(days=10))
        make_meeting(
            state=MeetingState.PLANNED, circle=live.circle, facilitator=live.facilitator,
            starts_at=clock.now() + timedelta(days=13),
        )  # fmt: skip
        for hours in (15 * 24, -15 * 24, 4 * 24):
            with pytest.raises(Refused) as no:
                sit_again(live, hours=hours)
            assert no.value.code == "sittings.far"
        sit_again(live, hours=2 * 24)

    def test_only_by_a_facilitator_and_not_for_a_cancelled_meeting(self):
        live = make_meeting(state=MeetingState.PLANNED, starts_at=clock.now() + timedelta(days=3))
        plan = SittingPlan(starts_at=live.meeting.starts_at + timedelta(hours=8))
        for other in (make_leader(live.circle), make_person()):
            with pytest.raises(NotFound):
                add_sitting(acting=other, meeting_id=live.meeting.id, plan=plan, at=clock.now())
        with pytest.raises(Refused) as no:
            sit_again(live, link="javascript:1")
        assert no.value.code == "meetings.link"
        planning.cancel_meeting(acting=live.facilitator, meeting_id=live.meeting.id, at=clock.now())
        with pytest.raises(Refused) as no:
            sit_again(live)
        assert no.value.code == "sittings.cancelled"


class TestNothingHiddenCrosses:
    def test_what_the_day_hides_is_not_in_the_night(self, two):
        two.day.write("Bord 2 venter", "Vasken", "Klokka")
        begin(two.night, "write").write("Natt én", "Natt to", "Natt tre").reveal()
        assert seen(two.night) == []
        two.night.go_on()
        assert seen(two.night) == []
        two.day.reveal()
        assert seen(two.night) == ["Bord 2 venter", "Klokka", "Vasken"]

    def test_nobody_is_swayed_while_they_write(self, two):
        two.day.write("Bord 2 venter", "Vasken", "Klokka").reveal()
        begin(two.night, "write")
        phone = Phone(two.night)
        assert seen(two.night) == []
        assert "Bord 2 venter" not in phone.page()
        two.night.write("Natt én", "Natt to", "Natt tre").reveal()
        assert seen(two.night) == ["Bord 2 venter", "Klokka", "Vasken"]
        assert "From the other sitting" in phone.page()
        assert "Bord 2 venter" in phone.page()

    def test_the_notes_stay_apart(self, two):
        two.day.write("Bord 2 venter", "Vasken", "Klokka").reveal()
        begin(two.night, "write").write("Natt én", "Natt to", "Natt tre").reveal()
        view = meeting_view(meeting=two.night.meeting, version=1, language="nb", at=clock.now())
        assert sorted(note.text for note in view.notes) == ["Natt to", "Natt tre", "Natt én"]
        assert seen(two.day) == ["Natt to", "Natt tre", "Natt én"]

    def test_what_is_held_back_or_taken_back_does_not_cross(self, two):
        two.day.write("Bord 2 venter", "Vasken", "Klokka").reveal()
        Note.objects.filter(text="Vasken").update(is_held=True)
        Note.objects.filter(text="Klokka").update(is_withdrawn=True, text="")
        begin(two.night, "write").write("Natt én", "Natt to", "Natt tre").reveal()
        assert seen(two.night) == ["Bord 2 venter"]

    def test_another_number_sees_nothing(self, two):
        two.day.write("Bord 2 venter", "Vasken", "Klokka").reveal()
        other = make_meeting(circle=two.circle, facilitator=two.day.facilitator, step="group", people=3)
        assert seen(other) == []


class TestOneBoard:
    def test_the_night_chooses_among_the_days_themes_and_one_recap_holds_both(self, two):
        two.day.write("Bord 2 venter", "Vasken", "Klokka").reveal()
        theme = Theme.objects.create(circle=two.circle, meeting=two.day.meeting, title="Bord 2", lang="nb")
        begin(two.night, "write").write("Natt én", "Natt to", "Natt tre").reveal().go_to("choose")
        view = meeting_view(meeting=two.night.meeting, version=1, language="nb", at=clock.now())
        assert theme.id not in {option.id for option in view.options}
        two.day.close()
        view = meeting_view(meeting=two.night.meeting, version=1, language="nb", at=clock.now())
        assert theme.id in {option.id for option in view.options}
        choosing.choose_theme(acting=two.night.facilitator, meeting_id=two.night.meeting.id, option=theme.id)
        before = recap_of(meeting=two.day.meeting, language="en")
        assert "Natt én" not in str(before)
        two.night.close()
        recaps = [recap_of(meeting=live.meeting, language="en") for live in (two.day, two.night)]
        for recap in recaps:
            assert recap.theme.text == "Bord 2"
            assert recap.attendance_count == 6
            said = str(recap.sections)
            assert "Vasken" in said
            assert "Natt én" in said
            assert any("(second sitting)" in section.title for section in recap.sections)

    def test_one_sitting_alone_is_not_called_the_first(self):
        live = make_meeting(step="write", people=3).write("En", "To", "Tre").reveal().close()
        assert "sitting" not in str(recap_of(meeting=live.meeting, language="en").sections)

    def test_trials_of_this_number_are_not_looked_back_at_in_it(self, two):
        mine = make_trial(two.circle, two.day.facilitator)
        Trial.objects.filter(id=mine.id).update(meeting=two.day.meeting, state=TrialState.RUNNING)
        assert mine not in open_trials(two.night.meeting)
        later = make_meeting(circle=two.circle, facilitator=two.day.facilitator)
        assert mine in open_trials(later.meeting)

    def test_what_was_brought_to_one_is_read_in_the_other(self, two):
        leave(two.circle, "Klokka på bord 2")
        two.day.close()
        assert [one.text for one in challenges_at(two.night.meeting)] == ["Klokka på bord 2"]


class TestCountedOnce:
    def test_held_of_planned_counts_the_number(self, two):
        asked = {"person": two.day.facilitator, "at": clock.now()}

        def told():
            page = circle_page(circle_id=two.circle.id, **asked)
            (card,) = circle_cards(**asked)
            assert (page.held, page.planned) == (card.held, card.planned)
            return page.held, page.planned

        assert told() == (0, 1)
        two.day.close()
        assert told() == (1, 1)
        begin(two.night, "write").close()
        assert told() == (1, 1)

    def test_the_leader_sees_the_same(self, two, client):
        leader = make_leader(two.circle)
        two.day.close()
        begin(two.night, "write").close()
        sign_in(client, leader)
        page = client.get("/leader/", headers={"accept-language": "en"}).content.decode()
        assert "1 of 1 meetings held" in page

    def test_study_hours_count_one_sitting(self, two):
        with clock.frozen(clock.now() + timedelta(minutes=60)):
            two.day.close()
        with clock.frozen(clock.now() + timedelta(hours=8)):
            begin(two.night, "write")
        with clock.frozen(clock.now() + timedelta(hours=8, minutes=80)):
            two.night.close()
        (one,) = study_hours_of(two.circle).meetings
        assert one.minutes == 80

    def test_before_and_after_leap_over_the_own_number(self, two):
        two.day.close()
        assert meeting_before(two.night.meeting) is None
        assert next_meeting(two.day.meeting) is None

    @given(
        st.lists(
            st.tuples(
                st.integers(1, 4), st.sampled_from(["held", "running", "planned", "draft", "cancelled"])
            ),
            max_size=12,
        )
    )
    def test_a_number_counts_once_whatever_its_sittings(self, rows):
        held, planned = counts(rows)
        assert held == len({number for number, state in rows if state == "held"})
        assert planned == len({number for number, state in rows if state != "cancelled"})
        assert held <= planned

    def test_the_story_and_its_figures_know_one_day(self, two):
        day = two.day.meeting.starts_at.date()
        days = [
            MeetingDay(3, day, MeetingState.CANCELLED, (day - timedelta(2),)),
            MeetingDay(3, day + timedelta(1), MeetingState.HELD, ()),
            MeetingDay(4, day + timedelta(9), MeetingState.PLANNED, ()),
        ]
        once = one_per_number(days)
        assert [(one.number, one.day, one.state) for one in once] == [
            (3, day + timedelta(1), MeetingState.HELD), (4, day + timedelta(9), MeetingState.PLANNED),
        ]  # fmt: skip
        assert once[0].moved_from == (day - timedelta(2),)


class TestAround:
    def test_whoever_comes_to_the_one_is_not_reminded_of_the_other(self, two):
        aino = Membership.objects.create(
            circle=two.circle, person=make_person("Aino"), role=MemberRole.PARTICIPANT
        )
        ids = {two.day.meeting.id, two.night.meeting.id}
        assert comes_to_other_sitting(ids) == set()
        said = Answer.objects.create(
            meeting=two.day.meeting, membership=aino, starts_at=two.day.meeting.starts_at, says=Says.YES
        )
        assert comes_to_other_sitting(ids) == {(two.night.meeting.id, aino.id)}
        Answer.objects.filter(id=said.id).update(says=Says.NO)
        assert comes_to_other_sitting(ids) == set()

    def test_a_calendar_holds_both_and_says_which(self, two):
        secret = new_calendar_address(acting=two.day.facilitator).rpartition("/")[2].removesuffix(".ics")
        content = feed_of(secret).content.decode().replace("\r\n ", "")
        assert content.count("BEGIN:VEVENT") == 2
        assert content.count(f"{two.day.meeting.id}@sirkel") == 1
        assert content.count("SUMMARY") == 2

    def test_each_has_an_address_and_a_draft_is_the_facilitators(self, two):
        here = f"/circles/{two.circle.id}/meetings/{two.day.meeting.number}"
        Meeting.objects.filter(id=two.night.meeting.id).update(state=MeetingState.DRAFT)
        member = make_person("Aino")
        Membership.objects.create(circle=two.circle, person=member, role=MemberRole.PARTICIPANT)
        for person, wanted in ((two.day.facilitator, 200), (member, 404)):
            client = Client(headers={"accept-language": "en"})
            sign_in(client, person)
            assert client.get(f"{here}/").status_code == 200
            assert client.get(f"{here}-2/").status_code == wanted
            assert client.get(f"{here}-3/").status_code == 404
            assert ("second sitting" in client.get(f"/circles/{two.circle.id}/").content.decode()) == (
                wanted == 200
            )

    @given(st.integers(0, 99999), st.integers(1, 9))
    def test_an_address_is_read_as_it_is_written(self, number, sitting):
        converter = MeetingConverter()
        written = converter.to_url(MeetingNumber.of(number, sitting))
        read = converter.to_python(written)
        assert (int(read), read.sitting) == (number, sitting)
