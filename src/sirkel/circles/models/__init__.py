"""Tables of the circles room."""

from sirkel.circles.models.agreement import Expectation, WorkingAgreement
from sirkel.circles.models.anchoring import (
    CommitmentComment,
    CommitmentSignature,
    Concern,
    LeaderCommitment,
    ReadinessCheck,
)
from sirkel.circles.models.circle import Circle, Membership
from sirkel.circles.models.meeting import Meeting, Round, Step
from sirkel.circles.models.note import InboxNote, Note, Theme
from sirkel.circles.models.nudge import Answer, Leaving, Reminder
from sirkel.circles.models.outcome import ShareItem, Trial, TrialLook
from sirkel.circles.models.tally import Ballot, PulseAnswer, PulseSummary, Tally

__all__ = [
    "Answer",
    "Ballot",
    "Circle",
    "CommitmentComment",
    "CommitmentSignature",
    "Concern",
    "Expectation",
    "InboxNote",
    "LeaderCommitment",
    "Leaving",
    "Meeting",
    "Membership",
    "Note",
    "PulseAnswer",
    "PulseSummary",
    "ReadinessCheck",
    "Reminder",
    "Round",
    "ShareItem",
    "Step",
    "Tally",
    "Theme",
    "Trial",
    "TrialLook",
    "WorkingAgreement",
]
