"""Voice balance: decided by the circle, counted without anybody, told in thirds or not at all."""

import pytest

from sirkel.circles.domain import notes, phases, voices
from sirkel.circles.domain.voice_counting import is_mark, mark_of
from sirkel.circles.models import Note, VoiceDecision, VoicePicture, VoiceRun, VoiceTag, VoiceWindow
from sirkel.circles.rules.voices import SpeaksAs
from sirkel.kernel import clock
from sirkel.kernel.errors import NotFound, Refused
from sirkel.kernel.ids import new_id
from sirkel.kernel.models import AuditEvent
from sirkel.people.enums import Role
from tests.factories.meetings import make_circle, make_meeting
from tests.factories.thread import make_reader
from tests.factories.voices import speak, switch_on

pytestmark = pytest.mark.django_db


def play(circle, facilitator, *, each=1, chosen=None, **people):
    speakers = speak(circle, facilitator, **people).write(each)
    if chosen:
        speakers.choose(**chosen)
    return speakers.close()


def told(circle):
    return [
        (one.first_meeting, one.last_meeting, one.notes, one.ideas) for one in circle.voice_pictures.all()
    ]


@pytest.fixture
def counting():
    circle, facilitator = make_circle()
    switch_on(circle, facilitator)
    return circle, facilitator


class TestDecision:
    def test_it_is_off_until_the_circle_decides_and_keeps_how_many_not_who(self):
        circle, facilitator = make_circle()
        speak(circle, facilitator, employees=2).write().close()
        assert not VoiceWindow.objects.exists()
        switch_on(circle, facilitator, count=6)
        switch_on(circle, facilitator, count=2)
        assert [(one.is_on, one.agreed_count) for one in VoiceDecision.objects.all()] == [(True, 6)]
        assert AuditEvent.objects.get(verb="voices.switched_on").facts == {"count": 6}

    @pytest.mark.parametrize("count", [0, -1, 41])
    def test_a_decision_needs_a_number_that_can_be(self, count):
        circle, facilitator = make_circle()
        with pytest.raises(Refused, match=r"voices\.count"):
            switch_on(circle, facilitator, count=count)
        assert not VoiceDecision.objects.exists()

    def test_any_member_switches_it_off_unnamed_and_everything_is_gone(self, counting):
        circle, facilitator = counting
        for _meeting in range(3):
            play(circle, facilitator, employees=5, leaders=5)
        play(circle, facilitator, employees=5, leaders=5)
        speak(circle, facilitator, employees=1).write()
        left = (VoicePicture, VoiceWindow, VoiceRun, VoiceTag)
        assert [model.objects.count() for model in left] == [1, 1, 1, 1]
        member = make_reader(Role.RESEARCHER)
        with pytest.raises(NotFound):
            voices.switch_voices_off(acting=member, circle_id=circle.id, at=clock.now())
        circle.memberships.create(person=member, role="participant")
        with pytest.raises(NotFound):
            voices.switch_voices_on(acting=member, circle_id=circle.id, count=3, at=clock.now())
        voices.switch_voices_off(acting=member, circle_id=circle.id, at=clock.now())
        assert [model.objects.count() for model in left] == [0, 0, 0, 0]
        assert AuditEvent.objects.get(verb="voices.switched_off").actor is None

    def test_a_circle_that_is_over_counts_nothing_more(self, counting):
        circle, facilitator = counting
        play(circle, facilitator, employees=5, leaders=5)
        phases.end_circle_early(acting=facilitator, circle_id=circle.id, reason="enough", at=clock.now())
        assert not VoiceWindow.objects.exists()
        voices.switch_voices_off(acting=facilitator, circle_id=circle.id, at=clock.now())
        with pytest.raises(Refused, match=r"circles\.over"):
            switch_on(circle, facilitator)


class TestCounting:
    def test_three_meetings_are_told_once_and_the_next_three_apart(self, counting):
        circle, facilitator = counting
        for _meeting in range(2):
            play(circle, facilitator, employees=5, leaders=5)
        assert told(circle) == []
        play(circle, facilitator, employees=5, leaders=5)
        assert told(circle) == [(1, 3, "even", "")]
        for _meeting in range(3):
            play(circle, facilitator, employees=12, leaders=5)
        assert told(circle) == [(4, 6, "less", ""), (1, 3, "even", "")]
        assert not VoiceWindow.objects.exists()

    def test_ideas_that_went_on_are_told_beside_the_notes(self, counting):
        circle, facilitator = counting
        for _meeting in range(3):
            play(circle, facilitator, employees=5, leaders=5, chosen={"employees": 1, "leaders": 4})
        assert told(circle) == [(1, 3, "even", "more")]

    @pytest.mark.threat(row="T10")
    def test_one_leader_too_few_and_nothing_of_the_meeting_is_kept(self, counting):
        circle, facilitator = counting
        for _meeting in range(3):
            play(circle, facilitator, employees=20, leaders=4, each=3)
        assert told(circle) == [(1, 3, "", "")]

    def test_a_small_meeting_between_two_large_ones_leaves_no_trace(self, counting):
        circle, facilitator = counting
        play(circle, facilitator, employees=5, leaders=5)
        play(circle, facilitator, employees=30, leaders=4)
        play(circle, facilitator, employees=5, leaders=5)
        assert told(circle) == [(1, 3, "even", "")]

    def test_one_person_with_many_notes_is_one_person(self, counting):
        circle, facilitator = counting
        for _meeting in range(3):
            play(circle, facilitator, employees=5, leaders=1, each=9)
        assert told(circle) == [(1, 3, "", "")]

    def test_five_leaders_over_two_steps_are_not_five_in_one(self, counting):
        """People are never known again from one step to the next, so two and three are not added up."""
        circle, facilitator = counting
        for _meeting in range(3):
            speakers = speak(circle, facilitator, employees=5, leaders=3).write()
            speakers.live.go_to("deepen")
            speakers.phones = []
            speakers.come(leaders=2).write().close()
        assert told(circle) == [(1, 3, "", "")]

    def test_whoever_would_rather_not_say_is_in_no_share(self, counting):
        circle, facilitator = counting
        for _meeting in range(3):
            play(circle, facilitator, employees=5, leaders=5, unsaid=20)
        assert told(circle) == [(1, 3, "even", "")]

    def test_a_note_taken_back_is_not_counted(self, counting):
        circle, facilitator = counting
        speakers = speak(circle, facilitator, employees=1)
        draft = notes.Draft(client_id=new_id(), text="Angrer", lang="nb", receipt="0" * 16)
        device, mark, _who = speakers.phones[0]
        where = {"meeting_id": speakers.live.meeting.id, "round_id": speakers.live.round.id, "device": device}
        notes.post_note(**where, draft=draft, at=clock.now(), mark=mark)
        assert VoiceTag.objects.count() == 1
        notes.delete_note(**where, client_id=draft.client_id)
        assert VoiceTag.objects.count() == 0

    def test_to_switch_on_during_a_meeting_counts_from_the_next_one(self):
        live = make_meeting(step="write", people=2)
        switch_on(live.circle, live.facilitator)
        live.write("a", "b")
        assert not VoiceTag.objects.exists()
        live.close()
        assert not VoiceWindow.objects.exists()


class TestMark:
    def test_every_answer_is_as_long_and_good_for_one_meeting(self, counting):
        run = VoiceRun.objects.get(meeting=speak(*counting).live.meeting)
        marks = [mark_of(run=run, perspective=each) for each in SpeaksAs]
        assert len({len(mark) for mark in marks}) == 1
        assert all(is_mark(run=run, mark=mark) for mark in marks)
        other = VoiceRun.objects.get(meeting=speak(*counting).live.meeting)
        assert not any(is_mark(run=other, mark=mark) for mark in (*marks, "", "x", "ÅÅ", "A" * 39))

    def test_with_and_without_an_answer_a_note_leaves_the_same(self, counting):
        speakers = speak(*counting, employees=1, leaders=1, unsaid=1).write()
        speakers.phones = [(speakers.live.join().device, "not a mark", SpeaksAs.UNSAID)]
        speakers.write()
        tags = VoiceTag.objects.all()
        assert len(tags) == 4
        assert len({(len(bytes(tag.blind)), len(bytes(tag.sealed))) for tag in tags}) == 1
        speakers.close()
        assert Note.objects.count() == 4
        assert not VoiceTag.objects.exists()
