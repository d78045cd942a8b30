"""Playing a whole meeting through the domain's own verbs, from a script: quicker than through its pages."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sirkel.circles.domain import choosing, grouping, joining, notes, pulse, running, sharing, trials
from sirkel.circles.enums import Audience, RoundState, StepKind
from sirkel.circles.models import Meeting, Note, Round, Theme
from sirkel.circles.queries.rounds import current_round, options_of, shown_notes, source_rounds
from sirkel.circles.queries.surfaces import open_trials
from sirkel.kernel import clock
from sirkel.kernel.ids import new_id, new_receipt
from sirkel.people.models import Person


@dataclass
class Script:
    """What happens in one meeting, in the shape of the demo's stories."""

    people: int = 6
    notes: list[dict[str, Any]] = field(default_factory=list)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    chosen: str = ""
    trial: dict[str, Any] | None = None
    look_back: dict[str, str] | None = None
    share: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Player:
    """Plays one meeting. ``devices`` are the secrets of the invented phones, in the order they joined."""

    facilitator: Person
    meeting: Meeting
    script: Script
    devices: list[str] = field(default_factory=list)

    def play(self) -> Meeting:
        """Open the meeting, do every step, close it. The clock stands at each step's time."""
        at = self.meeting.starts_at
        with clock.frozen(at):
            running.open_meeting(acting=self.facilitator, meeting_id=self.meeting.id, at=at)
            self.meeting.refresh_from_db()
            self.devices = [
                joining.join(meeting=self.meeting).device for _person in range(self.script.people)
            ]
        for step in self.meeting.steps.filter(is_skipped=False).order_by("position"):
            with clock.frozen(at):
                running.go_on(
                    acting=self.facilitator, meeting_id=self.meeting.id, expected=self._now(), at=at
                )
                self.do_step(at)
            at += timedelta(minutes=step.minutes)
        with clock.frozen(at):
            return running.close_meeting(acting=self.facilitator, meeting_id=self.meeting.id, at=at)

    def _now(self) -> uuid.UUID | None:
        self.meeting.refresh_from_db()
        round_ = current_round(self.meeting)
        return round_.id if round_ else None

    def do_step(self, at: datetime) -> None:
        """Do what the running step asks for."""
        self.meeting.refresh_from_db()
        round_ = current_round(self.meeting)
        if round_ is None:
            return
        acts = {
            StepKind.WRITE: self._write,
            StepKind.GROUP: self._group,
            StepKind.CHOOSE: self._choose,
            StepKind.LOOK_BACK: self._look_back,
            StepKind.DECIDE_TRIAL: self._decide,
            StepKind.CARRY_OUT: self._carry_out,
            StepKind.CHECK_OUT: self._check_out,
        }
        act = acts.get(StepKind(round_.step.kind))
        if act:
            act(round_, at)

    def _is_written(self) -> bool:
        return Note.objects.filter(round__step__meeting=self.meeting).exists()

    def _write(self, round_: Round, at: datetime) -> None:
        grouped = set(
            self.meeting.steps.filter(kind__in=[StepKind.GROUP, StepKind.CHOOSE]).values_list(
                "settings__source", flat=True
            )
        )
        if self._is_written() or (grouped and round_.step.key not in grouped):
            return
        for index, line in enumerate(self.script.notes):
            notes.post_note(
                meeting_id=self.meeting.id,
                round_id=round_.id,
                device=self.devices[index % len(self.devices)],
                draft=notes.Draft(
                    client_id=new_id(),
                    text=line["text"],
                    lang=line["lang"],
                    receipt=line.get("receipt") or new_receipt(),
                ),
                at=at,
            )
        if self.script.notes:
            self._reveal(round_, at)

    def _reveal(self, round_: Round, at: datetime) -> None:
        running.reveal(
            acting=self.facilitator, meeting_id=self.meeting.id, expected=round_.id, at=at, despite_few=True
        )

    def _group(self, round_: Round, at: datetime) -> None:
        del at
        by_text = {note.text: note for source in source_rounds(round_.step) for note in shown_notes(source)}
        for key, group in self.script.groups.items():
            members = [by_text[line["text"]] for line in self.script.notes if line.get("group") == key]
            if len(members) == 1:
                continue
            for note in members[1:]:
                theme = grouping.put_together(
                    acting=self.facilitator,
                    meeting_id=self.meeting.id,
                    note_id=note.id,
                    with_note=members[0].id,
                )
                grouping.name_theme(
                    acting=self.facilitator,
                    meeting_id=self.meeting.id,
                    theme_id=theme.id,
                    title=group["title"],
                    lang=group["lang"],
                )

    def _choose(self, round_: Round, at: datetime) -> None:
        wanted = self.script.groups.get(self.script.chosen, {}).get("title", "")
        options = options_of(round_.step)
        if not options:
            return
        best = next((option for option, words, _lang in options if words == wanted), options[0][0])
        for index, device in enumerate(self.devices):
            other = options[index % len(options)][0]
            picks = {str(best): 2, str(other): 1} if other != best else {str(best): 3}
            choosing.cast(meeting_id=self.meeting.id, round_id=round_.id, device=device, picks=picks)
        self._reveal(round_, at)
        if round_.step.settings.get("makes") == "theme":
            choosing.choose_theme(acting=self.facilitator, meeting_id=self.meeting.id, option=best)

    def _look_back(self, round_: Round, at: datetime) -> None:
        del round_
        if self.script.look_back:
            for trial in open_trials(self.meeting):
                trials.look_back(
                    acting=self.facilitator,
                    meeting_id=self.meeting.id,
                    trial_id=trial.id,
                    happened=self.script.look_back["happened"],
                    decision=self.script.look_back.get("decision", ""),
                    learning=self.script.look_back.get("learning", ""),
                    lang=self.meeting.circle.language,
                    at=at,
                )

    def _decide(self, round_: Round, at: datetime) -> None:
        del round_
        if self.script.trial:
            plan = {key: value for key, value in self.script.trial.items() if key != "ends_in_days"}
            today: date = datetime.now(tz=at.tzinfo).date()
            ends_on = max(today + timedelta(days=self.script.trial["ends_in_days"]), at.date())
            trials.decide_trial(
                acting=self.facilitator,
                meeting_id=self.meeting.id,
                plan=trials.TrialPlan(**plan, ends_on=ends_on),
                at=at,
            )

    def _carry_out(self, round_: Round, at: datetime) -> None:
        del round_, at
        theme = Theme.objects.filter(meeting=self.meeting, is_chosen=True).first()
        circle_trials = list(self.meeting.circle.trials.order_by("ends_on"))
        for item in self.script.share:
            rests_on_trial = item["rests_on"] == "trial" and circle_trials
            sharing.propose(
                acting=self.facilitator,
                meeting_id=self.meeting.id,
                text=item["text"],
                lang=item["lang"],
                audience=Audience(item["audience"]),
                trial_id=circle_trials[0].id if rests_on_trial else None,
                theme_id=theme.id if theme and not rests_on_trial else None,
            )

    def _check_out(self, round_: Round, at: datetime) -> None:
        del at
        if round_.state != RoundState.OPEN:
            return
        for index, device in enumerate(self.devices):
            pulse.answer_pulse(
                meeting_id=self.meeting.id,
                round_id=round_.id,
                device=device,
                felt_heard=3 if index % 4 else 2,
                was_useful=3 if index % 3 else 2,
                word="",
                lang=self.meeting.circle.language,
            )
