"""Circles that count by perspective, and meetings in which employees and leaders write."""

from dataclasses import dataclass, field

from sirkel.circles.domain import choosing, grouping
from sirkel.circles.domain.notes import Draft, post_note
from sirkel.circles.domain.voice_counting import mark_of
from sirkel.circles.domain.voices import switch_voices_on
from sirkel.circles.models import Circle, Note, VoiceRun
from sirkel.circles.rules.voices import SpeaksAs
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.models import Person
from tests.factories.meetings import Live, make_meeting

LETTERS = str.maketrans("0123456789", "ghjklmnpqr")


def switch_on(circle: Circle, facilitator: Person, *, count: int = 7) -> None:
    """Let a circle decide that it counts."""
    switch_voices_on(acting=facilitator, circle_id=circle.id, count=count, at=clock.now())


@dataclass
class Speakers:
    """A running meeting in its write step, with phones by perspective."""

    live: Live
    phones: list[tuple[str, str, SpeaksAs]] = field(default_factory=list)
    by_text: dict[str, SpeaksAs] = field(default_factory=dict)

    def come(self, *, employees: int = 0, leaders: int = 0, unsaid: int = 0) -> "Speakers":
        """Let people join and say what they are; a circle that does not count asks nobody."""
        run = VoiceRun.objects.filter(meeting=self.live.meeting).first()
        for perspective, number in (
            (SpeaksAs.EMPLOYEE, employees),
            (SpeaksAs.LEADER, leaders),
            (SpeaksAs.UNSAID, unsaid),
        ):
            for _one in range(number):
                mark = mark_of(run=run, perspective=perspective) if run else ""
                self.phones.append((self.live.join().device, mark, perspective))
        return self

    def write(self, each: int = 1) -> "Speakers":
        """Let everybody write so many notes."""
        for device, mark, perspective in self.phones:
            for _note in range(each):
                # Letters alone: among the digits of an id there is now and then a personal number.
                text = f"Ord {new_id().hex.translate(LETTERS)}"
                self.by_text[text] = perspective
                post_note(
                    meeting_id=self.live.meeting.id,
                    round_id=self.live.round.id,
                    device=device,
                    draft=Draft(client_id=new_id(), text=text, lang="nb", receipt=new_receipt()),
                    at=clock.now(),
                    mark=mark,
                )
        return self

    def choose(self, *, employees: int = 0, leaders: int = 0) -> "Speakers":
        """Show the notes and let the circle choose a theme of so many notes of each."""
        self.live.reveal()
        wanted = {SpeaksAs.EMPLOYEE: employees, SpeaksAs.LEADER: leaders}
        notes = []
        for note in Note.objects.filter(round__step__meeting=self.live.meeting).order_by("id"):
            perspective = self.by_text[note.text]
            if wanted.get(perspective, 0) > 0:
                wanted[perspective] -= 1
                notes.append(note)
        acting, meeting = self.live.facilitator, self.live.meeting
        self.live.go_to("group")
        for note in notes[1:]:
            theme = grouping.put_together(
                acting=acting, meeting_id=meeting.id, note_id=note.id, with_note=notes[0].id
            )
        self.live.go_to("choose")
        choosing.choose_theme(acting=acting, meeting_id=meeting.id, option=theme.id)
        return self

    def close(self) -> "Speakers":
        """Close the meeting."""
        self.live.close()
        return self


def speak(circle: Circle | None = None, facilitator: Person | None = None, **people: int) -> Speakers:
    """Return a meeting in its write step with people in it by perspective; of a new circle that counts, or of this."""
    if circle is None or facilitator is None:
        first = make_meeting(state="planned")
        circle, facilitator = first.circle, first.facilitator
        switch_on(circle, facilitator)
        live = first.open()
    else:
        live = make_meeting(circle=circle, facilitator=facilitator)
    return Speakers(live.go_to("write")).come(**people)
