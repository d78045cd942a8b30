"""What a meeting leaves behind, ready to be set as PDF or Word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# Every fixed word of a recap by key. The caller fills them in the reader's language; this room knows no
# language. What stands behind a key is the English the caller may translate from.
RECAP_LABELS: Mapping[str, str] = {
    "kind": "Recap",
    "title": "Meeting 3 of Quiet evening",  # the whole title, number and name filled in
    "rings": "Growth rings: 3 meetings held, 1 trial kept",  # text alternative of the picture
    "held_on": "Date",
    "workplace": "Workplace",
    "attendance": "Present",
    "theme": "Theme",
    "decisions": "What we decided",
    "trials": "What we try until next time",
    "trial_who": "Who",
    "trial_when": "When",
    "trial_until": "Until",
    "trial_prediction": "We think that",
    "trial_look_at": "We look at",
    "trial_stop_rule": "We stop if",
    "look_back": "What happened since last time",
    "look_back_trial": "Trial",
    "look_back_happened": "What happened",
    "look_back_outcome": "Decision",
    "look_back_learning": "What we learned",
    "ungrouped": "Other notes",
    "parked": "Solutions we saved for later",
    "shared": "What may leave the room",
    "shared_text": "What",
    "shared_audience": "To whom",
    "pulse": "How the meeting was",
    "empty": "Nothing was written down in this meeting.",
    "audience": "For the members of the circle",  # stands on every page
}


@dataclass(frozen=True, slots=True)
class RecapNote:
    """Somebody's words in their own language (`lang`, a tag such as sv), signed only by their own choice."""

    text: str
    lang: str
    signed_name: str | None = None


@dataclass(frozen=True, slots=True)
class RecapCluster:
    """Notes that belong together, in the order shown. `title` is None for notes that belong nowhere yet."""

    title: str | None
    notes: Sequence[RecapNote]
    lang: str | None = None  # of the title; None: the language of the recap


@dataclass(frozen=True, slots=True)
class RecapSection:
    """One step of the meeting that left notes: its title, its question, and its notes by cluster."""

    title: str
    prompt: str
    clusters: Sequence[RecapCluster]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapTrial:
    """A trial that the circle decided. An empty field is left out; `until` is its last day."""

    what: str
    who: str
    when: str
    prediction: str
    look_at: str
    stop_rule: str
    lang: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapLookBack:
    """What became of an earlier trial. `outcome` is the word for the decision, in the reader's language."""

    trial: str
    outcome: str
    learning: str
    lang: str
    happened: str = ""


@dataclass(frozen=True, slots=True)
class RecapShare:
    """Words that may leave the room, and the reader's word for how far."""

    text: str
    audience: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapPulse:
    """The check-out as the circle may see it: a worded answer per question, one-line answers, a remark.

    The caller words the bands and keeps back what too few answered; `remark` then says so.
    """

    answers: Sequence[tuple[str, str]] = ()
    words: Sequence[RecapNote] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """Everything a recap says, for the members of one circle. Holds no author, time or order of writing.

    `language` is the reader's; `labels` has every key of `RECAP_LABELS` in it. Empty parts are left out.
    `attendance_count` None leaves the line out. `kept_trials` is the number of leaves on the growth rings,
    `meeting_number` the number of rings. Raises `ValueError` when a label is missing or empty.
    """

    circle_name: str
    workplace: str
    meeting_number: int
    held_on: date
    language: str
    labels: Mapping[str, str]
    attendance_count: int | None = None
    theme: RecapNote | None = None
    sections: Sequence[RecapSection] = ()
    decisions: Sequence[RecapNote] = ()
    trials: Sequence[RecapTrial] = ()
    look_back: Sequence[RecapLookBack] = ()
    shared: Sequence[RecapShare] = ()
    parked: Sequence[RecapNote] = ()
    pulse: RecapPulse | None = None
    kept_trials: int = 0

    def __post_init__(self) -> None:
        require_labels(self.labels, RECAP_LABELS)

    @property
    def is_empty(self) -> bool:
        """Whether the meeting left nothing to read."""
        parts = (self.sections, self.decisions, self.trials, self.look_back, self.shared, self.parked)
        return self.theme is None and self.pulse is None and not any(parts)


def require_labels(labels: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Raise `ValueError` naming the fixed words that are missing or empty."""
    missing = sorted(key for key in wanted if not str(labels.get(key, "")).strip())
    if missing:
        raise ValueError(f"These words are missing: {', '.join(missing)}")
