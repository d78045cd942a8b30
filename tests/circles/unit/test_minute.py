from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sirkel.circles.enums import HandoverState, MeetingState
from sirkel.circles.models import Trial
from sirkel.circles.queries.recap import recap_of
from sirkel.circles.queries.recap_minute import minute_of
from sirkel.circles.rules.minute import MOST_IN_LINE, MOST_WORDS, count_words, shortened, that_fit
from sirkel.kernel import clock
from tests.factories.handovers import make_line
from tests.factories.meetings import make_meeting
from tests.factories.trials import make_trial

TEXTS = st.lists(st.lists(st.text(max_size=120).map(shortened), max_size=6), max_size=5)


@given(TEXTS, st.integers(min_value=0, max_value=60))
def test_what_fits_is_read_in_a_minute(parts, reserved):
    taken = that_fit(parts, reserved=reserved)
    words = sum(count_words(line) for part, n in zip(parts, taken, strict=True) for line in part[:n])
    assert words + reserved <= max(MOST_WORDS, reserved)
    assert all(n <= len(part) for part, n in zip(parts, taken, strict=True))


@given(TEXTS)
def test_every_part_has_its_first_line_before_any_has_a_second(parts):
    taken = that_fit(parts, reserved=20)
    assert all(n > 0 for part, n in zip(parts, taken, strict=True) if part)


@given(st.text(max_size=3000))
def test_a_line_is_shortened_and_says_so(text):
    short = shortened(text)
    assert count_words(short) <= MOST_IN_LINE + 1
    assert short == " ".join(text.split()) or short.endswith("…")


@pytest.mark.django_db
class TestRecap:
    @pytest.fixture
    def live(self):
        live = make_meeting(people=2)
        self.try_out(live, "Én sitter med bord 2")
        return live.close()

    def try_out(self, live, what):
        trial = make_trial(live.circle, live.facilitator, what=what)
        Trial.objects.filter(id=trial.id).update(meeting=live.meeting)

    def minute(self, live, *, is_member=True, language="nb"):
        live.meeting.refresh_from_db()
        recap = recap_of(meeting=live.meeting, language=language)
        return minute_of(meeting=live.meeting, recap=recap, is_member=is_member, at=clock.now())

    def next_one(self, live, **more):
        return make_meeting(
            circle=live.circle,
            facilitator=live.facilitator,
            starts_at=clock.now() + timedelta(days=14),
            **more,
        )

    def test_it_says_what_is_tried_what_waits_and_when_the_circle_meets(self, live):
        self.next_one(live, state=MeetingState.PLANNED)
        make_line(live.circle, live.facilitator, state=HandoverState.SENT, text="Vi trenger en vikar")
        names = [part.name for part in self.minute(live).parts]
        assert names == ["Det vi prøver ut til neste gang", "Venter på svar", "Neste møte"]
        assert "Én sitter med bord 2" in self.minute(live).text
        assert "Vi trenger en vikar" in self.minute(live).text
        assert "Møterom 2" in self.minute(live).text

    def test_what_waits_for_the_leader_is_for_members(self, live):
        make_line(live.circle, live.facilitator, state=HandoverState.SENT, text="Vi trenger en vikar")
        assert "Vi trenger en vikar" not in self.minute(live, is_member=False).text
        assert "Én sitter med bord 2" in self.minute(live, is_member=False).text

    def test_a_draft_is_nobodys_next_meeting(self, live):
        self.next_one(live, state=MeetingState.DRAFT)
        assert "Neste møte" not in self.minute(live).text

    def test_an_older_recap_does_not_say_what_waits_now(self, live):
        make_line(live.circle, live.facilitator, state=HandoverState.SENT, text="Vi trenger en vikar")
        later = self.next_one(live)
        later.close()
        assert "Vi trenger en vikar" not in self.minute(live).text
        assert "Vi trenger en vikar" in self.minute(later).text

    def test_however_much_there_is_it_stays_a_minute(self, live):
        self.next_one(live, state=MeetingState.PLANNED)
        for number in range(9):
            self.try_out(live, f"{number} {'ord ' * 60}".strip())
            make_line(live.circle, live.facilitator, state=HandoverState.SENT, text=f"{number} {'ord ' * 60}")
        minute = self.minute(live)
        assert count_words(minute.text) <= MOST_WORDS
        assert all(part.more > 0 for part in minute.parts[:2])
        assert minute.parts[-1].name == "Neste møte"
